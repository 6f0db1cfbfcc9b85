//! Groups mentions by name into entities.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tieline_facts::{EntityType, MentionKind};

use super::find::{Draft, Kind};
use super::fold::fold;
use super::lexicon::{Form, Gender, Referent};
use super::people;
use super::view::View;
use crate::{EntityLayer, EntityNode, MentionSpan};

/// One entity while it is built.
#[derive(Clone, Debug)]
pub struct Entity {
    pub node: EntityNode,
    pub gender: Option<Gender>,
    /// A gender that only a single name, or a pronoun left open, suggests.
    pub guess: Option<Gender>,
}

/// Mentions and entities while they are built.
#[derive(Debug, Default)]
pub struct Build {
    pub mentions: Vec<MentionSpan>,
    pub entities: Vec<Entity>,
}

/// What drafts of one entity share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Country(u32),
    Organisation(u32),
    Place(u32),
    Person(u32),
    OrganisationName(String),
    PlaceName(String),
}

/// Groups drafts into entities. Drafts are in text order and do not overlap.
pub fn cluster(view: &View<'_>, drafts: Vec<Draft>) -> Build {
    let people = people::group(view, &drafts);
    let mut keys: Vec<Option<Key>> = drafts
        .iter()
        .zip(&people.of_draft)
        .map(|(draft, person)| key_of(view, draft, *person))
        .collect();
    let mut groups = Groups::default();
    for (idx, key) in keys.iter().enumerate() {
        if let Some(key) = key {
            groups.add(key, idx);
        }
    }
    let mut extra = acronyms(view, &drafts, &keys, &mut groups);
    short_forms(view, &drafts, &keys, &mut groups);
    for key in &mut keys {
        if key
            .as_ref()
            .is_some_and(|key| groups.is_alone(key) && is_bare(key))
        {
            *key = None;
        }
    }
    let mut build = Build::default();
    let mut ids: FxHashMap<u32, u32> = FxHashMap::default();
    for (idx, draft) in drafts.iter().enumerate() {
        let Some(key) = &keys[idx] else { continue };
        let group = groups.of(key);
        let next = build.entities.len() as u32;
        let id = *ids.entry(group).or_insert(next);
        if id == next {
            build.entities.push(new_entity(view, key));
        }
        add_mention(view, &mut build, draft, id);
        if let Key::Person(person) = key
            && let Some(person) = people.people.get(*person as usize)
        {
            let entity = &mut build.entities[id as usize];
            (entity.gender, entity.guess) = (person.gender, person.guess);
            entity.node.gender = person.gender.map(Into::into);
        }
    }
    extra.retain(|(_, group)| ids.contains_key(group));
    for (token, group) in extra {
        let id = ids[&group];
        let draft = Draft {
            tokens: token..token + 1,
            kind: Kind::Organisation,
            gender: None,
            titled: false,
            tagged: false,
        };
        add_mention(view, &mut build, &draft, id);
    }
    attach_adjectives(view, &drafts, &keys, &ids, &mut groups, &mut build);
    build
}

/// What a draft is grouped by; `None` for those that start no entity.
fn key_of(view: &View<'_>, draft: &Draft, person: Option<u32>) -> Option<Key> {
    let text = view.slice(&draft.tokens);
    match draft.kind {
        Kind::Person => person.map(Key::Person),
        Kind::Organisation => Some(Key::OrganisationName(organisation_key(view, text))),
        Kind::Place => Some(place_key(view, text)),
        Kind::Known(sense) => match sense.referent {
            Referent::Country(idx) => {
                let state = view.lexicons.countries.get(idx as usize)?.state;
                (state || sense.form != Form::Adjective).then_some(Key::Country(idx))
            }
            Referent::Organisation(_) if sense.form == Form::Short && !draft.tagged => None,
            Referent::Organisation(idx) => Some(Key::Organisation(idx)),
            Referent::Place(_) if sense.form == Form::Adjective => None,
            Referent::Place(idx) => Some(Key::Place(idx)),
        },
    }
}

