//! Strict scores of names: span and class, persons, organisations, places.
//!
//! The same measure as the project's scorer of names: documents are rendered one sentence a
//! paragraph, tokens joined by single spaces; a leading article and a trailing genitive are
//! forgiven on both sides; other classes are dropped on both sides.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tieline_nlp::names::NameTagger;
use tieline_nlp::segment::segment;
use tieline_nlp::words::WordTable;
use tieline_text::{NameKind, Span};

use super::corpus::{Tagged, read_bio, spans};

/// Score the names of a tagged file
#[derive(Debug, clap::Args)]
pub struct NamesArgs {
    /// Files of tagged words (IOB2)
    gold: Vec<PathBuf>,
    /// Model file; the compiled-in one when absent
    #[arg(long)]
    model: Option<PathBuf>,
    /// Print errors
    #[arg(long)]
    errors: bool,
}

/// Class of the scores: person, organisation, place.
pub type Class = u8;

/// True positives, false positives, false negatives by class.
#[derive(Clone, Copy, Debug, Default)]
pub struct NameScores {
    /// For each class: right, wrong, missed.
    pub counts: [[usize; 3]; 3],
}

impl NameScores {
    /// Precision, recall and F1 in percent of one class, or of all.
    pub fn f1(&self, class: Option<usize>) -> [f64; 3] {
        let mut sum = [0usize; 3];
        for (idx, counts) in self.counts.iter().enumerate() {
            if class.is_none_or(|class| class == idx) {
                sum.iter_mut()
                    .zip(counts)
                    .for_each(|(to, count)| *to += count);
            }
        }
        let [right, wrong, missed] = sum.map(|count| count as f64);
        let share = |a: f64, b: f64| if b > 0.0 { 100.0 * a / b } else { 0.0 };
        let (p, r) = (share(right, right + wrong), share(right, right + missed));
        [
            p,
            r,
            if p + r > 0.0 {
                2.0 * p * r / (p + r)
            } else {
                0.0
            },
        ]
    }
}

fn gold_class(class: &str) -> Option<Class> {
    match class.to_uppercase().as_str() {
        "PER" | "PERSON" | "POLITICIAN" | "HUMAN" => Some(0),
        "ORG" | "ORGANIZATION" | "ORGANISATION" | "CORPORATION" | "COMPANY" | "POLITICALPARTY"
        | "BAND" | "UNIVERSITY" => Some(1),
        "LOC" | "LOCATION" | "GPE" | "FAC" | "FACILITY" | "COUNTRY" | "CITY" | "PLACE" | "GEO"
        | "STATE" | "REGION" => Some(2),
        _ => None,
    }
}

fn system_class(kind: NameKind) -> Option<Class> {
    match kind {
        NameKind::Person => Some(0),
        NameKind::Organisation => Some(1),
        NameKind::Location => Some(2),
        NameKind::Norp | NameKind::Misc => None,
    }
}

/// Documents of a file; one every 50 sentences where they are not marked.
pub fn documents(path: &Path) -> Result<Vec<Vec<Tagged>>, Box<dyn Error>> {
    let docs = read_bio(path)?;
    match docs.as_slice() {
        [only] if 80 < only.len() => Ok(only.chunks(50).map(<[Tagged]>::to_vec).collect()),
        _ => Ok(docs),
    }
}

/// A span of bytes with its class.
type Found = (usize, usize, Class);

/// Text of a document with its gold names.
pub fn render(doc: &[Tagged]) -> (String, Vec<Found>) {
    let mut text = String::new();
    let mut gold = Vec::new();
    for sentence in doc {
        let mut places = Vec::new();
        for (idx, (word, _)) in sentence.iter().enumerate() {
            if idx > 0 {
                text.push(' ');
            }
            places.push((text.len(), text.len() + word.len()));
            text.push_str(word);
        }
        text.push_str("\n\n");
        for (start, end, class) in spans(sentence) {
            if let Some(class) = gold_class(&class) {
                gold.push((places[start].0, places[end - 1].1, class));
            }
        }
    }
    (text, gold)
}

