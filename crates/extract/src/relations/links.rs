//! Relations that no trigger word states, only the way two mentions stand together: "X in Y",
//! "Sydney, Australia", "German carmaker X", "Tokyo's Hosei University".

use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos, Xpos};

use super::language::{Class, Link, Rule, RuleSet, type_bit};
use super::roles;
use super::syntax::{Arg, NONE, Tree};
use super::{Match, mask_fits, words};

/// Two mentions that a link joins; the first is the one described.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The described mention.
    pub subject: Arg,
    /// What it is linked to.
    pub object: Arg,
    /// Token that carries the link.
    pub trigger: u32,
}

/// Matches of the rules without trigger words. Where a title or other role already says how two
/// are related, a link between them says nothing more.
pub fn match_links(rules: &RuleSet, tree: &Tree<'_>, matches: &mut Vec<Match>) {
    let mut related: rustc_hash::FxHashSet<(u32, u32)> = rustc_hash::FxHashSet::default();
    for one in matches.iter() {
        if rules
            .rules
            .get(one.rule as usize)
            .is_some_and(|rule| rule.class == Class::Role)
        {
            let (a, b) = (one.subject.entity, one.object.entity);
            related.insert((a, b));
        }
    }
    let mut found = Vec::new();
    for mention in 0..tree.layer.mentions.len() {
        for &index in &rules.links {
            let Some(rule) = rules.rules.get(index as usize) else {
                continue;
            };
            let Class::Link(link) = rule.class else {
                continue;
            };
            let entity = tree.layer.mentions[mention].entity;
            let described = match link {
                Link::Being | Link::Same | Link::Possessor => rule.object_types,
                _ => rule.subject_types,
            };
            if type_bit(tree.kind(entity)) & described == 0 {
                continue;
            }
            found.clear();
            pairs(tree, link, mention, &mut found);
            for pair in &found {
                let known = (pair.subject.entity, pair.object.entity);
                if pair.subject.entity == pair.object.entity
                    || !mask_fits(tree, rule.subject_types, &pair.subject)
                    || !mask_fits(tree, rule.object_types, &pair.object)
                    || related.contains(&known)
                    || !name_fits(rules, tree, rule, mention)
                {
                    continue;
                }
                matches.push(Match {
                    subject: pair.subject,
                    object: pair.object,
                    rule: index,
                    trigger: (pair.trigger, pair.trigger),
                    predicate: if matches!(link, Link::Being | Link::Same) {
                        pair.object.token
                    } else {
                        NONE
                    },
                    title: None,
                });
            }
        }
    }
}

/// For links, `with-object` and `without-object` look at the words of the described name.
fn name_fits(rules: &RuleSet, tree: &Tree<'_>, rule: &Rule, mention: usize) -> bool {
    let tokens = tree.layer.mentions[mention].tokens.clone();
    let holds = |set: u32| {
        rules
            .sets
            .get(set as usize)
            .is_some_and(|set| tokens.clone().any(|token| tree.is_in(token, set)))
    };
    rule.with_object.is_none_or(holds) && !rule.without_object.is_some_and(holds)
}