/// A place by name; a form of the lexicons by what it stands for.
fn place_key(view: &View<'_>, text: &str) -> Key {
    let place = view
        .lexicons
        .senses(text)
        .iter()
        .find_map(|sense| match sense.referent {
            Referent::Place(idx) => Some(Key::Place(idx)),
            _ => None,
        });
    // "eastern Siberia" is Siberia seen from nearer
    let rest = text
        .split_once(' ')
        .filter(|(first, _)| is_direction(first));
    let known = rest.and_then(|(_, rest)| {
        view.lexicons
            .senses(rest)
            .iter()
            .find_map(|sense| match sense.referent {
                Referent::Place(idx) if sense.form == Form::Name => Some(Key::Place(idx)),
                _ => None,
            })
    });
    place.or(known).unwrap_or_else(|| {
        let folded = fold(text);
        let bare = folded.strip_prefix("the ").unwrap_or(&folded);
        Key::PlaceName(bare.to_owned())
    })
}

fn is_direction(word: &str) -> bool {
    matches!(
        word,
        "eastern"
            | "western"
            | "northern"
            | "southern"
            | "central"
            | "north"
            | "south"
            | "east"
            | "west"
    )
}

/// Folded name without article and legal form.
fn organisation_key(view: &View<'_>, text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    while words.len() > 1 {
        let last = words[words.len() - 1].trim_end_matches(',');
        if last == "&" || (view.lexicons.is_legal_form(last) && last != "Group") {
            words.pop();
        } else {
            break;
        }
    }
    let folded = fold(&words.join(" "));
    folded.strip_prefix("the ").unwrap_or(&folded).to_owned()
}

/// Keys with a union of those that turn out to be one.
#[derive(Default)]
struct Groups {
    numbers: FxHashMap<Key, u32>,
    parents: Vec<u32>,
    /// First draft of each number.
    firsts: Vec<usize>,
    keys: Vec<Key>,
}

impl Groups {
    fn add(&mut self, key: &Key, draft: usize) {
        if !self.numbers.contains_key(key) {
            let number = self.parents.len() as u32;
            self.numbers.insert(key.clone(), number);
            self.parents.push(number);
            self.firsts.push(draft);
            self.keys.push(key.clone());
        }
    }

    fn root(&self, mut number: u32) -> u32 {
        while let Some(&parent) = self.parents.get(number as usize) {
            if parent == number {
                break;
            }
            number = parent;
        }
        number
    }

    fn of(&self, key: &Key) -> u32 {
        self.numbers
            .get(key)
            .map_or(u32::MAX, |&number| self.root(number))
    }

    /// Whether nothing longer was found that a key is a short form of.
    fn is_alone(&self, key: &Key) -> bool {
        let number = self.numbers.get(key).copied();
        number.is_some_and(|number| self.root(number) == number)
    }

    /// Puts the second group into the first.
    fn merge(&mut self, keep: u32, other: u32) {
        let (keep, other) = (self.root(keep), self.root(other));
        if keep != other
            && let Some(parent) = self.parents.get_mut(other as usize)
        {
            *parent = keep;
        }
    }
}

/// Two letters or more in capitals, no small ones but a plural s: "RUSI", "AfD" does not count.
fn is_acronym(text: &str) -> bool {
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    let other = text
        .chars()
        .any(|c| !c.is_uppercase() && c != '.' && !c.is_ascii_digit());
    (2..=8).contains(&upper) && !other && text.len() <= 12
}

/// First letters of the words of a name, in two ways: capitalised words only, and all words
/// but articles.
fn initials(text: &str) -> [String; 2] {
    let mut capitals = String::new();
    let mut all = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c == '-' || c == '/') {
        let Some(first) = word.chars().find(|c| c.is_alphanumeric()) else {
            continue;
        };
        if matches!(word, "the" | "The" | "a") {
            continue;
        }
        if first.is_uppercase() || first.is_numeric() {
            capitals.push(first);
        }
        all.extend(first.to_uppercase());
    }
    [capitals, all]
}

/// Where a text gives the short form of the name that ends before `end`: "(SDP)", ", or SDP",
/// ", known as SDP", ", known by its initials SDP".
fn called(view: &View<'_>, end: u32) -> Option<u32> {
    let opens = matches!(view.word(end), "(" | "[" | "-LRB-");
    if opens && matches!(view.word(end + 2), ")" | "]" | "-RRB-") {
        return Some(end + 1);
    }
    let at = end + u32::from(view.word(end) == ",");
    match (view.word(at), view.word(at + 1)) {
        ("or", _) if at > end => Some(at + 1),
        ("known", "as") => Some(at + 2),
        ("known", "by") => (at + 2..at + 7)
            .find(|&noun| matches!(view.word(noun), "initials" | "acronym" | "abbreviation"))
            .map(|noun| noun + 1),
        _ => None,
    }
}

