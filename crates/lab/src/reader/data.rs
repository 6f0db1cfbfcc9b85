//! Training data of the neural reader: treebanks, name sets, word vectors.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tieline_nlp::neural::FixedVectors;
use tieline_nlp::neural::features::{WordInput, sentence_inputs};
use tieline_nlp::words::{WordTable, hash};
use tieline_text::{DepRel, NameKind, Upos, Xpos};

use super::backprop::UNKNOWN;

/// One sentence with what is known of it.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// Its words.
    pub words: Vec<WordInput>,
    /// Penn tags, [`UNKNOWN`] where not known.
    pub penn: Vec<u8>,
    /// Universal tags, likewise.
    pub universal: Vec<u8>,
    /// Heads within the sentence, the root heading itself; empty where there is no tree.
    pub heads: Vec<u32>,
    /// Relations, as long as `heads`.
    pub relations: Vec<u8>,
    /// Name labels ([`name_label`]), [`UNKNOWN`] where not known.
    pub names: Vec<u8>,
    /// Factor of its loss.
    pub weight: f32,
}

/// A sentence of a CoNLL-U file.
#[derive(Clone, Debug, Default)]
pub struct Sentence {
    /// Forms.
    pub forms: Vec<String>,
    /// Penn tags as written.
    pub penn: Vec<String>,
    /// Universal tags as written.
    pub universal: Vec<String>,
    /// Heads, 0 the root, `i + 1` word `i`; `None` where not given.
    pub heads: Vec<Option<u32>>,
    /// Relations as written.
    pub relations: Vec<String>,
    /// Name tags (`B-PER`, `I-PER`, `O`), `?` where not known; empty where there are none.
    pub names: Vec<String>,
    /// Mean natural-log probability a word of the tree, where a teacher made it.
    pub tree_confidence: Option<f32>,
}

/// Reads CoNLL-U; ranges and empty nodes are passed over. Files ending in `.gz` are unpacked.
pub fn read_conllu(path: &Path) -> io::Result<Vec<Sentence>> {
    let bytes = fs::read(path)?;
    let mut text = String::new();
    if path.extension().is_some_and(|ending| ending == "gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes).map_err(io::Error::other)?;
    }
    let mut sentences = Vec::new();
    let mut sentence = Sentence::default();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        if line.is_empty() {
            if !sentence.forms.is_empty() {
                sentences.push(std::mem::take(&mut sentence));
            }
        } else if fields.len() == 10 && fields[0].bytes().all(|b| b.is_ascii_digit()) {
            sentence.forms.push(fields[1].to_owned());
            sentence.universal.push(fields[3].to_owned());
            sentence.penn.push(fields[4].to_owned());
            sentence.heads.push(fields[6].parse().ok());
            sentence.relations.push(fields[7].to_owned());
            let name = fields[9]
                .split('|')
                .find_map(|entry| entry.strip_prefix("Name="));
            sentence.names.extend(name.map(str::to_owned));
        } else if let Some(value) = line.strip_prefix("# tree_conf = ") {
            sentence.tree_confidence = value.trim().parse().ok();
        }
    }
    if !sentence.forms.is_empty() {
        sentences.push(sentence);
    }
    Ok(sentences)
}

/// The files of a teacher's labels in a folder, by name.
pub fn silver_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "gz"));
    paths.sort();
    Ok(paths)
}

/// Trees of a teacher that was less sure than this are not learned from; its tags and names are.
const LEAST_TREE_CONFIDENCE: f32 = -0.35;

/// Number of name labels: outside, and four positions of each class.
pub const N_NAME_LABELS: usize = 1 + 4 * NameKind::ALL.len();

/// The label of a word in a name of `len` words (BILOU, Ratinov & Roth 2009).
pub fn name_label(kind: NameKind, at: usize, len: usize) -> u8 {
    let position = match (at, len) {
        (_, 1) => 3,
        (0, _) => 0,
        (at, len) if at + 1 == len => 2,
        _ => 1,
    };
    1 + 4 * kind as u8 + position
}

/// Labels of the words of a sentence by its name tags. A name that touches a word without a known
/// tag is not known either.
fn name_labels(tags: &[String], n: usize) -> Vec<u8> {
    let mut labels = vec![UNKNOWN; n];
    if tags.len() != n {
        return labels;
    }
    let mut at = 0;
    while at < n {
        let Some((_, class)) = tags[at].split_once('-') else {
            if tags[at] == "O" {
                labels[at] = 0;
            }
            at += 1;
            continue;
        };
        let inside = |tag: &String| tag.strip_prefix("I-") == Some(class);
        let len = 1 + tags[at + 1..].iter().take_while(|tag| inside(tag)).count();
        let known = |at: Option<usize>| at.and_then(|at| tags.get(at)).is_none_or(|tag| tag != "?");
        if let Ok(kind) = class.parse::<NameKind>()
            && known(at.checked_sub(1))
            && known(Some(at + len))
        {
            for i in 0..len {
                labels[at + i] = name_label(kind, i, len);
            }
        }
        at += len;
    }
    labels
}