/// All pairs that a link joins at this mention, looking from the mention to its surroundings.
pub fn pairs(tree: &Tree<'_>, link: Link, mention: usize, out: &mut Vec<Pair>) {
    let Some(found) = tree.layer.mentions.get(mention) else {
        return;
    };
    let whole = tree.name_mention[found.head as usize];
    // only whole names are described, not the names inside names
    if found.kind == MentionKind::Name && whole != NONE && whole as usize != mention {
        return;
    }
    if found.kind == MentionKind::Pronoun {
        return;
    }
    // "NATO" in "Ukraine's NATO membership" is not what the possessor or adjective describes, but
    // "the Moabit district" is
    let anchor = anchor(tree, found.head, found.tokens.end);
    let described = !(matches!(
        tree.rel(found.head),
        DepRel::Compound | DepRel::NmodPoss | DepRel::Amod
    ) && tree.head(found.head) >= found.tokens.end)
        || anchor != found.head
        || (found.tokens.end < tree.len() && tree.xpos(found.tokens.end) == Xpos::Pos);
    if !described && matches!(link, Link::Descriptor | Link::Possessive) {
        return;
    }
    let subject = Arg {
        token: found.head,
        entity: found.entity,
        certainty: if found.kind == MentionKind::Name {
            1.0
        } else {
            0.88
        },
    };
    match link {
        // "Alpine towns in Austria"
        Link::In if tree.upos(found.head) == Upos::Adj => {}
        // "signed the contract with Norvik in Oslo": where it was signed
        Link::In if is_party(tree, found.head) => {}
        Link::In if is_landmark(tree, found.head) => {}
        Link::In => {
            prep(tree, subject, anchor, &["in", "at"], out);
            if out.is_empty() {
                place_behind(tree, subject, found.tokens.end, out);
            }
        }
        Link::Of if tree.kind(found.entity) == EntityType::Place => {
            if anchor >= found.tokens.end && of_larger(tree, anchor) {
                prep(tree, subject, anchor, &["of"], out);
            }
        }
        Link::Of => {
            prep(tree, subject, found.head, &["of"], out);
            if tree.kind(found.entity) == EntityType::Person {
                own_country(tree, subject, found.tokens.end, out);
            }
            if out.is_empty() && tree.says(found.tokens.end, ",") {
                name_behind(tree, subject, found.tokens.end, "of", out);
            }
            // "King Abdullah of Jordan" rules it
            if is_styled(tree, found.tokens.clone()) {
                out.retain(|pair| tree.kind(pair.object.entity) != EntityType::Country);
            }
        }
        Link::At => prep(tree, subject, found.head, &["at", "for", "with"], out),
        Link::From => {
            prep(tree, subject, found.head, &["from"], out);
            if out.is_empty() {
                name_behind(tree, subject, found.tokens.end, "from", out);
            }
        }
        Link::Comma => {
            if found.kind == MentionKind::Name {
                comma(tree, subject, found.tokens.end, out);
            }
        }
        Link::Descriptor => descriptor(tree, subject, mention, out),
        Link::Possessive => possessive(tree, subject, mention, out),
        Link::Possessor => {
            // seen from what is possessed, which must itself be what the phrase is about
            if described {
                possessive(tree, subject, mention, out);
                for pair in out {
                    std::mem::swap(&mut pair.subject, &mut pair.object);
                }
            }
        }
        Link::Bracket => bracket(tree, subject, found.tokens.end, out),
        Link::Being => being(tree, subject, out),
        Link::Same => {
            if found.kind == MentionKind::Demonym {
                same(tree, subject, out);
            }
        }
    }
}

/// Whether a name is one word, or the title of a ruler or office stands in front of it: "Queen Ada
/// Holm of Norvik", but "driver Ada Holm of Norway".
fn is_styled(tree: &Tree<'_>, name: std::ops::Range<u32>) -> bool {
    const STYLES: [&str; 24] = [
        "king",
        "queen",
        "prince",
        "princess",
        "duke",
        "duchess",
        "emperor",
        "empress",
        "emir",
        "sheikh",
        "sultan",
        "pope",
        "bishop",
        "archbishop",
        "patriarch",
        "cardinal",
        "president",
        "premier",
        "chancellor",
        "minister",
        "ambassador",
        "governor",
        "secretary",
        "general",
    ];
    let style = |at: u32| STYLES.iter().any(|word| tree.says(at, word));
    let title = name.start.checked_sub(1).is_some_and(style) || name.clone().any(style);
    let person = tree
        .mention_of(name.start)
        .is_some_and(|arg| tree.kind(arg.entity) == EntityType::Person);
    person && (title || name.len() < 2)
}

