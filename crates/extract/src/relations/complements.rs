//! The other ends of role nouns: what they are "of", "at", "for", or stand behind.

use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos, Xpos};

use super::language::{Path, type_bit};
use super::roles::{RoleNoun, refer_all};
use super::syntax::{Arg, NONE, Tree};
use super::words;

/// The other end of a role noun, by the paths of the rule, of the rule's types.
pub fn complements(tree: &Tree<'_>, paths: &[Path], types: u8, noun: &RoleNoun) -> Vec<Arg> {
    let fits = |arg: &Arg| type_bit(tree.kind(arg.entity)) & types != 0;
    let mut out = Vec::new();
    for path in paths {
        match path {
            Path::Of | Path::Subj => own_of(tree, noun, types, &mut out),
            Path::Prep(prep) if heads_part(tree, paths, noun, prep) => {}
            Path::Prep(prep) => {
                let mut tokens = Vec::new();
                tree.attached(noun.key, prep, &mut tokens);
                // of "the Urgun district of Paktika province" neither is the other's name
                let sorts =
                    |token: u32| tree.is(noun.key, words::PLACE) && tree.is(token, words::PLACE);
                // "the province, south **of Hanoi**"
                let beside = |token: u32| super::links::is_landmark(tree, token);
                tokens.retain(|&token| token > noun.key && !sorts(token) && !beside(token));
                refer_all(tree, &tokens, &mut out);
            }
            Path::Between => between(tree, noun.key, &mut out),
            Path::Hyphen => out.extend(hyphenated(tree, noun.words.start)),
            Path::Front => front(tree, noun, types, &mut out),
            Path::Nationality => {
                let second = nationality(tree, noun.words.start);
                out.extend(second);
                out.extend(second.and_then(|second| other_half(tree, second)));
            }
            Path::OfOblique => {
                for &child in tree.children(noun.key) {
                    if tree.rel(child) == DepRel::Nmod && child > noun.key {
                        out.extend(tree.owner(child));
                    }
                }
            }
            _ => {}
        }
        out.retain(fits);
        if !out.is_empty() {
            return out;
        }
    }
    for path in paths {
        let prep = match path {
            Path::Of => "of",
            Path::Prep(prep) => prep,
            _ => continue,
        };
        let mut beside = Vec::new();
        tree.attached(noun.key, prep, &mut beside);
        let sorts = prep == "of"
            && tree.is(noun.key, words::PLACE)
            && beside.iter().any(|&token| {
                tree.is(token, words::PLACE) && tree.name_mention[token as usize] == NONE
            });
        if sorts || heads_part(tree, paths, noun, prep) {
            continue;
        }
        out.extend(prep_behind(tree, noun, prep).filter(fits));
        if !out.is_empty() {
            return out;
        }
    }
    if paths
        .iter()
        .any(|path| matches!(path, Path::Of | Path::Subj))
    {
        shared(tree, noun, types, &mut out);
    }
    out
}

/// Whether a noun heads a part at an organisation and not the organisation: "head of research at
/// Norvik".
fn heads_part(tree: &Tree<'_>, paths: &[Path], noun: &RoleNoun, prep: &str) -> bool {
    const HEADING: [&str; 5] = ["head", "director", "chief", "leader", "chair"];
    let end = noun.words.end;
    prep == "at"
        && paths.contains(&Path::Of)
        && (end..(end + 6).min(tree.len())).any(|at| tree.says(at, "of"))
        && HEADING.iter().any(|word| tree.says(noun.key, word))
}

/// Complements that hang on the name: "Presidents Ana Lima **of Brazil**".
pub fn own_complements(tree: &Tree<'_>, paths: &[Path], types: u8, holder: Arg) -> Vec<Arg> {
    let fits = |arg: &Arg| type_bit(tree.kind(arg.entity)) & types != 0;
    let mut out = Vec::new();
    {
        for &child in tree.children(holder.token) {
            if tree.rel(child) == DepRel::Nmod
                && paths.iter().any(|path| match path {
                    Path::Of => tree.has_case(child, "of"),
                    Path::Prep(prep) => tree.has_case(child, prep),
                    _ => false,
                })
            {
                tree.refer(child, &mut out);
            }
        }
    }
    out.retain(fits);
    out
}

