//! The training sets, brought to one tokenisation and one set of classes.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use tieline_nlp::names::gazetteer as gaz;
use tieline_nlp::names::labels::{N_LABELS, OUTSIDE, Place, label};
use tieline_nlp::segment::segment;
use tieline_text::NameKind;

use super::lists::Lists;
use crate::reader::data::{read_conllu, silver_files};

/// A token that may have any label.
pub const ANY: u32 = (1 << N_LABELS) - 1;

/// One sentence for training.
#[derive(Clone, Debug, Default)]
pub struct Sentence {
    pub words: Vec<String>,
    /// For each word a bit for each label that is right.
    pub allowed: Vec<u32>,
}

/// Sentences that belong together.
#[derive(Clone, Debug, Default)]
pub struct TrainDoc {
    pub sentences: Vec<Sentence>,
    /// How much an error counts.
    pub weight: f32,
}

/// A sentence of a file: words with their tags.
pub type Tagged = Vec<(String, String)>;

/// What a set's own class becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Becomes {
    Name(NameKind),
    Nothing,
    Unknown,
}

use Becomes::{Name, Nothing, Unknown};
use NameKind::{Location, Misc, Norp, Organisation, Person};

/// The sets, in the order of training: folder, weight.
const SETS: &[(&str, f32)] = &[
    ("gmb", 0.6),
    ("uner_ewt", 1.0),
    ("gum", 0.8),
    ("crossner_politics", 1.0),
    ("crossner_science", 0.8),
    ("crossner_music", 0.8),
    ("crossner_literature", 0.8),
    ("crossner_ai", 0.8),
    ("wnut17", 0.4),
    ("btc", 0.4),
    ("sec_filings", 0.3),
    ("re3d", 0.7),
];

fn becomes(set: &str, class: &str) -> Becomes {
    match (set, class) {
        ("gmb", "per") => Name(Person),
        ("gmb", "org") => Name(Organisation),
        ("gmb", "geo") => Name(Location),
        ("gmb", "gpe") => Name(Norp),
        ("gmb", "tim") => Nothing,
        ("gmb", _) => Name(Misc),
        (
            _,
            "per" | "person" | "politician" | "researcher" | "scientist" | "writer"
            | "musicalartist",
        ) => Name(Person),
        (
            _,
            "org" | "organization" | "organisation" | "politicalparty" | "university" | "band"
            | "corporation" | "group",
        ) => Name(Organisation),
        (_, "loc" | "location" | "place" | "country") => Name(Location),
        (_, "nationality") => Name(Norp),
        ("re3d", "temporal" | "quantity" | "money" | "frequency") => Nothing,
        (
            _,
            "misc" | "oth" | "event" | "election" | "award" | "book" | "album" | "song" | "poem"
            | "product" | "programlang" | "conference" | "academicjournal" | "magazine" | "theory"
            | "creative-work",
        ) => Name(Misc),
        _ => Unknown,
    }
}

/// Reads a file of tagged words; documents are told apart by `-DOCSTART-`.
pub fn read_bio(path: &Path) -> Result<Vec<Vec<Tagged>>, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut docs: Vec<Vec<Tagged>> = vec![Vec::new()];
    let mut sentence = Tagged::new();
    for line in text.lines().chain([""]) {
        let line = line.trim_end_matches('\r');
        let mut fields: Vec<&str> = line.split('\t').collect();
        if fields.len() < 2 {
            fields = line.split_whitespace().collect();
        }
        let start = fields.first().is_some_and(|word| *word == "-DOCSTART-");
        match (fields.first(), fields.last()) {
            (Some(word), Some(tag)) if !word.trim().is_empty() && !start => {
                sentence.push(((*word).to_owned(), (*tag).to_owned()));
            }
            _ => {
                if let Some(doc) = docs.last_mut().filter(|_| !sentence.is_empty()) {
                    doc.push(std::mem::take(&mut sentence));
                }
                if start {
                    docs.push(Vec::new());
                }
            }
        }
    }
    docs.retain(|doc| !doc.is_empty());
    Ok(docs)
}

