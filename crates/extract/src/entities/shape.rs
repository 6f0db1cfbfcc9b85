//! The tagger's names brought into shape: split where two stand in one, joined where one was cut,
//! and typed by the words around them.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tieline_facts::EntityType;
use tieline_text::NameKind;

use super::find::Hit;
use super::lexicon::{Form, Referent};
use super::view::View;

/// A name as the tagger gave it, or as it was reshaped.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub tokens: Range<u32>,
    pub kind: NameKind,
}

/// The names of a document, reshaped: in text order, without overlaps.
pub fn shape(view: &View<'_>, hits: &[Hit<'_>]) -> Vec<Candidate> {
    let split = split_names(view, hits);
    let mut joined: Vec<Candidate> = Vec::with_capacity(split.len());
    let mut next = 0;
    while let Some(name) = split.get(next) {
        next += 1;
        let mut name = name.clone();
        // "New World Bank President"
        let bare = name.tokens.start + 1..name.tokens.end;
        if matches!(view.word(name.tokens.start), "New" | "Former" | "Outgoing")
            && bare.start < bare.end
            && hit_at(hits, &name.tokens).is_none()
            && hit_at(hits, &bare).is_some_and(|hit| {
                hit.senses
                    .iter()
                    .any(|sense| matches!(sense.referent, Referent::Organisation(_)))
            })
        {
            name.tokens = bare;
        }
        if joined
            .last()
            .is_some_and(|last| last.tokens.end > name.tokens.start)
        {
            continue; // swallowed by an extension
        }
        if matches!(
            name.kind,
            NameKind::Organisation | NameKind::Location | NameKind::Misc
        ) {
            extend_left(view, hits, &mut name, &mut joined);
            let mut extended = false;
            while extend_right(view, &split, &mut next, &mut name, extended) {
                extended = true;
            }
        }
        retype(view, hits, &mut name);
        spelled_out(view, joined.last(), &mut name);
        // "Jean" and "Pierre Lacroix" around a hyphen
        if let Some(last) = joined.last_mut()
            && last.kind == NameKind::Person
            && name.kind == NameKind::Person
            && last.tokens.end + 1 == name.tokens.start
            && view.word(last.tokens.end) == "-"
            && !view
                .slice(&(last.tokens.start..name.tokens.end))
                .contains(" -")
        {
            last.tokens.end = name.tokens.end;
            continue;
        }
        joined.push(name);
    }
    lone_acronyms(view, hits, joined)
}

/// "the **List** Pim Fortuyn (LPF)": letters in brackets say where the name of a body begins.
fn spelled_out(view: &View<'_>, before: Option<&Candidate>, name: &mut Candidate) {
    let end = name.tokens.end;
    if view.word(end) != "(" || view.word(end + 2) != ")" {
        return;
    }
    let letters = view.word(end + 1);
    let capital = |c: char| c.is_uppercase();
    if !(3..=7).contains(&letters.chars().count()) || !letters.chars().all(capital) {
        return;
    }
    let floor = before.map_or(0, |last| last.tokens.end);
    let floor = floor.max(view.sentence(name.tokens.start).start);
    let spells = |start: u32| {
        let words = (start..end).filter_map(|at| view.word(at).chars().next());
        words.filter(|&c| capital(c)).eq(letters.chars())
    };
    if spells(name.tokens.start) {
        return;
    }
    let mut start = name.tokens.start;
    for _ in 0..3 {
        if start <= floor || !view.is_capitalised(start - 1) {
            return;
        }
        start -= 1;
        if spells(start) {
            name.tokens.start = start;
            name.kind = NameKind::Organisation;
            return;
        }
    }
}

