//! Relations that no trigger word states, only the way two mentions stand together: "X in Y",
//! "Sydney, Australia", "German carmaker X", "Tokyo's Hosei University".

use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos, Xpos};

use super::language::Link;
use super::syntax::{Arg, NONE, Tree};
use super::words;

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
    // "NATO" in "Ukraine's NATO membership" is not what the possessor or adjective describes
    let described = !(matches!(
        tree.rel(found.head),
        DepRel::Compound | DepRel::NmodPoss | DepRel::Amod
    ) && tree.head(found.head) >= found.tokens.end)
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
        Link::In => {
            prep(tree, subject, &["in", "at"], out);
            if out.is_empty() {
                place_behind(tree, subject, found.tokens.end, out);
            }
        }
        Link::Of => prep(tree, subject, &["of", "at", "for", "with"], out),
        Link::From => prep(tree, subject, &["from"], out),
        Link::Comma => {
            if found.kind == MentionKind::Name {
                comma(tree, subject, found.tokens.end, out);
            }
        }
        Link::Descriptor => descriptor(tree, subject, mention, out),
        Link::Possessive => possessive(tree, subject, mention, out),
        Link::Being => being(tree, subject, out),
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

fn prep(tree: &Tree<'_>, subject: Arg, preps: &[&str], out: &mut Vec<Pair>) {
    for &child in tree.children(subject.token) {
        if tree.rel(child) != DepRel::Nmod || !preps.iter().any(|prep| tree.has_case(child, prep)) {
            continue;
        }
        let Some(case) = tree.child(child, &[DepRel::Case]) else {
            continue;
        };
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

/// "the Landesmuseum in Mainz" where the tree hung "in Mainz" on another noun.
fn place_behind(tree: &Tree<'_>, subject: Arg, end: u32, out: &mut Vec<Pair>) {
    if end + 1 >= tree.len() || !tree.says(end, "in") {
        return;
    }
    let mut at = end + 1;
    while at < (end + 4).min(tree.len()) {
        let mention = tree
            .layer
            .mentions
            .get(tree.name_mention[at as usize] as usize);
        if let Some(mention) = mention {
            if mention.kind == MentionKind::Name && tree.rel(mention.head) == DepRel::Nmod {
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
        if !matches!(tree.upos(at), Upos::Det | Upos::Adj | Upos::Noun) {
            return;
        }
        at += 1;
    }
}

/// "City, Country" closed by a comma, a full stop or the end; never a list of cities.
fn comma(tree: &Tree<'_>, subject: Arg, end: u32, out: &mut Vec<Pair>) {
    let n = tree.len();
    if end + 1 >= n || !tree.says(end, ",") {
        return;
    }
    let Some(next) = tree
        .layer
        .mentions
        .get(tree.name_mention[end as usize + 1] as usize)
    else {
        return;
    };
    if next.tokens.start != end + 1 || next.kind != MentionKind::Name {
        return;
    }
    let after = next.tokens.end;
    let closed = after >= n
        || matches!(
            tree.text(after),
            "," | "." | ";" | ":" | ")" | "-" | "–" | "—" | "\"" | "”"
        )
        || (tree.kind(next.entity) == EntityType::Country
            && !matches!(tree.upos(after), Upos::Cconj | Upos::Verb | Upos::Aux));
    if !closed {
        return;
    }
    // a list goes on behind the comma, or stood before
    if after + 1 < n
        && tree.says(after, ",")
        && (tree.name_mention[after as usize + 1] != NONE || tree.upos(after + 1) == Upos::Cconj)
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
    for _ in 0..7 {
        let Some(before) = at.checked_sub(1) else {
            return;
        };
        at = before;
        if let Some(other) = tree
            .layer
            .mentions
            .get(tree.name_mention[at as usize] as usize)
        {
            let country = tree.kind(other.entity) == EntityType::Country;
            let demonym = other.kind == MentionKind::Demonym;
            // "Syria expert X" is no Syrian; "US singer X" is American
            let short = other.tokens.len() == 1
                && tree.text(at).len() <= 4
                && tree
                    .text(at)
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c == '.');
            let person = tree.kind(found.entity) == EntityType::Person;
            let nationality = demonym || (country && (short || !person));
            if other.entity != found.entity && nouns > 0 && nationality {
                let object = Arg {
                    token: other.head,
                    entity: other.entity,
                    certainty: 0.97,
                };
                out.push(Pair {
                    subject,
                    object,
                    trigger: noun,
                });
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
    for _ in 0..6 {
        let Some(before) = at.checked_sub(1) else {
            return;
        };
        at = before;
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
        ) || matches!(tree.xpos(at), Xpos::Hyph | Xpos::OpenQuote);
        if !inside || tree.name_mention[at as usize] != NONE {
            return;
        }
    }
}
