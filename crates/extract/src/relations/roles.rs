//! Nouns that name one end of a relation by its part in it: "president", "wife", "subsidiary".
//!
//! Trees of titles differ from treebank to treebank and from parse to parse (`nmod:desc`,
//! `compound`, `flat`, `appos`), so a title in front of a name and the owner in front of a title
//! are read off the words in order; appositions, copulas and complements off the tree.

use std::ops::Range;

use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos, Xpos};

pub use super::complements::{
    between, complements, hyphenated, is_bare, nationality, of, of_behind, one_against_rest,
    other_half, own_complements,
};
use super::language::type_bit;
use super::syntax::{Arg, NONE, Tree};
use super::words;

/// Who a role noun denotes, and whether a copula or verb says so.
#[derive(Clone, Debug, Default)]
pub struct Holders {
    /// The entities.
    pub args: Vec<Arg>,
    /// The predicate that states it, where it is stated and not taken for granted.
    pub stated: Option<u32>,
    /// Whether the verb says that the role ended ("resigned as").
    pub ended: bool,
}

/// A role noun with its words.
#[derive(Clone, Debug)]
pub struct RoleNoun {
    /// Head noun.
    pub key: u32,
    /// All words of the trigger.
    pub words: Range<u32>,
}

/// The entities that the role noun denotes, of the given types.
pub fn holders(tree: &Tree<'_>, noun: &RoleNoun, types: u8, depth: u32) -> Holders {
    let mut found = Holders::default();
    let fits = |arg: &Arg| type_bit(tree.kind(arg.entity)) & types != 0;
    // "Prime Minister Keir Starmer", "minister for Europe, X" is an apposition
    if let Some(arg) = name_after(tree, behind(tree, noun.words.end)).filter(fits) {
        found.args.push(arg);
        let plural = matches!(tree.xpos(noun.key), Xpos::Nns | Xpos::Nnps)
            || tree.text(noun.key).ends_with('s');
        if plural {
            let mut more = Vec::new();
            tree.refer(arg.token, &mut more);
            // "Presidents A and B and Prime Minister C": C has a title of its own
            more.retain(|other| {
                let mention = tree
                    .layer
                    .mentions
                    .get(tree.name_mention[other.token as usize] as usize);
                let before = mention.and_then(|mention| mention.tokens.start.checked_sub(1));
                let titled =
                    before.is_some_and(|at| matches!(tree.upos(at), Upos::Noun | Upos::Propn));
                !titled && fits(other) && other.entity != arg.entity
            });
            found.args.extend(more);
            further_of_list(tree, arg, &fits, &mut found.args);
        }
        return found;
    }
    // "his Fidesz party": the name in front of what sort of thing it is
    if tree.is(noun.key, words::KIND)
        && let Some(before) = noun.words.start.checked_sub(1)
        && tree.name_mention[before as usize] != NONE
        && let Some(arg) = tree.mention_of(before).filter(fits)
    {
        let mention = &tree.layer.mentions[tree.name_mention[before as usize] as usize];
        let listed = (mention.tokens.start.checked_sub(1))
            .is_some_and(|at| tree.says(at, "and") || tree.says(at, "or"));
        // "the Disney, Pixar and Marvel brands": the name before the last owns no other
        if !listed {
            found.args.push(arg);
        }
        return found;
    }
    // "CEO and chairman X": the name follows the last of the titles
    if tree.says(noun.words.end, "and") {
        let mut at = noun.words.end + 1;
        while at < (noun.words.end + 5).min(tree.len())
            && tree.name_mention[at as usize] == NONE
            && matches!(tree.upos(at), Upos::Noun | Upos::Propn | Upos::Adj)
        {
            at += 1;
        }
        if at > noun.words.end + 1
            && tree.is(at - 1, words::ROLE)
            && let Some(arg) = name_after(tree, at).filter(fits)
        {
            found.args.push(arg);
            return found;
        }
    }
    // a nominal that coreference has resolved, or a name that holds the title
    let own = tree.head_mention[noun.key as usize];
    if let Some(mention) = tree.layer.mentions.get(own as usize)
        && mention.kind == MentionKind::Nominal
    {
        let arg = Arg {
            token: noun.key,
            entity: mention.entity,
            certainty: 0.88,
        };
        if fits(&arg) && tree.child(noun.key, &[DepRel::Cop]).is_none() {
            found.args.push(arg);
            return found;
        }
    }
    for &child in tree.children(noun.key) {
        let named = matches!(
            tree.rel(child),
            DepRel::Appos | DepRel::Flat | DepRel::NmodDesc
        );
        if named && child > noun.key {
            tree.refer(child, &mut found.args);
        }
    }
    // "a Greenpeace activist **named Ada Holm**"
    if found.args.is_empty() {
        for &clause in tree.children(noun.key) {
            let named = ["named", "called", "identified"]
                .iter()
                .any(|word| tree.says(clause, word));
            if named && clause > noun.key && tree.rel(clause) == DepRel::Acl {
                let name = tree.children(clause).iter().copied().find(|&child| {
                    child > clause
                        && child <= clause + 4
                        && tree.name_mention[child as usize] != NONE
                });
                found
                    .args
                    .extend(name.and_then(|name| tree.mention_of(name)));
            }
        }
    }
    // "a Malian firm and partners (France's Norvik, Peru's Solberg)": owned by others
    found.args.retain(|arg| {
        let owner = tree.child(arg.token, &[DepRel::NmodPoss]);
        let name = tree.name_mention[arg.token as usize];
        !tree.is(noun.key, words::KIND)
            || owner.is_none_or(|owner| tree.name_mention[owner as usize] == name)
    });
    found.args.retain(fits);
    if !found.args.is_empty() {
        return found;
    }
    // "members of NATO, including Norway and Spain"
    if matches!(tree.xpos(noun.key), Xpos::Nns | Xpos::Nnps) {
        for &child in tree.children(noun.key) {
            let among = ["such as", "including", "among"];
            let like = tree.is(noun.key, words::PARTY) && tree.has_case(child, "like");
            if child > noun.key
                && matches!(tree.rel(child), DepRel::Nmod | DepRel::Obl)
                && (like || among.iter().any(|prep| tree.has_case(child, prep)))
            {
                tree.refer(child, &mut found.args);
            }
        }
        found.args.retain(fits);
        if !found.args.is_empty() {
            return found;
        }
    }
    let head = tree.head(noun.key);
    match tree.rel(noun.key) {
        DepRel::Appos | DepRel::NmodDesc | DepRel::Flat | DepRel::List if head != noun.key => {
            // "Beethoven, Bach and the German writers": one person is no writers
            let many = tree.xpos(noun.key) == Xpos::Nns;
            let one = |arg: &Arg| !(many && tree.kind(arg.entity) == EntityType::Person);
            found
                .args
                .extend(tree.refer_one(head).filter(fits).filter(one));
        }
        // "is one of X's advisers", "Ada Holm, one of X's advisers"
        DepRel::Nmod if tree.says(head, "one") && tree.has_case(noun.key, "of") => {
            if tree.child(head, &[DepRel::Cop]).is_some() {
                let mut tokens = Vec::new();
                tree.surface_subjects(head, &mut tokens);
                refer_all(tree, &tokens, &mut found.args);
                found.stated = Some(head);
            } else if tree.rel(head) == DepRel::Appos {
                found
                    .args
                    .extend(tree.refer_one(tree.head(head)).filter(fits));
            }
        }
        DepRel::Xcomp if tree.is(head, words::BECOME) => {
            let mut tokens = Vec::new();
            if tree.is_passive(head) || tree.child(head, &[DepRel::Obj]).is_none() {
                tree.surface_subjects(head, &mut tokens);
            } else {
                tree.patients(head, &mut tokens);
            }
            refer_all(tree, &tokens, &mut found.args);
            found.stated = Some(head);
        }
        DepRel::Obl | DepRel::Advcl | DepRel::Nmod if tree.has_case(noun.key, "as") => {
            let verb = if tree.upos(head) == Upos::Verb {
                head
            } else {
                tree.head(head)
            };
            let mut tokens = Vec::new();
            if tree.is_passive(verb) || tree.child(verb, &[DepRel::Obj]).is_none() {
                tree.surface_subjects(verb, &mut tokens);
            } else if tree.is(verb, words::BECOME) {
                tree.patients(verb, &mut tokens);
            } else if ENTERING.contains(&tree.lemma(verb)) {
                tree.surface_subjects(verb, &mut tokens);
            }
            refer_all(tree, &tokens, &mut found.args);
            found.stated = Some(verb);
            let down = |verb: u32| {
                tree.child(verb, &[DepRel::CompoundPrt, DepRel::Advmod])
                    .is_some_and(|particle| tree.says(particle, "down"))
            };
            found.ended = ENDING.contains(&tree.lemma(verb)) || down(verb);
        }
        DepRel::Nsubj if tree.lemma(head) == "include" => {
            let mut tokens = Vec::new();
            tree.patients(head, &mut tokens);
            refer_all(tree, &tokens, &mut found.args);
        }
        // "its president is X": the name is the predicate
        DepRel::Nsubj
            if tree.name_mention[head as usize] != NONE
                && tree.child(head, &[DepRel::Cop]).is_some() =>
        {
            found.args.extend(tree.mention_of(head));
            found.stated = Some(head);
        }
        // "has become head of X", "has a director of X"; "has named a new head of X" is not it
        DepRel::Obj
            if tree.is(head, words::BECOME)
                && !(tree.child(head, &[DepRel::Nsubj]).is_some()
                    || tree.xpos(head) != Xpos::Vbn)
                || tree.is(head, words::BECOME)
                    && !matches!(
                        tree.lemma(head),
                        "appoint"
                            | "name"
                            | "elect"
                            | "make"
                            | "select"
                            | "choose"
                            | "hire"
                            | "reelect"
                            | "install"
                            | "describe"
                            | "call"
                            | "nominate"
                            | "pick"
                            | "swear"
                            | "crown"
                    ) =>
        {
            let mut tokens = Vec::new();
            tree.agents(head, &mut tokens);
            refer_all(tree, &tokens, &mut found.args);
            found.stated = Some(head);
        }
        _ => {}
    }
    found.args.retain(fits);
    if !found.args.is_empty() {
        return found;
    }
    found.stated = None;
    found.ended = false;
    if tree.child(noun.key, &[DepRel::Cop]).is_some() {
        let mut tokens = Vec::new();
        tree.surface_subjects(noun.key, &mut tokens);
        refer_all(tree, &tokens, &mut found.args);
        found.args.retain(fits);
        if !found.args.is_empty() {
            found.stated = Some(noun.key);
            return found;
        }
    }
    if let Some(arg) = apposed(tree, noun)
        .or_else(|| past_complement(tree, noun))
        .filter(fits)
    {
        found.args.push(arg);
        return found;
    }
    // "Ada Holm, a scientist at X and director of Y": hung on the name beside the first title
    if tree.rel(noun.key) == DepRel::Conj
        && tree.name_mention[head as usize] != NONE
        && tree.child(noun.key, &[DepRel::Det]).is_none()
    {
        let beside = tree.children(head).iter().any(|&child| {
            head < child
                && child < noun.key
                && matches!(tree.rel(child), DepRel::Appos | DepRel::Conj)
                && tree.is(child, words::ROLE | words::PROFESSION)
        });
        if beside {
            found.args.extend(tree.refer_one(head).filter(fits));
            if !found.args.is_empty() {
                return found;
            }
        }
    }
    if tree.rel(noun.key) == DepRel::Conj && depth < 3 && tree.upos(head) != Upos::Verb {
        let first = RoleNoun {
            key: head,
            words: head..head + 1,
        };
        if tree.head_mention[head as usize] == NONE && tree.name_mention[head as usize] == NONE {
            return holders(tree, &first, types, depth + 1);
        }
    }
    if depth == 0 {
        // "chairman and chief executive X": the name follows the last of the titles
        for &child in tree.children(noun.key) {
            if tree.rel(child) == DepRel::Conj
                && matches!(tree.upos(child), Upos::Noun | Upos::Propn)
                && let Some(arg) = name_after(tree, child + 1).filter(fits)
                && tree.name_mention[child as usize] == NONE
            {
                found.args.push(arg);
                return found;
            }
        }
    }
    found
}

