//! Whom "he" and "she" mean.

use tieline_facts::{EntityType, MentionKind};
use tieline_text::DepRel;

use super::clauses::Level;
use super::weights::{Fact, Slot, fact};
use super::{PronounChoice, PronounOption, Recent, Walk, mention};
use crate::entities::lexicon::Gender;

/// How many sentences back a pronoun looks.
const REACH: u32 = 4;
/// How many mentions it looks at.
const LOOK: usize = 64;
/// By how much the best candidate must lead, in hundredths of a natural logarithm. Chosen on the
/// development part of GAP.
const MARGIN: i32 = 100;

/// A person whom a pronoun may mean.
struct Candidate {
    entity: u32,
    /// The last mention before the pronoun, or the one after it.
    last: Recent,
    bound: usize,
    /// Subject of the sentence before.
    subject_before: bool,
}

/// Where a pronoun stands.
struct Place {
    sentence: u32,
    quote: u32,
    gender: Gender,
    slot: Slot,
}

impl Walk<'_, '_> {
    /// The person that the facts speak for, where no other comes near.
    pub(super) fn person(
        &mut self,
        token: u32,
        sentence: u32,
        gender: Gender,
        slot: Slot,
    ) -> Option<u32> {
        if slot == Slot::Possessive
            && let Some(owner) = self.owner_beside(token, sentence, gender)
        {
            return Some(owner);
        }
        let levels = self.clauses.levels(self.view, token);
        let candidates = self.candidates(token, sentence, gender, slot, &levels);
        let mut options: Vec<(Option<u32>, Vec<u16>)> = Vec::with_capacity(candidates.len() + 1);
        let place = Place {
            sentence,
            quote: self.quotes.of(token),
            gender,
            slot,
        };
        for (rank, candidate) in candidates.iter().enumerate() {
            let facts = self.facts(&candidates, candidate, rank, &place);
            options.push((Some(candidate.entity), facts));
        }
        let mut nobody = vec![fact(Fact::Nobody, slot, 0)];
        if sentence == 0 {
            nobody.push(fact(Fact::Nobody, slot, 1));
        }
        options.push((None, nobody));
        let weights = &self.view.lexicons.salience;
        let score = |facts: &[u16]| -> i32 {
            let weights = facts.iter().map(|&fact| weights.get(usize::from(fact)));
            weights.flatten().sum()
        };
        let mut ranked: Vec<(i32, Option<u32>)> = options
            .iter()
            .map(|(entity, facts)| (score(facts), *entity))
            .collect();
        ranked.sort_by_key(|&(score, entity)| (std::cmp::Reverse(score), entity));
        if self.choices.is_some() {
            self.note(token, options);
        }
        let best = ranked.first().and_then(|&(_, entity)| entity);
        let lead = match ranked[..] {
            [(first, _), (second, _), ..] => first - second,
            _ => 0,
        };
        let n_entities = self.build.entities.len() as u32;
        let sure = best.filter(|&entity| entity < n_entities && MARGIN <= lead);
        if sure.is_none() {
            let unknown = match gender {
                Gender::Masculine => "he",
                Gender::Feminine => "she",
            };
            let entity =
                best.unwrap_or_else(|| self.new_stranger(unknown.to_owned(), Some(gender)));
            let open = mention(token..token + 1, token, MentionKind::Pronoun, entity);
            self.remember(&open, sentence);
            self.open.push(open);
        }
        sure
    }

    /// "**Holm**'s trip and her attempts": the owner of what the pronoun's noun is joined with.
    fn owner_beside(&self, token: u32, sentence: u32, gender: Gender) -> Option<u32> {
        let noun = self.view.governor(token)?;
        if self.view.deprel(noun) != DepRel::Conj {
            return None;
        }
        let first = self.view.governor(noun)?;
        let owns = |recent: &&Recent| {
            recent.sentence == sentence
                && self.view.deprel(recent.head) == DepRel::NmodPoss
                && self.view.governor(recent.head) == Some(first)
        };
        let owner = self.recent.iter().rev().take(LOOK).find(owns)?;
        let fits = self.kind(owner.entity) == Some(EntityType::Person)
            && self
                .gender(owner.entity)
                .is_none_or(|known| known == gender);
        fits.then_some(owner.entity)
    }

    /// Keeps what was weighed.
    fn note(&mut self, token: u32, options: Vec<(Option<u32>, Vec<u16>)>) {
        let options = options
            .into_iter()
            .map(|(entity, facts)| {
                let named = self
                    .build
                    .mentions
                    .iter()
                    .filter(|m| Some(m.entity) == entity && m.kind == MentionKind::Name);
                let mut mentions: Vec<_> = named.map(|m| m.tokens.clone()).collect();
                if mentions.is_empty() {
                    let own = self.recent.iter().filter(|m| Some(m.entity) == entity);
                    mentions = own.map(|m| m.start..m.end).collect();
                }
                PronounOption { mentions, facts }
            })
            .collect();
        if let Some(choices) = &mut self.choices {
            choices.push(PronounChoice { token, options });
        }
    }

