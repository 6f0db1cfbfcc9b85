//! Descriptions: "the company", "the French president".

use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos, Xpos};

use super::offices::Owner;
use super::sorts::said_of;
use super::{WINDOW, Walk, mention};
use crate::MentionSpan;
use crate::entities::lexicon::{Gender, Referent};

impl Walk<'_, '_> {
    /// "the company", "the prime minister", "the Chinese president", "the country".
    pub(super) fn nominal(&self, token: u32, sentence: u32) -> Option<MentionSpan> {
        let view = self.view;
        let lemma = view.lemma(token);
        if said_of(lemma) != 0
            && let Some(found) = self.organisation(token, sentence, lemma)
        {
            return Some(found);
        }
        let (kind, gender) = view
            .lexicons
            .role(lemma)
            .or_else(|| view.lexicons.role(&lemma.to_lowercase()))?;
        // a name follows, or the noun is a part of a longer phrase
        if self.is_plural(token) || matches!(view.deprel(token), DepRel::Compound | DepRel::Appos) {
            return None;
        }
        let quoted = matches!(view.word(token + 1), "\"" | "“" | "'" | "‘" | "``");
        if quoted && view.is_capitalised(token + 2) {
            return None;
        }
        let Some(start) = self.described_from(token) else {
            return self.office_possessed(token, kind);
        };
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
                let owner = nested.and_then(|m| Some((m, self.owner(m.entity)?)));
                let text_start = owner.map_or(start, |(m, _)| m.end);
                // "the president of France" names its own country
                if view.word(token + 1) == "of" {
                    return None;
                }
                let text = view.slice(&(text_start..token + 1)).to_lowercase();
                let owner = owner.map(|(_, owner)| owner);
                let lone = || {
                    (matches!(owner, Some(Owner::Country(_)))
                        && text_start == token
                        && is_calling(lemma))
                    .then(|| self.lone_person(sentence, gender, self.quotes.of(token)))
                    .flatten()
                };
                self.offices.bearer(&text, owner).or_else(lone)?
            }
            EntityType::Country | EntityType::Place => {
                let plain = modifiers.is_empty();
                if !plain || matches!(view.word(token + 1), "of" | "that" | "which" | "in") {
                    return None;
                }
                self.only(kind, sentence, lemma, self.quotes.of(token))?
            }
            EntityType::Organisation | EntityType::Other => return None,
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

    fn is_plural(&self, token: u32) -> bool {
        let xpos = self.view.tokens.get(token as usize).map(|t| t.xpos);
        matches!(xpos, Some(Xpos::Nns | Xpos::Nnps))
    }

    /// "**Kenya's foreign minister** said": the one whom the text calls that.
    fn office_possessed(&self, token: u32, kind: EntityType) -> Option<MentionSpan> {
        let view = self.view;
        if kind != EntityType::Person || view.word(token + 1) == "of" {
            return None;
        }
        let mut start = token;
        while start > 0
            && token - start < 3
            && matches!(view.upos(start - 1), Upos::Noun | Upos::Adj)
        {
            start -= 1;
        }
        if !view.is_possessive(start.checked_sub(1)?) {
            return None;
        }
        let mut recent = self.recent.iter().rev().take(4);
        let possessor = recent.find(|m| m.end == start - 1)?;
        let owner = self.owner(possessor.entity)?;
        // "Norway's prime minister at the time, Ada Holm,": the name follows
        let end = view.sentence(token).end.min(token + 8);
        let comma = (token + 1..end).find(|&at| {
            view.word(at) == "," || matches!(view.upos(at), Upos::Verb | Upos::Aux | Upos::Punct)
        });
        let named = comma.is_some_and(|at| view.word(at) == "," && view.is_capitalised(at + 1));
        if named || view.word(token + 1) == "at" {
            return None;
        }
        let text = view.slice(&(start..token + 1)).to_lowercase();
        let entity = self.offices.bearer(&text, Some(owner))?;
        let tokens = possessor.start..token + 1;
        Some(mention(tokens, token, MentionKind::Nominal, entity))
    }