/// Of "Ada Holm of Mali beat Ivan Lund **of Togo**" Togo is Lund's, whatever the tree says.
fn own_country(tree: &Tree<'_>, subject: Arg, end: u32, out: &mut Vec<Pair>) {
    let person = |token: u32| {
        tree.name_mention[token as usize] != NONE
            && tree
                .mention_of(token)
                .is_some_and(|arg| tree.kind(arg.entity) == EntityType::Person)
    };
    let country = |arg: &Arg| tree.kind(arg.entity) == EntityType::Country;
    out.retain(|pair| !country(&pair.object) || !(end..pair.trigger).any(person));
    if !out.is_empty() || !tree.says(end, "of") {
        return;
    }
    let at = end + 1 + u32::from(tree.says(end + 1, "the"));
    if at >= tree.len() || tree.name_mention[at as usize] == NONE {
        return;
    }
    if let Some(object) = tree.mention_of(at).filter(country)
        && tree.rel(object.token) == DepRel::Nmod
        && person(tree.head(object.token))
    {
        out.push(Pair {
            subject,
            object,
            trigger: end,
        });
    }
}

/// "the Urgun district **of Paktika province**", "the Moabit district **of western Berlin**": what
/// follows is larger, unlike in "the Berlin district of Moabit".
fn of_larger(tree: &Tree<'_>, district: u32) -> bool {
    let mut behind = Vec::new();
    tree.attached(district, "of", &mut behind);
    behind.iter().any(|&token| {
        let sort = tree.is(token, words::PLACE) && tree.name_mention[token as usize] == NONE;
        let part = tree.children(token).iter().any(|&child| {
            matches!(tree.rel(child), DepRel::Amod | DepRel::Compound)
                && tree.name_mention[child as usize] == NONE
                && [
                    "northern", "southern", "eastern", "western", "central", "north", "south",
                    "east", "west",
                ]
                .iter()
                .any(|side| tree.lemma(child).starts_with(side))
        });
        sort || part
    })
}

/// Whether a mention is an organisation that something is done with, and no site by its name.
fn is_party(tree: &Tree<'_>, head: u32) -> bool {
    let organisation = tree
        .mention_of(head)
        .is_some_and(|arg| tree.kind(arg.entity) == EntityType::Organisation);
    let above = tree.head(head);
    // "a meeting **of** the Council in Nairobi", "a role **for** Norvik in Mali"
    let takes_part = tree.rel(head) == DepRel::Nmod
        && (tree.is(above, words::OCCASION) || matches!(tree.lemma(above), "role" | "session"))
        && (["of", "for", "by"].iter()).any(|prep| tree.has_case(head, prep));
    organisation
        && !tree.is(head, words::SITE)
        && (takes_part
            || matches!(tree.rel(head), DepRel::Obl | DepRel::Nmod) && tree.has_case(head, "with"))
}

/// "south of **London** in Kent": what lies there is not the place one is south of.
pub(super) fn is_landmark(tree: &Tree<'_>, head: u32) -> bool {
    let points = [
        "north",
        "south",
        "east",
        "west",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
        "outside",
        "ahead",
    ];
    let start = (tree.layer.mentions)
        .get(tree.name_mention[head as usize] as usize)
        .map_or(head, |mention| mention.tokens.start);
    let beside = start >= 1 && tree.says(start - 1, "outside");
    beside
        || start >= 2
            && tree.says(start - 1, "of")
            && points.iter().any(|point| tree.says(start - 2, point))
}

/// "Ada Holm is Norwegian", "Ada Holm, a Norwegian": the demonym is the predicate or apposition.
fn same(tree: &Tree<'_>, demonym: Arg, out: &mut Vec<Pair>) {
    let mut tokens = Vec::new();
    if tree.child(demonym.token, &[DepRel::Cop]).is_some() {
        tree.surface_subjects(demonym.token, &mut tokens);
    } else if tree.rel(demonym.token) == DepRel::Appos {
        tokens.push(tree.head(demonym.token));
    }
    for token in tokens {
        if let Some(subject) = tree.mention_of(token) {
            out.push(Pair {
                subject,
                object: demonym,
                trigger: demonym.token,
            });
        }
    }
}