/// The name in "of X" right behind a holder's name, by the words.
pub fn of_behind(tree: &Tree<'_>, holder: Arg) -> Option<Arg> {
    let mention = tree
        .layer
        .mentions
        .get(tree.name_mention[holder.token as usize] as usize)?;
    let mut at = mention.tokens.end;
    if at + 1 >= tree.len() || !tree.says(at, "of") {
        return None;
    }
    at += 1;
    if tree.upos(at) == Upos::Det && at + 1 < tree.len() {
        at += 1;
    }
    tree.mention_of(at)
}

/// Whether a title stands before its name without any complement, in tree or words.
pub fn is_bare(tree: &Tree<'_>, noun: &RoleNoun, holders: &[Arg]) -> bool {
    let title = holders.iter().any(|arg| arg.token >= noun.words.end);
    let complement = tree.children(noun.key).iter().any(|&child| {
        matches!(tree.rel(child), DepRel::Nmod | DepRel::NmodPoss) && !noun.words.contains(&child)
    });
    // a name in front that is of another type ("Norvik President") or was not recognised
    let mut at = noun.words.start;
    for _ in 0..3 {
        let Some(before) = at.checked_sub(1) else {
            break;
        };
        at = before;
        if tree.name_mention[at as usize] != NONE || tree.upos(at) == Upos::Propn {
            return false;
        }
        if !matches!(tree.upos(at), Upos::Adj | Upos::Noun) && tree.xpos(at) != Xpos::Hyph {
            break;
        }
    }
    title && !complement
}

/// The name behind a preposition further behind the noun, over words that cannot end the phrase:
/// "an expert on energy policy **at the Council**".
fn prep_behind(tree: &Tree<'_>, noun: &RoleNoun, prep: &str) -> Option<Arg> {
    let mut armed = false;
    let mut at = noun.words.end;
    while at < (noun.words.end + 9).min(tree.len()) {
        if let Some(mention) = tree
            .layer
            .mentions
            .get(tree.name_mention[at as usize] as usize)
        {
            // "at Tokyo's Hosei University" goes on behind the possessor
            let end = mention.tokens.end;
            let owns = end < tree.len() && tree.xpos(end) == Xpos::Pos;
            // "head of the Asia program" heads no Asia
            let owned = tree.head(mention.head);
            let described = prep == "of"
                && tree.rel(mention.head) == DepRel::Compound
                && end <= owned
                && tree.refer_one(owned).is_none();
            if armed && described {
                return None;
            }
            if armed && !owns && mention.kind == MentionKind::Name {
                let token = mention.head;
                return Some(Arg {
                    token,
                    entity: mention.entity,
                    certainty: 0.9,
                });
            }
            // behind "President X" the phrase is over: "President X ahead of Y"
            if at == noun.words.end {
                return None;
            }
            at = end.max(at + 1);
            continue;
        }
        // "ahead of", "because of" are no "of"
        let compound = matches!(tree.upos(at - 1), Upos::Adv | Upos::Adp | Upos::Sconj);
        let is_prep = tree.says(at, prep) && !compound;
        // "the Norvik station in a town of X": the town's
        if prep == "of" && tree.upos(at) == Upos::Adp && !is_prep {
            return None;
        }
        let inside = matches!(
            tree.upos(at),
            Upos::Noun | Upos::Propn | Upos::Adj | Upos::Det | Upos::Num
        ) || (matches!(tree.upos(at), Upos::Adp) && !armed)
            || is_prep
            || matches!(tree.xpos(at), Xpos::Pos | Xpos::Hyph | Xpos::PrpPoss);
        if !inside {
            return None;
        }
        armed |= is_prep;
        at += 1;
    }
    None
}

/// Possessor, "of", or a name in front of a role noun, or what it shares with a coordinated one.
pub fn of(tree: &Tree<'_>, noun: &RoleNoun, types: u8, out: &mut Vec<Arg>) {
    own_of(tree, noun, types, out);
    if out.is_empty() {
        shared(tree, noun, types, out);
    }
}

