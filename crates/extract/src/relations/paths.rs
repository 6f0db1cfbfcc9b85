//! Where the arguments of a trigger stand: the paths of the rule language, walked.

use tieline_facts::EntityType;
use tieline_text::{DepRel, Upos, Xpos};

use super::language::{Path, Rule, RuleSet, type_bit};
use super::roles::{self, RoleNoun};
use super::syntax::{Arg, NONE, Tree};
use super::words;

/// Whether the entity of an argument has one of these types.
pub(super) fn mask_fits(tree: &Tree<'_>, types: u8, arg: &Arg) -> bool {
    let kind = type_bit(tree.kind(arg.entity));
    // "the Bavarian government": a place that acts
    let acts = tree.kind(arg.entity) == EntityType::Place
        && types & type_bit(EntityType::Country) != 0
        && tree.governs(arg.token);
    kind & types != 0 || acts
}

/// The arguments that a path leads to, of the rule's types.
pub(super) fn follow(
    tree: &Tree<'_>,
    path: &Path,
    trigger: u32,
    verbal: bool,
    types: u8,
) -> Vec<Arg> {
    let mut tokens = Vec::new();
    let mut args = Vec::new();
    match path {
        Path::Subj if verbal => tree.agents(trigger, &mut tokens),
        Path::Subj => tree.event_subjects(trigger, 0, &mut tokens),
        Path::Obj if verbal => tree.patients(trigger, &mut tokens),
        Path::Obj => {
            for prep in ["on", "of", "against", "to"] {
                tree.prepositional(trigger, prep, &mut tokens);
                if !tokens.is_empty() {
                    break;
                }
            }
        }
        Path::Of => {
            tree.prepositional(trigger, "of", &mut tokens);
            if tokens.is_empty() {
                args.extend(tree.owner(trigger));
            }
        }
        Path::Prep(prep) => {
            tree.prepositional(trigger, prep, &mut tokens);
            if tokens.is_empty() && !verbal && matches!(&**prep, "in" | "at") {
                at_parties(tree, trigger, prep, &mut tokens);
            }
        }
        Path::Between => roles::between(tree, trigger, &mut args),
        Path::AimedBetween => aimed_between(tree, trigger, &mut args),
        Path::Hyphen => args.extend(roles::hyphenated(tree, trigger)),
        Path::Where => {
            let relative = tree
                .children(trigger)
                .iter()
                .any(|&child| tree.rel(child) == DepRel::Advmod && tree.says(child, "where"));
            if relative {
                tokens.extend(tree.antecedent(trigger));
            }
        }
        Path::Holder => tokens.push(trigger),
        Path::Front => args.extend(
            tree.named_modifier(trigger)
                .and_then(|at| tree.mention_of(at)),
        ),
        Path::Next => tokens.extend(tree.name_next_to(trigger)),
        Path::OwnerOfSubjTitle => {
            let mut subjects = Vec::new();
            tree.surface_subjects(trigger, &mut subjects);
            for subject in subjects {
                for &child in tree.children(subject) {
                    let title = matches!(
                        tree.rel(child),
                        DepRel::NmodDesc | DepRel::Compound | DepRel::Appos
                    );
                    if title && tree.is(child, words::ROLE) {
                        let noun = RoleNoun {
                            key: child,
                            words: child..child + 1,
                        };
                        roles::of(tree, &noun, types, &mut args);
                    }
                }
            }
        }
        Path::OfficeOfSubj => args.extend(office_of_subject(tree, trigger)),
        Path::Nationality => args.extend(roles::nationality(tree, trigger)),
        Path::Iobj => tokens.extend(
            tree.child(trigger, &[DepRel::Iobj])
                .or_else(|| tree.name_in_object(trigger)),
        ),
        Path::ClauseSubj => {
            // "called for X to leave" is a clause as well
            let clause = tree.child(trigger, &[DepRel::Ccomp]).or_else(|| {
                tree.children(trigger).iter().copied().find(|&child| {
                    let called = matches!(tree.rel(child), DepRel::Xcomp | DepRel::Advcl)
                        && tree.has_case(child, "for");
                    // "demanded the authorities provide evidence"
                    let bare = tree.rel(child) == DepRel::Xcomp
                        && tree.child(child, &[DepRel::Nsubj]).is_some();
                    // "its demand that X ease the terms", taken for a relative clause
                    let wished = tree.rel(child) == DepRel::AclRelcl
                        && tree.xpos(child) == Xpos::Vb
                        && tree.child(child, &[DepRel::Nsubj]).is_some();
                    // "accusations that X is behind it"
                    called
                        || bare
                        || wished
                        || (tree.rel(child) == DepRel::Acl && tree.has_case(child, "that"))
                })
            });
            if let Some(clause) = clause {
                tokens.extend(tree.child(clause, &[DepRel::Nsubj, DepRel::NsubjPass]));
            }
        }
        Path::LeaderOfObj => {
            let mut bodies = Vec::new();
            tree.patients(trigger, &mut bodies);
            tree.prepositional(trigger, "with", &mut bodies);
            for body in bodies {
                let group = ["delegation", "mission", "team", "group"];
                if group.contains(&tree.lemma(body)) {
                    let clauses = tree.children(body).iter().copied();
                    clauses
                        .filter(|&clause| {
                            matches!(tree.lemma(clause), "lead" | "head") && tree.is_passive(clause)
                        })
                        .for_each(|clause| tree.agents(clause, &mut tokens));
                }
            }
        }
        Path::OwnerOfClauseObj => {
            let clause = tree.child(trigger, &[DepRel::Xcomp]);
            let clause = clause.filter(|&clause| tree.has_mark_to(clause));
            let mut objects = Vec::new();
            if let Some(clause) = clause {
                tree.patients(clause, &mut objects);
            }
            tokens.extend(objects.into_iter().filter_map(|object| tree.doer(object)));
        }
        Path::ClauseObj => clause_object(tree, trigger, &mut tokens),
        Path::OwnerOfObj => {
            let mut objects = Vec::new();
            tree.patients(trigger, &mut objects);
            // "a move opposed by Mali": whoever opposes it does not own it
            let owners = objects.into_iter().filter_map(|object| tree.doer(object));
            tokens.extend(owners.filter(|&owner| tree.head(owner) != trigger));
        }
        Path::WhosePrep(prep) => {
            let mut phrases = Vec::new();
            tree.prepositional(trigger, prep, &mut phrases);
            for phrase in phrases {
                let own = tree.head_mention[phrase as usize] == NONE
                    && tree.name_mention[phrase as usize] == NONE
                    && !tree.is_some_of(phrase);
                tokens.extend(own.then(|| tree.doer(phrase)).flatten());
            }
        }
        Path::Bearer => tree.bearers(trigger, &mut tokens),
        Path::Occasion => tree.occasion_subjects(trigger, &mut tokens),
        Path::OwnerOfSubj => {
            let mut subjects = Vec::new();
            tree.surface_subjects(trigger, &mut subjects);
            tokens.extend(
                subjects
                    .into_iter()
                    .filter_map(|subject| tree.doer(subject)),
            );
        }
        Path::OwnerOfClauseSubj => {
            // "the loss of X was a disaster" says nothing of what X does
            let subject = tree
                .child(trigger, &[DepRel::Ccomp])
                .and_then(|clause| tree.child(clause, &[DepRel::Nsubj]));
            let owner = subject.and_then(|subject| tree.doer(subject));
            tokens.extend(owner.filter(|&owner| !tree.has_case(owner, "of")));
        }
        Path::Venue => venue(tree, trigger, &mut args),
        Path::PlaceOfObj => {
            let mut objects = Vec::new();
            tree.patients(trigger, &mut objects);
            place_of(tree, trigger, &objects, &mut args);
        }
        Path::PlaceOfParty => {
            let mut parties = Vec::new();
            for prep in ["to", "for", "into", "on", "at"] {
                tree.prepositional(trigger, prep, &mut parties);
            }
            // "gave money **to help people** in Mali"
            let object = tree.child(trigger, &[DepRel::Obj]);
            let hosts = [Some(trigger), object].into_iter().flatten();
            for clause in hosts.flat_map(|host| tree.children(host)).copied() {
                let helps = matches!(
                    tree.lemma(clause),
                    "help" | "support" | "assist" | "feed" | "protect" | "save" | "promote"
                );
                if helps && tree.has_mark_to(clause) {
                    tree.patients(clause, &mut parties);
                }
            }
            place_of(tree, trigger, &parties, &mut args);
        }
        Path::ObjOfOblique => {
            let mut nouns = Vec::new();
            for &child in tree.children(trigger) {
                match tree.rel(child) {
                    DepRel::Obl | DepRel::Nmod => nouns.push(child),
                    DepRel::Obj => {
                        let inner = tree.children(child).iter().copied();
                        nouns.extend(inner.filter(|&inner| tree.rel(inner) == DepRel::Nmod));
                    }
                    _ => {}
                }
            }
            for child in nouns {
                if tree.name_mention[child as usize] == NONE {
                    for prep in ["on", "against", "of", "in"] {
                        let before = tokens.len();
                        tree.attached(child, prep, &mut tokens);
                        if tokens.len() > before {
                            break;
                        }
                    }
                }
            }
        }
        Path::OwnerOfTitle => {
            for &child in tree.children(trigger) {
                let title = tree.rel(child) == DepRel::Xcomp
                    || (tree.rel(child) == DepRel::Obl
                        && (tree.has_case(child, "as") || tree.has_case(child, "for")));
                if title && matches!(tree.upos(child), Upos::Noun | Upos::Propn) {
                    let noun = RoleNoun {
                        key: child,
                        words: child..child + 1,
                    };
                    roles::of(tree, &noun, types, &mut args);
                }
            }
        }
        Path::OfOblique => {
            for &child in tree.children(trigger) {
                if tree.rel(child) == DepRel::Obl {
                    args.extend(tree.owner(child));
                }
            }
        }
    }
    for token in tokens {
        tree.refer(token, &mut args);
    }
    args.retain(|arg| mask_fits(tree, types, arg));
    args
}

