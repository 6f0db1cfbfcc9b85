//! Descriptions and pronouns that refer back to what was named.
//!
//! One walk through the text keeps the recent mentions with their place in the sentence. A
//! pronoun takes the person that the facts of its place speak for ([`weights`]), when no other
//! comes near; a description takes the one entity that bears the office or sort it names
//! ([`nominals`]). Persons without a name ("the officer", a "she" that was left open) are
//! candidates as well, to which nothing is attached: they keep a pronoun from the next best name.
//! What lies inside quotation marks is resolved in a second walk, when it is known who speaks
//! ([`speakers`]): "he" in a quote is not the speaker, "I" is.

mod clauses;
mod nominals;
mod offices;
mod persons;
mod quotes;
mod sorts;
mod speakers;
mod things;
pub mod weights;

use std::ops::Range;

use rustc_hash::FxHashMap;
use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos, Xpos};

use super::cluster::Build;
use super::lexicon::Gender;
use super::view::View;
use crate::MentionSpan;
use clauses::Clauses;
use offices::Offices;
use quotes::Quotes;
use sorts::Described;
use weights::Slot;

/// How many recent mentions are weighed at most.
const WINDOW: usize = 48;

/// A pronoun and whom it may mean, as the trainer of the weights needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PronounChoice {
    /// Token of the pronoun.
    pub token: u32,
    /// The candidates; the last one is nobody.
    pub options: Vec<PronounOption>,
}

/// A candidate of a pronoun.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PronounOption {
    /// Tokens of its mentions by name, or of what else refers to it where it has no name.
    pub mentions: Vec<Range<u32>>,
    /// What speaks for it: indices in [`weights::fact_names`].
    pub facts: Vec<u16>,
}

/// Adds mentions without a name to the entities they refer to, where that is sure.
pub fn resolve(view: &View<'_>, build: &mut Build) {
    walk(view, build, None);
}

/// The choices that [`resolve`] has for each "he" and "she", in the order in which it meets them.
pub fn choices(view: &View<'_>, build: &mut Build) -> Vec<PronounChoice> {
    walk(view, build, Some(Vec::new())).unwrap_or_default()
}

fn walk(
    view: &View<'_>,
    build: &mut Build,
    choices: Option<Vec<PronounChoice>>,
) -> Option<Vec<PronounChoice>> {
    build.mentions.sort_by_key(|mention| mention.tokens.start);
    if build.mentions.is_empty() {
        return choices;
    }
    let quotes = Quotes::find(view);
    let offices = Offices::collect(view, build);
    let clauses = Clauses::find(view);
    let described = Described::collect(view, build);
    let mut walk = Walk {
        view,
        quotes: &quotes,
        offices: &offices,
        clauses: &clauses,
        described: &described,
        names: vec![0; build.entities.len()],
        full: vec![false; build.entities.len()],
        topic: None,
        house: None,
        build,
        recent: Vec::new(),
        found: Vec::new(),
        open: Vec::new(),
        counts: Vec::new(),
        strangers: Vec::new(),
        stranger_of: FxHashMap::default(),
        speakers: Vec::new(),
        choices,
    };
    walk.survey();
    walk.run(false);
    walk.find_speakers();
    walk.run(true);
    let found = std::mem::take(&mut walk.found);
    let choices = walk.choices.take();
    build.mentions.extend(found);
    choices
}

/// A mention as the walk remembers it.
#[derive(Clone, Copy, Debug)]
struct Recent {
    /// Entity, or stranger from the number of entities on.
    entity: u32,
    start: u32,
    head: u32,
    end: u32,
    sentence: u32,
    quote: u32,
    kind: MentionKind,
    /// Gender of a pronoun.
    gender: Option<Gender>,
}

struct Walk<'v, 'b> {
    view: &'v View<'v>,
    build: &'b mut Build,
    quotes: &'b Quotes,
    offices: &'b Offices,
    clauses: &'b Clauses,
    /// Of what sort organisations are.
    described: &'b Described,
    recent: Vec<Recent>,
    found: Vec<MentionSpan>,
    /// What pronouns most likely mean that were left open, or mean strangers.
    open: Vec<MentionSpan>,
    /// Mentions so far by entity and stranger.
    counts: Vec<u32>,
    /// Mentions by name in the whole text, by entity.
    names: Vec<u32>,
    /// Whether an entity is named by more than one word anywhere.
    full: Vec<bool>,
    /// The person named first.
    topic: Option<u32>,
    /// The organisation that the text is mostly about.
    house: Option<u32>,
    /// Persons without a name, by number less the number of entities: their gender.
    strangers: Vec<Option<Gender>>,
    /// Strangers by the noun that introduced them.
    stranger_of: FxHashMap<String, u32>,
    /// Who speaks in each quotation, by its number less one.
    speakers: Vec<Option<u32>>,
    /// What was weighed, where somebody wants to know.
    choices: Option<Vec<PronounChoice>>,
}