/// Possessor, "of", or a name in front of a role noun.
fn own_of(tree: &Tree<'_>, noun: &RoleNoun, types: u8, out: &mut Vec<Arg>) {
    let fits = |arg: &Arg| type_bit(tree.kind(arg.entity)) & types != 0;
    for &child in tree.children(noun.key) {
        if tree.rel(child) == DepRel::NmodPoss {
            tree.refer(child, out);
        }
    }
    out.retain(fits);
    // "Mali's head of security" heads no Mali
    let sector = heads_sector(tree, noun);
    if sector && !out.is_empty() {
        out.clear();
        return;
    }
    if !out.is_empty() {
        if let Some(nearer) = body_before(tree, noun).filter(fits) {
            out.clear();
            out.push(nearer);
        }
        return;
    }
    for &child in tree.children(noun.key) {
        let own = noun.words.contains(&child);
        if matches!(tree.rel(child), DepRel::Nmod | DepRel::Obl)
            && !own
            && tree.has_case(child, "of")
            && !part_of_another(tree, child)
            && !agency_of_country(tree, noun.key, child)
        {
            tree.refer(child, out);
        }
    }
    out.retain(fits);
    if !out.is_empty() {
        return;
    }
    // "president of X" where the tree hung "of X" elsewhere
    if noun.words.end < tree.len() && tree.says(noun.words.end, "of") {
        let mut at = noun.words.end + 1;
        while at < tree.len() && at < noun.words.end + 5 {
            if let Some(arg) = tree.mention_of(at) {
                // "director of the Norvik study" directs no Norvik
                let whole = tree.name_mention[at as usize];
                let end = tree
                    .layer
                    .mentions
                    .get(whole as usize)
                    .map_or(at + 1, |mention| mention.tokens.end);
                let owned = tree.head(arg.token);
                let described = matches!(tree.rel(arg.token), DepRel::Compound | DepRel::Amod)
                    && end <= owned
                    && tree.refer_one(owned).is_none();
                // "head of the EU's mission in Mali" heads no EU
                let body = tree.rel(arg.token) == DepRel::NmodPoss
                    && tree.kind(arg.entity) == EntityType::Organisation
                    && tree.is(tree.head(arg.token), words::BODY);
                // "president of Rwanda's Green Party" presides over no Rwanda
                let named = tree.rel(arg.token) == DepRel::NmodPoss
                    && tree.name_mention[tree.head(arg.token) as usize] != NONE;
                // "leader of Mali's herders" leads no Mali
                let heads = [
                    "leader",
                    "head",
                    "chief",
                    "president",
                    "director",
                    "chairman",
                    "king",
                    "ruler",
                ];
                let people = tree.rel(arg.token) == DepRel::NmodPoss
                    && tree.kind(arg.entity) != EntityType::Organisation
                    && end <= owned
                    && !tree.is(owned, words::STATE | words::BODY)
                    && heads.iter().any(|word| tree.says(noun.key, word));
                let agency = agency_of_country(tree, noun.key, owned);
                if !described && !body && !named && !people && !agency {
                    out.push(arg);
                }
                break;
            }
            if !matches!(tree.upos(at), Upos::Det | Upos::Adj | Upos::Noun) {
                break;
            }
            at += 1;
        }
        out.retain(fits);
        if !out.is_empty() {
            return;
        }
    }
    // "the Norvik head of research" works there
    if !sector {
        front(tree, noun, types, out);
    }
}

/// "the president of **Mali's northern region**" is not that of Mali.
fn part_of_another(tree: &Tree<'_>, region: u32) -> bool {
    tree.name_mention[region as usize] == NONE
        && tree.is(region, words::PLACE)
        && !["country", "nation", "land"].contains(&tree.lemma(region))
        && tree.child(region, &[DepRel::NmodPoss]).is_some()
        && !tree.children(region).iter().any(|&child| {
            child < region
                && tree.rel(child) != DepRel::NmodPoss
                && tree.name_mention[child as usize] != NONE
        })
        && region
            .checked_sub(1)
            .is_some_and(|before| tree.name_mention[before as usize] == NONE)
}

const HEADS: [&str; 4] = ["head", "chief", "director", "leader"];