/// "threatened to bomb **X**", "to impose tariffs on **X**", "to cut ties with **X**".
fn clause_object(tree: &Tree<'_>, verb: u32, tokens: &mut Vec<u32>) {
    let clause = tree.children(verb).iter().copied().find(|&child| {
        let governed = [DepRel::Xcomp, DepRel::Advcl, DepRel::Acl];
        governed.contains(&tree.rel(child)) && tree.has_mark_to(child)
    });
    let Some(clause) = clause else {
        return;
    };
    tree.patients(clause, tokens);
    if tokens.iter().any(|&token| tree.refer_one(token).is_some()) {
        return;
    }
    tokens.clear();
    for prep in ["on", "against", "with", "to"] {
        tree.prepositional(clause, prep, tokens);
        if !tokens.is_empty() {
            return;
        }
    }
}

/// "an effort **to end the war** between A and B".
fn aimed_between(tree: &Tree<'_>, event: u32, args: &mut Vec<Arg>) {
    let own = tree.children(event).iter().copied();
    let beside = tree.children(tree.head(event)).iter().copied();
    let aim = own.chain(beside).find(|&child| {
        event < child
            && matches!(
                tree.rel(child),
                DepRel::Acl | DepRel::Advcl | DepRel::Xcomp | DepRel::Obl | DepRel::Nmod
            )
            && (tree.has_mark_to(child)
                || tree.has_case(child, "at")
                || tree.has_case(child, "for"))
    });
    let Some(mut aim) = aim else {
        return;
    };
    // "an effort to try to prevent"
    if let Some(tried) = tree.child(aim, &[DepRel::Xcomp])
        && tree.has_mark_to(tried)
    {
        aim = tried;
    }
    let mut nouns = Vec::new();
    tree.patients(aim, &mut nouns);
    for noun in nouns {
        roles::between(tree, noun, args);
    }
}