/// Spans of tagged words: first, end, class in lower case.
pub fn spans(sentence: &[(String, String)]) -> Vec<(usize, usize, String)> {
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    let mut open = false;
    for (idx, (_, tag)) in sentence.iter().enumerate() {
        let Some((place, class)) = tag.split_once('-').filter(|_| tag != "O") else {
            open = false;
            continue;
        };
        let class = class.to_lowercase();
        let goes_on = open && place == "I" && found.last().is_some_and(|last| last.2 == class);
        if goes_on {
            if let Some(last) = found.last_mut() {
                last.1 = idx + 1;
            }
        } else {
            found.push((idx, idx + 1, class));
        }
        open = true;
    }
    found
}

/// All training documents. The order is fixed.
pub fn load(data: &Path, lists: &Lists) -> Result<Vec<TrainDoc>, Box<dyn Error>> {
    let mut all = Vec::new();
    for (set, weight) in SETS {
        let folder = data.join("train").join(set);
        let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|ext| ext == "bio"))
            .collect();
        paths.sort();
        if *set == "uner_ewt" {
            paths.retain(|path| path.file_name().is_some_and(|n| n == "train_with_OTH.bio"));
        }
        let (mut n_words, mut n_names) = (0, 0);
        for path in paths {
            for doc in read_bio(&path)? {
                for part in split(doc) {
                    let sentences: Vec<Sentence> = part
                        .iter()
                        .map(|sentence| convert(set, sentence, lists))
                        .filter(|sentence| !sentence.words.is_empty())
                        .collect();
                    n_words += sentences.iter().map(|s| s.words.len()).sum::<usize>();
                    n_names += part.iter().map(|s| spans(s).len()).sum::<usize>();
                    all.push(TrainDoc {
                        sentences,
                        weight: *weight,
                    });
                }
            }
        }
        eprintln!("names: {set}: {n_words} words, {n_names} names");
    }
    Ok(all)
}

/// Weights of a teacher's labels, by the first letters of their files; the rest counts less.
const SILVER_WEIGHTS: &[(&str, f32)] = &[("gold", 1.0), ("gmb", 0.8), ("names", 0.7), ("", 0.5)];

/// Training documents with a teacher's labels, which are of one convention: no repairs.
pub fn load_silver(folder: &Path, lists: &Lists) -> Result<Vec<TrainDoc>, Box<dyn Error>> {
    let mut all = Vec::new();
    for path in silver_files(folder)? {
        let file = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let file = file.unwrap_or_default();
        let weights = SILVER_WEIGHTS
            .iter()
            .find(|(start, _)| file.starts_with(start));
        let weight = weights.map_or(0.5, |(_, weight)| *weight);
        let mut tagged: Vec<Tagged> = Vec::new();
        for sentence in read_conllu(&path)? {
            if sentence.names.len() == sentence.forms.len() {
                tagged.push(sentence.forms.into_iter().zip(sentence.names).collect());
            }
        }
        for part in split(tagged) {
            let sentences = part
                .iter()
                .map(|sentence| as_labelled(sentence, lists))
                .collect();
            all.push(TrainDoc { sentences, weight });
        }
    }
    eprintln!("names: {} documents with a teacher's labels", all.len());
    Ok(all)
}

/// A sentence with its tags taken as they are; `?` may be anything.
fn as_labelled(sentence: &Tagged, lists: &Lists) -> Sentence {
    let mut drafts: Vec<Draft> = spans(sentence)
        .into_iter()
        .filter_map(|(start, end, class)| {
            let kind = class.to_uppercase().parse::<NameKind>().ok()?;
            Some((start, end, Some(kind)))
        })
        .collect();
    let unsure = sentence
        .iter()
        .enumerate()
        .filter(|(_, (_, tag))| tag == "?");
    drafts.extend(unsure.map(|(idx, _)| (idx, idx + 1, None)));
    drafts.sort_by_key(|draft| draft.0);
    retokenise(sentence, &drafts, lists)
}

