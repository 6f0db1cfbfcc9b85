//! What sort of organisation a noun speaks of, and of what sort those named are.
//!
//! The sorts of an organisation come from its name ("Norvik Bank"), from the lexicon, and from the
//! nouns that stand beside its names ("the carmaker Norvik", "Norvik, a French carmaker"). With
//! these a description finds whom it means among several.

use rustc_hash::FxHashMap;
use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos};

use crate::entities::cluster::Build;
use crate::entities::lexicon::Referent;
use crate::entities::view::View;

/// A set of sorts, one bit each.
pub type Sorts = u16;

const COMPANY: Sorts = 1;
const PARTY: Sorts = 2;
/// Those that fight without being a state.
const ARMED: Sorts = 4;
const MEDIA: Sorts = 8;
/// Organs of states and of unions of states.
const BODY: Sorts = 16;
/// States that joined.
const BLOC: Sorts = 32;
const TEAM: Sorts = 64;
/// Associations, charities, unions of workers.
const SOCIETY: Sorts = 128;
const SCHOOL: Sorts = 256;

/// The sorts that a noun can be said of; 0 for nouns that are no description of organisations.
pub fn said_of(lemma: &str) -> Sorts {
    match lemma {
        "company" | "firm" | "carmaker" | "automaker" | "airline" | "retailer" | "manufacturer"
        | "maker" | "producer" | "giant" | "conglomerate" | "corporation" | "insurer"
        | "lender" | "bank" | "brewer" | "drugmaker" | "planemaker" | "chipmaker"
        | "steelmaker" | "shipbuilder" | "startup" | "start-up" | "utility" | "chain"
        | "carrier" | "supermarket" | "subsidiary" | "multinational" | "builder" | "supplier"
        | "developer" | "operator" | "business" | "miner" | "refiner" | "exporter" | "label"
        | "store" | "shipyard" | "brokerage" | "consultancy" | "concern" => COMPANY,
        "party" => PARTY,
        "militant" | "insurgent" | "rebel" | "jihadist" | "guerrilla" | "militia" | "extremist"
        | "terrorist" | "islamist" | "fighter" | "separatist" | "cartel" | "gang" => ARMED,
        "sect" => ARMED | SOCIETY,
        "movement" | "faction" => ARMED | PARTY | SOCIETY,
        "group" => ARMED | COMPANY | SOCIETY | BLOC,
        "organisation" | "organization" => ARMED | SOCIETY | BLOC | BODY,
        "network" => ARMED | MEDIA,
        "newspaper" | "paper" | "daily" | "weekly" | "tabloid" | "magazine" | "broadcaster"
        | "channel" | "publication" | "website" | "station" | "portal" | "publisher" => MEDIA,
        "club" | "team" | "side" | "squad" => TEAM,
        "bloc" | "alliance" | "coalition" | "federation" => BLOC,
        "union" | "association" | "charity" | "foundation" | "ngo" | "church" | "society" => {
            SOCIETY
        }
        "university" | "college" | "school" | "institute" | "academy" => SCHOOL,
        "agency" | "ministry" | "commission" | "council" | "committee" | "court" | "tribunal"
        | "parliament" | "regulator" | "watchdog" | "department" | "authority" | "body"
        | "centre" | "center" | "bureau" | "panel" | "fund" | "office" => BODY,
        _ => 0,
    }
}

/// Whether a noun is said of organisations so rarely by itself that the text must have called
/// this one so: "the council", "the union".
fn needs_calling(lemma: &str) -> bool {
    let sorts = said_of(lemma);
    sorts == BODY
        || sorts == SCHOOL
        || sorts == TEAM
        || matches!(
            lemma,
            "union"
                | "association"
                | "charity"
                | "foundation"
                | "church"
                | "society"
                | "coalition"
                | "federation"
                | "faction"
                | "network"
                | "side"
                | "station"
                | "portal"
                | "website"
                | "channel"
                | "label"
                | "store"
                | "concern"
                | "operator"
                | "developer"
                | "supplier"
                | "builder"
                | "maker"
                | "producer"
                | "subsidiary"
                | "business"
                | "fighter"
                | "separatist"
                | "gang"
                | "cartel"
                | "squad"
                | "publisher"
                | "sect"
        )
}

