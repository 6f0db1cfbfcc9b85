//! Learns the tables of lemmas.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use flate2::read::GzDecoder;
use tieline_nlp::lemma::{Edit, LemmaTables, Lemmas, MAX_ENDING};
use tieline_text::Xpos;

use crate::conllu::Tree;

/// How often each edit (bytes cut, letters appended) was seen.
type Edits = BTreeMap<(u8, String), u32>;
/// Edits of form and tag.
type Pairs = BTreeMap<(String, Xpos), Edits>;
/// Words by part of speech.
type Lists = BTreeMap<String, Vec<String>>;
/// Lemmas of irregular forms, by part of speech.
type Irregular = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// Frequent words that are put through the rules of the dictionary.
const N_WORDS: usize = 100_000;

/// Returns the model file.
pub fn train(data: &Path, trees: &[Tree]) -> Result<Vec<u8>, Box<dyn Error>> {
    let rows = || trees.iter().flatten();
    let mut pairs = Pairs::new();
    for row in rows().filter(|row| !matches!(row.xpos, Xpos::Nnp | Xpos::Gw)) {
        add(
            &mut pairs,
            &row.form.to_lowercase(),
            row.xpos,
            &row.lemma.to_lowercase(),
            10,
        );
    }
    add_dictionary(data, &mut pairs)?;

    // endings, the shorter first; one that decides as its own ending does is left out
    let mut by_ending: BTreeMap<(usize, String, Xpos), Edits> = BTreeMap::new();
    for ((form, tag), edits) in &pairs {
        for n in 0..=MAX_ENDING {
            let Some(ending) = ending(form, n) else { break };
            let sum = by_ending.entry((n, ending.to_owned(), *tag)).or_default();
            if let Some(edit) = best(edits) {
                *sum.entry(edit.clone()).or_default() += 1;
            }
        }
    }
    let mut rules: BTreeMap<(String, Xpos), (u8, String)> = BTreeMap::new();
    for ((n, text, tag), edits) in &by_ending {
        let Some(edit) = best(edits) else { continue };
        if 0 < *n
            && (edits.values().sum::<u32>() < 2 || decide(&rules, text, *tag, n - 1) == Some(edit))
        {
            continue;
        }
        rules.insert((text.clone(), *tag), edit.clone());
    }
    let mut forms: BTreeMap<(String, Xpos), (u8, String)> = BTreeMap::new();
    for ((form, tag), edits) in &pairs {
        if let Some(edit) = best(edits)
            && decide(&rules, form, *tag, MAX_ENDING) != Some(edit)
        {
            forms.insert((form.clone(), *tag), edit.clone());
        }
    }

    let edits: BTreeSet<&(u8, String)> = rules.values().chain(forms.values()).collect();
    let edits: Vec<&(u8, String)> = edits.into_iter().collect();
    let number = |table: &BTreeMap<(String, Xpos), (u8, String)>| -> Vec<(String, Xpos, u32)> {
        let row = |((text, tag), edit): (&(String, Xpos), &(u8, String))| {
            (
                text.clone(),
                *tag,
                edits.partition_point(|e| *e < edit) as u32,
            )
        };
        table.iter().map(row).collect()
    };
    let tables = LemmaTables {
        forms: number(&forms),
        endings: number(&rules),
        edits: edits
            .iter()
            .map(|(cut, append)| Edit { cut: *cut, append })
            .collect(),
    };
    let bytes = Lemmas::write(&tables);
    eprintln!(
        "lemmas: {} forms, {} endings, {} edits, {} bytes",
        tables.forms.len(),
        tables.endings.len(),
        tables.edits.len(),
        bytes.len()
    );
    Ok(bytes)
}

fn best(edits: &Edits) -> Option<&(u8, String)> {
    edits
        .iter()
        .rev()
        .max_by_key(|(_, n)| **n)
        .map(|(edit, _)| edit)
}

fn ending(form: &str, n: usize) -> Option<&str> {
    match n {
        0 => Some(""),
        _ => form
            .char_indices()
            .rev()
            .nth(n - 1)
            .map(|(at, _)| &form[at..]),
    }
}