/// Cuts a list of sentences without marks where no capitalised word comes back.
fn split(doc: Vec<Tagged>) -> Vec<Vec<Tagged>> {
    if doc.len() < 60 {
        return vec![doc];
    }
    let mut docs: Vec<Vec<Tagged>> = Vec::new();
    let mut recent: Vec<Vec<String>> = Vec::new();
    for sentence in doc {
        let capitals: Vec<String> = sentence
            .iter()
            .skip(1)
            .filter(|(word, _)| 2 < word.len() && word.starts_with(char::is_uppercase))
            .map(|(word, _)| word.clone())
            .collect();
        let near = recent.iter().rev().take(3);
        let linked = near.flatten().any(|word| capitals.contains(word));
        let size = docs.last().map_or(0, |doc| doc.len());
        if docs.is_empty() || !linked && (3 < size || !capitals.is_empty()) || 40 < size {
            docs.push(Vec::new());
            recent.clear();
        }
        recent.push(capitals);
        if let Some(doc) = docs.last_mut() {
            doc.push(sentence);
        }
    }
    docs
}

/// A name of one sentence under way from a set's convention to ours.
type Draft = (usize, usize, Option<NameKind>);

fn convert(set: &str, sentence: &Tagged, lists: &Lists) -> Sentence {
    let noisy = matches!(set, "btc" | "wnut17" | "uner_ewt");
    let mut drafts: Vec<Draft> = Vec::new();
    let mut taken = vec![false; sentence.len()];
    for (start, end, class) in spans(sentence) {
        let kind = match becomes(set, &class) {
            Nothing => continue,
            Unknown => None,
            Name(kind) => Some(kind),
        };
        taken[start..end].iter_mut().for_each(|t| *t = true);
        if let Some(draft) = repair(set, sentence, (start, end, kind), noisy, lists) {
            drafts.push(draft);
        }
    }
    for (idx, (word, tag)) in sentence.iter().enumerate() {
        if taken[idx] || tag != "O" && !tag.ends_with("tim") {
            continue;
        }
        let title = word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase);
        if title && lists.classes(&word.to_lowercase()) & gaz::DEMONYM != 0 {
            drafts.push((idx, idx + 1, Some(Norp)));
        }
        if noisy && word.len() > 1 && word.starts_with(['@', '#']) {
            drafts.push((idx, idx + 1, None));
        }
    }
    drafts.sort_by_key(|draft| draft.0);
    retokenise(sentence, &drafts, lists)
}

fn lower_of(sentence: &Tagged, start: usize, end: usize) -> String {
    let words: Vec<String> = sentence[start..end]
        .iter()
        .map(|(w, _)| w.to_lowercase())
        .collect();
    words.join(" ")
}

