//! Candidate mentions: what the name tagger found, trimmed and corrected, and what the lexicons
//! know.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use tieline_facts::names;
use tieline_text::{NameKind, Upos};

use super::cluster::{ends_firm, is_generic};
use super::context::settle;
use super::fold::fold;
use super::lexicon::{Form, Gender, Referent, Sense};
use super::shape::shape;
use super::view::View;

/// What a candidate is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Person,
    Organisation,
    Place,
    /// Something of the lexicons.
    Known(Sense),
}

/// A mention by name, before it is grouped with others.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Token indices within the document.
    pub tokens: Range<u32>,
    pub kind: Kind,
    /// Gender that a title right before it shows.
    pub gender: Option<Gender>,
    /// Whether a title stands right before it.
    pub titled: bool,
    /// Whether the tagger found it; the lexicons alone may not start some entities.
    pub tagged: bool,
}

/// A form of the lexicons in the text.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    pub tokens: Range<u32>,
    pub senses: &'a [Sense],
}

/// All candidates in text order; they do not overlap.
pub fn find_drafts(view: &View<'_>) -> Vec<Draft> {
    let mut hits = scan(view);
    let names = shape(view, &hits);
    // "Jordan" beside a Michael Jordan is the man, "Paris" beside a Paris Holm the woman
    let surnames: FxHashSet<&str> = names
        .iter()
        .filter(|name| name.kind == NameKind::Person && name.tokens.len() > 1)
        .flat_map(|name| [name.tokens.start, name.tokens.end - 1])
        .map(|token| view.word(token))
        .collect();
    if !surnames.is_empty() {
        hits.retain(|hit| hit.tokens.len() > 1 || !surnames.contains(view.word(hit.tokens.start)));
    }
    let mut drafts = Vec::new();
    let mut next = 0;
    for name in names {
        // hits that end before the name
        while let Some(hit) = hits.get(next) {
            if hit.tokens.end > name.tokens.start {
                break;
            }
            untagged(view, hit, &mut drafts);
            next += 1;
        }
        let first = next;
        while hits
            .get(next)
            .is_some_and(|hit| hit.tokens.start < name.tokens.end)
        {
            next += 1;
        }
        let inside = &hits[first..next];
        if let Some(last) = drafts.last()
            && last.tokens.end > name.tokens.start
        {
            continue; // a hit that began in the name before covers it
        }
        tagged(view, name.tokens.clone(), name.kind, inside, &mut drafts);
    }
    for hit in hits.get(next..).unwrap_or_default() {
        untagged(view, hit, &mut drafts);
    }
    harmonise(view, &mut drafts);
    settle(view, &mut drafts);
    for draft in &mut drafts {
        if is_state_of_a_union(view, draft) {
            draft.kind = Kind::Place;
        }
    }
    drafts
}

/// "the US state of Georgia": not the country of that name.
fn is_state_of_a_union(view: &View<'_>, draft: &Draft) -> bool {
    let Kind::Known(sense) = draft.kind else {
        return false;
    };
    let start = draft.tokens.start;
    sense.country().is_some()
        && sense.form == Form::Name
        && view.before(start) == "of"
        && view.before(start.saturating_sub(1)) == "state"
        && start
            .checked_sub(3)
            .is_some_and(|token| view.is_capitalised(token) && view.word(token) != "The")
}

