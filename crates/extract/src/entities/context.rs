//! Names typed by what the words around them say: firms taken for people or places, places in
//! datelines, and the first halves of adjectives like "Franco-German".

use rustc_hash::FxHashMap;
use tieline_facts::EntityType;
use tieline_text::{DepRel, Upos};

use super::find::{Draft, Kind};
use super::fold::fold;
use super::lexicon::{Form, Frame, Referent, Sense};
use super::view::View;

/// Corrects drafts by their sentences. Drafts stay in text order, without overlaps.
pub fn settle(view: &View<'_>, drafts: &mut Vec<Draft>) {
    prefix_demonyms(view, drafts);
    for draft in drafts.iter_mut() {
        if draft.kind == Kind::Organisation && is_dateline(view, draft) {
            draft.kind = Kind::Place;
        }
    }
    passed_over(view, drafts);
    firms(view, drafts);
    places(view, drafts);
    people(view, drafts);
}

/// Adds names of one word that the tagger passed over where only an organisation fits:
/// "**Biotal** was founded by", "**Softal**, set up by", "**Biotal** founder Clara Hoff".
fn passed_over(view: &View<'_>, drafts: &mut Vec<Draft>) {
    let mut added = Vec::new();
    let mut taken = drafts.iter().peekable();
    for token in 0..view.tokens.len() as u32 {
        while taken.peek().is_some_and(|draft| draft.tokens.end <= token) {
            taken.next();
        }
        let free = taken.peek().is_none_or(|draft| token < draft.tokens.start);
        // part of a longer name is no name of its own
        let joined =
            token > 0 && view.upos(token - 1) == Upos::Propn || view.upos(token + 1) == Upos::Propn;
        if !free || joined || view.upos(token) != Upos::Propn || !view.is_capitalised(token) {
            continue;
        }
        let passive = view.deprel(token) == DepRel::NsubjPass;
        let made = passive
            && view.governor(token).is_some_and(|verb| {
                view.lemma(verb) == "found" && matches!(view.word(verb + 1), "by" | "in")
            });
        // "Norvik founder Ada Kern", "Norvik's shareholders"
        let held = view.is_possessive(token + 1) || view.governor(token) == Some(token + 1);
        let noun = token + 1 + u32::from(view.is_possessive(token + 1));
        let has = held && tells(view, noun, Frame::Has, EntityType::Organisation);
        if made || has || is_made(view, token + 1) {
            added.push(Draft {
                tokens: token..token + 1,
                kind: Kind::Organisation,
                gender: None,
                titled: false,
                tagged: true,
            });
        }
    }
    if !added.is_empty() {
        drafts.extend(added);
        drafts.sort_by_key(|draft| draft.tokens.start);
    }
}

/// ", founded by", ", set up by" behind a name.
fn is_made(view: &View<'_>, end: u32) -> bool {
    view.word(end) == ","
        && match view.word(end + 1) {
            "founded" | "established" | "owned" => matches!(view.word(end + 2), "by" | "in"),
            "set" => view.word(end + 2) == "up",
            _ => false,
        }
}

/// Turns names taken for places into people where they begin with a first name and stand where
/// people do: "lost to **Ida Holm**", "**Ida Holm** said".
fn people(view: &View<'_>, drafts: &mut [Draft]) {
    for draft in drafts.iter_mut().filter(|draft| draft.kind == Kind::Place) {
        let first = view.word(draft.tokens.start).to_lowercase();
        let text = view.slice(&draft.tokens);
        let named = draft.tokens.len() > 1
            && view.lexicons.first_name(&first).is_some()
            && !is_known(view, text)
            && view.lexicons.city(text).is_none();
        if !named {
            continue;
        }
        let head = view.head_of(&draft.tokens);
        let verb = view.governor(head).map_or("", |verb| view.lemma(verb));
        let acts = match view.deprel(head) {
            DepRel::Nsubj => matches!(verb, "say" | "tell" | "write" | "win" | "add"),
            DepRel::Obl | DepRel::OblAgent => match view.before(draft.tokens.start) {
                "to" => matches!(verb, "lose" | "talk" | "speak" | "write" | "propose"),
                "with" => matches!(verb, "meet" | "talk" | "speak"),
                _ => false,
            },
            _ => false,
        };
        if acts {
            draft.kind = Kind::Person;
        }
    }
}