/// The arguments of the first path that leads to any.
pub(super) fn first_of(
    tree: &Tree<'_>,
    paths: &[Path],
    trigger: u32,
    verbal: bool,
    types: u8,
) -> Vec<Arg> {
    for path in paths {
        let args = follow(tree, path, trigger, verbal, types);
        if !args.is_empty() {
            return args;
        }
        // "giving it access to the prisoners": it is "it" that gets it
        if matches!(path, Path::Iobj) && tree.child(trigger, &[DepRel::Iobj]).is_some() {
            return args;
        }
    }
    Vec::new()
}

/// Whether the dependents that the rule asks for are there.
pub(super) fn dependents_fit(rules: &RuleSet, tree: &Tree<'_>, rule: &Rule, verb: u32) -> bool {
    if let Some(wanted) = rule.passive
        && wanted != tree.is_passive(verb)
    {
        return false;
    }
    if rule.with_object.is_some() || rule.without_object.is_some() {
        let mut objects = Vec::new();
        tree.patients(verb, &mut objects);
        if tree.is_passive(verb) && rule.with_object.is_some() {
            // "was granted **asylum**"
            objects.extend(tree.children(verb).iter().copied().filter(|&child| {
                matches!(tree.rel(child), DepRel::Obj | DepRel::Xcomp)
                    && tree.upos(child) == Upos::Noun
            }));
        }
        tree.see_through(&mut objects);
        let first = objects.len();
        for at in 0..first {
            for &child in tree.children(objects[at]) {
                if tree.rel(child) == DepRel::Conj {
                    objects.push(child);
                }
            }
        }
        let holds = |set: u32| {
            rules
                .sets
                .get(set as usize)
                .is_some_and(|set| objects.iter().any(|&object| counts_as(tree, object, set)))
        };
        if rule.with_object.is_some_and(|set| !holds(set)) || rule.without_object.is_some_and(holds)
        {
            return false;
        }
    }
    if let Some(set) = rule.with_subject {
        let mut subjects = Vec::new();
        tree.surface_subjects(verb, &mut subjects);
        let set = rules.sets.get(set as usize);
        let fits = set.is_some_and(|set| subjects.iter().any(|&token| tree.is_in(token, set)));
        if !fits {
            return false;
        }
    }
    if !rule.clause.is_empty() && !clause_fits(tree, rule, verb) {
        return false;
    }
    // "called her a visionary", with a second object or a predicate
    let objects = tree.children(verb).iter();
    let objects = objects.filter(|&&child| tree.rel(child) == DepRel::Obj);
    let governed = tree.child(verb, &[DepRel::Xcomp, DepRel::Ccomp]);
    let governed = governed.filter(|&clause| !is_message(tree, clause));
    if rule.plain && (governed.is_some() || objects.count() > 1) {
        return false;
    }
    if rule.intransitive
        && (tree.is_passive(verb) || tree.child(verb, &[DepRel::Obj, DepRel::Iobj]).is_some())
    {
        return false;
    }
    // "moved closer to Oslo"
    let nearer = |&child: &u32| tree.says(child, "closer") || tree.says(child, "nearer");
    if rule.intransitive && tree.children(verb).iter().any(nearer) {
        return false;
    }
    has_dependent(tree, rule, verb)
}