impl Walk<'_, '_> {
    /// Counts names, finds whom the text is about, and learns genders from nouns beside names:
    /// "his wife Ada", "Jo Holm, an actress", "Holm is a businesswoman".
    fn survey(&mut self) {
        let view = self.view;
        for mention in &self.build.mentions {
            if mention.kind != MentionKind::Name {
                continue;
            }
            let idx = mention.entity as usize;
            if let Some(count) = self.names.get_mut(idx) {
                *count += 1;
            }
            if let Some(full) = self.full.get_mut(idx) {
                *full |= mention.tokens.len() > 1;
            }
            let Some(entity) = self.build.entities.get_mut(idx) else {
                continue;
            };
            if entity.node.kind != EntityType::Person {
                continue;
            }
            self.topic = self.topic.or(Some(mention.entity));
            if entity.gender.is_none() {
                entity.gender = gender_beside(view, mention);
            }
        }
        self.house = self.described.most_named(&self.names);
    }

    /// Walks the text once: outside quotations first, inside them the second time, with what was
    /// found before among the antecedents.
    fn run(&mut self, inside: bool) {
        let view = self.view;
        self.recent.clear();
        self.counts = vec![0; self.build.entities.len() + self.strangers.len()];
        let mut known: Vec<MentionSpan> = self.build.mentions.clone();
        known.extend(self.found.iter().chain(&self.open).cloned());
        known.sort_by_key(|mention| (mention.tokens.start, std::cmp::Reverse(mention.tokens.end)));
        let mut at = 0;
        for (number, sentence) in view.parsed.sentences().iter().enumerate() {
            let number = number as u32;
            for token in sentence.tokens.clone() {
                let first = at;
                while known
                    .get(at)
                    .is_some_and(|mention| mention.tokens.start <= token)
                {
                    self.recognise(&known[at]);
                    self.remember(&known[at], number);
                    at += 1;
                }
                if at > first
                    || known.get(at.wrapping_sub(1)).is_some_and(|m| {
                        m.tokens.contains(&token) && m.kind != MentionKind::Nominal
                    })
                {
                    continue;
                }
                let quoted = self.quotes.of(token) != 0;
                let upos = view.upos(token);
                if quoted != inside {
                    if upos == Upos::Noun {
                        self.stranger(token, number);
                    }
                    continue;
                }
                let resolved = match upos {
                    Upos::Pron | Upos::Det => self.pronoun(token, number),
                    Upos::Noun | Upos::Propn => {
                        let found = self.nominal(token, number);
                        if found.is_none() {
                            self.stranger(token, number);
                        }
                        found
                    }
                    _ => None,
                };
                if let Some(mention) = resolved {
                    self.remember(&mention, number);
                    self.found.push(mention);
                }
            }
        }
    }

    fn remember(&mut self, mention: &MentionSpan, sentence: u32) {
        let gender = match mention.kind {
            MentionKind::Pronoun => pronoun_gender(self.view.word(mention.head)),
            _ => None,
        };
        self.recent.push(Recent {
            entity: mention.entity,
            start: mention.tokens.start,
            head: mention.head,
            end: mention.tokens.end,
            sentence,
            quote: self.quotes.of(mention.head),
            kind: mention.kind,
            gender,
        });
        if self.recent.len() > 4 * WINDOW {
            self.recent.drain(..2 * WINDOW);
        }
        if let Some(count) = self.counts.get_mut(mention.entity as usize) {
            *count += 1;
        }
    }

    /// A bare name that the text never introduces, and a pronoun left open before it: both speak of
    /// who was introduced before the text begins, as in an excerpt.
    fn recognise(&mut self, mention: &MentionSpan) {
        let idx = mention.entity as usize;
        let first = self.counts.get(idx) == Some(&0);
        let bare = mention.kind == MentionKind::Name && self.full.get(idx) == Some(&false);
        let (true, true, Some(entity)) = (first, bare, self.build.entities.get(idx)) else {
            return;
        };
        let genders: &[&str] = match entity.gender.or(entity.guess) {
            Some(Gender::Masculine) => &["he"],
            Some(Gender::Feminine) => &["she"],
            None => &["he", "she"],
        };
        let last = |noun: &&&str| {
            let stranger = self.stranger_of.get(**noun);
            stranger.and_then(|stranger| self.recent.iter().rposition(|m| m.entity == *stranger))
        };
        let Some(noun) = genders
            .iter()
            .filter(|noun| last(noun).is_some())
            .max_by_key(last)
        else {
            return;
        };
        let Some(stranger) = self.stranger_of.remove(*noun) else {
            return;
        };
        for recent in self.recent.iter_mut().filter(|m| m.entity == stranger) {
            recent.entity = mention.entity;
        }
        for open in self.open.iter_mut().filter(|m| m.entity == stranger) {
            open.entity = mention.entity;
        }
        let count = self.counts.get(stranger as usize).copied().unwrap_or(0);
        if let Some(sum) = self.counts.get_mut(idx) {
            *sum += count;
        }
        let gender = self
            .strangers
            .get(stranger as usize - self.build.entities.len());
        if let Some(entity) = self.build.entities.get_mut(idx) {
            entity.guess = gender.copied().flatten().or(entity.guess);
        }
    }

