//! Descriptions and pronouns that refer back to what was named.
//!
//! One walk through the text keeps the recent mentions with their place in the sentence. A
//! pronoun takes the most salient person that agrees with it, when no other comes near; a
//! description takes the one entity that bears the office or sort it names. What lies inside
//! quotation marks is resolved in a second walk, when it is known who speaks: "he" in a quote is
//! not the speaker, "I" is. Salience after Lappin and Leass (1994), cut to what a parse of news
//! shows surely: subjects before others, near before far, named often before named once.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos, Xpos};

use super::cluster::Build;
use super::lexicon::Gender;
use super::view::View;
use crate::MentionSpan;

/// How many sentences back a pronoun or description looks.
const REACH: u32 = 2;
/// How many recent mentions are weighed at most.
const WINDOW: usize = 48;

/// Adds mentions without a name to the entities they refer to, where that is sure.
pub fn resolve(view: &View<'_>, build: &mut Build) {
    build.mentions.sort_by_key(|mention| mention.tokens.start);
    if build.mentions.is_empty() {
        return;
    }
    let quotes = Quotes::find(view);
    let offices = Offices::collect(view, build);
    let mut walk = Walk {
        view,
        build,
        quotes: &quotes,
        offices: &offices,
        recent: Vec::new(),
        found: Vec::new(),
        counts: Vec::new(),
        speakers: Vec::new(),
    };
    walk.run(false);
    walk.find_speakers();
    walk.run(true);
    let found = std::mem::take(&mut walk.found);
    build.mentions.extend(found);
}

/// Which tokens stand between quotation marks.
struct Quotes {
    /// Number of the quotation of each token, from 1; 0 outside.
    number: Vec<u32>,
    count: u32,
}

impl Quotes {
    /// A quotation ends at its closing mark or, where that is missing, with the paragraph.
    fn find(view: &View<'_>) -> Quotes {
        let mut number = vec![0; view.tokens.len()];
        let (mut count, mut open) = (0, None);
        let mut paragraph = None;
        for sentence in view.parsed.sentences() {
            if paragraph != Some(sentence.paragraph) {
                paragraph = Some(sentence.paragraph);
                open = None;
            }
            for token in sentence.tokens.clone() {
                let mark = view.word(token);
                let closes = match open {
                    Some('"') => matches!(mark, "\"" | "”" | "''" | "“"),
                    Some('\'') => matches!(mark, "’" | "'") && !is_clitic_place(view, token),
                    _ => false,
                };
                if closes {
                    open = None;
                    continue;
                }
                if open.is_none() {
                    open = match mark {
                        "\"" | "“" | "``" | "„" | "«" => Some('"'),
                        "‘" => Some('\''),
                        _ => None,
                    };
                    if open.is_some() {
                        count += 1;
                        continue;
                    }
                }
                if open.is_some()
                    && let Some(slot) = number.get_mut(token as usize)
                {
                    *slot = count;
                }
            }
        }
        Quotes { number, count }
    }

    fn of(&self, token: u32) -> u32 {
        self.number.get(token as usize).copied().unwrap_or(0)
    }
}

/// Whether a closing single quote is rather the possessive of a plural: no space before it and a
/// noun after.
fn is_clitic_place(view: &View<'_>, token: u32) -> bool {
    view.tokens
        .get(token as usize)
        .is_some_and(|token| token.xpos == Xpos::Pos)
}

/// Offices and roles that the text gives to people: by title before the name, by apposition.
struct Offices {
    /// Lower-cased last word of an office to the people who bear it.
    by_word: FxHashMap<String, Vec<Office>>,
}

struct Office {
    entity: u32,
    /// The whole office in lower case: "prime minister".
    text: String,
    /// The country whose adjective stands before it.
    country: Option<u32>,
}