    fn owner(&self, entity: u32) -> Option<Owner> {
        match self.kind(entity)? {
            EntityType::Country => Some(Owner::Country(entity)),
            EntityType::Organisation => Some(Owner::Organisation(entity)),
            _ => None,
        }
    }

    /// First word after "the" or "this" of a description with this noun.
    fn described_from(&self, token: u32) -> Option<u32> {
        let view = self.view;
        let first = view.sentence(token).start;
        let mut start = token;
        while start > first
            && token - start < 5
            && (matches!(view.upos(start - 1), Upos::Noun | Upos::Adj | Upos::Propn)
                || matches!(view.word(start - 1), "-" | "based"))
        {
            start -= 1;
        }
        (first < start && matches!(view.word(start - 1), "the" | "The" | "this" | "This"))
            .then_some(start)
    }

    /// "the company", "the German carmaker", "the militants", "**party** leader": the organisation
    /// that the noun fits best among those named before, where no other comes near.
    fn organisation(&self, token: u32, sentence: u32, lemma: &str) -> Option<MentionSpan> {
        let view = self.view;
        let plural = self.is_plural(token);
        if plural != is_many(lemma) {
            return None;
        }
        let bare = view.deprel(token) == DepRel::Compound;
        let next = view.word(token + 1);
        let start = if bare {
            // "party leader Holm", not "a party leader" nor "opposition party leader"
            let role = view.governor(token) == Some(token + 1)
                && matches!(
                    next,
                    "leader"
                        | "chairman"
                        | "chairwoman"
                        | "spokesman"
                        | "spokeswoman"
                        | "chief"
                        | "spokesperson"
                        | "boss"
                        | "president"
                        | "founder"
                        | "secretary"
                );
            let single = matches!(lemma, "party" | "company" | "group");
            let open = !matches!(
                view.upos(token.checked_sub(1)?),
                Upos::Adj | Upos::Noun | Upos::Propn | Upos::Det | Upos::Num | Upos::Part
            );
            if !(role && single && open) {
                return None;
            }
            token
        } else {
            if view.deprel(token) == DepRel::Appos
                || matches!(
                    next,
                    "that" | "which" | "in" | "who" | "behind" | "responsible"
                )
                || next == "of"
                    && !view
                        .governor(token)
                        .is_some_and(|at| is_charge(view.lemma(at)))
            {
                return None;
            }
            self.described_from(token)?
        };
        // what says which one, says one that need not be named: "the group he led"
        let narrowed = (token + 1..view.sentence(token).end.min(token + 12)).any(|child| {
            view.governor(child) == Some(token)
                && matches!(
                    view.deprel(child),
                    DepRel::AclRelcl
                        | DepRel::Acl
                        | DepRel::Appos
                        | DepRel::Flat
                        | DepRel::NmodDesc
                )
                && view.word(token + 1) != ","
        });
        let named = self
            .build
            .mentions
            .binary_search_by_key(&(token + 1), |m| m.tokens.start);
        let relative = narrowed && view.upos(token + 1) == Upos::Pron;
        if narrowed && !relative || !bare && named.is_ok() && view.upos(token + 1) != Upos::Punct {
            return None;
        }
        let quoted = matches!(next, "\"" | "“" | "'" | "‘" | "``");
        if quoted && view.is_capitalised(token + 2) {
            return None;
        }
        let mut country = None;
        for at in start..token {
            if tells_apart(&view.word(at).to_ascii_lowercase()) {
                return None;
            }
            let inner = self.recent.iter().rev().take(6).find(|m| m.head == at);
            match inner.map(|m| (m.entity, self.kind(m.entity))) {
                Some((entity, Some(EntityType::Country))) => country = Some(entity),
                Some((_, Some(EntityType::Place))) if view.word(at + 1) == "-" => {}
                Some(_) => return None,
                None => {}
            }
        }
        let entity = self.best_fit(token, sentence, lemma, country, bare || relative)?;
        if self.is_inside(token, entity) {
            return None;
        }
        let from = if bare { token } else { start - 1 };
        Some(mention(
            from..token + 1,
            token,
            MentionKind::Nominal,
            entity,
        ))
    }

