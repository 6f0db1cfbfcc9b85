//! Builds the table of word forms: Brown clusters, vector clusters, frequencies.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use flate2::read::GzDecoder;
use tieline_nlp::words::{UsualCase, WordEntry, WordTable};

/// Forms taken from the list of frequencies, most frequent first.
const N_FREQUENT: usize = 150_000;
/// Forms taken from the vectors' vocabulary, most frequent first.
const N_VECTORS: usize = 90_000;
/// Branches at each level of the vector tree.
const BRANCHES: usize = 16;
/// Numbers in one vector.
const DIM: usize = 50;

/// Writes `words.bin` into `out`.
pub fn train_words(data: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let lookups = data.join("vectors/spacy_lookups_en");
    let brown: BTreeMap<String, u32> = read_json(&lookups.join("en_lexeme_cluster.json.gz"))?;
    let log_share: BTreeMap<String, f64> = read_json(&lookups.join("en_lexeme_prob.json.gz"))?;
    let clusters = vector_clusters(&data.join("vectors/glove6b50"))?;

    let mut by_share: Vec<(&String, f64)> = log_share.iter().map(|(w, p)| (w, *p)).collect();
    by_share.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let mut forms: BTreeSet<&str> = by_share
        .iter()
        .take(N_FREQUENT)
        .map(|(form, _)| form.as_str())
        .collect();
    forms.extend(
        clusters
            .iter()
            .filter(|c| c.2 < N_VECTORS)
            .map(|c| c.0.as_str()),
    );
    let cluster_of: BTreeMap<&str, u16> = clusters.iter().map(|c| (c.0.as_str(), c.1)).collect();

    let mut entries = Vec::new();
    for form in forms {
        let variants = [
            form.to_owned(),
            form.to_lowercase(),
            title(form),
            form.to_uppercase(),
        ];
        let path = variants
            .iter()
            .filter_map(|v| brown.get(v))
            .find(|path| **path != 0);
        let share = |form: &str| log_share.get(form).map_or(0.0, |p| p.exp());
        let rarity = log_share
            .get(form)
            .map_or(60.0, |p| (-p * 3.0).round().clamp(1.0, 63.0));
        entries.push(WordEntry {
            form: form.to_owned(),
            brown: path.copied().unwrap_or(0),
            cluster: cluster_of.get(variants[1].as_str()).copied().unwrap_or(0),
            rarity: rarity as u8,
            case: usual_case(
                share(&variants[1]),
                share(&variants[2]),
                share(&variants[3]),
            ),
        });
    }
    let bytes = WordTable::write(&entries).ok_or("more than 1,024 Brown paths")?;
    eprintln!("words: {} forms, {} bytes", entries.len(), bytes.len());
    fs::write(out.join("words.bin"), bytes)?;
    Ok(())
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_reader(BufReader::new(GzDecoder::new(
        file,
    )))?)
}

fn title(form: &str) -> String {
    let mut chars = form.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars.flat_map(char::to_lowercase)).collect()
}

fn usual_case(lower: f64, title: f64, upper: f64) -> UsualCase {
    let whole = lower + title + upper;
    if whole == 0.0 || 0.75 * whole < lower {
        UsualCase::Lower
    } else if 0.75 * whole < upper {
        UsualCase::Upper
    } else if 0.75 * whole < title {
        UsualCase::Title
    } else {
        UsualCase::Mixed
    }
}

/// Word, leaf of the tree, rank.
type Leaf = (String, u16, usize);

/// Puts every word at a leaf of a tree. The tree is k-means with sixteen centres, three times over.
fn vector_clusters(folder: &Path) -> Result<Vec<Leaf>, Box<dyn Error>> {
    let vocab = fs::read_to_string(folder.join("vocab.txt"))?;
    let bytes = fs::read(folder.join("glove_6B_50d_emb.npy"))?;
    let words: Vec<&str> = vocab.lines().collect();
    let header = bytes
        .len()
        .checked_sub(words.len() * DIM * 4)
        .ok_or("vectors: wrong size")?;
    let n = words.len().min(200_000);
    let (values, _) = bytes[header..].as_chunks::<4>();
    let mut vectors: Vec<[f32; DIM]> = Vec::with_capacity(n);
    for row in values.chunks_exact(DIM).take(n) {
        let mut vector = [0.0; DIM];
        for (to, from) in vector.iter_mut().zip(row) {
            *to = f32::from_le_bytes(*from);
        }
        let norm = dot(&vector, &vector).sqrt().max(1e-6);
        vector.iter_mut().for_each(|x| *x /= norm);
        vectors.push(vector);
    }
    let mut leaves = vec![0u16; n];
    let all: Vec<usize> = (0..n).collect();
    split(&vectors, &all, 0, &mut leaves);
    Ok((0..n)
        .map(|i| (words[i].to_owned(), leaves[i] | 0x1000, i))
        .collect())
}

fn dot(a: &[f32; DIM], b: &[f32; DIM]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Splits `members` into sixteen groups and each of these again, down to three levels. Words are
/// in order of frequency; centres are fitted on the most frequent ones.
fn split(vectors: &[[f32; DIM]], members: &[usize], level: u32, leaves: &mut [u16]) {
    if members.is_empty() {
        return;
    }
    let sample = &members[..members.len().min(40_000 >> (2 * level))];
    let mut centres: Vec<[f32; DIM]> = Vec::new();
    // first centres: each the sampled vector that is farthest from those before it
    let mut nearest = vec![f32::MIN; sample.len()];
    let mut next = 0;
    for _ in 0..BRANCHES.min(sample.len()) {
        let centre = vectors[sample[next]];
        for (best, idx) in nearest.iter_mut().zip(sample) {
            *best = best.max(dot(&vectors[*idx], &centre));
        }
        centres.push(centre);
        let frequent = &nearest[..nearest.len().min(2_000)];
        next = (0..frequent.len())
            .min_by(|a, b| nearest[*a].total_cmp(&nearest[*b]))
            .unwrap_or(0);
    }
    let assign = |centres: &[[f32; DIM]], idx: usize| {
        let score = |c: &[f32; DIM]| dot(c, &vectors[idx]);
        let best =
            (0..centres.len()).max_by(|a, b| score(&centres[*a]).total_cmp(&score(&centres[*b])));
        best.unwrap_or(0)
    };
    for _ in 0..12 {
        let mut sums = vec![[0.0f32; DIM]; centres.len()];
        for idx in sample {
            let group = assign(&centres, *idx);
            for (sum, x) in sums[group].iter_mut().zip(&vectors[*idx]) {
                *sum += x;
            }
        }
        for (centre, mut sum) in centres.iter_mut().zip(sums) {
            let norm = dot(&sum, &sum).sqrt();
            if norm > 0.0 {
                sum.iter_mut().for_each(|x| *x /= norm);
                *centre = sum;
            }
        }
    }
    let mut groups = vec![Vec::new(); centres.len()];
    for idx in members {
        let group = assign(&centres, *idx);
        leaves[*idx] |= (group as u16) << (4 * level);
        groups[group].push(*idx);
    }
    if level < 2 {
        for group in groups {
            split(vectors, &group, level + 1, leaves);
        }
    }
}