impl Offices {
    fn collect(view: &View<'_>, build: &Build) -> Offices {
        let mut by_word: FxHashMap<String, Vec<Office>> = FxHashMap::default();
        let mut add = |range: Range<u32>, entity: u32, country: Option<u32>| {
            let text = view.slice(&range).to_lowercase();
            let Some(word) = text.rsplit([' ', '-']).next() else {
                return;
            };
            let list = by_word.entry(word.to_owned()).or_default();
            let same = |office: &Office| {
                office.entity == entity
                    && office.text == text
                    && (country.is_none() || office.country == country)
            };
            if list.len() < WINDOW && !list.iter().any(same) {
                list.push(Office {
                    entity,
                    text,
                    country,
                });
            }
        };
        let country_at = |end: u32, at: usize| -> Option<u32> {
            let before = build.mentions.get(at.checked_sub(1)?)?;
            let country =
                build.entities.get(before.entity as usize)?.node.kind == EntityType::Country;
            let gap = end.checked_sub(before.tokens.end)?;
            let near = gap == 0 || gap == 1 && view.is_possessive(before.tokens.end);
            (country && near).then_some(before.entity)
        };
        for (at, mention) in build.mentions.iter().enumerate() {
            let entity = mention.entity;
            let person = build.entities.get(entity as usize);
            if person.is_none_or(|entity| entity.node.kind != EntityType::Person) {
                continue;
            }
            let start = mention.tokens.start;
            if let Some((len, _, _)) = view.title_before(start) {
                let title = start - len..start;
                add(title.clone(), entity, country_at(title.start, at));
            }
            // "Tony Blair, the prime minister": an apposition to the name
            let end = mention.tokens.end;
            if view.word(end) == "," {
                let stop = view.sentence(end).end.min(end + 7);
                let noun = (end + 1..stop).find(|&token| {
                    view.deprel(token) == DepRel::Appos
                        && view.governor(token) == Some(mention.head)
                });
                if let Some(noun) = noun
                    && view
                        .lexicons
                        .role(view.lemma(noun))
                        .is_some_and(|(kind, _)| kind == EntityType::Person)
                {
                    let mut first = noun;
                    while first > end + 1 && view.deprel(first - 1) == DepRel::Compound {
                        first -= 1;
                    }
                    add(first..noun + 1, entity, country_at(first, at + 1));
                }
            }
        }
        Offices { by_word }
    }

    /// The one person who bears an office, of a country where one is named.
    fn bearer(&self, text: &str, country: Option<u32>) -> Option<u32> {
        let word = text.rsplit([' ', '-']).next()?;
        let list = self.by_word.get(word)?;
        let fits = |office: &&Office| {
            let same = office.text == text
                || office.text.ends_with(text) && text.contains(' ')
                || text == word;
            same && (country.is_none() || office.country.is_none() || office.country == country)
        };
        let mut bearers = list.iter().filter(fits);
        let first = bearers.next()?.entity;
        bearers
            .all(|office| office.entity == first)
            .then_some(first)
    }
}

/// A mention as the walk remembers it.
#[derive(Clone, Copy)]
struct Recent {
    entity: u32,
    head: u32,
    end: u32,
    sentence: u32,
    /// Bonus of its place in the sentence, in quarter points.
    place: i32,
    quote: u32,
}

struct Walk<'v, 'b> {
    view: &'v View<'v>,
    build: &'b mut Build,
    quotes: &'b Quotes,
    offices: &'b Offices,
    recent: Vec<Recent>,
    found: Vec<MentionSpan>,
    /// Mentions so far by entity.
    counts: Vec<u32>,
    /// Who speaks in each quotation, by its number less one.
    speakers: Vec<Option<u32>>,
}

