//! Repairs of the names of a document, after decoding.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tieline_text::{Name, NameKind};

use super::Lexemes;
use super::features::{Case, WordFacts};
use super::gazetteer::{self as gaz, Gazetteer, phrase_hash};

/// Votes on the class of one string.
#[derive(Clone, Copy, Debug, Default)]
struct Votes {
    weights: [f32; NameKind::ALL.len()],
}

impl Votes {
    fn best(&self) -> (usize, f32, f32) {
        let mut best = 0;
        for (class, weight) in self.weights.iter().enumerate() {
            if self.weights[best] < *weight {
                best = class;
            }
        }
        (best, self.weights[best], self.weights.iter().sum())
    }
}

/// The words of a document.
struct Text<'a> {
    lexemes: &'a Lexemes<'a>,
    ids: &'a [u32],
}

impl Text<'_> {
    fn word(&self, token: u32) -> Option<&WordFacts> {
        self.ids
            .get(token as usize)
            .map(|id| self.lexemes.facts(*id))
    }

    fn key(&self, tokens: Range<u32>) -> u64 {
        phrase_hash(
            tokens
                .filter_map(|token| self.word(token))
                .map(|word| word.info.form),
        )
    }

    fn lower_key(&self, tokens: Range<u32>) -> u64 {
        phrase_hash(
            tokens
                .filter_map(|token| self.word(token))
                .map(|word| word.info.lower),
        )
    }
}

/// Makes the names of a document agree with each other and with the lists. Linear.
pub fn repair(
    lexemes: &Lexemes<'_>,
    ids: &[u32],
    sentences: &[Range<u32>],
    lists: &Gazetteer,
    names: &mut Vec<Name>,
) {
    let text = Text { lexemes, ids };
    for name in names.iter_mut() {
        trim(&text, name);
        if name.kind == NameKind::Organisation && is_country(&text, lists, name.tokens.clone()) {
            name.kind = NameKind::Location;
        }
    }
    names.retain(|name| !name.tokens.is_empty());
    vote(&text, names);
    add_repeats(&text, sentences, names);
}

/// Takes titles off the front of persons, and a genitive off the end of any name.
fn trim(text: &Text<'_>, name: &mut Name) {
    let mut tokens = name.tokens.clone();
    if name.kind == NameKind::Person {
        while tokens.len() > 1
            && text.word(tokens.start).is_some_and(|word| {
                word.classes & gaz::TITLE != 0 && word.classes & gaz::FIRST_NAME == 0
            })
        {
            tokens.start += 1;
        }
    }
    let genitive = |token| {
        text.word(token)
            .is_some_and(|word: &WordFacts| word.cue == super::features::Cue::Genitive)
    };
    while tokens.len() > 1 && genitive(tokens.end - 1) {
        tokens.end -= 1;
    }
    name.tokens = tokens;
}

fn is_country(text: &Text<'_>, lists: &Gazetteer, tokens: Range<u32>) -> bool {
    let classes = if tokens.len() == 1 {
        text.word(tokens.start).map_or(0, |word| word.classes)
    } else {
        lists.phrase(text.lower_key(tokens))
    };
    classes & gaz::COUNTRY != 0
}

/// A string with several classes takes the clear majority; a surname of a person named in full
/// is that person.
fn vote(text: &Text<'_>, names: &mut [Name]) {
    let mut votes: FxHashMap<u64, Votes> = FxHashMap::default();
    let mut surnames: FxHashMap<u64, u32> = FxHashMap::default();
    for name in names.iter() {
        let vote = votes.entry(text.key(name.tokens.clone())).or_default();
        vote.weights[name.kind as usize] += name.confidence.max(0.1);
        if name.kind == NameKind::Person
            && 1 < name.tokens.len()
            && let Some(last) = text.word(name.tokens.end - 1)
        {
            *surnames.entry(last.info.form).or_insert(0) += 1;
        }
    }
    for name in names.iter_mut() {
        let key = text.key(name.tokens.clone());
        let Some(vote) = votes.get(&key) else {
            continue;
        };
        let (class, best, sum) = vote.best();
        if name.kind as usize != class && 0.6 * sum < best {
            name.kind = NameKind::from_index(class as u8).unwrap_or_default();
        }
        let word = text.word(name.tokens.start);
        if name.tokens.len() == 1
            && matches!(
                name.kind,
                NameKind::Organisation | NameKind::Misc | NameKind::Location
            )
            && word.is_some_and(|word| {
                surnames.contains_key(&word.info.form) && word.classes & gaz::COUNTRY == 0
            })
        {
            name.kind = NameKind::Person;
        }
    }
}