/// Joins acronyms with the long names that they stand for: defined right after the name, in
/// brackets or in so many words, or by the letters of one name only. Returns tokens that turn out to be mentions of a
/// group: acronyms that the tagger passed over.
fn acronyms(
    view: &View<'_>,
    drafts: &[Draft],
    keys: &[Option<Key>],
    groups: &mut Groups,
) -> Vec<(u32, u32)> {
    let is_organisation =
        |key: &Key| matches!(key, Key::OrganisationName(_) | Key::Organisation(_));
    let mut by_letters: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    let mut defined: FxHashMap<&str, u32> = FxHashMap::default();
    for (idx, draft) in drafts.iter().enumerate() {
        let Some(key) = keys[idx].as_ref().filter(|key| is_organisation(key)) else {
            continue;
        };
        let text = view.slice(&draft.tokens);
        if draft.tokens.len() < 2 && !text.contains(['-', ' ']) {
            continue;
        }
        let number = groups.of(key);
        let letters = initials(text);
        for form in &letters {
            let list = by_letters.entry(form.clone()).or_default();
            if form.len() > 1 && !list.contains(&number) && list.len() < 4 {
                list.push(number);
            }
        }
        if let Some(at) = called(view, draft.tokens.end) {
            let short = view.word(at);
            let plain = short.replace('.', "");
            let fits = letters.contains(&plain) || letters.iter().any(|l| is_thinned(&plain, l));
            let next = drafts
                .get(idx + 1)
                .filter(|next| next.tokens == (at..at + 1));
            let tagged = next.is_some_and(|next| !matches!(next.kind, Kind::Person | Kind::Place));
            if is_acronym(short) && (fits || tagged) {
                defined.entry(short).or_insert(number);
            }
        }
    }
    let mut extra = Vec::new();
    for (idx, draft) in drafts.iter().enumerate() {
        let text = view.slice(&draft.tokens);
        let Some(key) = &keys[idx] else { continue };
        if draft.tokens.len() != 1 || !is_acronym(text) {
            continue;
        }
        if let Some(&number) = defined.get(text) {
            if is_organisation(key) {
                groups.merge(number, groups.of(key));
            }
            continue;
        }
        if !is_organisation(key) {
            continue;
        }
        let plain = text.replace('.', "");
        let own = groups.of(key);
        let fitting = by_letters.get(&plain).map_or(&[][..], Vec::as_slice);
        if let [number] = fitting
            && *number != own
        {
            groups.merge(*number, own);
        }
    }
    if !defined.is_empty() {
        let mut taken = drafts.iter().map(|draft| draft.tokens.clone()).peekable();
        for token in 0..view.tokens.len() as u32 {
            while taken.peek().is_some_and(|range| range.end <= token) {
                taken.next();
            }
            let free = taken.peek().is_none_or(|range| token < range.start);
            if free && let Some(&number) = defined.get(view.word(token)) {
                extra.push((token, groups.root(number)));
            }
        }
    }
    extra
}

/// Whether an acronym is a name's initials with some left out, the first kept: "MSZP".
fn is_thinned(short: &str, letters: &str) -> bool {
    let mut rest = letters.chars();
    short.len() > 2
        && short.chars().next() == letters.chars().next()
        && short.chars().all(|c| rest.any(|other| other == c))
}

/// Joins short forms with the one longer name they fit: "Microsoft" with "Microsoft Research"
/// no, but "Milla" with "Milla group", "the Commission" with "European Commission".
fn short_forms(view: &View<'_>, drafts: &[Draft], keys: &[Option<Key>], groups: &mut Groups) {
    let mut by_first: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    let mut by_last: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    let add = |map: &mut FxHashMap<String, Vec<u32>>, word: &str, number: u32| {
        let list = map.entry(word.to_owned()).or_default();
        if !list.contains(&number) && list.len() < 4 {
            list.push(number);
        }
    };
    let mut singles = Vec::new();
    for (idx, draft) in drafts.iter().enumerate() {
        let Some(key @ (Key::OrganisationName(_) | Key::Organisation(_))) = &keys[idx] else {
            continue;
        };
        let number = groups.of(key);
        let folded = organisation_key(view, view.slice(&draft.tokens));
        match (folded.split_once(' '), folded.rsplit_once(' ')) {
            (Some((first, rest)), Some((_, last))) => {
                if is_generic(rest) {
                    add(&mut by_first, first, number);
                }
                // "the University" for the University of Zurich
                if is_generic(first) && rest.starts_with("of ") {
                    add(&mut by_last, first, number);
                }
                if is_generic(last) {
                    add(&mut by_last, last, number);
                }
            }
            _ if matches!(key, Key::OrganisationName(_)) => singles.push((folded, number)),
            _ => {}
        }
    }
    for (word, number) in singles {
        let map = if is_generic(&word) {
            &by_last
        } else {
            &by_first
        };
        let fitting = map.get(&word).map_or(&[][..], Vec::as_slice);
        if let [longer] = fitting {
            groups.merge(*longer, number);
        }
    }
}