/// "She was in Kenya": the mention is the place, and the predicate.
fn being(tree: &Tree<'_>, place: Arg, out: &mut Vec<Pair>) {
    let Some(copula) = tree.child(place.token, &[DepRel::Cop]) else {
        return;
    };
    if !tree.has_case(place.token, "in") {
        return;
    }
    let mut tokens = Vec::new();
    tree.surface_subjects(place.token, &mut tokens);
    for token in tokens {
        if let Some(subject) = tree.refer_one(token) {
            out.push(Pair {
                subject,
                object: place,
                trigger: copula,
            });
        }
    }
}

/// The word that the dependents of a name hang on: the noun behind it in "the Ifo think tank in
/// Munich", "Raqqa province in northern Syria"; else the name itself.
fn anchor(tree: &Tree<'_>, head: u32, end: u32) -> u32 {
    let noun = tree.head(head);
    let behind = end <= noun && noun < end.saturating_add(4) && tree.rel(head) == DepRel::Compound;
    let sorts = words::KIND | words::SITE | words::PLACE;
    // "the city of Jena in the state of Thuringia"
    let of = noun < head
        && tree.rel(head) == DepRel::Nmod
        && tree.has_case(head, "of")
        && tree.is(noun, words::PLACE);
    if (of || behind && tree.is(noun, sorts)) && tree.name_mention[noun as usize] == NONE {
        noun
    } else {
        head
    }
}

/// "Petra Hahn (CDU)": nothing but a name in brackets behind a name.
fn bracket(tree: &Tree<'_>, subject: Arg, end: u32, out: &mut Vec<Pair>) {
    if !tree.says(end, "(") {
        return;
    }
    let Some(inner) = tree
        .name_mention
        .get(end as usize + 1)
        .and_then(|&mention| tree.layer.mentions.get(mention as usize))
    else {
        return;
    };
    let closed = tree.says(inner.tokens.end, ")") || tree.says(inner.tokens.end, ",");
    if inner.tokens.start == end + 1 && inner.entity != subject.entity && closed {
        let object = Arg {
            token: inner.head,
            entity: inner.entity,
            certainty: 1.0,
        };
        out.push(Pair {
            subject,
            object,
            trigger: end,
        });
    }
}

fn prep(tree: &Tree<'_>, subject: Arg, anchor: u32, preps: &[&str], out: &mut Vec<Pair>) {
    for &child in tree.children(anchor) {
        if child < subject.token
            || tree.rel(child) != DepRel::Nmod
            || !preps.iter().any(|prep| tree.has_case(child, prep))
        {
            continue;
        }
        let Some(case) = tree.child(child, &[DepRel::Case]) else {
            continue;
        };
        if nearer(tree, subject, case) {
            continue;
        }
        let mut objects = Vec::new();
        tree.refer(child, &mut objects);
        if objects.is_empty() && tree.is(child, words::SITE | words::KIND) {
            objects.extend(tree.owner(child));
        }
        for object in objects {
            out.push(Pair {
                subject,
                object,
                trigger: case,
            });
        }
    }
}

/// "Lima in Peru and **Quito** in Ecuador": the second place is another name's, whatever the tree
/// says.
fn nearer(tree: &Tree<'_>, subject: Arg, case: u32) -> bool {
    let name = |token: u32| {
        tree.layer
            .mentions
            .get(tree.name_mention[token as usize] as usize)
    };
    let Some(before) = case.checked_sub(1).and_then(name) else {
        return false;
    };
    let joined = before.tokens.start.checked_sub(1);
    before.entity != subject.entity
        && tree.kind(before.entity) == tree.kind(subject.entity)
        && joined.is_some_and(|at| tree.says(at, "and") || tree.says(at, "or"))
}