/// Cuts names at possessives and "-based" where what stands before is a name of its own, and
/// takes "city of" off what it introduces.
fn split_names(view: &View<'_>, hits: &[Hit<'_>]) -> Vec<Candidate> {
    let names = view.parsed.names();
    let mut kinds: FxHashMap<&str, NameKind> = FxHashMap::default();
    for name in names {
        kinds.entry(view.slice(&name.tokens)).or_insert(name.kind);
    }
    let mut out = Vec::with_capacity(names.len());
    for name in names {
        let mut tokens = name.tokens.clone();
        let mut at = tokens.start + 1;
        while at + 1 < tokens.end {
            let left = tokens.start..at;
            let based = view.word(at) == "-" && view.word(at + 1) == "based";
            // "the Putin-Aso meeting": two names that stand elsewhere alone
            let pair = view.word(at) == "-"
                && kinds.contains_key(view.slice(&left))
                && kinds.contains_key(view.slice(&(at + 1..tokens.end)));
            if !based && !pair && !view.is_possessive(at) {
                at += 1;
                continue;
            }
            let hit = hit_at(hits, &left).is_some();
            let kind = kinds.get(view.slice(&left)).copied();
            let whole = hit_at(hits, &tokens).is_some();
            if whole || !(hit || based || kind.is_some()) {
                break;
            }
            let place = if hit || based {
                NameKind::Location
            } else {
                name.kind
            };
            out.push(Candidate {
                tokens: left,
                kind: kind.unwrap_or(place),
            });
            tokens.start = at + if based { 2 } else { 1 };
            at = tokens.start + 1;
        }
        if name.kind == NameKind::Location {
            let of = tokens.clone().find(|&token| {
                view.word(token) == "of"
                    && token > tokens.start
                    && is_sort_of_place(view.word(token - 1))
            });
            if let Some(of) = of
                && of + 1 < tokens.end
            {
                tokens.start = of + 1;
            }
        }
        // "Thessaloniki summit", "Bush administration"
        let mut kind = name.kind;
        while tokens.end > tokens.start + 1 {
            let (rest, last) = (tokens.start..tokens.end - 1, view.word(tokens.end - 1));
            let other = kinds.get(view.slice(&rest)).copied();
            kind = match last {
                "summit" | "talks" | "meeting" | "deal" => other.unwrap_or(NameKind::Location),
                "administration" => other.unwrap_or(NameKind::Person),
                "government" | "war" | "metro" | "station" => other.unwrap_or(kind),
                "party" | "group" | "newspaper" | "magazine"
                    if kind == NameKind::Organisation && view.is_capitalised(tokens.end - 2) =>
                {
                    kind
                }
                _ => break,
            };
            tokens = rest;
        }
        out.push(Candidate { tokens, kind });
    }
    out
}

fn is_sort_of_place(word: &str) -> bool {
    matches!(
        word,
        "city"
            | "town"
            | "village"
            | "province"
            | "region"
            | "district"
            | "island"
            | "capital"
            | "port"
            | "state"
            | "suburb"
    )
}

/// The form of the lexicons that stands exactly here. `hits` are in text order.
fn hit_at<'a, 'h>(hits: &'a [Hit<'h>], tokens: &Range<u32>) -> Option<&'a Hit<'h>> {
    let idx = hits.partition_point(|hit| hit.tokens.start < tokens.start);
    hits.get(idx).filter(|hit| hit.tokens == *tokens)
}

