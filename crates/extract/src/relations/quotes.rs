//! Who speaks: direct speech that runs over several sentences has its speaker in one of them.

use std::ops::Range;

use tieline_facts::{EntityType, Gender};
use tieline_text::DepRel;

use super::status::is_quote;
use super::syntax::{NONE, Tree};
use super::words;

/// Who speaks, where the sentence itself does not say so.
#[derive(Debug, Default)]
pub struct Speakers {
    /// First token, token behind the last, head token of the speaker; in text order.
    runs: Vec<(u32, u32, u32)>,
}

impl Speakers {
    /// Finds the speakers of direct speech. Linear in the tokens.
    ///
    /// Speech is what stands between quotation marks of one paragraph. Its speaker is the subject
    /// of a reporting verb outside the marks in the same sentence; for a sentence of nothing but
    /// speech, the last speaker before it in the paragraph, or the next one behind it.
    pub fn new(tree: &Tree<'_>) -> Speakers {
        let mut speakers = Speakers::default();
        let mut inside = false;
        let mut paragraph = NONE;
        let mut last = NONE;
        // speech of this paragraph that still waits for a speaker
        let mut waiting = speakers.runs.len();
        let (mut opened, mut spoken) = (0, 0);
        for (at, sentence) in tree.parsed.sentences().iter().enumerate() {
            if sentence.paragraph != paragraph || (inside && at > opened + LONGEST) {
                (inside, last, waiting) = (false, NONE, speakers.runs.len());
                paragraph = sentence.paragraph;
            }
            let first_run = speakers.runs.len();
            let mut start = sentence.tokens.start;
            let mut own = NONE;
            for token in sentence.tokens.clone() {
                let mark = if is_quote(tree, token) {
                    direction(tree, token)
                } else {
                    Mark::None
                };
                if mark != Mark::None {
                    if mark == Mark::Opens && inside {
                        // the one before was never closed
                        (inside, opened) = (true, at);
                        start = token + 1;
                        continue;
                    }
                    if mark == Mark::Closes && !inside {
                        continue;
                    }
                    opened = at;
                    if inside {
                        speakers.runs.push((start, token, NONE));
                    }
                    inside = !inside;
                    start = token + 1;
                } else if !inside && own == NONE && tree.is(token, words::REPORT) {
                    own = speaker(tree, token);
                }
            }
            if inside && start < sentence.tokens.end {
                speakers.runs.push((start, sentence.tokens.end, NONE));
            }
            if own == NONE && speakers.runs.len() > first_run {
                own = announced(tree, &speakers.runs, first_run);
            } else if own == NONE && !inside {
                // who acts in a sentence between may be who speaks next
                if let Some(who) = actor(tree, &sentence.tokens) {
                    (last, spoken) = (who, at);
                }
            }
            // whoever spoke long ago does not speak on
            if at > spoken + 2 {
                last = NONE;
            }
            if own != NONE && last != NONE && continues(tree, own, last) {
                own = last;
            }
            if own != NONE {
                (last, spoken) = (own, at);
                for run in speakers.runs.iter_mut().skip(waiting) {
                    if run.2 == NONE {
                        run.2 = own;
                    }
                }
            } else if last != NONE {
                for run in speakers.runs.iter_mut().skip(first_run) {
                    run.2 = last;
                    spoken = at;
                }
            }
            if last != NONE {
                waiting = speakers.runs.len();
            }
        }
        speakers
            .runs
            .retain(|run| run.2 != NONE && run.0 + 2 < run.1);
        speakers
    }

    /// Head token of who says the words around `token`.
    pub fn of(&self, token: u32) -> Option<u32> {
        let at = self.runs.partition_point(|run| run.0 <= token);
        let run = self.runs.get(at.checked_sub(1)?)?;
        (token < run.1).then_some(run.2)
    }
}

/// Direct speech runs over so many sentences at most; a mark that is not closed by then was lost.
const LONGEST: usize = 8;

/// What a quotation mark does, where its shape tells; blanks around straight ones are often wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    None,
    Opens,
    Closes,
    Either,
}

fn direction(tree: &Tree<'_>, token: u32) -> Mark {
    match tree.text(token) {
        "“" | "„" | "«" => Mark::Opens,
        "”" | "»" => Mark::Closes,
        _ => Mark::Either,
    }
}

/// "Holm was clear: 'X did Y.'": the subject of the clause before the colon, or [`NONE`].
fn announced(tree: &Tree<'_>, runs: &[(u32, u32, u32)], first: usize) -> u32 {
    let Some(&(start, ..)) = runs.get(first) else {
        return NONE;
    };
    let Some(colon) = start.checked_sub(2).filter(|&at| tree.says(at, ":")) else {
        return NONE;
    };
    let Some(sentence) = tree.parsed.sentence_of(colon) else {
        return NONE;
    };
    let range = tree
        .parsed
        .sentences()
        .get(sentence)
        .map(|s| s.tokens.clone());
    range
        .and_then(|range| actor(tree, &(range.start..colon)))
        .unwrap_or(NONE)
}

/// "he said", without an antecedent, behind the words of a man: he goes on.
fn continues(tree: &Tree<'_>, speaker: u32, last: u32) -> bool {
    let he = tree.says(speaker, "he");
    if !(he || tree.says(speaker, "she")) || tree.refer_one(speaker).is_some() {
        return false;
    }
    let Some(arg) = tree.refer_one(last) else {
        return false;
    };
    let node = tree.layer.entities.get(arg.entity as usize);
    let other = if he {
        Gender::Feminine
    } else {
        Gender::Masculine
    };
    tree.kind(arg.entity) == EntityType::Person
        && node.is_some_and(|node| node.gender != Some(other))
}

/// The person who is the subject of the main clause.
fn actor(tree: &Tree<'_>, tokens: &Range<u32>) -> Option<u32> {
    let root = tokens
        .clone()
        .find(|&token| tree.rel(token) == DepRel::Root)?;
    let subject = tree.child(root, &[DepRel::Nsubj])?;
    let arg = tree.refer_one(subject)?;
    (tokens.contains(&subject) && tree.kind(arg.entity) == EntityType::Person).then_some(subject)
}

/// The subject of a reporting verb, or [`NONE`].
fn speaker(tree: &Tree<'_>, verb: u32) -> u32 {
    if tree.rel(verb) == DepRel::Amod || tree.is_passive(verb) {
        return NONE;
    }
    tree.child(verb, &[DepRel::Nsubj]).unwrap_or(NONE)
}
