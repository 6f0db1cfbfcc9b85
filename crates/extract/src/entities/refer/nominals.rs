//! Descriptions ("the company", "the French president") and "it".

use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos, Xpos};

use super::{WINDOW, Walk, mention};
use crate::MentionSpan;
use crate::entities::lexicon::Gender;
use crate::entities::view::View;

impl Walk<'_, '_> {
    /// What "it" or "its" refers to, only where the subject of the clause above is the one
    /// organisation or country: "Gazprom said it would", "Russia opened its first plant".
    pub(super) fn thing(&self, token: u32, sentence: u32, possessive: bool) -> Option<u32> {
        let view = self.view;
        if view.deprel(token) == DepRel::Expl {
            return None;
        }
        let mut verb = view.governor(token)?;
        if !possessive {
            if view.deprel(token) != DepRel::Nsubj || is_weather(view, verb) {
                return None;
            }
            if !matches!(
                view.deprel(verb),
                DepRel::Ccomp | DepRel::Advcl | DepRel::Conj | DepRel::Xcomp
            ) {
                return None;
            }
            verb = view.governor(verb)?;
        }
        // up to the clause that has a subject before the pronoun
        for _ in 0..6 {
            if let Some(subject) = self.clauses.subject(verb)
                && subject < token
            {
                let found = self
                    .recent
                    .iter()
                    .rev()
                    .take(WINDOW)
                    .find(|m| m.head == subject)?;
                let kind = self.kind(found.entity)?;
                let fits = matches!(kind, EntityType::Organisation | EntityType::Country);
                return (fits
                    && found.sentence == sentence
                    && self.quotes.of(subject) == self.quotes.of(token))
                .then_some(found.entity);
            }
            verb = view.governor(verb)?;
        }
        None
    }

    /// "the company", "the prime minister", "the Chinese president", "the country".
    pub(super) fn nominal(&self, token: u32, sentence: u32) -> Option<MentionSpan> {
        let view = self.view;
        let lemma = view.lemma(token);
        let (kind, gender) = view
            .lexicons
            .role(lemma)
            .or_else(|| view.lexicons.role(&lemma.to_lowercase()))?;
        if matches!(
            view.tokens.get(token as usize)?.xpos,
            Xpos::Nns | Xpos::Nnps
        ) {
            return None;
        }
        // a name follows, or the noun is a part of a longer phrase
        if matches!(view.deprel(token), DepRel::Compound | DepRel::Appos) {
            return None;
        }
        let quoted = matches!(view.word(token + 1), "\"" | "“" | "'" | "‘" | "``");
        if quoted && view.is_capitalised(token + 2) {
            return None;
        }
        let first = view.sentence(token).start;
        let mut start = token;
        while start > first
            && token - start < 4
            && matches!(view.upos(start - 1), Upos::Noun | Upos::Adj | Upos::Propn)
        {
            start -= 1;
        }
        if start == first || !matches!(view.word(start - 1), "the" | "The" | "this" | "This") {
            return None;
        }
        let modifiers = start..token;
        let tokens = start - 1..token + 1;
        let entity = match kind {
            EntityType::Person => {
                let nested = self
                    .recent
                    .iter()
                    .rev()
                    .take(4)
                    .find(|m| modifiers.contains(&m.head));
                let country = nested.filter(|m| self.kind(m.entity) == Some(EntityType::Country));
                let text_start = country.map_or(start, |m| m.end);
                // "the president of France" names its own country
                if view.word(token + 1) == "of" {
                    return None;
                }
                let text = view.slice(&(text_start..token + 1)).to_lowercase();
                let country = country.map(|m| m.entity);
                let lone = || {
                    (country.is_some() && text_start == token && is_calling(lemma))
                        .then(|| self.lone_person(sentence, gender, self.quotes.of(token)))
                        .flatten()
                };
                self.offices.bearer(&text, country).or_else(lone)?
            }
            EntityType::Organisation | EntityType::Country | EntityType::Place => {
                // "the Swiss firm": a nationality and nothing else
                let national = kind == EntityType::Organisation
                    && (modifiers.len() == 1
                        || modifiers.len() == 3 && view.word(modifiers.start + 1) == "-")
                    && is_firm(lemma)
                    && self.recent.iter().rev().take(4).any(|m| {
                        modifiers.contains(&m.head)
                            && self.kind(m.entity) == Some(EntityType::Country)
                    });
                let plain = modifiers.is_empty() || national;
                if !plain || matches!(view.word(token + 1), "of" | "that" | "which" | "in") {
                    return None;
                }
                self.only(kind, sentence, lemma, self.quotes.of(token))?
            }
            EntityType::Other => return None,
        };
        Some(mention(tokens, token, MentionKind::Nominal, entity))
    }

