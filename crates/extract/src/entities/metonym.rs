//! A capital or seat in its place: the state ("Moscow said") or the city ("flew to Moscow").
//!
//! The evidence is the word's place in the tree: subjects of verbs of saying and deciding and
//! parties to relations are states, what stands after a preposition of place is a place. Without
//! evidence a capital is a city and a seat is the state.

use tieline_facts::EntityType;
use tieline_text::{DepRel, Upos};

use super::find::{Draft, Kind};
use super::lexicon::{Form, Referent};
use super::view::View;

/// Turns capitals that are places into plain places. What stays a `Known` country with form
/// capital or seat stands for the state.
pub fn decide(view: &View<'_>, drafts: &mut [Draft]) {
    let mut previous: Option<(u32, bool)> = None;
    for idx in 0..drafts.len() {
        let draft = &drafts[idx];
        let Kind::Known(sense) = draft.kind else {
            continue;
        };
        if !matches!(sense.form, Form::Capital | Form::Seat) {
            continue;
        }
        let head = view.head_of(&draft.tokens);
        let followed_by_country = drafts.get(idx + 1).is_some_and(|next| {
            matches!(next.kind, Kind::Known(other) if matches!(other.referent, Referent::Country(_)) && other.form == Form::Name)
                && next.tokens.start == draft.tokens.end + 1
                && view.word(draft.tokens.end) == ","
        });
        let evidence = if followed_by_country {
            Some(false)
        } else {
            evidence(view, draft.tokens.start, head, draft.tokens.end)
        };
        // "Moscow and Kyiv": both the same
        let evidence = evidence.or_else(|| {
            let (governor, state) = previous?;
            (view.deprel(head) == DepRel::Conj && view.governor(head) == Some(governor))
                .then_some(state)
        });
        let state = evidence
            .unwrap_or(sense.form == Form::Seat && matches!(sense.referent, Referent::Country(_)));
        previous = Some((head, state));
        if !state {
            drafts[idx].kind = Kind::Place;
        }
    }
}

/// `Some(true)` for the state, `Some(false)` for the place, `None` where nothing tells.
fn evidence(view: &View<'_>, start: u32, head: u32, end: u32) -> Option<bool> {
    // "by **Berlin**-based Greenpeace"
    if matches!(view.word(end), "-" | "‑" | "–")
        && matches!(
            view.word(end + 1),
            "based" | "born" | "area" | "headquartered"
        )
    {
        return Some(false);
    }
    let skipped = u32::from(matches!(view.before(start), "the" | "The" | "both"));
    let before = view.before(start - skipped);
    let governor = view.governor(head);
    let relation = view.deprel(head);
    let verb = governor.filter(|&token| view.upos(token) == Upos::Verb);
    let lemma = governor.map_or("", |token| view.lemma(token));
    // "the government in Damascus", "diplomats from Tehran"
    let noun = (start - skipped)
        .checked_sub(2)
        .map_or("", |token| view.lemma(token));
    if before == "in" && (is_ruler(lemma) || is_ruler(noun)) || before == "from" && is_power(noun) {
        return Some(true);
    }
    // "a teacher from Cairo"
    let person = view.lexicons.role(lemma);
    if before == "from" && person.is_some_and(|(kind, _)| kind == EntityType::Person) {
        return Some(false);
    }
    match before {
        "in" | "In" | "at" | "At" | "near" | "outside" | "around" | "across" | "inside"
        | "throughout" | "into" | "via" | "through" | "under" => return Some(false),
        "to" | "from" | "for" | "on" => {
            let travel = verb.is_some() && is_motion(lemma) || is_journey(lemma);
            if travel || governor.is_none() {
                return Some(false);
            }
            let noun = governor.is_some_and(|token| view.upos(token) == Upos::Noun);
            let dealing = verb.is_some() && (is_dealing(lemma) || is_speech(lemma));
            return (noun && !is_site(lemma) || dealing).then_some(before != "from" || noun);
        }
        "with" | "With" | "towards" | "toward" | "against" | "by" => return Some(true),
        "between" => return Some(!is_journey(lemma) && !is_site(lemma)),
        "of" => return is_power(lemma).then_some(true).or(Some(false)),
        _ => {}
    }
    if matches!(relation, DepRel::NmodPoss) || view.is_possessive(end) {
        let proper = governor.is_some_and(|token| view.upos(token) == Upos::Propn);
        return Some(!proper && !is_site(lemma));
    }
    match relation {
        DepRel::Nsubj => Some(verb.is_some() && !is_state_of_places(lemma)),
        DepRel::Obj | DepRel::Iobj | DepRel::NsubjPass => {
            Some(is_address(lemma) && !is_motion(lemma))
        }
        DepRel::Compound | DepRel::Amod | DepRel::Nmod | DepRel::NmodDesc => {
            is_power(lemma).then_some(true)
        }
        _ => None,
    }
}