/// "head **of security**": what is headed is no name.
fn heads_sector(tree: &Tree<'_>, noun: &RoleNoun) -> bool {
    HEADS.iter().any(|word| tree.says(noun.key, word))
        && tree.says(noun.words.end, "of")
        && tree.children(noun.key).iter().any(|&child| {
            child > noun.words.end
                && tree.has_case(child, "of")
                && tree.head_mention[child as usize] == NONE
                && (noun.words.end..=child).all(|at| tree.name_mention[at as usize] == NONE)
                && !tree.is(
                    child,
                    words::STATE | words::PLACE | words::BODY | words::KIND,
                )
        })
}

/// "head **of Mali's space agency**" heads no Mali.
fn agency_of_country(tree: &Tree<'_>, head: u32, agency: u32) -> bool {
    let country = |&child: &u32| {
        tree.rel(child) == DepRel::NmodPoss
            && tree
                .mention_of(child)
                .is_some_and(|arg| tree.kind(arg.entity) == EntityType::Country)
    };
    const WHOLE: [&str; 7] = [
        "government",
        "state",
        "country",
        "nation",
        "regime",
        "administration",
        "junta",
    ];
    HEADS.iter().any(|word| tree.says(head, word))
        && tree.name_mention[agency as usize] == NONE
        && !WHOLE.contains(&tree.lemma(agency))
        && tree.children(agency).iter().any(country)
}

/// Whether "-born", "-backed" and the like follow what ends here: "Norwegian-born".
pub(super) fn is_half_of_word(tree: &Tree<'_>, end: u32) -> bool {
    const HALVES: [&str; 12] = [
        "born",
        "backed",
        "trained",
        "based",
        "educated",
        "occupied",
        "bound",
        "speaking",
        "sponsored",
        "language",
        "style",
        "made",
    ];
    end < tree.len()
        && matches!(tree.text(end), "-" | "‑" | "–")
        && HALVES.iter().any(|half| tree.says(end + 1, half))
}

/// "Norwegian President X **and President Y**": two of an office that a country has one of.
fn second_of_office(tree: &Tree<'_>, noun: &RoleNoun, and: u32) -> bool {
    const SINGLE: [&str; 8] = [
        "president",
        "king",
        "queen",
        "emperor",
        "chancellor",
        "premier",
        "emir",
        "sultan",
    ];
    let single = SINGLE.iter().any(|word| tree.says(noun.key, word))
        || noun.words.len() == 2 && tree.says(noun.words.start, "prime");
    let Some(before) = and.checked_sub(1).filter(|_| single) else {
        return false;
    };
    let Some(mention) = tree
        .layer
        .mentions
        .get(tree.name_mention[before as usize] as usize)
    else {
        return false;
    };
    let title = mention.tokens.start.checked_sub(1);
    let same = |at: u32| tree.text(at).eq_ignore_ascii_case(tree.text(noun.key));
    tree.kind(mention.entity) == EntityType::Person
        && (title.is_some_and(same) || mention.tokens.clone().any(same))
}

/// The organisation right in front of a leader of it, nearer than whose country it is: "Britain's
/// **Labour Party** leader".
fn body_before(tree: &Tree<'_>, noun: &RoleNoun) -> Option<Arg> {
    let leads = [
        "leader",
        "chief",
        "head",
        "chairman",
        "chairwoman",
        "president",
        "director",
        "commander",
    ];
    if !leads.iter().any(|word| tree.says(noun.key, word)) {
        return None;
    }
    let before = noun.words.start.checked_sub(1)?;
    let mention = tree
        .layer
        .mentions
        .get(tree.name_mention[before as usize] as usize)?;
    let body = tree.kind(mention.entity) == EntityType::Organisation;
    let owned = mention.tokens.start.checked_sub(1).is_some_and(|at| {
        tree.xpos(at) == Xpos::Pos
            || tree.xpos(at) == Xpos::PrpPoss
            || matches!(tree.upos(at), Upos::Adj | Upos::Noun | Upos::Verb)
    });
    (body && owned).then_some(Arg {
        token: mention.head,
        entity: mention.entity,
        certainty: 0.9,
    })
}