/// The sorts that a word in a name tells.
fn in_name(word: &str) -> Sorts {
    match word {
        "bank" | "airlines" | "airways" | "motors" | "holdings" | "industries" | "energy"
        | "petroleum" | "systems" | "technologies" | "electric" | "pharmaceuticals" | "telecom"
        | "corp" | "corporation" | "inc" | "ltd" | "plc" | "ag" | "gmbh" | "co" | "company"
        | "insurance" | "oil" | "steel" | "stores" | "foods" | "motor" | "brothers" | "capital"
        | "partners" | "software" | "electronics" => COMPANY,
        "party" | "democrats" | "republicans" | "conservatives" => PARTY,
        "militia" | "brigades" | "guerrillas" | "liberation" | "resistance" | "jihad" => ARMED,
        "army" => ARMED | BODY,
        "times" | "post" | "tribune" | "herald" | "gazette" | "guardian" | "telegraph" | "news"
        | "journal" | "mail" | "zeitung" | "tv" | "radio" | "television" | "magazine" | "daily"
        | "newspaper" | "chronicle" => MEDIA,
        "ministry" | "commission" | "council" | "committee" | "court" | "tribunal"
        | "parliament" | "agency" | "office" | "department" | "authority" | "police" | "senate"
        | "assembly" | "navy" | "bureau" | "service" | "house" | "congress" | "secretariat"
        | "treasury" | "government" => BODY,
        "university" | "college" | "institute" | "academy" | "school" | "museum" | "hospital"
        | "library" => SCHOOL,
        "union" | "association" | "federation" | "foundation" | "church" | "society" | "trust"
        | "watch" | "charity" | "confederation" => SOCIETY,
        "fc" | "united" | "rovers" | "club" => TEAM,
        _ => 0,
    }
}

/// The sorts of a row of the lexicon.
fn in_lexicon(sort: &str) -> Sorts {
    match sort {
        "company" | "exchange" => COMPANY,
        "bank" => COMPANY | BODY,
        "party" => PARTY,
        "group" => ARMED,
        "media" => MEDIA,
        "bloc" | "alliance" => BLOC,
        "team" | "league" => TEAM,
        "union" => SOCIETY,
        "institute" => SCHOOL,
        _ => BODY,
    }
}

/// What the text tells of its organisations.
pub struct Described {
    /// By entity: its sorts, or 0.
    sorts: Vec<Sorts>,
    /// By entity: whether it is an organisation.
    organisation: Vec<bool>,
    /// By noun (lemma): the entities that it stands beside.
    called: FxHashMap<String, Vec<u32>>,
    /// Entity and the country whose adjective stands before a noun beside it.
    national: Vec<(u32, u32)>,
}

impl Described {
    /// One pass over the mentions.
    pub fn collect(view: &View<'_>, build: &Build) -> Described {
        let mut described = Described {
            sorts: vec![0; build.entities.len()],
            organisation: vec![false; build.entities.len()],
            called: FxHashMap::default(),
            national: Vec::new(),
        };
        for (idx, entity) in build.entities.iter().enumerate() {
            if entity.node.kind == EntityType::Organisation {
                let name = &entity.node.name;
                described.organisation[idx] = true;
                described.sorts[idx] |= lexicon_sorts(view, name);
                described.learn_name(view, name, idx as u32);
            }
        }
        for (at, mention) in build.mentions.iter().enumerate() {
            let kind = build.entities[mention.entity as usize].node.kind;
            if mention.kind != MentionKind::Name || kind != EntityType::Organisation {
                continue;
            }
            described.learn_name(view, view.slice(&mention.tokens), mention.entity);
            let Some(noun) =
                noun_beside(view, mention.head, mention.tokens.start, mention.tokens.end)
            else {
                continue;
            };
            let lemma = view.lemma(noun);
            let sorts = said_of(lemma);
            if sorts == 0 {
                continue;
            }
            // "group" and "organisation" tell nothing but themselves
            if sorts.count_ones() < 3 {
                described.sorts[mention.entity as usize] |= sorts;
            }
            // "media group Norvik"
            if sorts & COMPANY != 0 && described.sorts[mention.entity as usize] & MEDIA != 0 {
                described.sorts[mention.entity as usize] |= COMPANY;
            }
            described.call(lemma, mention.entity);
            let near = build.mentions[at.saturating_sub(2)..]
                .iter()
                .take(5)
                .find(|other| {
                    view.governor(other.head) == Some(noun)
                        && other.tokens.end <= noun
                        && build.entities[other.entity as usize].node.kind == EntityType::Country
                });
            if let Some(country) = near {
                described.national.push((mention.entity, country.entity));
            }
        }
        described
    }