/// "called her **to convey** his condolences": what the call was for.
fn is_message(tree: &Tree<'_>, clause: u32) -> bool {
    const MESSAGES: [&str; 12] = [
        "apologise",
        "apologize",
        "assure",
        "brief",
        "congratulate",
        "convey",
        "discuss",
        "express",
        "inform",
        "offer",
        "reassure",
        "thank",
    ];
    tree.has_mark_to(clause) && MESSAGES.contains(&tree.lemma(clause))
}

/// Whether one of the words of `has` is there, and none of `lacks`.
pub(super) fn has_dependent(tree: &Tree<'_>, rule: &Rule, verb: u32) -> bool {
    let stands = |words: &Vec<Box<str>>| {
        tree.children(verb)
            .iter()
            .any(|&child| match words.as_slice() {
                // "called the plan irresponsible", also with the adjective hung on the noun
                [word] => {
                    tree.is_word(child, word)
                        || tree.children(child).iter().any(|&inner| {
                            inner > child
                                && tree.rel(inner) == DepRel::Amod
                                && tree.is_word(inner, word)
                        })
                }
                // "at *": any named place
                [prep, word] if **word == *"*" => {
                    matches!(tree.rel(child), DepRel::Obl | DepRel::Nmod | DepRel::Obj)
                        && (is_place_at(tree, child, prep)
                            || tree
                                .children(child)
                                .iter()
                                .any(|&inner| is_place_at(tree, inner, prep)))
                }
                [prep, word] => {
                    (tree.is_word(child, word) && tree.has_case(child, prep))
                        || tree
                            .children(child)
                            .iter()
                            .any(|&inner| tree.is_word(inner, word) && tree.has_case(inner, prep))
                }
                _ => false,
            })
    };
    (rule.has.is_empty() || rule.has.iter().any(stands)) && !rule.lacks.iter().any(stands)
}

/// Whether a phrase with this preposition names a place or country.
fn is_place_at(tree: &Tree<'_>, token: u32, prep: &str) -> bool {
    let named = tree.name_mention[token as usize] != NONE && tree.has_case(token, prep);
    named
        && tree.mention_of(token).is_some_and(|arg| {
            matches!(
                tree.kind(arg.entity),
                EntityType::Place | EntityType::Country
            )
        })
}