    /// Remembers a person without a name: "the officer", "her aunt".
    fn stranger(&mut self, token: u32, sentence: u32) {
        let view = self.view;
        let role = view.lexicons.role(view.lemma(token));
        let Some((EntityType::Person, gender)) = role else {
            return;
        };
        let referring = matches!(
            view.tokens.get(token as usize).map(|token| token.xpos),
            Some(Xpos::Nn)
        ) && !matches!(
            view.deprel(token),
            DepRel::Compound | DepRel::Appos | DepRel::NmodDesc | DepRel::Flat | DepRel::Root
        );
        // "he was a director" introduces nobody
        let predicate = view.deprel(token) != DepRel::Root
            && (token.saturating_sub(4)..token).any(|before| {
                view.deprel(before) == DepRel::Cop && view.governor(before) == Some(token)
            });
        if !referring || predicate {
            return;
        }
        let lemma = view.lemma(token).to_owned();
        let entity = self.new_stranger(lemma, gender);
        self.remember(
            &mention(token..token + 1, token, MentionKind::Nominal, entity),
            sentence,
        );
    }

    /// The stranger of this noun.
    fn new_stranger(&mut self, noun: String, gender: Option<Gender>) -> u32 {
        let next = (self.build.entities.len() + self.strangers.len()) as u32;
        let entity = *self.stranger_of.entry(noun).or_insert(next);
        if entity == next {
            self.strangers.push(gender);
            self.counts.push(0);
        }
        entity
    }

    fn kind(&self, entity: u32) -> Option<EntityType> {
        self.build
            .entities
            .get(entity as usize)
            .map(|entity| entity.node.kind)
    }

    fn pronoun(&mut self, token: u32, sentence: u32) -> Option<MentionSpan> {
        let word = self.view.word(token);
        if word.len() > 8 {
            return None;
        }
        let lower = word.to_ascii_lowercase();
        let entity = match lower.as_str() {
            "himself" | "herself" => return self.reflexive(token),
            "it" | "its" => self.thing(token, sentence, lower == "its")?,
            "i" | "my" | "me" | "mine" => self.speaker(token)?,
            _ => {
                let gender = pronoun_gender(word)?;
                let slot = match self.view.deprel(token) {
                    DepRel::NmodPoss => Slot::Possessive,
                    DepRel::Nsubj | DepRel::NsubjPass | DepRel::NsubjOuter => Slot::Subject,
                    _ if matches!(lower.as_str(), "he" | "she") => Slot::Subject,
                    _ => Slot::Object,
                };
                let entity = self.person(token, sentence, gender, slot)?;
                if let Some(entity) = self.build.entities.get_mut(entity as usize) {
                    entity.gender = entity.gender.or(Some(gender));
                }
                entity
            }
        };
        Some(mention(
            token..token + 1,
            token,
            MentionKind::Pronoun,
            entity,
        ))
    }

    /// "himself" is the subject of its verb.
    fn reflexive(&self, token: u32) -> Option<MentionSpan> {
        let verb = self.view.governor(token)?;
        let subject = self.clauses.subject(verb)?;
        let found = self
            .recent
            .iter()
            .rev()
            .take(WINDOW)
            .find(|m| m.head == subject)?;
        (self.kind(found.entity) == Some(EntityType::Person))
            .then(|| mention(token..token + 1, token, MentionKind::Pronoun, found.entity))
    }
}

/// Gender of a personal pronoun of the third person.
fn pronoun_gender(word: &str) -> Option<Gender> {
    let is = |list: &[&str]| list.iter().any(|other| word.eq_ignore_ascii_case(other));
    if is(&["he", "him", "his"]) {
        Some(Gender::Masculine)
    } else if is(&["she", "her", "hers"]) {
        Some(Gender::Feminine)
    } else {
        None
    }
}

/// Gender of a noun that stands beside a name and says what its bearer is.
fn gender_beside(view: &View<'_>, mention: &MentionSpan) -> Option<Gender> {
    let of = |token: u32| {
        view.lexicons
            .role(view.lemma(token))
            .and_then(|role| role.1)
    };
    let sentence = view.sentence(mention.head);
    let before = mention.tokens.start.checked_sub(1)?;
    // "his wife Ada"
    if sentence.start <= before
        && view.upos(before) == Upos::Noun
        && (view.governor(before) == Some(mention.head)
            || view.governor(mention.head) == Some(before))
        && let Some(gender) = of(before)
    {
        return Some(gender);
    }
    // "Ada, an actress"
    let after = mention.tokens.end..sentence.end.min(mention.tokens.end + 8);
    let apposed = after.clone().find(|&token| {
        view.deprel(token) == DepRel::Appos && view.governor(token) == Some(mention.head)
    });
    if let Some(gender) = apposed.and_then(of) {
        return Some(gender);
    }
    // "Holm is an actress"
    if view.deprel(mention.head) == DepRel::Nsubj
        && let Some(noun) = view.governor(mention.head)
        && view.upos(noun) == Upos::Noun
    {
        return of(noun);
    }
    None
}

fn mention(tokens: Range<u32>, head: u32, kind: MentionKind, entity: u32) -> MentionSpan {
    MentionSpan {
        tokens,
        head,
        kind,
        entity,
    }
}