    /// The one person in this sentence and the two before: "the Norwegian writer".
    fn lone_person(&self, sentence: u32, gender: Option<Gender>, quote: u32) -> Option<u32> {
        let mut found = None;
        for recent in self.recent.iter().rev().take(WINDOW) {
            if sentence - recent.sentence > 2 {
                break;
            }
            if !self.is_person(recent.entity) || recent.quote != quote {
                continue;
            }
            if found.is_some_and(|known| known != recent.entity) {
                return None;
            }
            found = Some(recent.entity);
        }
        let found = found.filter(|&entity| self.kind(entity).is_some())?;
        let known = self.gender(found);
        (gender.is_none() || known.is_none() || known == gender).then_some(found)
    }

    /// The one entity of a type in this sentence and the two before, or the one among them whose
    /// name says the sort.
    fn only(&self, kind: EntityType, sentence: u32, lemma: &str, quote: u32) -> Option<u32> {
        let mut fitting: Vec<u32> = Vec::new();
        for recent in self.recent.iter().rev().take(WINDOW) {
            if sentence - recent.sentence > 2 {
                break;
            }
            if self.kind(recent.entity) == Some(kind)
                && recent.quote == quote
                && !fitting.contains(&recent.entity)
            {
                fitting.push(recent.entity);
            }
        }
        let says = |entity: &&u32| {
            let name = &self.build.entities[**entity as usize].node.name;
            name.to_lowercase().split(' ').any(|word| word == lemma)
        };
        let mut named = fitting.iter().filter(says);
        if let (Some(&entity), None) = (named.next(), named.next()) {
            return Some(entity);
        }
        let any = match kind {
            EntityType::Organisation => {
                is_firm(lemma)
                    || matches!(lemma, "group" | "organisation" | "organization" | "party")
            }
            EntityType::Country => matches!(lemma, "country" | "nation"),
            _ => matches!(
                lemma,
                "city" | "town" | "region" | "island" | "province" | "village"
            ),
        };
        match fitting[..] {
            [entity] if any => Some(entity),
            _ => None,
        }
    }
}

/// Nouns of callings, which with a nationality mean whom the text speaks of.
fn is_calling(lemma: &str) -> bool {
    const CALLINGS: [&str; 42] = [
        "actor",
        "actress",
        "singer",
        "rapper",
        "musician",
        "composer",
        "conductor",
        "pianist",
        "writer",
        "author",
        "novelist",
        "poet",
        "playwright",
        "director",
        "filmmaker",
        "artist",
        "painter",
        "sculptor",
        "photographer",
        "architect",
        "designer",
        "journalist",
        "reporter",
        "philosopher",
        "historian",
        "scientist",
        "physicist",
        "businessman",
        "businesswoman",
        "entrepreneur",
        "billionaire",
        "politician",
        "activist",
        "dissident",
        "cleric",
        "footballer",
        "striker",
        "midfielder",
        "defender",
        "goalkeeper",
        "winger",
        "lawyer",
    ];
    CALLINGS.contains(&lemma)
}

/// Nouns of firms and papers, which mean the one that the text is about.
fn is_firm(lemma: &str) -> bool {
    matches!(
        lemma,
        "company"
            | "firm"
            | "carmaker"
            | "automaker"
            | "airline"
            | "carrier"
            | "retailer"
            | "lender"
            | "insurer"
            | "manufacturer"
            | "conglomerate"
            | "brewer"
            | "drugmaker"
            | "broadcaster"
            | "newspaper"
            | "tabloid"
    )
}

/// Verbs with an "it" that means nothing.
fn is_weather(view: &View<'_>, verb: u32) -> bool {
    view.upos(verb) != Upos::Verb
        || matches!(
            view.lemma(verb),
            "seem"
                | "appear"
                | "take"
                | "rain"
                | "snow"
                | "happen"
                | "turn"
                | "matter"
                | "come"
                | "emerge"
        )
}