/// The token behind a title, its "-elect" or "-designate" included.
pub fn behind(tree: &Tree<'_>, end: u32) -> u32 {
    let hyphen = u32::from(tree.says(end, "-") || tree.says(end, "–"));
    let elect = tree.says(end + hyphen, "elect") || tree.says(end + hyphen, "designate");
    if elect { end + hyphen + 1 } else { end }
}
/// Verbs with an object whose subject is what "as" says: "took office as president".
const ENTERING: [&str; 9] = [
    "take", "assume", "begin", "start", "enter", "spend", "hold", "replace", "succeed",
];

const ENDING: [&str; 7] = [
    "resign", "quit", "retire", "oust", "sack", "dismiss", "depose",
];

/// "Presidents A of X, **B** of Y and **C** of Z".
fn further_of_list(tree: &Tree<'_>, first: Arg, fits: &impl Fn(&Arg) -> bool, out: &mut Vec<Arg>) {
    let end_of = |token: u32| {
        let mention = tree.name_mention.get(token as usize)?;
        let mention = tree.layer.mentions.get(*mention as usize)?;
        Some(mention.tokens.end)
    };
    let mut holder = first;
    for _ in 0..8 {
        let Some(place) = of_behind(tree, holder) else {
            return;
        };
        let Some(mut at) = end_of(place.token) else {
            return;
        };
        while tree.says(at, ",") || tree.says(at, "and") {
            at += 1;
        }
        let Some(next) = name_after(tree, at).filter(|arg| fits(arg)) else {
            return;
        };
        if out.iter().all(|known| known.entity != next.entity) {
            out.push(next);
        }
        holder = next;
    }
}