/// Brings one name to our convention; `None` drops it.
fn repair(set: &str, sentence: &Tagged, draft: Draft, noisy: bool, lists: &Lists) -> Option<Draft> {
    let (mut start, mut end, mut kind) = draft;
    let word = |idx: usize| sentence[idx].0.as_str();
    let cased = |idx: usize| {
        word(idx)
            .chars()
            .any(|c| c.is_uppercase() || c.is_numeric())
    };
    if !noisy && !(start..end).any(cased) {
        return Some((start, end, None));
    }
    while 1 < end - start && matches!(word(end - 1), "'s" | "’s" | "'" | "’") {
        end -= 1;
    }
    if kind != Some(Misc) && 1 < end - start && matches!(word(start), "the" | "The" | "a" | "an") {
        start += 1;
    }
    let classes = lists.classes(&lower_of(sentence, start, end));
    if kind == Some(Person) {
        let mut k = start;
        while k + 1 < end {
            let lower = word(k).to_lowercase();
            let classes = lists.classes(&lower);
            let title = classes & (gaz::TITLE | gaz::ROLE) != 0 && classes & gaz::FIRST_NAME == 0;
            let helper = matches!(
                lower.as_str(),
                "foreign"
                    | "prime"
                    | "vice"
                    | "deputy"
                    | "defense"
                    | "defence"
                    | "interior"
                    | "finance"
                    | "opposition"
                    | "former"
                    | "first"
                    | "u.s."
                    | "state"
                    | "-"
                    | "of"
            ) || classes & (gaz::DEMONYM | gaz::COUNTRY) != 0;
            if title {
                start = k + 1;
            } else if !helper {
                break;
            }
            k += 1;
        }
        let only = lists.classes(&word(start).to_lowercase());
        if end - start == 1
            && only & gaz::TITLE != 0
            && only & (gaz::FIRST_NAME | gaz::SURNAME) == 0
        {
            return None;
        }
    }
    if matches!(set, "re3d") {
        let plain = |idx: usize| {
            word(idx).starts_with(char::is_lowercase)
                && !matches!(
                    word(idx),
                    "of" | "the" | "and" | "for" | "in" | "al" | "de" | "on"
                )
        };
        if (start..end).any(plain) {
            return Some((start, end, None));
        }
    }
    if set == "sec_filings" && kind == Some(Person) && end - start == 1 {
        kind = None;
    }
    let country = classes & gaz::COUNTRY != 0;
    let demonym = classes & gaz::DEMONYM != 0 && !country;
    if demonym && kind != Some(Person) {
        kind = Some(Norp);
    } else if kind == Some(Norp) {
        let place = classes & (gaz::REGION | gaz::CITY | gaz::CAPITAL) != 0;
        if country || place && word(start) != "Georgian" {
            kind = Some(Location);
        }
    }
    if set == "gmb" && country && matches!(kind, Some(Organisation | Person)) {
        kind = Some(Location);
    }
    Some((start, end, kind))
}

/// Cuts the words as our tokeniser would and writes the labels.
fn retokenise(sentence: &Tagged, drafts: &[Draft], lists: &Lists) -> Sentence {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(sentence.len());
    for (word, _) in sentence {
        if !text.is_empty() {
            text.push(' ');
        }
        starts.push(text.len());
        text.push_str(word);
    }
    let mut out = Sentence::default();
    let mut origins = Vec::new();
    for span in segment(&text).tokens {
        let origin = starts.partition_point(|start| *start <= span.start() as usize);
        let Some(origin) = origin.checked_sub(1) else {
            continue;
        };
        let Some(form) = span.slice(&text) else {
            continue;
        };
        let Some((word, tag)) = sentence.get(origin) else {
            continue;
        };
        let cut = form.len() < word.len();
        let capital = form.starts_with(char::is_uppercase) && 1 < form.len();
        let mut allowed = 1 << OUTSIDE;
        if cut && tag == "O" && capital && word.contains('-') {
            let demonym = lists.classes(&form.to_lowercase()) & gaz::DEMONYM != 0;
            allowed = if demonym {
                1 << label(Norp as usize, Place::Unit)
            } else {
                ANY
            };
        }
        out.words.push(form.to_owned());
        out.allowed.push(allowed);
        origins.push(origin);
    }
    for (start, end, kind) in drafts {
        let first = origins.partition_point(|origin| origin < start);
        let last = origins.partition_point(|origin| origin < end);
        for idx in first..last {
            out.allowed[idx] = match kind {
                None => ANY,
                Some(kind) => {
                    let place = match (idx == first, idx + 1 == last) {
                        (true, true) => Place::Unit,
                        (true, false) => Place::Begin,
                        (false, true) => Place::Last,
                        (false, false) => Place::Inside,
                    };
                    1 << label(*kind as usize, place)
                }
            };
        }
    }
    out
}