    /// Whether a phrase says of somebody what it would then be: "the bank that supervised
    /// **Meridia**" is not Meridia (the i-within-i condition of Chomsky 1981).
    fn is_inside(&self, token: u32, entity: u32) -> bool {
        let end = self.view.sentence(token).end;
        let first = self
            .build
            .mentions
            .partition_point(|m| m.tokens.start <= token);
        let inside = self.build.mentions.get(first..).unwrap_or_default();
        inside
            .iter()
            .take_while(|m| m.tokens.start < end)
            .filter(|m| m.entity == entity)
            .any(|m| {
                let mut at = m.tokens.end - 1;
                for _ in 0..8 {
                    match self.view.governor(at) {
                        Some(above) if above == token => return true,
                        Some(above) => at = above,
                        None => return false,
                    }
                }
                false
            })
    }

    /// The organisation that a description fits best; `alone`: only where no other fits at all.
    fn best_fit(
        &self,
        token: u32,
        sentence: u32,
        lemma: &str,
        country: Option<u32>,
        alone: bool,
    ) -> Option<u32> {
        let view = self.view;
        // who does something to "the company" is another
        let doer = self
            .clauses
            .levels(view, token)
            .into_iter()
            .find(|level| level.own)
            .filter(|_| view.deprel(token) != DepRel::NmodPoss)
            .map(|level| level.subject);
        let mut seen: Vec<(u32, i32, bool)> = Vec::new();
        let mut barred = None;
        for recent in self.recent.iter().rev().take(2 * WINDOW) {
            let back = sentence - recent.sentence;
            if self.kind(recent.entity) != Some(EntityType::Organisation)
                || seen.iter().any(|&(entity, ..)| entity == recent.entity)
            {
                continue;
            }
            if Some(recent.head) == doer {
                barred = Some(recent.entity);
            }
            let Some(fit) = self.described.fit(lemma, country, recent.entity) else {
                continue;
            };
            let reach = match fit {
                0 => 2,
                1..=3 => 6,
                _ => 14,
            };
            if back > reach {
                continue;
            }
            let near = 3 - (back.saturating_sub(1) as i32).min(3);
            let role = match view.deprel(recent.head) {
                DepRel::Nsubj | DepRel::NsubjPass if back < 2 => 2,
                DepRel::Nsubj | DepRel::NsubjPass | DepRel::NmodPoss if back < 3 => 1,
                _ => 0,
            };
            let topic = 2 * i32::from(self.house == Some(recent.entity));
            seen.push((
                recent.entity,
                fit + near + role + topic,
                fit > 4 && back < 2,
            ));
        }
        seen.retain(|&(entity, ..)| Some(entity) != barred);
        seen.sort_by_key(|&(entity, score, _)| (-score, entity));
        let (best, top, _) = *seen.first()?;
        let second = seen.get(1).map(|other| other.1);
        if alone {
            return (second.is_none() && top > 3).then_some(best);
        }
        if second.map_or(top > 2, |second| top > 3 && top - second > 2) {
            return Some(best);
        }
        // the one that was called so just now
        let mut called = seen
            .iter()
            .filter(|(_, score, called)| *called && top - score < 3);
        let first = called.next()?.0;
        called.next().is_none().then_some(first)
    }