pub(super) fn refer_all(tree: &Tree<'_>, tokens: &[u32], out: &mut Vec<Arg>) {
    for &token in tokens {
        tree.refer(token, out);
    }
}

/// The person or other name that starts right at `token`, a quotation mark or courtesy title
/// between them allowed.
fn name_after(tree: &Tree<'_>, token: u32) -> Option<Arg> {
    for at in token..token.saturating_add(3) {
        if at >= tree.len() {
            return None;
        }
        let mention = tree
            .layer
            .mentions
            .get(tree.name_mention[at as usize] as usize);
        if let Some(mention) = mention {
            return (mention.tokens.start == at && mention.kind == MentionKind::Name).then_some(
                Arg {
                    token: mention.head,
                    entity: mention.entity,
                    certainty: 1.0,
                },
            );
        }
        let courtesy = [
            "mr",
            "mr.",
            "mrs",
            "mrs.",
            "ms",
            "ms.",
            "dr",
            "dr.",
            "sir",
            "dame",
            "lord",
            "general",
            "gen.",
            "\"",
            "“",
            "professor",
            "ayatollah",
            "grand",
            "field",
            "marshal",
            "admiral",
            "colonel",
            "col.",
            "lieutenant",
            "sheikh",
            "prince",
            "princess",
            "cardinal",
            "father",
        ];
        if !courtesy.iter().any(|word| tree.says(at, word)) {
            return None;
        }
    }
    None
}