/// Tags capitalised strings that are names elsewhere in the document, where they touch no other
/// capitalised word.
fn add_repeats(text: &Text<'_>, sentences: &[Range<u32>], names: &mut Vec<Name>) {
    let mut known: FxHashMap<u64, Votes> = FxHashMap::default();
    let mut starts: FxHashMap<u64, u32> = FxHashMap::default();
    for name in names.iter() {
        if name.kind == NameKind::Misc || name.confidence < 0.5 {
            continue;
        }
        let vote = known.entry(text.key(name.tokens.clone())).or_default();
        vote.weights[name.kind as usize] += name.confidence;
        let len = name.tokens.len() as u32;
        if let Some(first) = text.word(name.tokens.start) {
            let longest = starts.entry(first.info.form).or_insert(0);
            *longest = len.min(8).max(*longest);
        }
        if name.kind == NameKind::Person
            && 1 < len
            && let Some(last) = text.word(name.tokens.end - 1)
            && 2 < last.len
        {
            let vote = known.entry(phrase_hash([last.info.form])).or_default();
            vote.weights[NameKind::Person as usize] += name.confidence;
            starts.entry(last.info.form).or_insert(1);
        }
    }
    let mut found = Vec::new();
    let mut next = 0;
    for sentence in sentences {
        let mut at = sentence.start;
        while at < sentence.end {
            while names.get(next).is_some_and(|name| name.tokens.end <= at) {
                next += 1;
            }
            if let Some(name) = names.get(next).filter(|name| name.tokens.contains(&at)) {
                at = name.tokens.end;
                continue;
            }
            let free = names
                .get(next)
                .map_or(sentence.end, |name| name.tokens.start);
            match repeat_at(text, sentence, at, free.min(sentence.end), &known, &starts) {
                Some(name) => {
                    at = name.tokens.end;
                    found.push(name);
                }
                None => at += 1,
            }
        }
    }
    if !found.is_empty() {
        names.append(&mut found);
        names.sort_by_key(|name| name.tokens.start);
    }
}

fn repeat_at(
    text: &Text<'_>,
    sentence: &Range<u32>,
    at: u32,
    free: u32,
    known: &FxHashMap<u64, Votes>,
    starts: &FxHashMap<u64, u32>,
) -> Option<Name> {
    let word = text.word(at)?;
    if !word.case.is_capital() || word.case == Case::Initial {
        return None;
    }
    let longest = *starts.get(&word.info.form)?;
    let capital = |token: Option<u32>| {
        let token = token.filter(|token| sentence.contains(token));
        token
            .and_then(|token| text.word(token))
            .is_some_and(|w| w.case.is_capital())
    };
    if capital(at.checked_sub(1)) && at.checked_sub(1) != Some(sentence.start) {
        return None;
    }
    for len in (1..=longest.min(free.saturating_sub(at))).rev() {
        let tokens = at..at + len;
        let Some(votes) = known.get(&text.key(tokens.clone())) else {
            continue;
        };
        if capital(Some(tokens.end)) {
            continue;
        }
        let (class, best, sum) = votes.best();
        if best < 0.6 * sum {
            return None;
        }
        let kind = NameKind::from_index(class as u8)?;
        return Some(Name {
            tokens,
            kind,
            confidence: (0.5 * best / sum).clamp(0.0, 1.0),
        });
    }
    None
}