/// "Ada Holm, 42, from Oslo" where the tree hung the place on the age, "Ada Holm, of the
/// Oslo-based Norvik Institute".
fn name_behind(tree: &Tree<'_>, subject: Arg, end: u32, prep: &str, out: &mut Vec<Pair>) {
    let mut at = end;
    if tree.says(at, ",") && at + 2 < tree.len() && tree.upos(at + 1) == Upos::Num {
        at += 2;
    }
    if tree.says(at, ",") {
        at += 1;
    }
    if at == end || !tree.says(at, prep) {
        return;
    }
    let trigger = at;
    at += 1;
    if at < tree.len() && tree.upos(at) == Upos::Det {
        at += 1;
    }
    if tree.says(at + 1, "-") && tree.says(at + 2, "based") {
        at += 3;
    }
    let mention = tree
        .name_mention
        .get(at as usize)
        .and_then(|&mention| tree.layer.mentions.get(mention as usize));
    if let Some(mention) = mention
        && mention.tokens.start == at
        && mention.kind == MentionKind::Name
    {
        let object = Arg {
            token: mention.head,
            entity: mention.entity,
            certainty: 0.95,
        };
        out.push(Pair {
            subject,
            object,
            trigger,
        });
    }
}

/// "the Landesmuseum in Mainz" where the tree hung "in Mainz" on another noun.
fn place_behind(tree: &Tree<'_>, subject: Arg, end: u32, out: &mut Vec<Pair>) {
    if end + 1 >= tree.len() || !tree.says(end, "in") {
        return;
    }
    let mut at = end + 1;
    while at < (end + 6).min(tree.len()) {
        let mention = tree
            .layer
            .mentions
            .get(tree.name_mention[at as usize] as usize);
        if let Some(mention) = mention {
            // "in Kano in northern Nigeria": of a place in a place the tree may say anything
            let nested = tree.kind(subject.entity) == EntityType::Place;
            let hangs = tree.rel(mention.head) == DepRel::Nmod
                || (nested && tree.rel(mention.head) == DepRel::Obl);
            if mention.kind == MentionKind::Name && hangs {
                let object = Arg {
                    token: mention.head,
                    entity: mention.entity,
                    certainty: 0.92,
                };
                out.push(Pair {
                    subject,
                    object,
                    trigger: end,
                });
            }
            return;
        }
        let of = tree.says(at, "of") && tree.is(at - 1, words::PLACE | words::PART);
        if !of && !matches!(tree.upos(at), Upos::Det | Upos::Adj | Upos::Noun) {
            return;
        }
        at += 1;
    }
}

/// "City, Country" closed by a comma, a full stop or the end; never a list of cities.
/// "a town", "a small village".
pub(super) fn unnamed_town(tree: &Tree<'_>, noun: u32) -> bool {
    tree.is(noun, words::PLACE)
        && tree.name_mention[noun as usize] == NONE
        && tree
            .child(noun, &[DepRel::Det])
            .is_some_and(|det| tree.says(det, "a") || tree.says(det, "an"))
}