/// "killed nine people in **Aleppo**": where the unnamed undergoers of a verb are.
fn place_of(tree: &Tree<'_>, verb: u32, objects: &[u32], args: &mut Vec<Arg>) {
    let unnamed = |token: u32| {
        tree.head_mention[token as usize] == NONE
            && tree.name_mention[token as usize] == NONE
            && tree.refer_one(token).is_none()
    };
    if objects.is_empty() || !objects.iter().all(|&token| unnamed(token)) {
        return;
    }
    let mut places = Vec::new();
    for &object in objects {
        for prep in ["in", "inside"] {
            tree.attached(object, prep, &mut places);
        }
    }
    if places.is_empty() {
        tree.prepositional(verb, "in", &mut places);
    }
    for place in places {
        let before = args.len();
        tree.refer(place, args);
        // "killed nine people **in two attacks in Mali**"
        if args.len() == before && tree.is(place, words::WAR) {
            let mut inner = Vec::new();
            tree.attached(place, "in", &mut inner);
            inner.iter().for_each(|&at| tree.refer(at, args));
        }
    }
}

/// Whether the governed clause says one of the rule's words of its subject: "said that X **was
/// responsible**", "said that X was **behind** it".
fn clause_fits(tree: &Tree<'_>, rule: &Rule, verb: u32) -> bool {
    if rule.clause.iter().any(|word| **word == *"to") {
        let clauses = [DepRel::Xcomp, DepRel::Ccomp, DepRel::Advcl];
        return tree
            .children(verb)
            .iter()
            .any(|&child| clauses.contains(&tree.rel(child)) && tree.has_mark_to(child));
    }
    let Some(clause) = tree.child(verb, &[DepRel::Ccomp]) else {
        return false;
    };
    let negated = tree.children(clause).iter().any(|&child| {
        ["not", "n't", "never"]
            .iter()
            .any(|word| tree.says(child, word))
    });
    !negated
        && rule.clause.iter().any(|word| {
            // "warned that **it** would"
            let (word, own) = match word.strip_prefix("own ") {
                Some(word) => (word, true),
                None => (&**word, false),
            };
            if own && !speaks_of_itself(tree, verb, clause) {
                return false;
            }
            let modal = tree
                .children(clause)
                .iter()
                .any(|&child| tree.rel(child) == DepRel::Aux && tree.says(child, word));
            let ready = matches!(tree.lemma(clause), "ready" | "prepared" | "willing");
            let acts = modal
                && (tree.upos(clause) == Upos::Verb || ready)
                && !tree.is_passive(clause)
                && !tree
                    .children(clause)
                    .iter()
                    .any(|&child| tree.says(child, "have"));
            let marked = tree
                .children(clause)
                .iter()
                .any(|&child| tree.rel(child) == DepRel::Case && tree.says(child, word));
            // "said X was deceived" says nothing against X
            let done_to = tree.upos(clause) == Upos::Verb && tree.is_passive(clause);
            acts || (tree.is_word(clause, word) && !done_to) || marked
        })
}

/// Whether the subject of a governed clause is the subject above it, or what that one owns.
fn speaks_of_itself(tree: &Tree<'_>, verb: u32, clause: u32) -> bool {
    let mut subjects = Vec::new();
    tree.agents(verb, &mut subjects);
    let speakers: Vec<u32> = subjects
        .iter()
        .filter_map(|&token| tree.refer_one(token))
        .map(|arg| arg.entity)
        .collect();
    let Some(subject) = tree.child(clause, &[DepRel::Nsubj]) else {
        return false;
    };
    // "warned Iran it will have to answer": its own
    let addressee = tree
        .child(verb, &[DepRel::Obj, DepRel::Iobj])
        .and_then(|at| tree.refer_one(at));
    if tree.upos(subject) == Upos::Pron
        && addressee.is_some_and(|arg| tree.kind(arg.entity) != EntityType::Person)
    {
        return false;
    }
    let owner = tree.child(subject, &[DepRel::NmodPoss]);
    // "warned him that **his government** would"
    if owner.is_some_and(|owner| tree.xpos(owner) == Xpos::PrpPoss)
        && tree.is(subject, words::STATE)
    {
        return true;
    }
    [Some(subject), owner]
        .into_iter()
        .flatten()
        .filter_map(|token| tree.refer_one(token))
        .any(|arg| speakers.contains(&arg.entity))
}