/// "UN envoy to Syria **Carl Berg**": the person right behind the complement of the noun.
fn past_complement(tree: &Tree<'_>, noun: &RoleNoun) -> Option<Arg> {
    let mut at = noun.words.end;
    let preps = ["of", "to", "for", "at", "in"];
    if !preps.iter().any(|prep| tree.says(at, prep)) {
        return None;
    }
    at += 1;
    if tree.says(at, "the") {
        at += 1;
    }
    let mentions = &tree.layer.mentions;
    let named = |at: u32| mentions.get(*tree.name_mention.get(at as usize)? as usize);
    let complement = named(at).filter(|mention| mention.tokens.start == at)?;
    let end = complement.tokens.end;
    let person = named(end).filter(|mention| mention.tokens.start == end)?;
    let kinds = (tree.kind(complement.entity), tree.kind(person.entity));
    (kinds.0 != EntityType::Person && kinds.1 == EntityType::Person).then_some(Arg {
        token: person.head,
        entity: person.entity,
        certainty: 0.9,
    })
}

/// The name on the other side of a comma: "Ada Holm, [the] new head of Norvik" and "the head of
/// Norvik, Ada Holm", where the tree does not show the apposition.
fn apposed(tree: &Tree<'_>, noun: &RoleNoun) -> Option<Arg> {
    let mut at = noun.words.start;
    for _ in 0..8 {
        let Some(before) = at.checked_sub(1) else {
            break;
        };
        at = before;
        if tree.says(at, ",") || tree.says(at, "-") || tree.says(at, "–") || tree.says(at, "(") {
            let before = at.checked_sub(1)?;
            let mut before = before;
            // an age stands between: "Ada Holm, 42, a lecturer at"
            if tree.xpos(before) == Xpos::Cd && before >= 2 && tree.says(before - 1, ",") {
                before -= 2;
            }
            let mention = tree
                .layer
                .mentions
                .get(tree.name_mention[before as usize] as usize);
            // "In March, a member of X, Ada Holm": what stands before is not it
            let Some(mention) = mention else { break };
            // "In Mali, 17 members of X": nor is one name many, but "A and B, members of X" are
            let last = tree.rel(mention.head) == DepRel::Conj;
            let further = (at + 1..noun.words.start).any(|word| tree.says(word, "other"));
            if matches!(tree.xpos(noun.key), Xpos::Nns | Xpos::Nnps) && !last && !further {
                break;
            }
            if mention.kind != MentionKind::Name
                || mention.tokens.end != before + 1
                || (tree.says(at, "-")
                    && tree
                        .document
                        .text
                        .get(tree.parsed.tokens()[at as usize].span.end() as usize..)
                        .is_some_and(|rest| !rest.starts_with(' ')))
            {
                return None;
            }
            return Some(Arg {
                token: mention.head,
                entity: mention.entity,
                certainty: 0.9,
            });
        }
        let inside = matches!(
            tree.upos(at),
            Upos::Adj | Upos::Noun | Upos::Det | Upos::Num | Upos::Propn
        ) || matches!(
            tree.xpos(at),
            Xpos::Pos | Xpos::PrpPoss | Xpos::Vbn | Xpos::Hyph | Xpos::Rb
        );
        if !inside {
            break;
        }
    }
    // after the noun: over its complement to a comma, then a name
    let at = past_complement_to(tree, noun.words.end)?;
    let arg = name_after(tree, at + 1)?;
    let mention = tree
        .layer
        .mentions
        .get(tree.name_mention[at as usize + 1] as usize);
    let end = mention.map_or(at + 2, |mention| mention.tokens.end);
    // closed by a comma or the end: otherwise it is the start of a new clause
    let closed = end >= tree.len()
        || tree.upos(end) == Upos::Punct
        || matches!(tree.upos(end), Upos::Verb | Upos::Aux);
    // "the airport in Denver, Colorado"
    let place = |arg: &Arg| tree.kind(arg.entity) == EntityType::Place;
    let pair = tree.lemma(noun.key) != "capital"
        && !super::links::unnamed_town(tree, noun.key)
        && place(&arg)
        && tree.mention_of(at - 1).is_some_and(|before| place(&before));
    (closed && !pair && tree.rel(noun.key) != DepRel::Obl).then_some(arg)
}