/// The example of a sentence with a tree. Unknown labels become [`UNKNOWN`] or `dep`.
pub fn example(sentence: &Sentence, table: &WordTable) -> Example {
    let mut words = Vec::new();
    let forms = sentence.forms.iter().map(String::as_str);
    sentence_inputs(table, forms, &mut String::new(), &mut words);
    let number = |text: &str| text.parse::<Xpos>().map_or(UNKNOWN, |tag| tag as u8);
    let heads: Option<Vec<u32>> = sentence
        .heads
        .iter()
        .enumerate()
        .map(|(word, head)| head.map(|head| head.checked_sub(1).unwrap_or(word as u32)))
        .collect();
    let relation = |text: &String| text.parse::<DepRel>().unwrap_or(DepRel::Dep) as u8;
    let unsure = sentence
        .tree_confidence
        .is_some_and(|mean| mean < LEAST_TREE_CONFIDENCE);
    Example {
        words,
        penn: sentence.penn.iter().map(|tag| number(tag)).collect(),
        universal: sentence
            .universal
            .iter()
            .map(|tag| tag.parse::<Upos>().map_or(UNKNOWN, |tag| tag as u8))
            .collect(),
        heads: heads.filter(|_| !unsure).unwrap_or_default(),
        relations: sentence.relations.iter().map(relation).collect(),
        names: name_labels(&sentence.names, sentence.forms.len()),
        weight: 1.0,
    }
}

/// The example of a sentence of which only names are known: for each word a bit for each label
/// that may be right.
pub fn named_example(forms: &[String], allowed: &[u32], weight: f32, table: &WordTable) -> Example {
    let mut words = Vec::new();
    let forms = forms.iter().map(String::as_str);
    sentence_inputs(table, forms, &mut String::new(), &mut words);
    let only = |bits: &u32| match bits.count_ones() {
        1 => bits.trailing_zeros() as u8,
        _ => UNKNOWN,
    };
    Example {
        penn: vec![UNKNOWN; words.len()],
        universal: vec![UNKNOWN; words.len()],
        names: allowed.iter().map(only).collect(),
        words,
        weight,
        ..Example::default()
    }
}

/// The example of the same sentence in capitals, as headlines have it.
pub fn in_capitals(sentence: &Sentence, table: &WordTable) -> Example {
    let forms = sentence
        .forms
        .iter()
        .map(|form| form.to_uppercase())
        .collect();
    example(
        &Sentence {
            forms,
            ..sentence.clone()
        },
        table,
    )
}

/// Reads the `n` first GloVe vectors as 8-bit vectors.
/// Returns keys ascending, values, scale.
pub fn read_vectors(folder: &Path, n: usize, width: usize) -> io::Result<(Vec<u64>, Vec<i8>, f32)> {
    let vocabulary = fs::read_to_string(folder.join("vocab.txt"))?;
    let bytes = fs::read(folder.join("glove_6B_50d_emb.npy"))?;
    // NumPy's format: magic, version, a header whose length stands at byte 8, then the values.
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]])) + 10;
    let (values, _) = bytes[header..].as_chunks::<4>();
    let largest = 3.2;
    let scale = largest / 127.0;
    let mut rows: Vec<(u64, Vec<i8>)> = Vec::new();
    for (word, row) in vocabulary.lines().zip(values.chunks_exact(width)).take(n) {
        let small = |value: &[u8; 4]| {
            (f32::from_le_bytes(*value) / scale)
                .round()
                .clamp(-127.0, 127.0) as i8
        };
        rows.push((hash(word.as_bytes()), row.iter().map(small).collect()));
    }
    rows.sort_by_key(|(key, _)| *key);
    rows.dedup_by_key(|(key, _)| *key);
    let keys = rows.iter().map(|(key, _)| *key).collect();
    Ok((
        keys,
        rows.into_iter().flat_map(|(_, row)| row).collect(),
        scale,
    ))
}

/// The vectors as the network takes them.
pub fn fixed_vectors(keys: &[u64], values: &[i8], scale: f32, width: usize) -> FixedVectors {
    FixedVectors::new(keys.iter().copied(), values.to_vec(), scale, width).unwrap_or_default()
}