fn comma(tree: &Tree<'_>, subject: Arg, mut end: u32, out: &mut Vec<Pair>) {
    let n = tree.len();
    // "Fukushima prefecture, Japan"
    if end < n && tree.is(end, words::PLACE) {
        end += 1;
    }
    if end + 1 >= n || !tree.says(end, ",") {
        return;
    }
    // "a town in western Dagestan, Khasavyurt": the name of the town
    let town = tree.head(subject.token);
    if tree.rel(subject.token) == DepRel::Nmod && unnamed_town(tree, town) {
        return;
    }
    let mut start = end + 1;
    // "Halberstadt, eastern Germany", "Niigata, in northern Japan"
    if tree.says(start, "in") {
        start += 1;
    }
    if start < n && tree.upos(start) == Upos::Adj && tree.name_mention[start as usize] == NONE {
        start += 1;
    }
    // "Den Bosch, the Netherlands"
    let article = tree.says(start, "the") && tree.name_mention[start as usize] == NONE;
    if article {
        start += 1;
    }
    let Some(next) = tree
        .name_mention
        .get(start as usize)
        .and_then(|&mention| tree.layer.mentions.get(mention as usize))
    else {
        return;
    };
    if next.tokens.start != start
        || next.kind != MentionKind::Name
        || (article && tree.kind(next.entity) != EntityType::Country)
    {
        return;
    }
    let after = next.tokens.end;
    // "held in Fort Hood, Texas instead of"
    let first = tree
        .layer
        .mentions
        .get(tree.name_mention[subject.token as usize] as usize);
    let at_place = first
        .and_then(|first| first.tokens.start.checked_sub(1))
        .is_some_and(|at| {
            ["in", "at", "near", "of"]
                .iter()
                .any(|prep| tree.says(at, prep))
        });
    let goes_on = after < n
        && at_place
        && matches!(tree.upos(after), Upos::Adp | Upos::Adv | Upos::Sconj)
        && !tree.says(after, "to")
        && !tree.says(after, "in");
    let closed = goes_on
        || after >= n
        || matches!(
            tree.text(after),
            "," | "." | ";" | ":" | ")" | "-" | "–" | "—" | "\"" | "”"
        )
        || (tree.kind(next.entity) == EntityType::Country
            && tree.xpos(after) != Xpos::Pos
            && !matches!(
                tree.upos(after),
                Upos::Cconj | Upos::Verb | Upos::Aux | Upos::Noun | Upos::Propn
            ));
    if !closed {
        return;
    }
    // a list goes on behind the comma, or stood before
    if after + 1 < n
        && tree.says(after, ",")
        && (tree.name_mention[after as usize + 1] != NONE
            || (tree.upos(after + 1) == Upos::Cconj
                && !(after + 2 < n && matches!(tree.upos(after + 2), Upos::Verb | Upos::Aux))))
    {
        return;
    }
    let start = tree
        .layer
        .mentions
        .get(tree.name_mention[subject.token as usize] as usize);
    if let Some(start) = start.map(|mention| mention.tokens.start)
        && start >= 2
        && tree.says(start - 1, ",")
        && tree.name_mention[start as usize - 2] != NONE
    {
        return;
    }
    let object = Arg {
        token: next.head,
        entity: next.entity,
        certainty: 1.0,
    };
    out.push(Pair {
        subject,
        object,
        trigger: end,
    });
}