/// Whether a token is part of a form of the lexicons.
fn is_in_hit(hits: &[Hit<'_>], token: u32) -> bool {
    let idx = hits.partition_point(|hit| hit.tokens.end <= token);
    hits.get(idx).is_some_and(|hit| hit.tokens.contains(&token))
}

/// Nouns that head names of organisations and are no name alone.
pub fn is_head_noun(word: &str) -> bool {
    matches!(
        word,
        "Academy"
            | "Agency"
            | "Army"
            | "Assembly"
            | "Association"
            | "Authority"
            | "Bank"
            | "Board"
            | "Brigade"
            | "Bureau"
            | "Center"
            | "Centre"
            | "Chamber"
            | "Chambers"
            | "Church"
            | "College"
            | "Commission"
            | "Committee"
            | "Confederation"
            | "Congregation"
            | "Corps"
            | "Council"
            | "Court"
            | "Department"
            | "Directorate"
            | "Embassy"
            | "Exchange"
            | "Faculty"
            | "Federation"
            | "Force"
            | "Forces"
            | "Forum"
            | "Foundation"
            | "Front"
            | "Fund"
            | "Guard"
            | "Guards"
            | "Institute"
            | "Institution"
            | "Journal"
            | "League"
            | "Ministry"
            | "Mission"
            | "Movement"
            | "Museum"
            | "Navy"
            | "Network"
            | "Observatory"
            | "Office"
            | "Organisation"
            | "Organization"
            | "Parliament"
            | "Party"
            | "Police"
            | "School"
            | "Secretariat"
            | "Senate"
            | "Service"
            | "Services"
            | "Society"
            | "Tribunal"
            | "Trust"
            | "Union"
            | "University"
    )
}

/// Nouns that head names of places and are no name alone.
fn is_place_noun(word: &str) -> bool {
    matches!(
        word,
        "Airport"
            | "Bay"
            | "Bridge"
            | "Canal"
            | "Castle"
            | "Cathedral"
            | "County"
            | "Desert"
            | "District"
            | "Forest"
            | "Gulf"
            | "Hotel"
            | "Island"
            | "Islands"
            | "Lake"
            | "Mosque"
            | "Mountains"
            | "Palace"
            | "Park"
            | "Peninsula"
            | "Province"
            | "River"
            | "Sea"
            | "Square"
            | "Station"
            | "Strait"
            | "Street"
            | "Temple"
            | "Tower"
            | "Valley"
            | "Village"
    )
}

/// Takes capitalised words before a head noun into the name: "German" into "German Institute",
/// "Westminster Magistrates'" into "Westminster Magistrates' Court".
fn extend_left(
    view: &View<'_>,
    hits: &[Hit<'_>],
    name: &mut Candidate,
    joined: &mut Vec<Candidate>,
) {
    let first = view.word(name.tokens.start);
    let force = first == "Air" && view.word(name.tokens.start + 1) == "Force";
    let place = is_place_noun(first) && name.tokens.len() == 1;
    if !(is_head_noun(first) || force || place) {
        return;
    }
    let sentence = view.sentence(name.tokens.start);
    let mut start = name.tokens.start;
    for _ in 0..3 {
        if start <= sentence.start {
            break;
        }
        let before = start - 1;
        if first == "Court"
            && start == name.tokens.start
            && matches!(view.word(before), "'" | "’" | "'s" | "’s")
            && before > sentence.start
            && view.is_capitalised(before - 1)
        {
            start = before - 1;
            continue;
        }
        if !view.is_capitalised(before) || is_opener(view.word(before)) {
            break;
        }
        let known = is_in_hit(hits, before);
        if before == sentence.start && !known {
            break;
        }
        start = before;
    }
    if start == name.tokens.start {
        return;
    }
    // people keep their names
    while let Some(last) = joined.last() {
        if last.tokens.end <= start {
            break;
        }
        if last.kind == NameKind::Person && last.tokens.len() > 1 {
            return;
        }
        start = start.min(last.tokens.start);
        joined.pop();
    }
    name.tokens.start = start;
    if name.kind == NameKind::Misc || is_head_noun(first) || force {
        name.kind = if place {
            NameKind::Location
        } else {
            NameKind::Organisation
        };
    }
}

/// Words in capitals only because a sentence or headline starts with them.
fn is_opener(word: &str) -> bool {
    matches!(
        word,
        "The"
            | "A"
            | "An"
            | "In"
            | "At"
            | "On"
            | "By"
            | "For"
            | "From"
            | "With"
            | "Of"
            | "And"
            | "But"
            | "This"
            | "That"
            | "His"
            | "Her"
            | "Its"
            | "Their"
            | "Our"
            | "My"
            | "As"
            | "When"
            | "If"
            | "Former"
            | "Some"
            | "Many"
            | "Most"
            | "All"
            | "Both"
            | "Mr"
            | "Mrs"
            | "Ms"
            | "I"
            | "Local"
            | "Several"
    )
}

/// Takes "of the Attorney General" into a name that ends with a head noun. Returns whether it
/// did.
fn extend_right(
    view: &View<'_>,
    names: &[Candidate],
    next: &mut usize,
    name: &mut Candidate,
    extended: bool,
) -> bool {
    let end = name.tokens.end;
    let more = extended && view.word(end) == "of";
    let first = is_head_noun(view.word(end - 1)) && matches!(view.word(end), "of" | "for");
    if !more && !first {
        return false;
    }
    let sentence = view.sentence(end);
    let mut at = end + 1;
    if view.word(at) == "the" {
        at += 1;
    }
    if at >= sentence.end || !view.is_capitalised(at) {
        return false;
    }
    let mut stop = at;
    // a name of the tagger as a whole, else a run of capitals
    while names.get(*next).is_some_and(|other| other.tokens.end <= at) {
        *next += 1;
    }
    match names.get(*next) {
        Some(other) if other.tokens.start == at => {
            if other.kind == NameKind::Person {
                return false;
            }
            stop = other.tokens.end;
            *next += 1;
        }
        _ => {
            while stop < sentence.end && view.is_capitalised(stop) {
                stop += 1;
            }
        }
    }
    name.tokens.end = stop;
    name.kind = NameKind::Organisation;
    true
}

/// Types by the words around a name.
fn retype(view: &View<'_>, hits: &[Hit<'_>], name: &mut Candidate) {
    let last = view.word(name.tokens.end - 1);
    if matches!(name.kind, NameKind::Organisation | NameKind::Location)
        && name.tokens.len() > 1
        && is_event_noun(last)
    {
        name.kind = NameKind::Misc;
        return;
    }
    if hit_at(hits, &name.tokens).is_some() {
        return;
    }
    let after = view.word(name.tokens.end);
    let before = view.before(name.tokens.start);
    let before = match before {
        "\"" | "“" | "'" | "‘" | "``" => view.before(name.tokens.start.saturating_sub(1)),
        other => other,
    };
    if name.kind != NameKind::Organisation && name.kind != NameKind::Norp {
        let single_place = name.kind == NameKind::Location
            && view.lexicons.city(view.slice(&name.tokens)).is_some();
        if !single_place
            && (is_after_organisation(view, name.tokens.end, after)
                || is_before_organisation(before))
        {
            name.kind = NameKind::Organisation;
        }
        if name.kind == NameKind::Location && last == "Parliament" {
            name.kind = NameKind::Organisation;
        }
        return;
    }
    // "economist Dirk Schumacher" taken for a firm
    let person = view
        .lexicons
        .role(before)
        .is_some_and(|(kind, _)| kind == EntityType::Person)
        || before == "counterpart";
    let words = name.tokens.len();
    let all_names = name.tokens.clone().all(|token| {
        view.is_capitalised(token)
            && !is_head_noun(view.word(token))
            && view.word(token).contains(char::is_lowercase)
    });
    if name.kind == NameKind::Organisation && person && (2..4).contains(&words) && all_names {
        name.kind = NameKind::Person;
    }
}

/// A common noun right after the name of an organisation: "Milla group", "ATS news agency".
fn is_after_organisation(view: &View<'_>, end: u32, word: &str) -> bool {
    match word {
        "newspaper" | "magazine" | "daily" | "weekly" | "tabloid" | "party" | "militia"
        | "airline" | "airlines" | "club" | "company" | "corporation" | "firm" | "network"
        | "broadcaster" => true,
        "news" => matches!(
            view.word(end + 1),
            "agency" | "website" | "channel" | "service" | "magazine"
        ),
        "think" => view.word(end + 1) == "tank",
        _ => false,
    }
}

/// A common noun right before it: "carmaker BMW", "the newspaper Cumhuriyet".
fn is_before_organisation(word: &str) -> bool {
    matches!(
        word,
        "newspaper"
            | "daily"
            | "weekly"
            | "magazine"
            | "broadcaster"
            | "carmaker"
            | "automaker"
            | "airline"
            | "retailer"
            | "company"
            | "firm"
            | "giant"
            | "manufacturer"
            | "insurer"
            | "tabloid"
            | "publisher"
            | "conglomerate"
            | "lender"
            | "brewer"
            | "watchdog"
            | "start-up"
            | "startup"
            | "drugmaker"
            | "chipmaker"
            | "steelmaker"
            | "planemaker"
            | "shipbuilder"
            | "subsidiary"
            | "newsmagazine"
            | "supermarket"
    )
}

/// Nouns that end the names of events, laws and works.
fn is_event_noun(word: &str) -> bool {
    matches!(
        word,
        "Accord"
            | "Accords"
            | "Act"
            | "Agreement"
            | "Amendment"
            | "Award"
            | "Awards"
            | "Bill"
            | "Championship"
            | "Championships"
            | "Conference"
            | "Constitution"
            | "Convention"
            | "Crisis"
            | "Cup"
            | "Day"
            | "Deal"
            | "Declaration"
            | "Election"
            | "Elections"
            | "Festival"
            | "Games"
            | "Olympics"
            | "Open"
            | "Pact"
            | "Prix"
            | "Prize"
            | "Protocol"
            | "Referendum"
            | "Report"
            | "Resolution"
            | "Revolution"
            | "Summit"
            | "Treaty"
            | "War"
            | "Study"
            | "Survey"
            | "Review"
            | "Genocide"
            | "Massacre"
            | "Uprising"
            | "Agenda"
    )
}

/// Adds letters that no one saw but that a noun after them makes an organisation: "the LKV
/// party".
fn lone_acronyms(view: &View<'_>, hits: &[Hit<'_>], names: Vec<Candidate>) -> Vec<Candidate> {
    let mut added = Vec::new();
    let mut taken = names.iter().peekable();
    for token in 0..view.tokens.len() as u32 {
        while taken.peek().is_some_and(|name| name.tokens.end <= token) {
            taken.next();
        }
        let word = view.word(token);
        let letters = (2..=6).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
        if !letters
            || taken.peek().is_some_and(|name| name.tokens.start <= token)
            || view.lexicons.is_no_name(word)
            || !is_after_organisation(view, token + 1, view.word(token + 1))
            || hit_at(hits, &(token..token + 1)).is_some_and(|hit| {
                hit.senses.iter().any(|sense| {
                    sense.form != Form::Acronym
                        || !matches!(sense.referent, Referent::Organisation(_))
                })
            })
        {
            continue;
        }
        added.push(Candidate {
            tokens: token..token + 1,
            kind: NameKind::Organisation,
        });
    }
    if added.is_empty() {
        return names;
    }
    let mut all = names;
    all.extend(added);
    all.sort_by_key(|name| name.tokens.start);
    all
}