impl Walk<'_, '_> {
    /// Walks the text once: outside quotations first, inside them the second time, with what was
    /// found before among the antecedents.
    fn run(&mut self, inside: bool) {
        let view = self.view;
        self.recent.clear();
        self.counts = vec![0; self.build.entities.len()];
        let mut known: Vec<MentionSpan> = self.build.mentions.clone();
        known.extend(self.found.iter().cloned());
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
                    let mention = &known[at];
                    self.remember(mention.entity, mention.head, mention.tokens.end, number);
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
                if quoted != inside {
                    continue;
                }
                let upos = view.upos(token);
                let resolved = match upos {
                    Upos::Pron | Upos::Det => self.pronoun(token, number),
                    Upos::Noun | Upos::Propn => self.nominal(token, number),
                    _ => None,
                };
                if let Some(mention) = resolved {
                    self.remember(mention.entity, mention.head, mention.tokens.end, number);
                    self.found.push(mention);
                }
            }
        }
    }

    fn remember(&mut self, entity: u32, head: u32, end: u32, sentence: u32) {
        let place = match self.view.deprel(head) {
            DepRel::Nsubj | DepRel::NsubjOuter => 10,
            DepRel::NsubjPass => 8,
            DepRel::Obj | DepRel::Iobj | DepRel::OblAgent | DepRel::Root => 3,
            DepRel::Appos => 4,
            DepRel::Conj => 1,
            DepRel::NmodPoss => 0,
            DepRel::Compound | DepRel::Amod => -4,
            _ => 1,
        };
        self.recent.push(Recent {
            entity,
            head,
            end,
            sentence,
            place,
            quote: self.quotes.of(head),
        });
        if self.recent.len() > 4 * WINDOW {
            self.recent.drain(..2 * WINDOW);
        }
        if let Some(count) = self.counts.get_mut(entity as usize) {
            *count += 1;
        }
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
        let gender = match lower.as_str() {
            "he" | "him" | "his" => Some(Gender::Masculine),
            "she" | "her" | "hers" => Some(Gender::Feminine),
            "himself" | "herself" => return self.reflexive(token),
            "it" | "its" => None,
            "i" | "my" | "me" | "mine" => {
                let speaker = self.speaker(token)?;
                return Some(mention(
                    token..token + 1,
                    token,
                    MentionKind::Pronoun,
                    speaker,
                ));
            }
            _ => return None,
        };
        let entity = match gender {
            Some(gender) => self.person(token, sentence, gender)?,
            None => self.thing(token, sentence, lower == "its")?,
        };
        if let (Some(gender), Some(entity)) = (gender, self.build.entities.get_mut(entity as usize))
        {
            entity.gender = entity.gender.or(Some(gender));
        }
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
        let subject = self.subject_of(verb)?;
        let found = self
            .recent
            .iter()
            .rev()
            .take(WINDOW)
            .find(|m| m.head == subject)?;
        (self.kind(found.entity) == Some(EntityType::Person))
            .then(|| mention(token..token + 1, token, MentionKind::Pronoun, found.entity))
    }

    /// The subject of a verb, looked for within its sentence near the verb.
    fn subject_of(&self, verb: u32) -> Option<u32> {
        let view = self.view;
        let sentence = view.sentence(verb);
        let near = sentence.start.max(verb.saturating_sub(40))..sentence.end.min(verb + 12);
        let is_subject = |token: &u32| {
            matches!(view.deprel(*token), DepRel::Nsubj | DepRel::NsubjPass)
                && view.governor(*token) == Some(verb)
        };
        near.clone().find(is_subject)
    }

    /// The most salient person that agrees with a pronoun.
    fn person(&self, token: u32, sentence: u32, gender: Gender) -> Option<u32> {
        let view = self.view;
        let governor = view.governor(token);
        let possessive = view.deprel(token) == DepRel::NmodPoss;
        let quote = self.quotes.of(token);
        let speaker = self.speaker(token);
        let mut scores: Vec<(u32, i32)> = Vec::new();
        for recent in self.recent.iter().rev().take(WINDOW) {
            let distance = sentence - recent.sentence;
            if distance > REACH {
                break;
            }
            if self.kind(recent.entity) != Some(EntityType::Person) {
                continue;
            }
            let known = self.build.entities[recent.entity as usize].gender;
            if known.is_some_and(|known| known != gender)
                || (quote != 0 && speaker == Some(recent.entity))
            {
                continue;
            }
            // arguments of one verb are two things
            let same_clause = governor.is_some() && view.governor(recent.head) == governor;
            if distance == 0 && !possessive && same_clause && recent.quote == quote {
                continue;
            }
            // "his" inside the name's own phrase
            if distance == 0 && governor == Some(recent.head) {
                continue;
            }
            let count = self
                .counts
                .get(recent.entity as usize)
                .copied()
                .unwrap_or(0);
            let mut score = recent.place - 8 * distance as i32 + 2 * count.min(6) as i32;
            // subjects follow subjects
            if recent.place >= 8 && view.deprel(token) == DepRel::Nsubj {
                score += 4;
            }
            score += if known == Some(gender) { 3 } else { -3 };
            if recent.quote != quote {
                score -= 6;
            }
            match scores
                .iter_mut()
                .find(|(entity, _)| *entity == recent.entity)
            {
                Some((_, best)) => *best = score.max(*best),
                None => scores.push((recent.entity, score)),
            }
        }
        scores.sort_by_key(|&(entity, score)| (std::cmp::Reverse(score), entity));
        match scores[..] {
            [(entity, score)] if score > -16 => Some(entity),
            [(entity, score), (_, second), ..] if score > -16 && score - second >= 6 => {
                (quote == 0 || score - second >= 10).then_some(entity)
            }
            _ => None,
        }
    }

    /// What "it" or "its" refers to, only where the subject of the clause above is the one
    /// organisation or country: "Gazprom said it would", "Russia opened its first plant".
    fn thing(&self, token: u32, sentence: u32, possessive: bool) -> Option<u32> {
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
            if let Some(subject) = self.subject_of(verb)
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

    fn speaker(&self, token: u32) -> Option<u32> {
        let quote = self.quotes.of(token).checked_sub(1)?;
        self.speakers.get(quote as usize).copied().flatten()
    }

    /// Who says each quotation: the subject of the verb of saying in the same sentence, outside
    /// the marks; a quotation without one continues that before it in the paragraph.
    fn find_speakers(&mut self) {
        let view = self.view;
        self.speakers = vec![None; self.quotes.count as usize];
        let mut known: Vec<(u32, u32)> = self
            .build
            .mentions
            .iter()
            .chain(&self.found)
            .map(|m| (m.head, m.entity))
            .collect();
        known.sort_unstable();
        let mut last: Option<(u32, u32)> = None;
        for sentence in view.parsed.sentences() {
            let range = sentence.tokens.clone();
            let mut said = None;
            let outside = |token: &u32| self.quotes.of(*token) == 0;
            for token in range.clone().filter(outside) {
                if view.deprel(token) == DepRel::Nsubj
                    && let Some(verb) = view.governor(token)
                    && outside(&verb)
                    && is_saying(view.lemma(verb))
                    && let Ok(idx) = known.binary_search_by_key(&token, |&(head, _)| head)
                {
                    said = Some(known[idx].1);
                    break;
                }
            }
            let first = range
                .clone()
                .map(|token| self.quotes.of(token))
                .find(|&quote| quote != 0);
            let Some(first) = first else { continue };
            let frame = range
                .clone()
                .any(|token| outside(&token) && view.upos(token) == Upos::Verb);
            let continued = last
                .filter(|&(paragraph, _)| paragraph == sentence.paragraph && !frame)
                .map(|(_, entity)| entity);
            let speaker = said.or(continued);
            for quote in range
                .map(|token| self.quotes.of(token))
                .filter(|&quote| quote >= first)
            {
                if let Some(slot) = self.speakers.get_mut(quote as usize - 1) {
                    *slot = slot.or(speaker);
                }
            }
            last = speaker.map(|entity| (sentence.paragraph, entity));
        }
    }

    /// "the company", "the prime minister", "the Chinese president", "the country".
    fn nominal(&self, token: u32, sentence: u32) -> Option<MentionSpan> {
        let view = self.view;
        let lemma = view.lemma(token);
        let (kind, _) = view
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
                self.offices.bearer(&text, country.map(|m| m.entity))?
            }
            EntityType::Organisation | EntityType::Country | EntityType::Place => {
                let plain = modifiers.is_empty();
                if !plain || matches!(view.word(token + 1), "of" | "that" | "which" | "in") {
                    return None;
                }
                self.only(kind, sentence, lemma, self.quotes.of(token))?
            }
            EntityType::Other => return None,
        };
        Some(mention(tokens, token, MentionKind::Nominal, entity))
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
                matches!(
                    lemma,
                    "company"
                        | "firm"
                        | "group"
                        | "organisation"
                        | "organization"
                        | "carmaker"
                        | "airline"
                        | "retailer"
                        | "party"
                )
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

fn mention(tokens: Range<u32>, head: u32, kind: MentionKind, entity: u32) -> MentionSpan {
    MentionSpan {
        tokens,
        head,
        kind,
        entity,
    }
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

/// Verbs that introduce quotations.
fn is_saying(lemma: &str) -> bool {
    matches!(
        lemma,
        "say"
            | "tell"
            | "add"
            | "note"
            | "explain"
            | "argue"
            | "warn"
            | "insist"
            | "claim"
            | "write"
            | "state"
            | "declare"
            | "announce"
            | "reply"
            | "respond"
            | "continue"
            | "ask"
            | "conclude"
            | "admit"
            | "stress"
            | "believe"
            | "think"
            | "remark"
            | "comment"
            | "point"
            | "recall"
            | "complain"
            | "tweet"
            | "suggest"
            | "go"
            | "describe"
            | "call"
            | "quip"
            | "emphasise"
            | "emphasize"
            | "deny"
            | "acknowledge"
            | "predict"
            | "joke"
            | "observe"
    )
}