/// A nationality, country or place in front of common nouns in front of a name: "the Turkish
/// newspaper Cumhuriyet"; or inside a nominal: "the Swiss firm".
fn descriptor(tree: &Tree<'_>, subject: Arg, mention: usize, out: &mut Vec<Pair>) {
    let Some(found) = tree.layer.mentions.get(mention) else {
        return;
    };
    let mut at = if found.kind == MentionKind::Nominal {
        found.head
    } else {
        found.tokens.start
    };
    let mut nouns = u32::from(found.kind == MentionKind::Nominal);
    let mut noun = at;
    let sentence = tree.parsed.sentence_of(at);
    for _ in 0..7 {
        let Some(before) = at.checked_sub(1) else {
            return;
        };
        at = before;
        if tree.parsed.sentence_of(at) != sentence {
            return;
        }
        if let Some(other) = tree
            .layer
            .mentions
            .get(tree.name_mention[at as usize] as usize)
        {
            let country = tree.kind(other.entity) == EntityType::Country;
            let demonym = other.kind == MentionKind::Demonym;
            // "the **Chinese**-language site X", "the Iranian-backed militia X"
            if super::complements::is_half_of_word(tree, other.tokens.end) {
                return;
            }
            // "Norwegian Jostein Gaarder"
            let plain = nouns == 0 && demonym && found.kind == MentionKind::Name;
            // "Athens newspaper X"
            let seat = tree.kind(other.entity) == EntityType::Place
                && tree.kind(found.entity) == EntityType::Organisation
                && tree.is(other.tokens.end, words::KIND)
                && other.kind == MentionKind::Name;
            // "Syria expert X" is no Syrian; "US singer X" is American
            let short = other.tokens.len() == 1
                && tree.text(at).len() <= 4
                && tree
                    .text(at)
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c == '.');
            let person = tree.kind(found.entity) == EntityType::Person;
            let nationality = demonym || (country && (short || !person));
            // "Republican Ada Holm"
            let partisan = nouns == 0
                && person
                && other.tokens.end == found.tokens.start
                && tree.kind(other.entity) == EntityType::Organisation;
            let stated = (nouns > 0 && nationality) || (person && plain) || seat || partisan;
            if other.entity != found.entity && stated {
                let object = Arg {
                    token: other.head,
                    entity: other.entity,
                    certainty: 0.97,
                };
                let both = [Some(object), roles::other_half(tree, object)];
                out.extend(both.into_iter().flatten().map(|object| Pair {
                    subject,
                    object,
                    trigger: noun,
                }));
            }
            return;
        }
        // "the Italian daily X", "German news weekly, X"
        if tree.is(at, words::KIND) {
            nouns += 1;
            noun = at;
            continue;
        }
        if nouns == 0
            && at + 1 == found.tokens.start
            && tree.says(at, ",")
            && at
                .checked_sub(1)
                .is_some_and(|kind| tree.is(kind, words::KIND))
        {
            continue;
        }
        match tree.upos(at) {
            // "US-based cleric X" says where X lives, "his Chinese counterpart" what X is
            _ if [
                "based",
                "born",
                "backed",
                "led",
                "held",
                "controlled",
                "owned",
                "counterpart",
            ]
            .iter()
            .any(|word| tree.says(at, word)) =>
            {
                return;
            }
            Upos::Noun => {
                nouns += 1;
                noun = at;
            }
            Upos::Propn if tree.is(at, words::SITE | words::KIND | words::PROFESSION) => nouns += 1,
            Upos::Adj | Upos::Num => {}
            Upos::Punct if matches!(tree.text(at), "\"" | "“" | "'" | "‘" | "-") => {}
            _ if matches!(
                tree.xpos(at),
                Xpos::Vbn | Xpos::Vbg | Xpos::Hyph | Xpos::Pos
            ) => {}
            _ => return,
        }
    }
}

/// "Tokyo's Hosei University", "Hungary's left-liberal daily Nepszabadsag".
fn possessive(tree: &Tree<'_>, subject: Arg, mention: usize, out: &mut Vec<Pair>) {
    let Some(found) = tree.layer.mentions.get(mention) else {
        return;
    };
    if found.kind != MentionKind::Name {
        return;
    }
    let mut at = found.tokens.start;
    let sentence = tree.parsed.sentence_of(at);
    let mut role = false;
    for _ in 0..6 {
        let Some(before) = at.checked_sub(1) else {
            return;
        };
        at = before;
        if tree.parsed.sentence_of(at) != sentence {
            return;
        }
        role |= tree.is(at, words::ROLE);
        if tree.xpos(at) == Xpos::Pos {
            let Some(owner) = at.checked_sub(1) else {
                return;
            };
            let Some(other) = tree
                .layer
                .mentions
                .get(tree.name_mention[owner as usize] as usize)
            else {
                return;
            };
            // "Opel's parent company X" says something else of X
            let both = |kind| tree.kind(other.entity) == kind && tree.kind(found.entity) == kind;
            if role && both(EntityType::Organisation) {
                return;
            }
            if other.entity != found.entity && other.kind == MentionKind::Name {
                let object = Arg {
                    token: other.head,
                    entity: other.entity,
                    certainty: 1.0,
                };
                out.push(Pair {
                    subject,
                    object,
                    trigger: at,
                });
            }
            return;
        }
        let inside = matches!(
            tree.upos(at),
            Upos::Noun | Upos::Adj | Upos::Adv | Upos::Propn
        ) || matches!(tree.xpos(at), Xpos::Hyph | Xpos::OpenQuote | Xpos::Vbn)
            || tree.says(at, "-");
        if !inside || tree.name_mention[at as usize] != NONE {
            return;
        }
    }
}