/// Forms of the lexicons, longest first at each place, without overlaps.
fn scan<'a>(view: &View<'a>) -> Vec<Hit<'a>> {
    let mut hits = Vec::new();
    let n_tokens = view.tokens.len();
    for sentence in view.parsed.sentences() {
        let end = sentence.tokens.end as usize;
        let mut at = sentence.tokens.start as usize;
        while at < end.min(n_tokens) {
            let start_byte = view.tokens[at].span.start();
            let last_byte = view.tokens[end - 1].span.end();
            let from = view.text.get(start_byte as usize..last_byte as usize);
            let mut stop = at + 1;
            let ends = |len: usize| {
                let byte = start_byte + len as u32;
                let rest = &view.tokens[at..end];
                rest.binary_search_by_key(&byte, |token| token.span.end())
                    .is_ok()
            };
            if let Some((len, senses)) = view.lexicons.longest(from.unwrap_or_default(), ends) {
                let byte = start_byte + len as u32;
                let rest = &view.tokens[at..end];
                if let Ok(idx) = rest.binary_search_by_key(&byte, |token| token.span.end()) {
                    stop = at + idx + 1;
                    let tokens = at as u32..stop as u32;
                    hits.push(Hit { tokens, senses });
                }
            }
            at = stop;
        }
    }
    hits
}

/// Takes a name of the tagger, with the forms that touch it.
fn tagged(
    view: &View<'_>,
    tokens: Range<u32>,
    kind: NameKind,
    hits: &[Hit<'_>],
    drafts: &mut Vec<Draft>,
) {
    let (tokens, mut gender, mut titled) = trim(view, tokens, kind, hits);
    if tokens.is_empty() {
        return hits.iter().for_each(|hit| untagged(view, hit, drafts));
    }
    if !titled && let Some((_, _, found)) = view.title_before(tokens.start) {
        titled = true;
        gender = gender.or(found);
    }
    // a form that covers the name and more: "United" in "United Nations"
    let cover = hits
        .iter()
        .find(|hit| hit.tokens.start <= tokens.start && tokens.end <= hit.tokens.end);
    let before = |hit: &&Hit<'_>| hit.tokens.end <= tokens.start;
    for hit in hits.iter().filter(before) {
        untagged(view, hit, drafts);
    }
    if let Some(hit) = cover
        && let Some(sense) = choose(view, hit, Some(kind), titled)
    {
        push(
            hit.tokens.clone(),
            Kind::Known(sense),
            gender,
            titled,
            drafts,
        );
    } else if kind == NameKind::Location && is_list_of_hits(view, &tokens, hits) {
        for hit in hits {
            if let Some(sense) = choose(view, hit, Some(kind), false) {
                push(hit.tokens.clone(), Kind::Known(sense), None, false, drafts);
            }
        }
    } else if kind == NameKind::Organisation && is_no_organisation(view, &tokens, hits) {
        for hit in hits.iter().filter(|hit| hit.tokens.start < tokens.end) {
            untagged(view, hit, drafts);
        }
    } else if let Some(kind) = plain_kind(view, &tokens, kind, titled) {
        push(tokens.clone(), kind, gender, titled, drafts);
    }
    for hit in hits.iter().filter(|hit| tokens.end <= hit.tokens.start) {
        untagged(view, hit, drafts);
    }
}

fn push(
    tokens: Range<u32>,
    kind: Kind,
    gender: Option<Gender>,
    titled: bool,
    drafts: &mut Vec<Draft>,
) {
    if drafts
        .last()
        .is_some_and(|last| last.tokens.end > tokens.start)
    {
        return;
    }
    drafts.push(Draft {
        tokens,
        kind,
        gender,
        titled,
        tagged: true,
    });
}

/// "Paris, France" tagged as one name.
fn is_list_of_hits(view: &View<'_>, tokens: &Range<u32>, hits: &[Hit<'_>]) -> bool {
    let inside = |token: u32| hits.iter().any(|hit| hit.tokens.contains(&token));
    !hits.is_empty()
        && tokens
            .clone()
            .all(|token| inside(token) || matches!(view.word(token), "," | "and" | "/" | "-"))
}

/// "US military", "EU Enlargement Commissioner": something known, and words that make no name.
fn is_no_organisation(view: &View<'_>, tokens: &Range<u32>, hits: &[Hit<'_>]) -> bool {
    let Some(hit) = hits.iter().find(|hit| hit.tokens.start == tokens.start) else {
        return false;
    };
    let rest = hit.tokens.end..tokens.end;
    if rest.is_empty() {
        return false;
    }
    let small = rest.clone().all(|token| !view.is_capitalised(token));
    small || view.title(&(tokens.end - 1..tokens.end)).is_some()
}