    fn learn_name(&mut self, view: &View<'_>, name: &str, entity: u32) {
        let acronym = name.chars().all(|c| c.is_uppercase());
        if acronym {
            self.sorts[entity as usize] |= lexicon_sorts(view, name);
        }
        for word in name.split([' ', '-']) {
            let lower = word.trim_matches('.').to_lowercase();
            self.sorts[entity as usize] |= in_name(&lower);
            if view.lexicons.is_legal_form(word) && word.len() > 1 {
                self.sorts[entity as usize] |= COMPANY;
            }
            if said_of(&lower) != 0 {
                self.call(&lower, entity);
            }
        }
    }

    fn call(&mut self, lemma: &str, entity: u32) {
        let list = match self.called.get_mut(lemma) {
            Some(list) => list,
            None => self.called.entry(lemma.to_owned()).or_default(),
        };
        if !list.contains(&entity) {
            list.push(entity);
        }
    }

    /// The organisation that is named most often, if one stands out.
    pub fn most_named(&self, names: &[u32]) -> Option<u32> {
        let counts = || {
            let own = self.sorts.iter().zip(names).enumerate();
            own.filter(|(at, (sorts, _))| **sorts & MEDIA == 0 && self.organisation[*at])
                .map(|(entity, (_, count))| (*count, entity as u32))
        };
        let (most, entity) = counts().max()?;
        let alone = counts().all(|(count, other)| other == entity || 2 * count <= most);
        (alone && most > 2).then_some(entity)
    }

    /// How well a description fits an entity; `None` where it does not.
    pub fn fit(&self, lemma: &str, country: Option<u32>, entity: u32) -> Option<i32> {
        let sorts = self.sorts.get(entity as usize).copied()?;
        let called = self
            .called
            .get(lemma)
            .is_some_and(|list| list.contains(&entity));
        let mut fit = if called {
            5
        } else if needs_calling(lemma) {
            return None;
        } else if sorts & said_of(lemma) != 0 {
            3
        } else if sorts == 0 {
            0
        } else {
            return None;
        };
        if let Some(country) = country {
            let mut known = self.national.iter().filter(|(of, _)| *of == entity);
            let first = known.next();
            if first.is_some_and(|&(_, other)| other == country)
                || known.any(|&(_, other)| other == country)
            {
                fit += 3;
            } else if first.is_some() {
                return None;
            }
        }
        Some(fit)
    }
}

fn lexicon_sorts(view: &View<'_>, name: &str) -> Sorts {
    let row = view.lexicons.senses(name).iter().find_map(|sense| {
        let Referent::Organisation(idx) = sense.referent else {
            return None;
        };
        view.lexicons.organisations.get(idx as usize)
    });
    row.map_or(0, |row| in_lexicon(&row.sort))
}

/// The noun that says what a name is: before it, apposed after it, or said of it.
fn noun_beside(view: &View<'_>, head: u32, start: u32, end: u32) -> Option<u32> {
    let sentence = view.sentence(head);
    if let Some(before) = start.checked_sub(1)
        && sentence.start <= before
        && view.upos(before) == Upos::Noun
        && said_of(view.lemma(before)) != 0
        && (view.governor(before) == Some(head) || view.governor(head) == Some(before))
    {
        return Some(before);
    }
    // "the Holm group"
    if view.upos(end) == Upos::Noun
        && end < sentence.end
        && said_of(view.lemma(end)) != 0
        && view.governor(head) == Some(end)
        && view.deprel(head) == DepRel::Compound
        && !matches!(view.deprel(end), DepRel::Compound)
    {
        return Some(end);
    }
    let after = end..sentence.end.min(end + 10);
    let apposed = after.clone().find(|&token| {
        view.deprel(token) == DepRel::Appos
            && view.governor(token) == Some(head)
            && view.upos(token) == Upos::Noun
    });
    if apposed.is_some() {
        return apposed;
    }
    let noun = view.governor(head)?;
    (view.deprel(head) == DepRel::Nsubj && view.upos(noun) == Upos::Noun).then_some(noun)
}