/// Turns names taken for people into places where they stand as one and nowhere as a person.
fn places(view: &View<'_>, drafts: &mut [Draft]) {
    let mut found: FxHashMap<String, (u32, u32)> = FxHashMap::default();
    let mut parts: FxHashMap<String, ()> = FxHashMap::default();
    for draft in drafts.iter().filter(|draft| draft.kind == Kind::Person) {
        let key = fold(view.slice(&draft.tokens));
        if draft.tokens.len() > 1 {
            for part in key.split(' ') {
                parts.insert(part.to_owned(), ());
            }
        }
        let (place, against) = found.entry(key).or_default();
        *place += u32::from(is_place_here(view, draft));
        *against += u32::from(is_person_here(view, draft));
    }
    for draft in drafts.iter_mut().filter(|draft| draft.kind == Kind::Person) {
        let text = view.slice(&draft.tokens);
        let key = fold(text);
        let first = view.word(draft.tokens.start).to_lowercase();
        let (place, against) = found.get(&key).copied().unwrap_or_default();
        let known = view.lexicons.first_name(&first).is_some() || is_known(view, text);
        if place > 0
            && against == 0
            && draft.tokens.len() < 4
            && !known
            && !parts.contains_key(&key)
        {
            draft.kind = Kind::Place;
        }
    }
}

/// Whether a name stands where a place does: "born in X", "the town of X", "near X, Germany".
fn is_place_here(view: &View<'_>, draft: &Draft) -> bool {
    let (start, end) = (draft.tokens.start, draft.tokens.end);
    let sentence = view.sentence(start);
    if is_called_place(view, end) {
        return true;
    }
    if start < sentence.start + 2 || view.is_possessive(end) || draft.titled {
        return false;
    }
    let noun = view.word(start - 2);
    match view.before(start) {
        "of" => tells(view, start - 2, Frame::Of, EntityType::Place),
        "in" | "near" | "outside" => {
            // "confidence in X", "believe in X", "found in X a friend"
            let trust = matches!(
                noun,
                "confidence"
                    | "faith"
                    | "trust"
                    | "belief"
                    | "believe"
                    | "believes"
                    | "believed"
                    | "interest"
                    | "interested"
                    | "disappointed"
                    | "stake"
                    | "shares"
                    | "found"
                    | "invested"
                    | "invest"
                    | "change"
                    | "role"
                    | "starred"
                    | "played"
                    | "love"
            );
            let head = view.head_of(&draft.tokens);
            let oblique = matches!(view.deprel(head), DepRel::Obl | DepRel::Nmod);
            let closed = end >= sentence.end
                || !matches!(
                    view.upos(end),
                    Upos::Noun | Upos::Propn | Upos::Adj | Upos::Verb
                )
                || view.upos(end) == Upos::Verb
                    && view.deprel(view.governor(end).unwrap_or(end)) != DepRel::Amod;
            oblique && closed && !trust
        }
        _ => false,
    }
}

/// "**Graz**, a town in", "**Graz** is a city", "**Graz**-born".
fn is_called_place(view: &View<'_>, end: u32) -> bool {
    if view.word(end) == "-" {
        return view.word(end + 1) == "born";
    }
    if !matches!(view.word(end), "," | "is" | "was") {
        return false;
    }
    if matches!(view.word(end + 1), "located" | "situated" | "home") {
        return view.word(end) != "," && matches!(view.word(end + 2), "in" | "on" | "near" | "to");
    }
    if !matches!(view.word(end + 1), "a" | "an" | "the") {
        return false;
    }
    let noun = (end + 2..end + 6).find(|&token| view.upos(token) == Upos::Noun);
    noun.is_some_and(|token| {
        tells(view, token, Frame::Is, EntityType::Place)
            && matches!(
                view.word(token + 1),
                "in" | "on" | "near" | "of" | "," | "."
            )
    })
}

/// Whether a name is a person's where it stands: with a title or an age, before "who", or as one
/// who says something.
fn is_person_here(view: &View<'_>, draft: &Draft) -> bool {
    if is_no_firm_here(view, draft) {
        return true;
    }
    let head = view.head_of(&draft.tokens);
    let speaks = view.deprel(head) == DepRel::Nsubj
        && view.governor(head).is_some_and(|verb| {
            view.lexicons
                .tells(view.lemma(verb), Frame::Does, EntityType::Person)
        });
    let end = draft.tokens.end;
    let described = view.word(end) == "," && view.word(end + 1) == "a";
    speaks || described && !is_called_place(view, end)
}

/// What speaks for an organisation and what against, over all mentions of a name.
#[derive(Default)]
struct Evidence {
    firm: u32,
    /// Of these, those where somebody owns it.
    owned: u32,
    against: u32,
}