/// What a name that no lexicon knows is taken for; `None` drops it.
fn plain_kind(view: &View<'_>, tokens: &Range<u32>, kind: NameKind, titled: bool) -> Option<Kind> {
    let text = view.slice(tokens);
    if view.lexicons.is_no_name(text) || !text.contains(char::is_alphabetic) {
        return None;
    }
    // all in lower case, or with no capital but that of a month: "mid-March"
    let mut capitals = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.starts_with(char::is_uppercase));
    if capitals.all(is_month) && !matches!(text, "May" | "April" | "June") {
        return None;
    }
    let last = view.word(tokens.end.saturating_sub(1));
    let firm = tokens.len() > 1 && view.lexicons.is_legal_form(last) && !titled;
    match kind {
        NameKind::Person if firm => Some(Kind::Organisation),
        NameKind::Person => Some(Kind::Person),
        NameKind::Organisation if titled && honorific_before(view, tokens.start) => {
            Some(Kind::Person)
        }
        NameKind::Organisation => Some(Kind::Organisation),
        NameKind::Location => Some(Kind::Place),
        NameKind::Norp => is_party_word(text).then_some(Kind::Organisation),
        NameKind::Misc => {
            let firm = tokens.len() > 1 && ends_firm(&fold(view.word(tokens.end - 1)));
            firm.then_some(Kind::Organisation)
        }
    }
}

fn is_month(word: &str) -> bool {
    matches!(
        word,
        "January"
            | "February"
            | "March"
            | "April"
            | "May"
            | "June"
            | "July"
            | "August"
            | "September"
            | "October"
            | "November"
            | "December"
            | "Monday"
            | "Tuesday"
            | "Wednesday"
            | "Thursday"
            | "Friday"
            | "Saturday"
            | "Sunday"
    )
}

fn honorific_before(view: &View<'_>, token: u32) -> bool {
    matches!(
        view.before(token),
        "Mr" | "Mr." | "Mrs" | "Mrs." | "Ms" | "Ms." | "Sir" | "Dr" | "Dr."
    )
}

/// Members of parties by their colour, which news uses for the party.
fn is_party_word(text: &str) -> bool {
    matches!(
        text,
        "Social Democrats"
            | "Social Democrat"
            | "Christian Democrats"
            | "Christian Democrat"
            | "Free Democrats"
            | "Greens"
            | "Green"
            | "Socialists"
            | "Liberals"
            | "Communists"
            | "Nationalists"
    )
}