/// Verbs of saying: who says is no city.
pub fn is_speech(lemma: &str) -> bool {
    matches!(
        lemma,
        "say"
            | "tell"
            | "announce"
            | "declare"
            | "deny"
            | "claim"
            | "insist"
            | "argue"
            | "warn"
            | "admit"
            | "state"
            | "confirm"
            | "reply"
            | "respond"
            | "suggest"
            | "signal"
            | "believe"
            | "think"
            | "hope"
            | "fear"
            | "expect"
            | "know"
            | "maintain"
            | "stress"
            | "describe"
            | "call"
            | "view"
            | "regard"
            | "consider"
            | "see"
            | "promise"
            | "vow"
            | "pledge"
            | "threaten"
            | "complain"
            | "protest"
            | "acknowledge"
            | "add"
            | "note"
    )
}

/// Verbs that say of a city how it is, not what its government does.
fn is_state_of_places(lemma: &str) -> bool {
    matches!(
        lemma,
        "be" | "lie"
            | "sit"
            | "grow"
            | "host"
            | "become"
            | "remain"
            | "stand"
            | "see"
            | "suffer"
            | "wake"
            | "boast"
            | "celebrate"
            | "have"
            | "experience"
            | "get"
            | "fall"
            | "burn"
            | "attract"
            | "rank"
            | "stay"
            | "feel"
            | "look"
            | "begin"
            | "include"
            | "live"
    )
}

/// Nouns of those who govern, wherever they sit.
fn is_ruler(lemma: &str) -> bool {
    matches!(
        lemma,
        "government" | "regime" | "leadership" | "leader" | "authority" | "administration"
    )
}

/// Verbs of deciding and dealing.
fn is_dealing(lemma: &str) -> bool {
    matches!(
        lemma,
        "accuse"
            | "agree"
            | "accept"
            | "reject"
            | "refuse"
            | "support"
            | "back"
            | "oppose"
            | "want"
            | "demand"
            | "urge"
            | "ask"
            | "seek"
            | "request"
            | "impose"
            | "lift"
            | "recognise"
            | "recognize"
            | "condemn"
            | "criticise"
            | "criticize"
            | "blame"
            | "ban"
            | "sign"
            | "ratify"
            | "negotiate"
            | "offer"
            | "send"
            | "deploy"
            | "withdraw"
            | "pull"
            | "expel"
            | "recall"
            | "summon"
            | "invite"
            | "order"
            | "approve"
            | "block"
            | "veto"
            | "invade"
            | "annex"
            | "attack"
            | "launch"
            | "decide"
            | "plan"
            | "intend"
            | "try"
            | "attempt"
            | "fail"
            | "help"
            | "provide"
            | "supply"
            | "sell"
            | "buy"
            | "pay"
            | "cut"
            | "suspend"
            | "freeze"
            | "break"
            | "sever"
            | "restore"
            | "resume"
            | "end"
            | "allow"
            | "let"
            | "permit"
            | "push"
            | "press"
            | "use"
            | "react"
            | "retaliate"
            | "act"
            | "take"
            | "make"
            | "give"
            | "have"
            | "need"
            | "spend"
            | "play"
            | "keep"
            | "put"
            | "vote"
            | "welcome"
            | "dismiss"
            | "adopt"
            | "introduce"
            | "propose"
            | "win"
            | "lose"
    )
}