/// A span without a leading article and a trailing genitive.
pub fn trim(text: &str, (mut start, mut end, class): Found) -> Found {
    let part = &text[start..end];
    if let Some((article, rest)) = part.split_once(char::is_whitespace)
        && ["the", "a", "an"]
            .iter()
            .any(|a| article.eq_ignore_ascii_case(a))
    {
        start = end - rest.trim_start().len();
    }
    let part = &text[start..end];
    let stem = part.trim_end_matches('s');
    let cut = if part.len() - stem.len() < 2 {
        stem
    } else {
        part
    };
    let cut = [cut, part]
        .into_iter()
        .find(|cut| cut.ends_with(['\'', '’']));
    if let Some(cut) = cut {
        let bare = cut.trim_end_matches(['\'', '’']);
        if cut.chars().count() - bare.chars().count() == 1 {
            end = start + bare.trim_end().len();
        }
    }
    (start, end, class)
}

/// Scores one document and reports errors to `report`.
pub fn compare(
    text: &str,
    gold: &[Found],
    found: &[Found],
    scores: &mut NameScores,
    mut report: impl FnMut(&str, Found),
) {
    let gold: BTreeSet<Found> = gold.iter().map(|found| trim(text, *found)).collect();
    let found: BTreeSet<Found> = found.iter().map(|found| trim(text, *found)).collect();
    for one in &found {
        let right = gold.contains(one);
        scores.counts[usize::from(one.2)][usize::from(!right)] += 1;
        if !right {
            report("FP", *one);
        }
    }
    for one in gold.difference(&found) {
        scores.counts[usize::from(one.2)][2] += 1;
        report("FN", *one);
    }
}

/// Names of a text by the tagger alone, as spans of bytes; tokens; seconds of tagging.
fn tag(tagger: &NameTagger, text: &str) -> (Vec<Found>, usize, f64) {
    let segments = segment(text);
    let sentences: Vec<_> = segments
        .sentences
        .iter()
        .map(|s| s.tokens.clone())
        .collect();
    let start = Instant::now();
    let names = tagger.tag(text, segments.tokens.iter().copied(), &sentences);
    let seconds = start.elapsed().as_secs_f64();
    let found = names.iter().filter_map(|name| {
        let first: &Span = segments.tokens.get(name.tokens.start as usize)?;
        let last: &Span = segments.tokens.get(name.tokens.end as usize - 1)?;
        Some((
            first.start() as usize,
            last.end() as usize,
            system_class(name.kind)?,
        ))
    });
    (found.collect(), segments.tokens.len(), seconds)
}

/// Scores of a tagger on one file, and tokens a second of tagging.
pub fn eval_names(
    tagger: &NameTagger,
    path: &Path,
    mut report: impl FnMut(&str, &str, Found),
) -> Result<(NameScores, f64), Box<dyn Error>> {
    let mut scores = NameScores::default();
    let (mut n_tokens, mut seconds) = (0, 0.0);
    for doc in documents(path)? {
        let (text, gold) = render(&doc);
        let (found, n, spent) = tag(tagger, &text);
        seconds += spent;
        n_tokens += n;
        compare(&text, &gold, &found, &mut scores, |what, one| {
            report(what, &text, one)
        });
    }
    Ok((scores, n_tokens as f64 / f64::max(seconds, 1e-9)))
}

/// The command: a table of scores, with errors if asked for.
pub fn run_names(args: &NamesArgs) -> Result<(), Box<dyn Error>> {
    let words = WordTable::from_bytes(tieline_data::WORDS)?;
    let bytes = match &args.model {
        Some(path) => std::fs::read(path)?,
        None => tieline_data::NAMES.to_vec(),
    };
    let start = Instant::now();
    let tagger = NameTagger::from_bytes(&bytes, words)?;
    eprintln!("loaded in {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    for path in &args.gold {
        let (scores, speed) = eval_names(&tagger, path, |what, text, (start, end, class)| {
            if args.errors {
                let around = |mut at: usize, back: bool| {
                    while !text.is_char_boundary(at) {
                        at = if back { at - 1 } else { at + 1 };
                    }
                    at
                };
                let left = around(start.saturating_sub(60), true);
                let right = around((end + 60).min(text.len()), false);
                println!(
                    "{what} {} {:?} | {:?}",
                    ["PER", "ORG", "LOC"][usize::from(class)],
                    &text[start..end],
                    &text[left..right]
                );
            }
        })?;
        println!("{}", path.display());
        let rows = [
            ("PER", Some(0)),
            ("ORG", Some(1)),
            ("LOC", Some(2)),
            ("micro", None),
        ];
        for (name, class) in rows {
            let [p, r, f] = scores.f1(class);
            println!("{name:6} P {p:6.2}  R {r:6.2}  F1 {f:6.2}");
        }
        println!("{speed:.0} tokens/s");
    }
    Ok(())
}