/// Cuts determiners, titles, possessives and quotes off a name. Returns the rest with the
/// gender of the title, and whether there was one.
fn trim(
    view: &View<'_>,
    tokens: Range<u32>,
    kind: NameKind,
    hits: &[Hit<'_>],
) -> (Range<u32>, Option<Gender>, bool) {
    let mut range = tokens;
    let (mut gender, mut titled) = (None, false);
    while range.start < range.end {
        let last = range.end - 1;
        let word = view.word(last);
        if view.is_possessive(last) || !word.contains(char::is_alphanumeric) && word != "." {
            range.end = last;
        } else {
            break;
        }
    }
    while range.start < range.end {
        let word = view.word(range.start);
        let quote = !word.contains(char::is_alphanumeric);
        let known = hits.iter().any(|hit| hit.tokens.start == range.start);
        if quote || (!known && matches!(word, "the" | "The" | "THE" | "a" | "A" | "an")) {
            range.start += 1;
        } else {
            break;
        }
    }
    if kind != NameKind::Person {
        return (range, gender, titled);
    }
    loop {
        // "German Chancellor Angela Merkel": the adjective, then the title
        let hit = hits.iter().find(|hit| hit.tokens.start == range.start);
        let after = hit.map_or(range.start, |hit| hit.tokens.end);
        if let Some(len) = title_at(view, after, range.end) {
            let title = after..after + len;
            gender = view.title(&title).and_then(|(_, gender)| gender).or(gender);
            titled = true;
            range.start = title.end;
            continue;
        }
        let starts_with_title = hit.is_none() && title_at(view, range.start, range.end).is_some();
        let lower = !view.is_capitalised(range.start)
            && !is_particle(view.word(range.start))
            && range.end - range.start > 1;
        if lower && !starts_with_title {
            range.start += 1;
            continue;
        }
        return (range, gender, titled);
    }
}

/// Length of the longest title that starts at a token and leaves something of the name.
fn title_at(view: &View<'_>, start: u32, end: u32) -> Option<u32> {
    let longest = 4.min(end.saturating_sub(start + 1));
    (1..=longest).rev().find(|len| {
        let title = start..start + len;
        if view.title(&title).is_none() {
            return false;
        }
        // first names that are titles as well
        let word = view.word(start);
        let name = matches!(
            word,
            "Dean" | "Earl" | "Don" | "Duke" | "Baron" | "Canon" | "King"
        );
        !(name && *len == 1)
    })
}

/// Parts of names that are written small: "de Gaulle", "al-Assad"; more than writers drop.
fn is_particle(word: &str) -> bool {
    names::is_particle(word)
        || matches!(
            word,
            "la" | "le" | "abu" | "ould" | "ben" | "ter" | "an" | "as"
        )
}

/// The reading of a form in its place, or `None` where it is not what the lexicons know.
fn choose(view: &View<'_>, hit: &Hit<'_>, kind: Option<NameKind>, titled: bool) -> Option<Sense> {
    let text = view.slice(&hit.tokens);
    let single = hit.tokens.len() == 1;
    let known = |wanted: fn(&Sense) -> bool| hit.senses.iter().copied().find(wanted);
    let country = |sense: &Sense| {
        matches!(sense.referent, Referent::Country(_)) && matches!(sense.form, Form::Name)
    };
    if kind == Some(NameKind::Person) {
        // Jordan, Chad, Georgia, Washington: the tagger knows better, except for letters
        let letters = known(|sense| sense.form == Form::Acronym);
        let plain = known(|sense| {
            matches!(sense.referent, Referent::Country(_))
                && matches!(sense.form, Form::Name | Form::Adjective)
        });
        // "Le Figaro"
        let body = known(|sense| {
            matches!(sense.referent, Referent::Organisation(_)) && sense.form == Form::Name
        });
        let body = body.filter(|_| !single && !titled);
        let plain = plain.filter(|_| !titled && !is_first_name(view, text));
        // "Paris said": no man of that name stands in the text
        let seat = known(|sense| {
            matches!(sense.referent, Referent::Country(_)) && sense.form == Form::Capital
        });
        let seat = seat.filter(|_| !titled);
        return letters.or(body).or(plain).or(seat);
    }
    let adjective = known(|sense| sense.form == Form::Adjective);
    // "Luxembourg", "New Zealand", "Saudi": noun or adjective
    if let (Some(name), Some(adjective)) = (known(country), adjective) {
        let attributive = matches!(view.upos(hit.tokens.end - 1), Upos::Adj);
        return Some(if attributive { adjective } else { name });
    }
    if let Some(name) = known(country) {
        return Some(name);
    }
    if let Some(sense) = known(|s| {
        matches!(s.referent, Referent::Organisation(_))
            && matches!(s.form, Form::Name | Form::Acronym)
    }) {
        return Some(sense);
    }
    if let Some(adjective) = adjective {
        return Some(adjective);
    }
    if single && kind == Some(NameKind::Organisation) {
        // a city's or region's name for a team or a paper
        let place = known(|s| matches!(s.referent, Referent::Place(_)));
        return known(|s| s.form == Form::Seat)
            .or_else(|| known(|s| matches!(s.form, Form::Capital | Form::Short)))
            .or(place);
    }
    // "Brussels": the Union rather than Belgium, if it is no city
    known(|s| s.form == Form::Seat).or(hit.senses.first().copied())
}

fn is_first_name(view: &View<'_>, text: &str) -> bool {
    view.lexicons.first_name(&text.to_lowercase()).is_some()
}

/// Takes a form that the tagger did not see, where it is sure enough.
fn untagged(view: &View<'_>, hit: &Hit<'_>, drafts: &mut Vec<Draft>) {
    let text = view.slice(&hit.tokens);
    let single = hit.tokens.len() == 1;
    let Some(sense) = choose(view, hit, None, false) else {
        return;
    };
    // a piece of a longer name that the tagger passed over: "Michael Jordan", "Air France"
    let proper = |token: u32| view.upos(token) == Upos::Propn && view.is_capitalised(token);
    let sentence = view.sentence(hit.tokens.start);
    let follows = sentence.start < hit.tokens.start && proper(hit.tokens.start - 1);
    let leads = hit.tokens.end < sentence.end && proper(hit.tokens.end);
    let sure = match (sense.referent, sense.form) {
        (Referent::Country(_), Form::Name) => {
            let titled = view.title_before(hit.tokens.start).is_some();
            !(single && (is_first_name(view, text) || text == "Turkey") && (follows || leads))
                && !(single && titled && is_first_name(view, text))
                && text.len() > 1
                && !(text == "US" && is_shouting(view, &sentence))
        }
        (Referent::Country(_), Form::Adjective) => true,
        (Referent::Country(_), Form::Capital | Form::Seat) => !follows && !leads,
        (Referent::Organisation(_), Form::Name) => {
            let inside = sentence.start < hit.tokens.start && !follows && !leads;
            !single || inside && proper(hit.tokens.start) && !is_common_word(text)
        }
        (Referent::Organisation(_), Form::Acronym) => {
            let letters = text.bytes().filter(|b| b.is_ascii_alphabetic()).count();
            let bracketed = in_brackets(view, hit.tokens.start);
            (letters >= 3 && text != "SEC" || matches!(text, "EU" | "UN" | "U.N.") || bracketed)
                && (text.contains(char::is_uppercase) || bracketed)
                && !is_shouting(view, &sentence)
        }
        // "Conservative" at the start of a sentence may be any conservative
        (Referent::Organisation(_), Form::Adjective) => {
            text.ends_with('s')
                || sentence.start < hit.tokens.start
                || text.starts_with("Tor")
                || is_before_politician(view, hit.tokens.end)
        }
        (Referent::Place(_), Form::Name) => !follows && !leads,
        (Referent::Place(_), Form::Adjective) => true,
        _ => false,
    };
    if !sure
        || drafts
            .last()
            .is_some_and(|last| last.tokens.end > hit.tokens.start)
    {
        return;
    }
    drafts.push(Draft {
        tokens: hit.tokens.clone(),
        kind: Kind::Known(sense),
        gender: None,
        titled: false,
        tagged: false,
    });
}

/// "**Republican** Senator Ada Holm", "**Democrat** Carl Berg": a politician's title or first name.
fn is_before_politician(view: &View<'_>, token: u32) -> bool {
    let office = matches!(
        view.word(token).to_lowercase().trim_end_matches('.'),
        "senator"
            | "senators"
            | "sen"
            | "rep"
            | "congressman"
            | "congresswoman"
            | "governor"
            | "gov"
            | "mp"
            | "mps"
            | "mep"
            | "lawmaker"
            | "lawmakers"
            | "presidential"
            | "candidate"
            | "nominee"
            | "politician"
            | "whip"
            | "frontrunner"
            | "minority"
            | "congressional"
    );
    office || view.is_capitalised(token) && is_first_name(view, view.word(token))
}

/// Names of organisations that are words of daily use, names of people or places as well.
fn is_common_word(text: &str) -> bool {
    matches!(
        text,
        "Amazon"
            | "Amnesty"
            | "Bild"
            | "Commons"
            | "Congress"
            | "Facebook"
            | "Guardian"
            | "Labour"
            | "Lords"
            | "Senate"
            | "Solidarity"
            | "Spiegel"
            | "Wagner"
            | "Twitter"
    )
}

/// Whether a token stands in brackets, as agencies do that a report is credited to.
fn in_brackets(view: &View<'_>, token: u32) -> bool {
    let opening =
        (token.saturating_sub(8)..token)
            .rev()
            .find_map(|before| match view.word(before) {
                "(" | "[" => Some(true),
                ")" | "]" | "." => Some(false),
                _ => None,
            });
    opening == Some(true)
}

/// Whether a sentence is written in capitals, as some headlines are.
fn is_shouting(view: &View<'_>, sentence: &Range<u32>) -> bool {
    let text = view.slice(sentence);
    text.len() > 8 && !text.contains(char::is_lowercase)
}

/// One string, one type: the majority of a document decides about names of which the tagger was
/// not sure, and a surname of a person named in full is a person.
fn harmonise(view: &View<'_>, drafts: &mut [Draft]) {
    // counts by type, and the type that came first
    let mut votes: FxHashMap<String, ([u32; 3], usize)> = FxHashMap::default();
    let mut surnames: FxHashMap<String, u32> = FxHashMap::default();
    // first words of firms and bodies: "Norvik" of "Norvik Energy"
    let mut firms: FxHashSet<String> = FxHashSet::default();
    let idx_of = |kind: Kind| match kind {
        Kind::Person => Some(0),
        Kind::Organisation => Some(1),
        Kind::Place => Some(2),
        Kind::Known(_) => None,
    };
    for draft in drafts.iter() {
        let Some(idx) = idx_of(draft.kind) else {
            continue;
        };
        let key = fold(view.slice(&draft.tokens));
        if idx == 0
            && draft.tokens.len() > 1
            && let Some(last) = key.rsplit(' ').next()
        {
            *surnames.entry(last.to_owned()).or_default() += 1;
        }
        if idx == 1
            && let Some((first, rest)) = key.split_once(' ')
            && is_generic(rest)
        {
            firms.insert(first.to_owned());
        }
        let (counts, _) = votes.entry(key).or_insert(([0; 3], idx));
        counts[idx] += 1 + u32::from(draft.titled && idx == 0);
    }
    for draft in drafts.iter_mut() {
        let Some(idx) = idx_of(draft.kind) else {
            continue;
        };
        let key = fold(view.slice(&draft.tokens));
        if idx != 0 && draft.tokens.len() == 1 && surnames.contains_key(&key) {
            draft.kind = Kind::Person;
            continue;
        }
        let text = view.slice(&draft.tokens);
        if idx != 1
            && !draft.titled
            && firms.contains(&key)
            && !surnames.contains_key(&key)
            && !is_first_name(view, text)
            && view.lexicons.city(text).is_none()
            && view.lexicons.senses(text).is_empty()
        {
            draft.kind = Kind::Organisation;
            continue;
        }
        // a team or paper of the city would not stand after "in"
        let city = view.lexicons.city(text).is_some()
            || view
                .lexicons
                .senses(text)
                .iter()
                .any(|sense| sense.form == Form::Capital);
        let before = view.before(draft.tokens.start);
        let placed = matches!(before, "in" | "In" | "near" | "outside");
        if idx == 1 && city && (placed || votes.get(&key).is_some_and(|(counts, _)| counts[2] > 0))
        {
            draft.kind = Kind::Place;
            continue;
        }
        let Some(&(counts, first)) = votes.get(&key) else {
            continue;
        };
        let best = (0..3).max_by_key(|&other| (counts[other], other == first));
        if let Some(best) = best
            && best != idx
        {
            draft.kind = [Kind::Person, Kind::Organisation, Kind::Place][best];
        }
    }
}