/// Verbs whose object is addressed as a party.
fn is_address(lemma: &str) -> bool {
    is_speech(lemma) && lemma != "see" && lemma != "know"
        || matches!(
            lemma,
            "accuse"
                | "urge"
                | "ask"
                | "condemn"
                | "criticise"
                | "criticize"
                | "blame"
                | "press"
                | "pressure"
                | "provoke"
                | "anger"
                | "infuriate"
                | "irritate"
                | "alarm"
                | "isolate"
                | "support"
                | "back"
                | "oppose"
                | "persuade"
                | "convince"
                | "force"
                | "help"
                | "sanction"
                | "punish"
                | "invite"
                | "trust"
                | "worry"
                | "concern"
                | "upset"
                | "embarrass"
                | "alienate"
                | "antagonise"
                | "antagonize"
                | "challenge"
                | "defy"
        )
}

fn is_motion(lemma: &str) -> bool {
    matches!(
        lemma,
        "go" | "fly"
            | "travel"
            | "come"
            | "return"
            | "move"
            | "head"
            | "arrive"
            | "leave"
            | "drive"
            | "visit"
            | "reach"
            | "enter"
            | "flee"
            | "sail"
            | "march"
            | "walk"
            | "run"
            | "bring"
            | "take"
            | "transfer"
            | "transport"
            | "extradite"
            | "depart"
            | "relocate"
            | "ship"
            | "route"
            | "get"
            | "emigrate"
            | "commute"
            | "land"
            | "stay"
            | "live"
            | "report"
            | "fight"
            | "spread"
            | "hail"
            | "broadcast"
    )
}

/// Nouns of going somewhere.
fn is_journey(lemma: &str) -> bool {
    matches!(
        lemma,
        "visit"
            | "trip"
            | "flight"
            | "journey"
            | "return"
            | "ticket"
            | "train"
            | "tour"
            | "travel"
            | "arrival"
            | "way"
            | "road"
            | "route"
            | "move"
            | "pipeline"
            | "bus"
            | "plane"
            | "reporter"
            | "correspondent"
            | "report"
    )
}

/// Nouns of things that stand in a city.
fn is_site(lemma: &str) -> bool {
    matches!(
        lemma,
        "airport"
            | "mayor"
            | "street"
            | "suburb"
            | "centre"
            | "center"
            | "outskirt"
            | "district"
            | "university"
            | "hotel"
            | "station"
            | "court"
            | "museum"
            | "police"
            | "resident"
            | "north"
            | "south"
            | "east"
            | "west"
            | "kilometre"
            | "kilometer"
            | "mile"
            | "km"
            | "hospital"
            | "stadium"
            | "square"
            | "church"
            | "mosque"
            | "cathedral"
            | "bridge"
            | "port"
            | "embassy"
            | "office"
            | "stock"
            | "exchange"
            | "population"
            | "capital"
            | "people"
            | "student"
            | "citizen"
            | "city"
            | "town"
            | "zoo"
            | "theatre"
            | "theater"
            | "art"
            | "school"
            | "newspaper"
            | "bar"
            | "restaurant"
            | "park"
            | "traffic"
            | "house"
            | "home"
            | "flat"
            | "apartment"
            | "olympics"
            | "game"
            | "conference"
            | "summit"
            | "underground"
            | "metro"
            | "subway"
            | "market"
            | "share"
            | "trader"
            | "bureau"
    )
}

/// Nouns of power, which make a city or seat the state: "the Ankara government".
fn is_power(lemma: &str) -> bool {
    matches!(
        lemma,
        "government"
            | "regime"
            | "administration"
            | "leadership"
            | "authority"
            | "policy"
            | "decision"
            | "foreign"
            | "ally"
            | "spokesman"
            | "spokeswoman"
            | "official"
            | "aide"
            | "demand"
            | "support"
            | "approval"
            | "policymaker"
            | "diplomat"
            | "adviser"
    )
}