/// Turns people and places into organisations where only an organisation fits.
fn firms(view: &View<'_>, drafts: &mut [Draft]) {
    let mut found: FxHashMap<String, Evidence> = FxHashMap::default();
    let mut parts: FxHashMap<String, ()> = FxHashMap::default();
    for draft in drafts.iter() {
        if !matches!(draft.kind, Kind::Person | Kind::Place) {
            continue;
        }
        let key = fold(view.slice(&draft.tokens));
        if draft.kind == Kind::Person && draft.tokens.len() > 1 {
            for part in key.split(' ') {
                parts.insert(part.to_owned(), ());
            }
        }
        let evidence = found.entry(key).or_default();
        evidence.firm += u32::from(is_firm_here(view, draft));
        evidence.owned += u32::from(is_owned(view, draft.tokens.start));
        evidence.against += u32::from(is_no_firm_here(view, draft));
    }
    for draft in drafts.iter_mut() {
        if !matches!(draft.kind, Kind::Person | Kind::Place) {
            continue;
        }
        let text = view.slice(&draft.tokens);
        let key = fold(text);
        let single = draft.tokens.len() == 1;
        let named = draft.kind == Kind::Person && (!single || parts.contains_key(&key));
        let company = company_sense(view, text);
        let owned = found.get(&key).is_some_and(|evidence| evidence.owned > 0);
        let first = view.lexicons.first_name(&text.to_lowercase()).is_some();
        if named
            || first && company.is_none() && !owned
            || view.lexicons.city(text).is_some()
            || is_known(view, text) && company.is_none()
        {
            continue;
        }
        if found.get(&key).is_some_and(|evidence| {
            (company.is_some() || evidence.firm > 0) && evidence.against == 0
        }) {
            draft.kind = company.map_or(Kind::Organisation, Kind::Known);
        }
    }
}

/// The sense of a name that the lexicon knows as a company's and as nothing else.
fn company_sense(view: &View<'_>, text: &str) -> Option<Sense> {
    let senses = view.lexicons.senses(text);
    let company = senses.iter().all(|sense| match sense.referent {
        Referent::Organisation(organisation) => {
            let row = view.lexicons.organisations.get(organisation as usize);
            row.is_some_and(|row| &*row.sort == "company")
        }
        _ => false,
    });
    senses.first().copied().filter(|_| company)
}

fn is_known(view: &View<'_>, text: &str) -> bool {
    !view.lexicons.senses(text).is_empty()
}

/// "the owner of Norvik", "a subsidiary of Norvik".
fn is_owned(view: &View<'_>, start: u32) -> bool {
    let noun = start.checked_sub(2).map_or("", |token| view.word(token));
    view.before(start) == "of"
        && matches!(
            noun,
            "owner" | "owners" | "takeover" | "subsidiary" | "subsidiaries" | "acquisition"
        )
}

