//! Repairs of the names of a document, after decoding.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tieline_text::{Name, NameKind};

use super::Lexemes;
use super::features::{Case, Cue, WordFacts};
use super::gazetteer::{self as gaz, Gazetteer, phrase_hash};
use crate::words::UsualCase;

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
    join_parts(&text, names);
    for name in names.iter_mut() {
        trim(&text, name);
        if name.kind == NameKind::Organisation && is_country(&text, lists, name.tokens.clone()) {
            name.kind = NameKind::Location;
        }
    }
    names.retain(|name| !name.tokens.is_empty() && !is_usual_word(&text, &name.tokens));
    name_acronyms(&text, names);
    vote(&text, names);
    add_repeats(&text, sentences, names);
}

/// Joins a name that ends in "of" with the name after it, and a person with what a hyphen ties
/// to the front: "Council of" + "Europe", "Jean" "-" "Pierre Lacroix".
fn join_parts(text: &Text<'_>, names: &mut Vec<Name>) {
    let mut joined: Vec<Name> = Vec::with_capacity(names.len());
    for mut name in names.drain(..) {
        let first = name.tokens.start;
        let dash = first.checked_sub(1).and_then(|token| text.word(token));
        let ahead = first.checked_sub(2).and_then(|token| text.word(token));
        let tied = name.kind == NameKind::Person
            && dash.is_some_and(|word| word.is_dash)
            && ahead.is_some_and(|word| matches!(word.case, Case::Title) && word.len < 12);
        match joined.last_mut() {
            Some(last)
                if last.tokens.end == first
                    && last.kind == NameKind::Organisation
                    && name.kind != NameKind::Person
                    && text
                        .word(first - 1)
                        .is_some_and(|word| word.joins && !word.is_dash) =>
            {
                last.tokens.end = name.tokens.end;
                continue;
            }
            Some(last) if tied && last.tokens.end + 1 == first && last.kind == NameKind::Person => {
                last.tokens.end = name.tokens.end;
                continue;
            }
            last if tied && last.as_ref().is_none_or(|last| last.tokens.end + 1 < first) => {
                name.tokens.start = first - 2;
            }
            _ => {}
        }
        joined.push(name);
    }
    *names = joined;
}

/// Takes titles off the front of persons, and a genitive or a joining word off the end of any
/// name. A person of nothing but titles becomes empty.
fn trim(text: &Text<'_>, name: &mut Name) {
    let mut tokens = name.tokens.clone();
    if name.kind == NameKind::Person {
        let class = |token: u32| text.word(token).map_or(0, |word| word.classes);
        let is_title = |token: u32| {
            class(token) & (gaz::TITLE | gaz::ROLE) != 0
                && class(token) & (gaz::FIRST_NAME | gaz::SURNAME) == 0
        };
        let plain = |token: u32| {
            text.word(token)
                .is_some_and(|word| word.info.case == UsualCase::Lower)
        };
        let mut at = tokens.start;
        while at < tokens.end && (is_title(at) || plain(at) && class(at) & gaz::FIRST_NAME == 0) {
            if is_title(at) && (at + 1 < tokens.end || plain(at)) {
                tokens.start = at + 1;
            }
            at += 1;
        }
    }
    let loose = |token| {
        text.word(token).is_some_and(|word: &WordFacts| {
            word.cue == Cue::Genitive || word.joins && word.case == Case::Lower || word.is_dash
        })
    };
    while tokens.len() > 1 && loose(tokens.end - 1) {
        tokens.end -= 1;
    }
    name.tokens = tokens;
}

/// Whether a name is one word of the most usual ones, with a capital: "They", "We".
fn is_usual_word(text: &Text<'_>, tokens: &Range<u32>) -> bool {
    tokens.len() == 1
        && text.word(tokens.start).is_some_and(|word| {
            matches!(word.case, Case::Title | Case::Initial)
                && word.info.case == UsualCase::Lower
                && (1..24).contains(&word.info.rarity)
        })
}

/// Letters in brackets after an organisation are its short name: an acronym that fits is an
/// organisation wherever it stands.
fn name_acronyms(text: &Text<'_>, names: &mut Vec<Name>) {
    let mut found: Vec<Name> = Vec::new();
    for (idx, name) in names.iter().enumerate() {
        let short = name.tokens.end + 1;
        let fits = name.kind == NameKind::Organisation
            && 1 < name.tokens.len()
            && text
                .word(name.tokens.end)
                .is_some_and(|word| word.cue == Cue::Bracket)
            && text
                .word(short)
                .is_some_and(|word| word.case == Case::Upper && word.len < 9);
        let taken = names
            .get(idx + 1)
            .is_some_and(|next| next.tokens.start <= short);
        if fits && !taken {
            found.push(Name {
                tokens: short..short + 1,
                kind: NameKind::Organisation,
                confidence: name.confidence,
            });
        }
    }
    if !found.is_empty() {
        names.append(&mut found);
        names.sort_by_key(|name| name.tokens.start);
    }
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
            && let Some(first) = text.word(name.tokens.start)
            && first.case == Case::Title
            && 1 < first.len
            && first.classes & (gaz::FIRST_NAME | gaz::TITLE | gaz::PARTICLE) == 0
            && first.info.case != UsualCase::Lower
        {
            // the family name comes first in much of Asia
            let vote = known.entry(phrase_hash([first.info.form])).or_default();
            vote.weights[NameKind::Person as usize] += 0.8 * name.confidence;
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