/// The comma or colon behind the complement that begins at `from`: "the head | of Norvik **,**".
fn past_complement_to(tree: &Tree<'_>, from: u32) -> Option<u32> {
    for at in from..(from + 12).min(tree.len()) {
        if tree.says(at, ",") || tree.says(at, ":") {
            return Some(at);
        }
        // "the 57-member body", but not "the Norvik-Malian body"
        let hyphen = tree.xpos(at) == Xpos::Hyph
            && (at.checked_sub(1)).is_some_and(|at| tree.name_mention[at as usize] == NONE);
        let inside = matches!(
            tree.upos(at),
            Upos::Adj | Upos::Noun | Upos::Propn | Upos::Det | Upos::Adp | Upos::Num
        ) || tree.xpos(at) == Xpos::Pos
            || hyphen;
        if !inside {
            return None;
        }
    }
    None
}

/// "met the head of Norvik, **Ada Holm**": the person in apposition to a role noun with a
/// complement, which the tree hung on the complement.
pub(super) fn apposed_past(tree: &Tree<'_>, noun: u32) -> Option<Arg> {
    let comma = past_complement_to(tree, noun + 1)?;
    if !(noun + 1..comma).any(|at| tree.upos(at) == Upos::Adp) {
        return None;
    }
    let arg = name_after(tree, comma + 1)?;
    let named = tree.name_mention[arg.token as usize] as usize;
    let end = tree.layer.mentions.get(named)?.tokens.end;
    let closed = end >= tree.len() || tree.upos(end) == Upos::Punct;
    let hung =
        tree.rel(arg.token) == DepRel::Appos && (noun..comma).contains(&tree.head(arg.token));
    (closed && hung && tree.kind(arg.entity) == EntityType::Person).then_some(arg)
}

/// The entity that a title without complement belongs to: the one of these types that the
/// document is mostly about, if one stands out.
pub fn main_entity(tree: &Tree<'_>, types: u8, token: u32) -> Option<Arg> {
    let mut counts = vec![0u32; tree.layer.entities.len()];
    for mention in &tree.layer.mentions {
        if let Some(count) = counts.get_mut(mention.entity as usize)
            && type_bit(tree.kind(mention.entity)) & types != 0
            && (tree.kind(mention.entity) != EntityType::Organisation
                || mention.kind != MentionKind::Pronoun)
        {
            *count += 1;
        }
    }
    let (mut best, mut second) = ((0u32, 0usize), 0u32);
    for (entity, &count) in counts.iter().enumerate() {
        if count > best.0 {
            second = best.0;
            best = (count, entity);
        } else {
            second = second.max(count);
        }
    }
    let first = counts.iter().position(|&count| count > 0);
    // the first one named has to lead by half, any other by twice as much
    let leads = best.0 >= 2 && first == Some(best.1) && best.0 * 2 >= second * 3;
    let clear = leads || (best.0 >= 4 && best.0 >= second * 2);
    clear.then_some(Arg {
        token,
        entity: best.1 as u32,
        certainty: 0.7,
    })
}
