//! Offices that the text gives to people.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tieline_facts::EntityType;
use tieline_text::{DepRel, Upos};

use super::WINDOW;
use crate::entities::cluster::Build;
use crate::entities::view::View;

/// Offices and roles that the text gives to people: by title before the name, by apposition.
pub struct Offices {
    /// Lower-cased last word of an office to the people who bear it.
    by_word: FxHashMap<String, Vec<Office>>,
}

struct Office {
    entity: u32,
    /// The whole office in lower case: "prime minister".
    text: String,
    /// The country or organisation that stands before it.
    owner: Option<u32>,
}

/// Whose an office is.
#[derive(Clone, Copy, Debug)]
pub enum Owner {
    /// An entity that is a country.
    Country(u32),
    /// An entity that is an organisation.
    Organisation(u32),
}

impl Offices {
    /// Collects them: titles before names, appositions after.
    pub fn collect(view: &View<'_>, build: &Build) -> Offices {
        let mut by_word: FxHashMap<String, Vec<Office>> = FxHashMap::default();
        let mut add = |range: Range<u32>, entity: u32, owner: Option<u32>| {
            let text = view.slice(&range).to_lowercase();
            let Some(word) = text.rsplit([' ', '-']).next() else {
                return;
            };
            let list = by_word.entry(word.to_owned()).or_default();
            let same = |office: &Office| {
                office.entity == entity
                    && office.text == text
                    && (owner.is_none() || office.owner == owner)
            };
            if list.len() < WINDOW && !list.iter().any(same) {
                list.push(Office {
                    entity,
                    text,
                    owner,
                });
            }
        };
        let owner_at = |end: u32, at: usize| -> Option<u32> {
            let before = build.mentions.get(at.checked_sub(1)?)?;
            let kind = build.entities.get(before.entity as usize)?.node.kind;
            let owns = matches!(kind, EntityType::Country | EntityType::Organisation);
            let gap = end.checked_sub(before.tokens.end)?;
            let near = gap == 0
                || gap == 1 && view.is_possessive(before.tokens.end)
                || gap <= 2
                    && (before.tokens.end..end)
                        .all(|token| matches!(view.upos(token), Upos::Adj | Upos::Noun));
            (owns && near).then_some(before.entity)
        };
        let countries: FxHashMap<&str, u32> = (build.entities.iter().enumerate())
            .filter(|(_, entity)| entity.node.kind == EntityType::Country)
            .filter_map(|(at, entity)| Some((entity.node.iso.as_deref()?, at as u32)))
            .collect();
        for (at, mention) in build.mentions.iter().enumerate() {
            let entity = mention.entity;
            let person = build.entities.get(entity as usize);
            if person.is_none_or(|entity| entity.node.kind != EntityType::Person) {
                continue;
            }
            let start = mention.tokens.start;
            if let Some((len, _, _)) = view.title_before(start) {
                // "Deputy Defence Minister Lind" is no defence minister
                let before = (start - len).saturating_sub(1);
                let lesser = u32::from(before + len < start && is_second(view.word(before)));
                let title = start - len - lesser..start;
                let own = owner_at(title.start, at);
                let state = own
                    .filter(|&own| build.entities[own as usize].node.kind == EntityType::Country);
                let owner = state
                    .or_else(|| served(view, &countries, start - len..mention.tokens.end, start))
                    .or(own);
                add(title, entity, owner);
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
                    add(first..noun + 1, entity, owner_at(first, at + 1));
                }
            }
        }
        Offices { by_word }
    }

    /// The one person who bears an office, of a country or organisation where one is named; of an
    /// organisation only where the text says so.
    pub fn bearer(&self, text: &str, owner: Option<Owner>) -> Option<u32> {
        let word = text.rsplit([' ', '-']).next()?;
        let (country, body) = match owner {
            Some(Owner::Country(entity)) => (Some(entity), None),
            Some(Owner::Organisation(entity)) => (None, Some(entity)),
            None => (None, None),
        };
        if text == "leader" && country.is_some() {
            return self.leader(country);
        }
        let list = self.by_word.get(word)?;
        let fits = |office: &&Office| {
            if is_second(&office.text) && !is_second(text) {
                return false;
            }
            let same = office.text == text
                || office.text.ends_with(text) && text.contains(' ')
                || text == word;
            let owned = match body {
                Some(_) => office.owner == body,
                None => country.is_none() || office.owner.is_none() || office.owner == country,
            };
            same && owned
        };
        let mut bearers = list.iter().filter(fits);
        let first = bearers.next()?.entity;
        bearers
            .all(|office| office.entity == first)
            .then_some(first)
    }

    /// "the Syrian leader": the one who heads that state or its government, or else is called its
    /// leader and no other leader, such as that of the opposition.
    fn leader(&self, country: Option<u32>) -> Option<u32> {
        const HEADS: [&str; 9] = [
            "president",
            "minister",
            "premier",
            "chancellor",
            "king",
            "queen",
            "emir",
            "sultan",
            "emperor",
        ];
        let of = |word: &str| self.by_word.get(word).into_iter().flatten();
        let mut heads = HEADS.iter().flat_map(|word| of(word)).filter(|office| {
            let heads = !office.text.ends_with("minister") || office.text == "prime minister";
            let second = office.text.contains("vice") || office.text.contains("deputy");
            office.owner == country && heads && !second
        });
        let called = || of("leader").find(|one| one.owner == country && one.text == "leader");
        match heads.next() {
            Some(first) => heads
                .all(|office| office.entity == first.entity)
                .then_some(first.entity),
            None => called().map(|office| office.entity),
        }
    }
}

/// The country that a person named with a bare title is known to serve; no entity where the text
/// does not name that country.
fn served(
    view: &View<'_>,
    countries: &FxHashMap<&str, u32>,
    titled: Range<u32>,
    start: u32,
) -> Option<u32> {
    let lexicons = view.lexicons;
    let full = start..titled.end;
    let idx = lexicons
        .official(view.slice(&full))
        .or_else(|| lexicons.official(view.slice(&titled)))?;
    let key = &lexicons.countries.get(idx as usize)?.key;
    Some(countries.get(&**key).copied().unwrap_or(u32::MAX))
}

/// Whether an office begins with a word of lesser rank.
fn is_second(office: &str) -> bool {
    const SECOND: [&str; 5] = ["deputy", "vice", "assistant", "acting", "shadow"];
    SECOND.iter().any(|word| {
        office
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    })
}