/// Whether only an organisation fits the place where a name stands.
fn is_firm_here(view: &View<'_>, draft: &Draft) -> bool {
    let (start, end) = (draft.tokens.start, draft.tokens.end);
    let sentence = view.sentence(start);
    // "Danone's shareholders", "Danone shares", "Danone chief executive"
    let mut after = end;
    if view.is_possessive(after) {
        after += 1;
    }
    if after < sentence.end {
        // one adjective between: "Danone's largest shareholder"
        let owned = has_firm_noun(view, after);
        let past = after > end
            && view.upos(after) == Upos::Adj
            && after + 1 < sentence.end
            && has_firm_noun(view, after + 1);
        if owned || past {
            return true;
        }
    }
    // "stake in Telenor", "takeover of Danone"
    if start >= sentence.start + 2
        && matches!(view.before(start), "in" | "with" | "to" | "of")
        && let Some(frame) = Frame::by_name(view.before(start))
        && tells(view, start - 2, frame, EntityType::Organisation)
    {
        return true;
    }
    // "shares of Norvik rose"
    if start >= sentence.start + 2
        && view.before(start) == "of"
        && matches!(view.word(start - 2), "Shares" | "shares")
        && view.upos(start - 2) == Upos::Noun
    {
        return true;
    }
    // "Norvik's Petra Hahn" works there, "Norvik, which makes pumps" is nobody
    if draft.kind == Kind::Person && draft.tokens.len() == 1 {
        let given = |token: u32| {
            let name = view.word(token).to_lowercase();
            view.is_capitalised(token) && view.lexicons.first_name(&name).is_some()
        };
        if view.is_possessive(end)
            && given(end + 1)
            && end + 2 < sentence.end
            && view.is_capitalised(end + 2)
        {
            return true;
        }
        if view.word(end) == "which"
            || view.word(end) == ","
                && view.word(end + 1) == "which"
                && matches!(
                    view.word(end + 2),
                    "makes" | "produces" | "employs" | "sells" | "owns"
                )
        {
            return true;
        }
    }
    // "Norvik, founded by", "the Oslo-based Norvik"
    if draft.kind == Kind::Person && draft.tokens.len() == 1 {
        let made = is_made(view, end);
        let based = start >= sentence.start + 3
            && view.word(start - 1) == "based"
            && view.word(start - 2) == "-";
        if made || based {
            return true;
        }
    }
    // "Norvik, headquartered in", "Norvik is headquartered in"
    let comma = u32::from(matches!(view.word(end), "," | "is" | "was"));
    if view.word(end + comma) == "headquartered" && end + comma < sentence.end {
        return true;
    }
    if is_listed_firm(view, start, sentence.start) {
        return true;
    }
    // "Norvik, a software company,"
    if view.word(end) == "," && matches!(view.word(end + 1), "a" | "an" | "the") {
        let last = sentence.end.min(end + 6);
        let noun = (end + 2..last)
            .find(|&token| view.upos(token) == Upos::Noun && view.upos(token + 1) != Upos::Noun);
        if noun.is_some_and(|token| tells(view, token, Frame::Is, EntityType::Organisation)) {
            return true;
        }
    }
    // "Norvik acquired", "Norvik posted a loss"
    let head = view.head_of(&draft.tokens);
    if view.deprel(head) == DepRel::NsubjPass {
        // "Norvik is owned by", "Norvik was founded in"
        let person = draft.kind == Kind::Person;
        return view
            .governor(head)
            .is_some_and(|verb| match view.lemma(verb) {
                "found" | "run" | "headquarter" if !person => false,
                verb => {
                    let kind = EntityType::Organisation;
                    view.lexicons.tells(verb, Frame::Undergoes, kind)
                }
            });
    }
    if view.deprel(head) != DepRel::Nsubj {
        return false;
    }
    let Some(verb) = view.governor(head) else {
        return false;
    };
    let object = || {
        let last = sentence.end.min(verb + 8);
        (verb + 1..last).any(|token| {
            view.governor(token) == Some(verb)
                && matches!(view.deprel(token), DepRel::Obj | DepRel::Obl)
                && is_result(view, token)
        })
    };
    match view.lemma(verb) {
        "acquire" => draft.kind == Kind::Place,
        "merge" => view.word(verb + 1) == "with",
        // "supplies Renault" with something, never "supplies were"
        "supply" => {
            let named = verb + 1..verb + 4;
            view.upos(verb) == Upos::Verb
                && named.clone().any(|token| {
                    view.governor(token) == Some(verb)
                        && view.deprel(token) == DepRel::Obj
                        && view.upos(token) == Upos::Propn
                })
        }
        lemma => {
            view.lexicons
                .tells(lemma, Frame::Gives, EntityType::Organisation)
                && object()
        }
    }
}

/// "companies such as Norvik, **Bosch** and **Teleson**", "its brands include **Bosch**".
fn is_listed_firm(view: &View<'_>, start: u32, first: u32) -> bool {
    let mut at = start;
    for _ in 0..16 {
        let Some(before) = at.checked_sub(1).filter(|&before| before >= first) else {
            return false;
        };
        at = before;
        let intro = match view.word(at) {
            "like" | "including" | "include" | "includes" | "are" => at,
            "as" if at > first && view.word(at - 1) == "such" => at - 1,
            "," | "and" | "or" | "&" => continue,
            _ if view.is_capitalised(at) => continue,
            _ => return false,
        };
        let comma = u32::from(intro > first && view.word(intro - 1) == ",");
        let sort = intro.checked_sub(1 + comma).filter(|&sort| sort >= first);
        let lone = view.word(intro) == "are";
        return sort.is_some_and(|sort| {
            let word = view.word(sort);
            (!lone || word == "subsidiaries")
                && view
                    .lexicons
                    .tells(word, Frame::Among, EntityType::Organisation)
        });
    }
    false
}

fn is_result(view: &View<'_>, token: u32) -> bool {
    tells(view, token, Frame::Given, EntityType::Organisation)
}

/// Whether a word in that place beside a name tells its type, at the start of a sentence as well.
fn tells(view: &View<'_>, token: u32, frame: Frame, kind: EntityType) -> bool {
    let word = view.word(token);
    view.lexicons.tells(word, frame, kind)
        || view.sentence(token).start == token
            && view.lexicons.tells(&word.to_lowercase(), frame, kind)
}