    /// The one country or place in this sentence and the two before, or the one among them whose
    /// name says the sort.
    fn only(&self, kind: EntityType, sentence: u32, lemma: &str, quote: u32) -> Option<u32> {
        let mut fitting: Vec<u32> = Vec::new();
        // those of this sentence, where others stand before
        let mut here = 0;
        let town = matches!(lemma, "city" | "town" | "village" | "capital");
        for recent in self.recent.iter().rev().take(WINDOW) {
            if sentence - recent.sentence > 2 {
                break;
            }
            if self.kind(recent.entity) == Some(kind)
                && recent.quote == quote
                && !fitting.contains(&recent.entity)
                && !(town && self.is_no_town(recent.entity))
            {
                fitting.push(recent.entity);
                here += usize::from(recent.sentence == sentence);
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
            EntityType::Country => matches!(lemma, "country" | "nation"),
            _ => matches!(
                lemma,
                "city" | "town" | "region" | "island" | "province" | "village"
            ),
        };
        match fitting[..] {
            [entity] if any => Some(entity),
            // "Mali's president said the country"
            [entity, ..] if any && here == 1 && self.leading_country() == Some(entity) => {
                Some(entity)
            }
            _ => None,
        }
    }

    /// The country that is spoken of more often so far than any other.
    fn leading_country(&self) -> Option<u32> {
        let mut counts = self
            .build
            .entities
            .iter()
            .zip(&self.counts)
            .enumerate()
            .filter(|(_, (entity, _))| entity.node.kind == EntityType::Country)
            .map(|(at, (_, count))| (*count, at as u32))
            .collect::<Vec<_>>();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        match counts[..] {
            [(best, entity), (second, _), ..] if best > second => Some(entity),
            [(_, entity)] => Some(entity),
            _ => None,
        }
    }

    /// Whether a place is something in a town, or larger than one, by its name.
    fn is_no_town(&self, entity: u32) -> bool {
        let Some(entity) = self.build.entities.get(entity as usize) else {
            return true;
        };
        let view = self.view;
        let name = &entity.node.name;
        let region = view.lexicons.senses(name).iter().any(|sense| {
            matches!(sense.referent, Referent::Place(_)) && view.lexicons.city(name).is_none()
        });
        region || name.rsplit(' ').next().is_some_and(is_site_name)
    }
}

/// Last words of the names of things that stand in towns, and of land and water.
fn is_site_name(word: &str) -> bool {
    matches!(
        word,
        "Airport"
            | "Street"
            | "Square"
            | "Park"
            | "Bridge"
            | "Station"
            | "Cathedral"
            | "Church"
            | "Mosque"
            | "Palace"
            | "Hotel"
            | "Hospital"
            | "Prison"
            | "Stadium"
            | "Museum"
            | "Tower"
            | "Hall"
            | "Road"
            | "Avenue"
            | "Theatre"
            | "Opera"
            | "River"
            | "Sea"
            | "Lake"
            | "Ocean"
            | "Island"
            | "Islands"
            | "Mountains"
            | "Valley"
            | "Province"
            | "Strip"
            | "Bank"
            | "Peninsula"
            | "Desert"
            | "Coast"
            | "Bay"
            | "Gulf"
            | "County"
            | "Region"
            | "District"
            | "Border"
    )
}

/// Verbs whose "of" says what somebody did, not whose somebody is.
fn is_charge(lemma: &str) -> bool {
    matches!(
        lemma,
        "accuse"
            | "suspect"
            | "convict"
            | "warn"
            | "inform"
            | "remind"
            | "acquit"
            | "strip"
            | "assure"
    )
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

/// Nouns that speak of a group by its members.
fn is_many(lemma: &str) -> bool {
    matches!(
        lemma,
        "militant"
            | "insurgent"
            | "rebel"
            | "jihadist"
            | "guerrilla"
            | "extremist"
            | "terrorist"
            | "islamist"
            | "fighter"
            | "separatist"
    )
}

/// Words before a noun that tell one from another, or speak of several: "the rival party".
fn tells_apart(word: &str) -> bool {
    matches!(
        word,
        "other"
            | "new"
            | "first"
            | "second"
            | "third"
            | "last"
            | "next"
            | "rival"
            | "opposition"
            | "opposing"
            | "ruling"
            | "governing"
            | "parent"
            | "same"
            | "central"
            | "similar"
            | "larger"
            | "largest"
            | "smaller"
            | "smallest"
            | "bigger"
            | "biggest"
            | "main"
            | "major"
            | "leading"
            | "big"
            | "small"
            | "top"
            | "right"
            | "wrong"
            | "separate"
            | "joint"
            | "former"
            | "previous"
            | "old"
            | "original"
            | "only"
            | "sister"
            | "holding"
            | "private"
            | "average"
            | "local"
            | "foreign"
            | "national"
            | "conquering"
            | "winning"
            | "losing"
            | "victorious"
            | "home"
            | "visiting"
            | "combined"
            | "merged"
            | "proposed"
            | "potential"
            | "future"
            | "birthday"
            | "search"
            | "age"
            | "ethnic"
            | "minority"
            | "peer"
            | "focus"
            | "target"
            | "splinter"
            | "working"
            | "parliamentary"
    )
}