/// A name in front: "Israel's new defence minister", "Gazprom CEO", "his wife".
fn front(tree: &Tree<'_>, noun: &RoleNoun, types: u8, out: &mut Vec<Arg>) {
    let fits = |arg: &Arg| type_bit(tree.kind(arg.entity)) & types != 0;
    let mut at = noun.words.start;
    let sentence = tree.parsed.sentence_of(at);
    at -= tree.bracket_before(at);
    let (mut body, mut passed) = (false, false);
    for _ in 0..9 {
        let Some(before) = at.checked_sub(1) else {
            break;
        };
        at = before;
        if tree.parsed.sentence_of(at) != sentence {
            break;
        }
        body |= tree.is(at, words::BODY) && tree.name_mention[at as usize] == NONE;
        if let Some(arg) = tree.mention_of(at)
            && (tree.name_mention[at as usize] != NONE || tree.xpos(at) == Xpos::PrpPoss)
        {
            // "dpa / AP / Reuters Editor: Ada Holm"
            if at > 0 && tree.says(at - 1, "/") {
                return;
            }
            // the president of the EU parliament is not that of the EU
            if fits(&arg) && body && tree.kind(arg.entity) == EntityType::Organisation {
                return;
            }
            if let Some(branch) = tree.branch_of(at) {
                out.extend(tree.mention_of(branch).filter(fits));
                return;
            }
            if fits(&arg) && is_half_of_word(tree, at + 1) {
                return;
            }
            if fits(&arg) {
                out.push(arg);
                if matches!(tree.xpos(noun.key), Xpos::Nns | Xpos::Nnps) {
                    out.extend(tree.listed_before(at).into_iter().filter(fits));
                }
                return;
            }
            // "German BMW chairman": further left may stand one that fits
            passed = true;
            if let Some(mention) = tree
                .layer
                .mentions
                .get(tree.name_mention[at as usize] as usize)
            {
                at = mention.tokens.start;
            }
            continue;
        }
        // "Norvik's record and party leader X", "his group's spokesman X"
        let before = at.saturating_sub(1);
        let unnamed = tree.name_mention[before as usize] == NONE
            && tree.head_mention[before as usize] == NONE
            && tree.upos(before) == Upos::Noun;
        let other = tree.says(at, "and") && !tree.is(before, words::ROLE | words::PROFESSION);
        if unnamed && (other || tree.xpos(at) == Xpos::Pos) {
            return;
        }
        // "EU envoy X and **Polish** President Y": the title has a complement of its own
        if tree.says(at, "and") && (passed || second_of_office(tree, noun, at)) {
            return;
        }
        if tree.says(at, "their") {
            out.extend(tree.couple(at).into_iter().flatten().filter(fits));
            return;
        }
        let inside = matches!(
            tree.upos(at),
            Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num
        ) || matches!(
            tree.xpos(at),
            Xpos::Pos | Xpos::Vbn | Xpos::Vbg | Xpos::Hyph
        ) || tree.says(at, "then")
            || tree.says(at, "and");
        if !inside {
            break;
        }
    }
}

/// The nationality in front of a noun: a demonym, or a country written in capitals. Not the
/// country of "US-based cleric" or "Syria expert".
pub fn nationality(tree: &Tree<'_>, noun: u32) -> Option<Arg> {
    let mut at = noun;
    for _ in 0..6 {
        at = at.checked_sub(1)?;
        let mention = tree
            .layer
            .mentions
            .get(tree.name_mention[at as usize] as usize);
        if let Some(mention) = mention {
            let short = tree.text(at).len() <= 4
                && mention.tokens.len() == 1
                && tree
                    .text(at)
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c == '.');
            return (mention.kind == MentionKind::Demonym || short)
                .then(|| tree.mention_of(at))
                .flatten();
        }
        let inside = matches!(tree.upos(at), Upos::Adj | Upos::Noun | Upos::Num)
            || matches!(tree.xpos(at), Xpos::Nnp)
            || (tree.xpos(at) == Xpos::Hyph
                && at
                    .checked_sub(1)
                    .is_some_and(|before| tree.name_mention[before as usize] == NONE));
        if !inside {
            return None;
        }
    }
    None
}