/// Nouns that only organisations own.
fn has_firm_noun(view: &View<'_>, token: u32) -> bool {
    match view.word(token) {
        "shares" => view.upos(token) == Upos::Noun,
        "chief" => matches!(
            view.word(token + 1),
            "executive" | "financial" | "operating"
        ),
        "parent" => view.word(token + 1) == "company",
        "supervisory" | "executive" => view.word(token + 1) == "board",
        "operating" | "net" | "quarterly" | "annual" => is_result(view, token + 1),
        _ => tells(view, token, Frame::Has, EntityType::Organisation),
    }
}

/// Whether a name is a person's or a place's where it stands.
fn is_no_firm_here(view: &View<'_>, draft: &Draft) -> bool {
    let (start, end) = (draft.tokens.start, draft.tokens.end);
    let age = view.word(end) == ","
        && view.word(end + 1).len() == 2
        && view.word(end + 1).bytes().all(|byte| byte.is_ascii_digit());
    let who = view.word(end) == "who"
        || view.word(end) == "," && matches!(view.word(end + 1), "who" | "whose");
    if draft.kind == Kind::Person {
        return draft.titled || age || who;
    }
    let stake = start
        .checked_sub(2)
        .is_some_and(|token| tells(view, token, Frame::In, EntityType::Organisation));
    matches!(
        view.before(start),
        "in" | "In" | "near" | "outside" | "across" | "throughout" | "into"
    ) && !stake
}

/// Whether a name alone opens a line and a date, an agency or a dash follows: "KYIV, 16 January
/// 2025 –", "LONDON (AP) –".
fn is_dateline(view: &View<'_>, draft: &Draft) -> bool {
    let (start, end) = (draft.tokens.start, draft.tokens.end);
    if view.sentence(start).start != start || end > start + 3 {
        return false;
    }
    let dash = |token: u32| matches!(view.word(token), "–" | "—" | "--" | "-");
    let closes = |from: u32| (from..from + 7).any(dash);
    match view.word(end) {
        "," => {
            let next = view.word(end + 1);
            let date = next.starts_with(|c: char| c.is_ascii_digit()) || is_month(next);
            date && closes(end + 2)
        }
        "(" => (end + 2..end + 5).any(|token| view.word(token) == ")" && dash(token + 1)),
        _ => false,
    }
}

fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = word.trim_end_matches('.').to_lowercase();
    lower.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(&lower))
}

/// The country that a first half of an adjective stands for, by its own adjective.
fn prefix(word: &str) -> Option<&'static str> {
    Some(match word {
        "Franco" => "French",
        "Sino" => "Chinese",
        "Anglo" => "British",
        "Russo" => "Russian",
        "Indo" => "Indian",
        "Italo" => "Italian",
        "Austro" => "Austrian",
        "Turco" => "Turkish",
        "Greco" => "Greek",
        "Luso" => "Portuguese",
        "Polono" => "Polish",
        _ => return None,
    })
}

/// Makes a country of the first half of "Franco-German"; never a person.
fn prefix_demonyms(view: &View<'_>, drafts: &mut Vec<Draft>) {
    let mut added = Vec::new();
    for draft in drafts.iter() {
        let Kind::Known(sense) = draft.kind else {
            continue;
        };
        let start = draft.tokens.start;
        let adjective =
            sense.form == Form::Adjective && matches!(sense.referent, Referent::Country(_));
        if !adjective || start < 2 || !matches!(view.word(start - 1), "-" | "–") {
            continue;
        }
        let half = start - 2..start - 1;
        if view.slice(&(half.start..start)).contains(' ') {
            continue;
        }
        let Some(word) = prefix(view.word(half.start)) else {
            continue;
        };
        let known = view.lexicons.senses(word).iter().copied().find(|sense| {
            sense.form == Form::Adjective && matches!(sense.referent, Referent::Country(_))
        });
        if let Some(sense) = known {
            added.push(Draft {
                tokens: half,
                kind: Kind::Known(sense),
                gender: None,
                titled: false,
                tagged: draft.tagged,
            });
        }
    }
    if added.is_empty() {
        return;
    }
    // a name that holds the half and no more gives way; a longer one stays
    for new in added {
        let over =
            |old: &Draft| old.tokens.start < new.tokens.end && new.tokens.start < old.tokens.end;
        if drafts.iter().any(|old| over(old) && old.tokens.len() > 2) {
            continue;
        }
        drafts.retain(|old| !over(old));
        drafts.push(new);
    }
    drafts.sort_by_key(|draft| draft.tokens.start);
}