/// Whether a name is a common noun in capitals: "Court", "the Office".
fn is_bare(key: &Key) -> bool {
    match key {
        Key::OrganisationName(name) => {
            name != "parliament"
                && (is_generic(name)
                    || matches!(
                        name.as_str(),
                        "centre"
                            | "center"
                            | "house"
                            | "board"
                            | "government"
                            | "state"
                            | "air force"
                            | "study"
                            | "federation"
                            | "society"
                            | "service"
                    ))
        }
        Key::PlaceName(name) => matches!(
            name.as_str(),
            "river"
                | "island"
                | "islands"
                | "lake"
                | "street"
                | "city"
                | "airport"
                | "square"
                | "park"
                | "hotel"
                | "north"
                | "south"
                | "east"
                | "state"
                | "cathedral"
                | "valley"
                | "province"
                | "study"
        ),
        _ => false,
    }
}

/// Whether a folded word ends the names of firms only: "Norvik **Energy**".
pub fn ends_firm(word: &str) -> bool {
    matches!(
        word,
        "aerospace"
            | "airlines"
            | "airways"
            | "automotive"
            | "brands"
            | "chemicals"
            | "electronics"
            | "energy"
            | "foods"
            | "grid"
            | "healthcare"
            | "holdings"
            | "industries"
            | "investments"
            | "labs"
            | "logistics"
            | "motors"
            | "networks"
            | "petroleum"
            | "pharma"
            | "pharmaceuticals"
            | "securities"
            | "semiconductors"
            | "software"
            | "studios"
            | "systems"
            | "technologies"
            | "telecom"
            | "ventures"
    )
}

/// Words for sorts of organisations, folded: what a short form leaves out, or is all it says.
pub fn is_generic(words: &str) -> bool {
    let sort = |word: &str| {
        matches!(
            word,
            "group"
                | "party"
                | "bank"
                | "brewery"
                | "capital"
                | "company"
                | "corporation"
                | "commission"
                | "consulting"
                | "council"
                | "engineering"
                | "insurance"
                | "mining"
                | "partners"
                | "power"
                | "resources"
                | "shipping"
                | "solutions"
                | "steel"
                | "university"
                | "institute"
                | "ministry"
                | "movement"
                | "foundation"
                | "union"
                | "association"
                | "committee"
                | "parliament"
                | "assembly"
                | "court"
                | "agency"
                | "international"
                | "media"
                | "news"
                | "television"
                | "magazine"
                | "newspaper"
                | "times"
                | "department"
                | "office"
                | "authority"
                | "bureau"
                | "church"
                | "army"
                | "police"
                | "club"
                | "fc"
                | "united"
                | "city"
                | "entertainment"
                | "pictures"
                | "records"
                | "oil"
                | "gas"
        )
    };
    words.split(' ').all(|word| sort(word) || ends_firm(word))
}

fn new_entity(view: &View<'_>, key: &Key) -> Entity {
    let mut node = EntityNode {
        kind: EntityType::Organisation,
        name: String::new(),
        iso: None,
        wikidata: None,
        known: None,
        gender: None,
        within: None,
        serves: None,
    };
    let item = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    match key {
        Key::Country(idx) => {
            if let Some(row) = view.lexicons.countries.get(*idx as usize) {
                node.kind = if row.state {
                    EntityType::Country
                } else {
                    EntityType::Place
                };
                node.name = row.name.to_string();
                node.iso = Some(row.key.to_string());
                node.wikidata = item(&row.wikidata);
            }
        }
        Key::Organisation(idx) => {
            let row = view.lexicons.organisations.get(*idx as usize);
            node.wikidata = row.and_then(|row| item(&row.wikidata));
        }
        Key::Place(idx) => {
            node.kind = EntityType::Place;
            let row = view.lexicons.places.get(*idx as usize);
            node.name = row.map_or(String::new(), |row| row.name.to_string());
        }
        Key::Person(_) => node.kind = EntityType::Person,
        Key::OrganisationName(_) => {}
        Key::PlaceName(_) => node.kind = EntityType::Place,
    }
    Entity {
        node,
        gender: None,
        guess: None,
    }
}