/// "a meeting between A and B **in Oslo**", hung on the last of the parties.
fn at_parties(tree: &Tree<'_>, event: u32, prep: &str, out: &mut Vec<u32>) {
    let mut parties = Vec::new();
    for &child in tree.children(event) {
        let with = ["between", "with", "by"];
        if tree.rel(child) == DepRel::Nmod && with.iter().any(|prep| tree.has_case(child, prep)) {
            parties.push(child);
            let further = tree.children(child).iter().copied();
            parties.extend(further.filter(|&next| tree.rel(next) == DepRel::Conj));
        }
    }
    for party in parties {
        if tree.refer_one(party).is_some() {
            tree.attached(party, prep, out);
        }
    }
}

/// "told reporters in **Oslo**", "said in a speech in **Oslo**": by name, and where the tree is
/// sure of it.
fn venue(tree: &Tree<'_>, verb: u32, args: &mut Vec<Arg>) {
    let at = |word: u32| {
        tree.children(word).iter().copied().filter(|&child| {
            matches!(tree.rel(child), DepRel::Obl | DepRel::Nmod)
                && (tree.has_case(child, "in") || tree.has_case(child, "at"))
        })
    };
    // "in the capital, Cairo"
    let apposed = |token: u32| {
        tree.is(token, words::PLACE | words::PART)
            && tree
                .refer_one(token)
                .is_some_and(|arg| tree.kind(arg.entity) == EntityType::Place)
    };
    let named = |token: u32| tree.name_mention[token as usize] != NONE || apposed(token);
    let mut places: Vec<u32> = at(verb).filter(|&token| named(token)).collect();
    if places.is_empty() {
        for &child in tree.children(verb) {
            let inside = matches!(
                tree.rel(child),
                DepRel::Obl | DepRel::Obj | DepRel::NsubjPass
            );
            if inside && tree.is(child, words::VENUE | words::GATHERING) {
                places.extend(at(child).filter(|&token| named(token)));
            } else if inside && named(child) && !tree.is(verb, words::REPORT) {
                // "will join Ada Holm **in Oslo**", hung on the name
                places.extend(at(child).filter(|&token| named(token) && token > verb));
            }
        }
    }
    for place in places {
        args.extend(tree.mention_of(place).or_else(|| tree.refer_one(place)));
    }
}

/// Whether a word is in a list; an amount with a currency sign is what the sign stands for.
fn counts_as(tree: &Tree<'_>, word: u32, set: &[Box<str>]) -> bool {
    let sign = |at: u32| {
        let first = tree.text(at).chars().next();
        first.is_some_and(|first| {
            let mut buffer = [0; 4];
            let sign: &str = first.encode_utf8(&mut buffer);
            matches!(first, '$' | '€' | '£') && set.iter().any(|word| **word == *sign)
        })
    };
    let before = word.checked_sub(1).filter(|&at| tree.head(at) == word);
    tree.is_in(word, set) || sign(word) || before.is_some_and(sign)
}

/// The country in which the subject of a clause is known to hold an office of state, unless the
/// clause speaks of something else: "resigned as leader of his party".
fn office_of_subject(tree: &Tree<'_>, verb: u32) -> Option<Arg> {
    const OFFICES: [&str; 20] = [
        "president",
        "presidency",
        "premier",
        "minister",
        "chancellor",
        "secretary",
        "ambassador",
        "senator",
        "speaker",
        "governor",
        "office",
        "post",
        "position",
        "job",
        "duty",
        "term",
        "government",
        "cabinet",
        "parliament",
        "justice",
    ];
    let offices = tree.offices.get()?;
    let other = tree.children(verb).iter().any(|&child| {
        let spoken_of = match tree.rel(child) {
            DepRel::Obj | DepRel::Xcomp | DepRel::Ccomp => true,
            DepRel::Obl => ["from", "as", "to", "for"]
                .iter()
                .any(|case| tree.has_case(child, case)),
            _ => false,
        };
        let told = OFFICES
            .iter()
            .any(|word| tree.lemma(child).eq_ignore_ascii_case(word))
            // "his army post"
            && (tree.child(child, &[DepRel::Compound]).is_none()
                || !tree.says(child, "post"));
        spoken_of && child > verb && !told && !tree.is_passive(child)
    });
    if other {
        return None;
    }
    let mut subjects = Vec::new();
    tree.surface_subjects(verb, &mut subjects);
    let holder = subjects.iter().find_map(|&token| tree.refer_one(token))?;
    let entity = *offices.get(&holder.entity)?;
    Some(Arg {
        token: verb,
        entity,
        certainty: 0.75,
    })
}