    pub(super) fn gender(&self, entity: u32) -> Option<Gender> {
        match self.build.entities.get(entity as usize) {
            Some(node) => node.gender,
            None => {
                let stranger = entity as usize - self.build.entities.len();
                self.strangers.get(stranger).copied().flatten()
            }
        }
    }

    pub(super) fn is_person(&self, entity: u32) -> bool {
        self.kind(entity)
            .is_none_or(|kind| kind == EntityType::Person)
    }

    /// Persons near the pronoun that agree with it and that its clause does not forbid, by their
    /// last mention, the nearest first.
    fn candidates(
        &self,
        token: u32,
        sentence: u32,
        gender: Gender,
        slot: Slot,
        levels: &[Level],
    ) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut barred: Vec<u32> = Vec::new();
        let quote = self.quotes.of(token);
        let speaker = self.speaker(token);
        for recent in self.recent.iter().rev().take(LOOK) {
            let distance = sentence - recent.sentence;
            if distance > REACH {
                break;
            }
            if !self.is_person(recent.entity) || barred.contains(&recent.entity) {
                continue;
            }
            let other = self
                .gender(recent.entity)
                .is_some_and(|known| known != gender);
            let speaks = quote != 0 && speaker == Some(recent.entity);
            let clash = distance == 0
                && recent.quote == quote
                && self.is_barred(token, recent, slot, levels);
            if other || speaks || clash {
                barred.push(recent.entity);
                candidates.retain(|candidate| candidate.entity != recent.entity);
                continue;
            }
            let bound = match distance {
                0 => self.bound(token, recent.head, slot, levels),
                _ => 0,
            };
            let subject_before = distance == 1 && self.role(recent.head) < 2;
            match candidates
                .iter_mut()
                .find(|candidate| candidate.entity == recent.entity)
            {
                Some(candidate) => {
                    candidate.subject_before |= subject_before;
                    if candidate.bound == 0 {
                        candidate.bound = bound;
                    }
                }
                None => candidates.push(Candidate {
                    entity: recent.entity,
                    last: *recent,
                    bound,
                    subject_before,
                }),
            }
        }
        if let Some(recent) = self.cataphor(token, sentence, levels)
            && self.is_person(recent.entity)
            && !barred.contains(&recent.entity)
            && self
                .gender(recent.entity)
                .is_none_or(|known| known == gender)
        {
            let known = candidates
                .iter_mut()
                .find(|candidate| candidate.entity == recent.entity);
            match known {
                Some(candidate) => candidate.bound = 5,
                None => candidates.push(Candidate {
                    entity: recent.entity,
                    last: recent,
                    bound: 5,
                    subject_before: false,
                }),
            }
        }
        candidates
    }

    /// The name after the pronoun whose clause a phrase in front of it belongs to: "When **she**
    /// was elected, **Ada Holm** ...", "In **her** speech, **Holm** ...".
    fn cataphor(&self, token: u32, sentence: u32, levels: &[Level]) -> Option<Recent> {
        let level = levels.iter().find(|level| {
            token < level.subject
                && matches!(
                    level.via,
                    DepRel::Advcl
                        | DepRel::Obl
                        | DepRel::OblUnmarked
                        | DepRel::Advmod
                        | DepRel::Acl
                        | DepRel::Dislocated
                        | DepRel::Parataxis
                )
        })?;
        let mentions = &self.build.mentions;
        let from = mentions.partition_point(|mention| mention.tokens.start <= token);
        let found =
            mentions.get(from..)?.iter().take(12).find(|mention| {
                mention.head == level.subject && mention.kind == MentionKind::Name
            })?;
        Some(Recent {
            entity: found.entity,
            start: found.tokens.start,
            head: found.head,
            end: found.tokens.end,
            sentence,
            quote: self.quotes.of(found.head),
            kind: found.kind,
            gender: None,
        })
    }

    /// Whether grammar keeps a pronoun and a mention of its sentence apart: the arguments of one
    /// verb are two ("Ada saw her"), and nobody is his own possession ("Jonas, his friend").
    fn is_barred(&self, token: u32, recent: &Recent, slot: Slot, levels: &[Level]) -> bool {
        let view = self.view;
        let governor = view.governor(token);
        if governor == Some(recent.head) {
            return true;
        }
        if slot == Slot::Possessive {
            let apposed = governor.is_some_and(|noun| {
                view.deprel(noun) == DepRel::Appos && view.governor(noun) == Some(recent.head)
            });
            return apposed;
        }
        if governor.is_some() && view.governor(recent.head) == governor {
            return !matches!(
                view.deprel(recent.head),
                DepRel::Dislocated | DepRel::Vocative
            );
        }
        slot == Slot::Object
            && levels
                .iter()
                .any(|level| level.own && level.subject == recent.head)
    }

    /// How a mention of the pronoun's sentence binds it: value of [`Fact::Bound`].
    fn bound(&self, token: u32, head: u32, slot: Slot, levels: &[Level]) -> usize {
        let view = self.view;
        if let Some(idx) = levels.iter().position(|level| level.subject == head) {
            return match (levels[idx].own, idx) {
                (true, _) => 1,
                (false, 0) => 2,
                _ => 3,
            };
        }
        // "Ada Holm and her husband"
        let beside = slot == Slot::Possessive
            && view.governor(token).is_some_and(|noun| {
                view.deprel(noun) == DepRel::Conj && view.governor(noun) == Some(head)
            });
        if beside {
            return 6;
        }
        // "When Holm arrived, she ..."
        let fronted = view.governor(head).is_some_and(|verb| {
            self.clauses.subject(verb) == Some(head)
                && view.deprel(verb) == DepRel::Advcl
                && (view.governor(token) == view.governor(verb)
                    || levels
                        .iter()
                        .any(|level| Some(level.verb) == view.governor(verb)))
        });
        if fronted && slot != Slot::Object {
            4
        } else {
            0
        }
    }

    /// Value of [`Fact::Here`] and [`Fact::Before`].
    fn role(&self, head: u32) -> usize {
        match self.view.deprel(head) {
            DepRel::Nsubj | DepRel::NsubjOuter => 0,
            DepRel::NsubjPass => 1,
            DepRel::Obj | DepRel::Iobj => 2,
            DepRel::NmodPoss => 3,
            DepRel::Appos => 5,
            DepRel::Conj => 6,
            DepRel::Compound | DepRel::Amod | DepRel::NmodDesc | DepRel::Flat => 7,
            DepRel::Root => 8,
            _ => 4,
        }
    }

    fn facts(
        &self,
        candidates: &[Candidate],
        candidate: &Candidate,
        rank: usize,
        place: &Place,
    ) -> Vec<u16> {
        let &Place {
            sentence,
            quote,
            gender,
            slot,
        } = place;
        let view = self.view;
        let last = &candidate.last;
        let distance = sentence - last.sentence;
        let mut facts = Vec::with_capacity(16);
        let mut add = |kind, value| facts.push(fact(kind, slot, value));
        let role = self.role(last.head);
        add(Fact::Distance, distance as usize);
        add(
            if distance == 0 {
                Fact::Here
            } else {
                Fact::Before
            },
            role,
        );
        add(Fact::Bound, candidate.bound);
        let so_far = self.counts.get(candidate.entity as usize).copied();
        add(
            Fact::Mentions,
            match so_far.unwrap_or(0) {
                0 | 1 => 0,
                2 => 1,
                3 | 4 => 2,
                _ => 3,
            },
        );
        let count = |entity: u32| self.names.get(entity as usize).copied().unwrap_or(0);
        let names = count(candidate.entity);
        add(
            Fact::Names,
            match names {
                0..3 => names as usize,
                3 => 2,
                _ => 3,
            },
        );
        add(Fact::Recency, rank);
        let known = |entity: u32| self.gender(entity).is_some();
        let guess = self.build.entities.get(candidate.entity as usize);
        let rivals = || candidates.iter().any(|other| known(other.entity));
        add(
            Fact::Gender,
            match guess.and_then(|entity| entity.guess) {
                _ if known(candidate.entity) => 0,
                Some(guess) => 3 + usize::from(guess != gender),
                None => 1 + usize::from(rivals()),
            },
        );
        let mut pronouns = self.recent.iter().rev().take(LOOK);
        let echo = pronouns.find(|recent| recent.gender == Some(gender));
        add(
            Fact::Echo,
            match echo {
                Some(echo) if sentence - echo.sentence < 2 => {
                    1 + usize::from(echo.sentence < sentence)
                        + 2 * usize::from(echo.entity != candidate.entity)
                }
                _ => 0,
            },
        );
        let stranger = self.build.entities.len() as u32 <= candidate.entity;
        add(
            Fact::Form,
            match last.kind {
                MentionKind::Pronoun if stranger => 4,
                MentionKind::Name | MentionKind::Demonym => usize::from(last.end == last.start + 1),
                MentionKind::Pronoun => 2,
                MentionKind::Nominal => 3,
            },
        );
        if self.topic == Some(candidate.entity) {
            add(Fact::Trait, 0);
        }
        if names > 0
            && candidates
                .iter()
                .all(|other| other.entity == candidate.entity || count(other.entity) < names)
        {
            add(Fact::Trait, 1);
        }
        if view.sentence(last.head).start == last.start {
            add(Fact::Trait, 2);
        }
        let after = view.word(last.end);
        if view.deprel(last.head) == DepRel::Conj || matches!(after, "and" | "or") {
            add(Fact::Trait, 3);
        }
        if last.quote != quote {
            add(Fact::Trait, 4);
        }
        let owned = (role == 3).then(|| view.governor(last.head)).flatten();
        if owned.is_some_and(|noun| self.role(noun) < 2) {
            add(Fact::Trait, 5);
        }
        if candidate.subject_before {
            add(Fact::Trait, 6);
        }
        facts
    }
}