fn add_mention(view: &View<'_>, build: &mut Build, draft: &Draft, id: u32) {
    let text = view.slice(&draft.tokens);
    let kind = match draft.kind {
        Kind::Known(sense) if sense.form == Form::Adjective => {
            // "US" before a noun is a name still
            let also_name = view
                .lexicons
                .senses(text)
                .iter()
                .any(|sense| matches!(sense.form, Form::Name | Form::Acronym));
            if also_name {
                MentionKind::Name
            } else {
                MentionKind::Demonym
            }
        }
        _ => MentionKind::Name,
    };
    build.mentions.push(MentionSpan {
        tokens: draft.tokens.clone(),
        head: view.head_of(&draft.tokens),
        kind,
        entity: id,
    });
    let node = &mut build.entities[id as usize].node;
    if node.kind == EntityType::Country || node.iso.is_some() {
        return;
    }
    // "Brussels" is no name of the Union
    if let Kind::Known(sense) = draft.kind
        && sense.form == Form::Seat
        && let Referent::Organisation(idx) = sense.referent
        && let Some(row) = view.lexicons.organisations.get(idx as usize)
    {
        if node.name.is_empty() {
            node.name = row.name.to_string();
        }
        return;
    }
    let better = match node.kind {
        // letters only where nothing longer stands
        EntityType::Organisation => {
            let known = !node.name.is_empty();
            !known
                || (kind == MentionKind::Name && text.len() > node.name.len() && !is_acronym(text))
        }
        EntityType::Place => node.name.is_empty(),
        _ => {
            let words = |text: &str| text.split_whitespace().count();
            words(text) > words(&node.name)
        }
    };
    // "BRUSSELS" of a dateline or headline is no name to show where "Brussels" stands as well.
    let calmer = text.len() > 4
        && text.chars().any(char::is_lowercase)
        && !node.name.chars().any(char::is_lowercase)
        && text.eq_ignore_ascii_case(&node.name);
    if better || calmer {
        node.name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
}

/// Adjectives of regions and territories, and short forms of organisations, join what stands
/// elsewhere in the text; they start nothing.
fn attach_adjectives(
    view: &View<'_>,
    drafts: &[Draft],
    keys: &[Option<Key>],
    ids: &FxHashMap<u32, u32>,
    groups: &mut Groups,
    build: &mut Build,
) {
    for (draft, key) in drafts.iter().zip(keys) {
        let (None, Kind::Known(sense)) = (key, draft.kind) else {
            continue;
        };
        let key = match sense.referent {
            Referent::Country(idx) => Key::Country(idx),
            Referent::Organisation(idx) => Key::Organisation(idx),
            Referent::Place(idx) => Key::Place(idx),
        };
        if let Some(&id) = ids.get(&groups.of(&key)) {
            add_mention(view, build, draft, id);
        }
    }
}

impl Build {
    /// Sorts mentions into text order and numbers the entities by their first.
    pub fn finish(mut self, _view: &View<'_>) -> EntityLayer {
        let order = |mention: &MentionSpan| {
            let Range { start, end } = mention.tokens;
            (start, std::cmp::Reverse(end))
        };
        self.mentions.sort_by_key(order);
        let mut numbers: Vec<Option<u32>> = vec![None; self.entities.len()];
        let mut entities = Vec::with_capacity(self.entities.len());
        for mention in &mut self.mentions {
            let old = mention.entity as usize;
            let number = *numbers[old].get_or_insert_with(|| {
                let entity = &self.entities[old];
                let mut node = entity.node.clone();
                if node.kind == EntityType::Person {
                    node.gender = entity.gender.map(tieline_facts::Gender::from);
                }
                entities.push(node);
                entities.len() as u32 - 1
            });
            mention.entity = number;
        }
        EntityLayer {
            mentions: self.mentions,
            entities,
        }
    }
}