/// The first half of "**French**-Dutch", given the second.
pub fn other_half(tree: &Tree<'_>, second: Arg) -> Option<Arg> {
    let mentions = &tree.layer.mentions;
    let mention = |token: u32| mentions.get(tree.name_mention[token as usize] as usize);
    let own = mention(second.token).filter(|own| own.kind == MentionKind::Demonym)?;
    let hyphen = own.tokens.start.checked_sub(1)?;
    if !matches!(tree.text(hyphen), "-" | "‑" | "–") {
        return None;
    }
    let first = mention(hyphen.checked_sub(1)?)?;
    (tree.kind(first.entity) == EntityType::Country && first.entity != second.entity).then_some(
        Arg {
            token: first.head,
            entity: first.entity,
            certainty: second.certainty,
        },
    )
}

/// "founder and chief executive of X": shared by coordinated nouns.
fn shared(tree: &Tree<'_>, noun: &RoleNoun, types: u8, out: &mut Vec<Arg>) {
    let fits = |arg: &Arg| type_bit(tree.kind(arg.entity)) & types != 0;
    if tree.rel(noun.key) == DepRel::Conj {
        let head = tree.head(noun.key);
        if !tree.is(head, words::ROLE) {
            return;
        }
        for &child in tree.children(head) {
            if tree.rel(child) == DepRel::NmodPoss
                || (tree.rel(child) == DepRel::Nmod && tree.has_case(child, "of"))
            {
                tree.refer(child, out);
            }
        }
        out.retain(fits);
        if out.is_empty() {
            out.extend(
                tree.named_modifier(head)
                    .and_then(|at| tree.mention_of(at))
                    .filter(fits),
            );
        }
    } else {
        for &child in tree.children(noun.key) {
            if tree.rel(child) == DepRel::Conj
                && matches!(tree.upos(child), Upos::Noun | Upos::Propn)
                && !tree.says(child, "member")
            {
                for &inner in tree.children(child) {
                    if tree.rel(inner) == DepRel::Nmod && tree.has_case(inner, "of") {
                        tree.refer(inner, out);
                    }
                }
            }
        }
        out.retain(fits);
    }
}

/// Both sides of "between" at a noun.
pub fn between(tree: &Tree<'_>, noun: u32, out: &mut Vec<Arg>) {
    let mut tokens = Vec::new();
    tree.prepositional(noun, "between", &mut tokens);
    if tokens.is_empty() {
        tree.prepositional(noun, "among", &mut tokens);
    }
    refer_all(tree, &tokens, out);
}

/// "between Chad **and** Mali, Niger and Togo": the first has the others against it.
pub fn one_against_rest(tree: &Tree<'_>, parties: &[Arg]) -> bool {
    let [first, second, third, ..] = parties else {
        return false;
    };
    let says = |from: u32, to: u32, word: &str| (from + 1..to).any(|at| tree.says(at, word));
    let (a, b, c) = (first.token, second.token, third.token);
    a < b
        && b < c
        && says(a, b, "and")
        && !says(a, b, ",")
        && says(b, c, ",")
        && (0..a).rev().take(6).any(|at| tree.says(at, "between"))
}

/// The name before a hyphen in front of the word: "Munich-based".
pub fn hyphenated(tree: &Tree<'_>, word: u32) -> Option<Arg> {
    let hyphen = word.checked_sub(1)?;
    if !matches!(tree.text(hyphen), "-" | "‑" | "–") {
        return None;
    }
    let near = hyphen.checked_sub(1)?;
    // "**Houston**, Texas-based": the town, not what it lies in
    let mentions = &tree.layer.mentions;
    let start = mentions
        .get(tree.name_mention[near as usize] as usize)
        .map_or(near, |mention| mention.tokens.start);
    let town = start
        .checked_sub(2)
        .filter(|&at| tree.says(at + 1, ",") && tree.name_mention[at as usize] != NONE)
        .and_then(|at| tree.mention_of(at))
        .filter(|arg| tree.kind(arg.entity) == EntityType::Place);
    town.or_else(|| tree.mention_of(near))
}