fn decide<'a>(
    rules: &'a BTreeMap<(String, Xpos), (u8, String)>,
    form: &str,
    tag: Xpos,
    longest: usize,
) -> Option<&'a (u8, String)> {
    let found = |n| rules.get(&(ending(form, n)?.to_owned(), tag));
    (0..=longest).rev().find_map(found)
}

fn add(pairs: &mut Pairs, form: &str, tag: Xpos, lemma: &str, weight: u32) {
    let common = form.chars().zip(lemma.chars()).take_while(|(a, b)| a == b);
    let kept: usize = common.map(|(c, _)| c.len_utf8()).sum();
    let Ok(cut) = u8::try_from(form.len() - kept) else {
        return;
    };
    let edits = pairs.entry((form.to_owned(), tag)).or_default();
    *edits.entry((cut, lemma[kept..].to_owned())).or_default() += weight;
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_reader(BufReader::new(GzDecoder::new(
        file,
    )))?)
}

/// Irregular forms, and regular forms of frequent words whose lemma the dictionary knows.
fn add_dictionary(data: &Path, pairs: &mut Pairs) -> Result<(), Box<dyn Error>> {
    let folder = data.join("vectors/spacy_lookups_en");
    let irregular: Irregular = read_json(&folder.join("en_lemma_exc.json.gz"))?;
    let index: Lists = read_json(&folder.join("en_lemma_index.json.gz"))?;
    let vocab = fs::read_to_string(data.join("vectors/glove6b50/vocab.txt"))?;
    let known = |pos: &str| -> BTreeSet<&str> {
        index
            .get(pos)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect()
    };
    let (verbs, nouns, adjectives) = (known("verb"), known("noun"), known("adj"));
    // part of speech, tags, known lemmas, endings with what replaces them, the likeliest first
    type Rules = &'static [(&'static str, &'static str)];
    let s: Rules = &[
        ("ies", "y"),
        ("ses", "s"),
        ("xes", "x"),
        ("zes", "z"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("s", ""),
    ];
    let kinds: [(&str, &[Xpos], &BTreeSet<&str>, Rules); 6] = [
        ("noun", &[Xpos::Nns], &nouns, s),
        ("verb", &[Xpos::Vbz], &verbs, s),
        (
            "verb",
            &[Xpos::Vbd, Xpos::Vbn],
            &verbs,
            &[("ied", "y"), ("ed", "e"), ("ed", "")],
        ),
        ("verb", &[Xpos::Vbg], &verbs, &[("ing", "e"), ("ing", "")]),
        (
            "adj",
            &[Xpos::Jjr, Xpos::Rbr],
            &adjectives,
            &[("ier", "y"), ("er", "e"), ("er", "")],
        ),
        (
            "adj",
            &[Xpos::Jjs, Xpos::Rbs],
            &adjectives,
            &[("iest", "y"), ("est", "e"), ("est", "")],
        ),
    ];
    for form in vocab.lines().take(N_WORDS).filter(|form| form.is_ascii()) {
        for (pos, tags, lemmas, rules) in kinds {
            let regular = rules.iter().find_map(|(old, new)| {
                let lemma = format!("{}{new}", form.strip_suffix(old)?);
                lemmas.contains(lemma.as_str()).then_some(lemma)
            });
            let exceptions = irregular
                .get(pos)
                .and_then(|forms| forms.get(form)?.first().cloned());
            // "ing", "ed" and "s" tell which tag an irregular form can have
            let fits = |lemma: &String| match tags[0] {
                Xpos::Vbg => form.ends_with("ing"),
                Xpos::Vbz => form.ends_with('s'),
                Xpos::Vbd => !form.ends_with("ing") && !form.ends_with('s'),
                Xpos::Jjr => form.ends_with('r') || lemma == "good",
                Xpos::Jjs => form.ends_with('t'),
                _ => true,
            };
            if let Some(lemma) = exceptions.filter(fits).or(regular) {
                for tag in tags {
                    add(pairs, form, *tag, &lemma, 1);
                }
            }
        }
    }
    Ok(())
}
