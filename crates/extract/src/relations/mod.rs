//! Relations between entities, read off dependency trees by rules.
//!
//! `language` compiles the rule files, `syntax` answers who does what to whom, `roles` and
//! `links` read titles, appositions and bare links, `status` finds polarity, modality and source.
//! This module drives them: every token is looked up once among the trigger words.

mod amount;
mod assemble;
mod bare;
mod complements;
mod confidence;
mod counted;
mod cues;
mod events;
mod explain;
mod fault;
mod language;
mod links;
mod negation;
mod obstacle;
mod open;
mod owners;
mod paths;
mod prepositions;
mod presence;
mod quotes;
mod refer;
mod roles;
mod settle;
mod status;
mod syntax;
mod triggers;
mod when;
mod words;

use std::ops::Range;
use std::path::Path as FilePath;

use rustc_hash::FxHashMap;
use tieline_facts::{MentionKind, Modality, Ontology, Relation};
use tieline_text::{DepRel, Document, Note, Parsed, Upos, Xpos};

use crate::EntityLayer;
pub use confidence::{
    CONFIDENCE_FORMAT, Confidence, ConfidenceError, ConfidenceErrorKind, FACTORS, Factors,
    probability,
};
pub use explain::{Cue, End, Explanation, Reference, RulePlace, Step, Words, explain_relations};
pub use fault::{RuleError, RuleErrorKind};
use language::{Class, Path, Rule, RuleSet, type_bit};
pub use language::{Example, RULE_FORMAT};
pub use obstacle::{Obstacle, Sighting, find_sightings, find_unjoined};
pub use open::find_open;
use paths::{dependents_fit, first_of, follow, has_dependent, mask_fits};
use roles::RoleNoun;
use settle::{settle, state_offices};
use syntax::{Arg, NONE, Tree};
use triggers::{admits, trigger_words, triggers_at};

/// Compiled rules and the ontology. Shared by reference.
#[derive(Debug, Default)]
pub struct RelationResources {
    ontology: Ontology,
    rules: RuleSet,
}

impl RelationResources {
    /// Compiles rule files against the table of relation types. `files` are pairs of a name, which
    /// labels errors, and the text; word lists and types of one file are known in those after it.
    pub fn compile(ontology: &str, files: &[(&str, &str)]) -> Result<RelationResources, RuleError> {
        RelationResources::check(ontology, files).map_err(|mut faults| faults.swap_remove(0))
    }

    /// As [`RelationResources::compile`], but with all faults, in order of files; never none.
    pub fn check(
        ontology: &str,
        files: &[(&str, &str)],
    ) -> Result<RelationResources, Vec<RuleError>> {
        let mut ontology = Ontology::parse(ontology).map_err(|error| {
            vec![RuleError {
                file: FilePath::new("relations.tsv").display().to_string(),
                line: error.line,
                column: 1,
                kind: RuleErrorKind::Ontology(error),
            }]
        })?;
        let rules = language::compile(&mut ontology, files)?;
        Ok(RelationResources { ontology, rules })
    }

    /// The same rules with fitted weights for the confidence of what they find, see
    /// [`Confidence::parse`] for their format.
    pub fn with_confidence(mut self, weights: &str) -> Result<RelationResources, ConfidenceError> {
        self.rules.confidence = Confidence::parse(weights)?;
        Ok(self)
    }

    /// The relation types.
    pub fn ontology(&self) -> &Ontology {
        &self.ontology
    }

    /// Every rule, in the order they were read.
    pub fn rules(&self) -> Vec<RuleInfo<'_>> {
        let mut words: Vec<Vec<String>> = vec![Vec::new(); self.rules.rules.len()];
        for trigger in self.rules.triggers.values().flatten() {
            if let Some(words) = words.get_mut(trigger.rule as usize) {
                words.push(trigger.words.join(" "));
            }
        }
        let rules = self.rules.rules.iter().zip(words);
        rules
            .map(|(rule, mut words)| {
                words.sort();
                let file = self.rules.files.get(rule.file as usize);
                RuleInfo {
                    id: &rule.id,
                    relation: &rule.relation,
                    file: file.map_or("", String::as_str),
                    line: rule.line,
                    class: rule.class.as_str(),
                    words,
                    yes: &rule.yes,
                    no: &rule.no,
                }
            })
            .collect()
    }
}

/// What there is to know about a rule from outside.
#[derive(Clone, Debug)]
pub struct RuleInfo<'a> {
    /// Its name, unique.
    pub id: &'a str,
    /// Id of the relation type.
    pub relation: &'a str,
    /// Name of the file it stands in.
    pub file: &'a str,
    /// Line of its id there, counted from 1.
    pub line: u32,
    /// `verb`, `event`, `role` or `link`.
    pub class: &'static str,
    /// Trigger words in alphabetical order; none for a link.
    pub words: Vec<String>,
    /// Sentences that must match.
    pub yes: &'a [Example],
    /// Sentences that must not.
    pub no: &'a [Example],
}

/// One match of one rule.
#[derive(Clone, Copy, Debug)]
struct Match {
    subject: Arg,
    object: Arg,
    rule: u32,
    /// First and last token of the trigger.
    trigger: (u32, u32),
    /// The predicate whose status counts, or [`NONE`] where the relation is taken for granted.
    predicate: u32,
    /// What the words of a title say of it, and which: "former", "-elect", "alleged".
    title: Option<(Modality, u32)>,
}

/// A match whose other end, or whose relation, is settled when the whole document was read.
#[derive(Clone, Copy, Debug)]
struct Deferred {
    one: Match,
    /// For a counterpart: whose.
    possessor: Option<u32>,
}

/// What the walk over the tokens collects.
#[derive(Debug, Default)]
struct Found {
    matches: Vec<Match>,
    deferred: Vec<Deferred>,
}

/// Finds the relations that the text states between entities of the layer, in order of evidence.
///
/// Never fails. Cost: one look-up per token, and work per trigger found.
pub fn find_relations(
    resources: &RelationResources,
    document: &Document,
    parsed: &Parsed,
    entities: &EntityLayer,
) -> (Vec<Relation>, Vec<Note>) {
    if entities.entities.len() < 2 {
        return (Vec::new(), Vec::new());
    }
    let rules = &resources.rules;
    let tree = Tree::new(&rules.words, document, parsed, entities);
    let matches = all_matches(rules, &tree);
    let found = assemble::relations(&resources.ontology, rules, &tree, matches);
    let relations = found.into_iter().map(|(relation, _)| relation);
    (relations.collect(), Vec::new())
}

/// Every match of every rule in a document.
fn all_matches(rules: &RuleSet, tree: &Tree<'_>) -> Vec<Match> {
    let mut found = Found::default();
    let mut buffer = String::new();
    // offices first: "the Brandt government" is the state that Brandt holds one in
    for token in 0..tree.len() {
        match_token(rules, tree, token, true, &mut buffer, &mut found);
    }
    settle(rules, tree, &mut found);
    let _ = tree.offices.set(state_offices(rules, tree, &found.matches));
    for token in 0..tree.len() {
        match_token(rules, tree, token, false, &mut buffer, &mut found);
    }
    let mut matches = found.matches;
    links::match_links(rules, tree, &mut matches);
    names_fit(rules, tree, &mut matches);
    one_act(rules, tree, &mut matches);
    presence::keep_travellers(rules, tree, &mut matches);
    matches
}

fn match_token(
    rules: &RuleSet,
    tree: &Tree<'_>,
    token: u32,
    roles: bool,
    buffer: &mut String,
    found: &mut Found,
) {
    let (mut longest_role, mut longest_event) = (0, 0);
    for trigger in triggers_at(rules, tree, token, buffer) {
        let Some(rule) = rules.rules.get(trigger.rule as usize) else {
            continue;
        };
        if (rule.class == Class::Role) != roles || !admits(rule.class, tree, token) {
            continue;
        }
        let Some(words) = trigger_words(tree, trigger, rule, token) else {
            continue;
        };
        if rule.class == Class::Role {
            if trigger.words.len() < longest_role {
                continue;
            }
            longest_role = trigger.words.len();
        } else if rule.class == Class::Event {
            if trigger.words.len() < longest_event {
                continue; // a cyber attack is no attack
            }
            longest_event = trigger.words.len();
        }
        match_rule(rules, tree, trigger.rule, token, words, found);
    }
}

/// Matches one rule at its trigger.
fn match_rule(
    rules: &RuleSet,
    tree: &Tree<'_>,
    index: u32,
    token: u32,
    words: Range<u32>,
    found: &mut Found,
) {
    let class = rules.rules.get(index as usize).map(|rule| rule.class);
    match class {
        Some(Class::Verb) => match_verb(rules, tree, index, token, words, &mut found.matches),
        Some(Class::Event) => match_event(rules, tree, index, token, words, &mut found.matches),
        Some(Class::Role) => {
            let noun = RoleNoun { key: token, words };
            match_role(rules, tree, index, noun, found);
        }
        _ => {}
    }
}

fn match_verb(
    rules: &RuleSet,
    tree: &Tree<'_>,
    index: u32,
    verb: u32,
    words: Range<u32>,
    matches: &mut Vec<Match>,
) {
    let Some(rule) = rules.rules.get(index as usize) else {
        return;
    };
    if !dependents_fit(rules, tree, rule, verb) {
        return;
    }
    let subjects = first_of(tree, &rule.subject, verb, true, rule.subject_types);
    if subjects.is_empty() {
        // "a contract was signed between A and B"
        if rule.each && rule.object.contains(&Path::Between) {
            let types = rule.subject_types & rule.object_types;
            let parties = follow(tree, &Path::Between, verb, true, types);
            let trigger = (words.start, words.end.saturating_sub(1));
            pair_up(rule, index, &parties, &[], trigger, verb, matches);
        }
        return;
    }
    let objects = first_of(tree, &rule.object, verb, true, rule.object_types);
    if objects.is_empty() && rule.each && subjects.len() > 1 && others_there(tree, rule, verb, true)
    {
        return;
    }
    let trigger = (words.start, words.end.saturating_sub(1));
    pair_up(rule, index, &subjects, &objects, trigger, verb, matches);
}

/// Whether the other party is there but nobody known: "A and B are fighting **rebels**" does not
/// mean that they fight each other.
fn others_there(tree: &Tree<'_>, rule: &Rule, trigger: u32, verbal: bool) -> bool {
    let mut tokens = Vec::new();
    // "battling an insurgency" is not battling each other, whatever "battle with" is
    if verbal && rule.relation == "at_war_with" && rule.with_object.is_none() {
        tokens.extend(tree.child(trigger, &[DepRel::Obj]));
        tokens.retain(|&token| !tree.is(token, words::SHARED));
        // "A and B are fighting **to topple** the king", "... **for** autonomy"
        tokens.extend(tree.children(trigger).iter().copied().filter(
            |&child| match tree.rel(child) {
                DepRel::Xcomp | DepRel::Advcl => tree.has_mark_to(child),
                // "... **with** rebels"
                DepRel::Obl if tree.has_case(child, "with") => {
                    child > trigger && !tree.is_aside(child)
                }
                DepRel::Obl => tree.has_case(child, "for") && child < trigger + 4,
                _ => false,
            },
        ));
        if !tokens.is_empty() {
            return true;
        }
    }
    for path in &rule.object {
        match path {
            Path::Obj if verbal && rule.with_object.is_none() && !tree.is_passive(trigger) => {
                tree.patients(trigger, &mut tokens);
                tokens.retain(|&token| !tree.is(token, words::OCCASION | words::SHARED));
            }
            Path::Prep(prep) => {
                tree.prepositional(trigger, prep, &mut tokens);
                // "A and B met in Oslo, with the fate of C on the agenda"
                tokens.retain(|&token| !tree.is_aside(token));
            }
            _ => {}
        }
        if !tokens.is_empty() {
            return true;
        }
    }
    false
}

fn match_event(
    rules: &RuleSet,
    tree: &Tree<'_>,
    index: u32,
    noun: u32,
    words: Range<u32>,
    matches: &mut Vec<Match>,
) {
    let Some(rule) = rules.rules.get(index as usize) else {
        return;
    };
    if !has_dependent(tree, rule, noun) {
        return;
    }
    let trigger = (words.start, words.end.saturating_sub(1));
    if rule.each {
        let mut parties = Vec::new();
        roles::between(tree, noun, &mut parties);
        parties.retain(|arg| mask_fits(tree, rule.subject_types | rule.object_types, arg));
        if parties.len() < 2
            && let Some(pair) = tree.pair_in_front(noun)
        {
            parties.clear();
            parties.extend(pair);
            parties.retain(|arg| mask_fits(tree, rule.subject_types & rule.object_types, arg));
        }
        if parties.len() > 1 {
            let sides = if roles::one_against_rest(tree, &parties) {
                1
            } else {
                parties.len()
            };
            let (subjects, objects) = parties.split_at(sides);
            pair_up(rule, index, subjects, objects, trigger, noun, matches);
            return;
        }
    }
    let mut subjects = Vec::new();
    let mut prepositional = false;
    for path in &rule.subject {
        prepositional = matches!(path, Path::Prep(_));
        subjects = match path {
            // a name in front of the first word of the trigger
            Path::Subj => {
                let mut args = follow(tree, path, noun, false, rule.subject_types);
                if args.is_empty() && words.start < noun {
                    args.extend(
                        tree.named_modifier(words.start)
                            .and_then(|at| tree.mention_of(at)),
                    );
                    args.retain(|arg| mask_fits(tree, rule.subject_types, arg));
                }
                args
            }
            other => follow(tree, other, noun, false, rule.subject_types),
        };
        // "demanded the withdrawal of all foreign troops": theirs, whoever they are
        let unnamed = matches!(path, Path::Prep(prep) if **prep == *"of")
            && (tree.carrier(noun)).is_some_and(|verb| !tree.is(verb, words::LIGHT))
            && {
                let mut of = Vec::new();
                tree.attached(noun, "of", &mut of);
                !of.is_empty()
            };
        if !subjects.is_empty() || unnamed {
            break;
        }
    }
    let behind = |path: &&Path| **path != Path::Front;
    let paths: Vec<Path> = rule.object.iter().filter(behind).cloned().collect();
    let mut objects = first_of(tree, &paths, noun, false, rule.object_types);
    if objects.is_empty() && paths.len() < rule.object.len() {
        // "ends exile with a Gaza visit": what stands in front is no agent
        let mut tokens = Vec::new();
        tree.event_agents(noun, &mut tokens);
        let stated = std::mem::take(&mut subjects);
        for token in tokens {
            tree.refer(token, &mut subjects);
        }
        subjects.retain(|arg| mask_fits(tree, rule.subject_types, arg));
        objects = follow(tree, &Path::Front, words.start, false, rule.object_types);
        // "the Oslo headquarters of Norvik"
        if subjects.is_empty() && prepositional {
            subjects = stated;
        }
    }
    let alone = objects.is_empty() && rule.each;
    if subjects.is_empty() || (alone && others_there(tree, rule, noun, false)) {
        return;
    }
    pair_up(rule, index, &subjects, &objects, trigger, noun, matches);
}

fn match_role(rules: &RuleSet, tree: &Tree<'_>, index: u32, noun: RoleNoun, found: &mut Found) {
    let Some(rule) = rules.rules.get(index as usize) else {
        return;
    };
    if (!rule.deputy && lesser_rank(tree, noun.words.start)) || !has_dependent(tree, rule, noun.key)
    {
        return;
    }
    // the noun denotes the subject ("president"), the object ("son"), or neither ("city of")
    let end = |paths: &[Path]| paths.contains(&Path::Holder);
    let (holds, other, swapped) = match (end(&rule.subject), end(&rule.object)) {
        (_, false) => (&rule.subject, &rule.object, false),
        _ => (&rule.object, &rule.subject, true),
    };
    let (types, other_types) = if swapped {
        (rule.object_types, rule.subject_types)
    } else {
        (rule.subject_types, rule.object_types)
    };
    let mut holders = roles::Holders::default();
    for path in holds {
        holders = match path {
            Path::Holder => roles::holders(tree, &noun, types, 0),
            path => roles::Holders {
                args: roles::complements(tree, std::slice::from_ref(path), types, &noun),
                ..roles::Holders::default()
            },
        };
        if !holders.args.is_empty() {
            break;
        }
    }
    if holders.args.is_empty() {
        return;
    }
    let others = roles::complements(tree, other, other_types, &noun);
    // a former tycoon is no former Russian
    let lasting = match &*rule.relation {
        "citizen_of" => !matches!(tree.lemma(noun.key), "citizen" | "national" | "subject"),
        "located_in" => true,
        _ => false,
    };
    let title = if lasting {
        None
    } else if holders.ended {
        Some((Modality::Former, holders.stated.unwrap_or(noun.key)))
    } else {
        title_status(tree, &noun.words)
    };
    let trigger = (noun.words.start, noun.words.end.saturating_sub(1));
    let predicate = holders.stated.unwrap_or(NONE);
    let before = found.matches.len();
    let mut pair = |holders: &[Arg], others: &[Arg]| {
        let (subjects, objects) = if swapped {
            (others, holders)
        } else {
            (holders, others)
        };
        if !subjects.is_empty() && !objects.is_empty() {
            pair_up(
                rule,
                index,
                subjects,
                objects,
                trigger,
                predicate,
                &mut found.matches,
            );
        }
    };
    let listed = holders.args.len() > 1
        && holders
            .args
            .iter()
            .any(|&holder| roles::of_behind(tree, holder).is_some());
    if listed {
        // "Presidents A of X, B of Y and C": each has a complement of its own, or none
        for &holder in &holders.args {
            let own = roles::of_behind(tree, holder);
            let own: Vec<Arg> = own
                .into_iter()
                .filter(|arg| mask_fits(tree, other_types, arg))
                .collect();
            pair(&[holder], &own);
        }
    } else if others.is_empty() {
        for &holder in &holders.args {
            let own = roles::own_complements(tree, other, other_types, holder);
            pair(&[holder], &own);
        }
    } else if rule.counterpart {
        let near = noun.words.start.saturating_sub(5)..noun.words.start;
        let possessor = near
            .rev()
            .find(|&at| matches!(tree.xpos(at), Xpos::PrpPoss))
            .or_else(|| tree.child(noun.key, &[DepRel::NmodPoss]))
            .and_then(|token| tree.mention_of(token));
        for (&holder, &object) in holders.args.iter().zip(&others) {
            let one = Match {
                subject: holder,
                object,
                rule: index,
                trigger,
                predicate,
                title,
            };
            found.deferred.push(Deferred {
                one,
                possessor: possessor.map(|arg| arg.entity),
            });
        }
        return;
    } else if others.len() > 1
        && others.len() == holders.args.len()
        && rule.bare
        && tree.xpos(noun.key) == Xpos::Nns
    {
        // "the French and German foreign ministers, A and B": one each
        let (mut who, mut whose) = (holders.args.clone(), others.clone());
        who.sort_by_key(|arg| arg.token);
        whose.sort_by_key(|arg| arg.token);
        for (&holder, &object) in who.iter().zip(&whose) {
            pair(&[holder], &[object]);
        }
    } else {
        pair(&holders.args, &others);
    }
    if found.matches.len() == before && rule.bare && roles::is_bare(tree, &noun, &holders.args) {
        for &holder in &holders.args {
            let object = Arg {
                token: noun.key,
                entity: NONE,
                certainty: 0.7,
            };
            let one = Match {
                subject: holder,
                object,
                rule: index,
                trigger,
                predicate,
                title,
            };
            found.deferred.push(Deferred {
                one,
                possessor: None,
            });
        }
    }
    for one in found.matches.iter_mut().skip(before) {
        one.title = title;
    }
}

/// "vice", "deputy" right in front.
fn lesser_rank(tree: &Tree<'_>, start: u32) -> bool {
    let mut at = start;
    for _ in 0..2 {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        at = before;
        if tree.is(at, words::DEPUTY) {
            return true;
        }
        if tree.xpos(at) != Xpos::Hyph && tree.upos(at) != Upos::Adj {
            return false;
        }
    }
    false
}

/// "former", "ex-", "incoming", "alleged" in the noun phrase before the title, "-elect" behind it.
fn title_status(tree: &Tree<'_>, title: &Range<u32>) -> Option<(Modality, u32)> {
    if roles::behind(tree, title.end) != title.end {
        return Some((Modality::Planned, title.end));
    }
    let prefixed = |word: &str| word.get(..3).is_some_and(|p| p.eq_ignore_ascii_case("ex-"));
    if prefixed(tree.text(title.start)) {
        return Some((Modality::Former, title.start));
    }
    let at_the_time = title.end..(title.end + 3).min(tree.len());
    if at_the_time.len() == 3
        && ["at", "the", "time"]
            .iter()
            .zip(at_the_time)
            .all(|(word, at)| tree.says(at, word))
    {
        return Some((Modality::Former, title.end + 2));
    }
    let mut at = title.start;
    for _ in 0..7 {
        at = at.checked_sub(1)?;
        if tree.is(at, words::FORMER)
            || ["formerly", "previously", "once"]
                .iter()
                .any(|word| tree.says(at, word))
            || prefixed(tree.text(at))
        {
            return Some((Modality::Former, at));
        }
        if [
            "incoming",
            "next",
            "designated",
            "prospective",
            "future",
            "would-be",
        ]
        .iter()
        .any(|word| tree.says(at, word))
        {
            return Some((Modality::Planned, at));
        }
        let modifies = tree.upos(at) == Upos::Adj || tree.rel(at) == DepRel::Amod;
        if modifies && tree.is(at, words::ALLEGE) {
            return Some((Modality::Alleged, at));
        }
        // "future gas crises Prime Minister Holm": behind a plural noun something new begins
        let inside = (matches!(
            tree.upos(at),
            Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num
        ) && tree.xpos(at) != Xpos::Nns)
            || matches!(tree.xpos(at), Xpos::Hyph | Xpos::Pos | Xpos::Nfp)
            || tree.says(at, "-")
            // "former Bureau **of** Mines agent"
            || (tree.name_mention[at as usize] != NONE
                && tree.name_mention.get(at as usize + 1) == Some(&tree.name_mention[at as usize]));
        if !inside {
            return None;
        }
    }
    None
}

fn pair_up(
    rule: &Rule,
    index: u32,
    subjects: &[Arg],
    objects: &[Arg],
    trigger: (u32, u32),
    predicate: u32,
    matches: &mut Vec<Match>,
) {
    let mut push = |subject: Arg, object: Arg| {
        if subject.entity != object.entity {
            matches.push(Match {
                subject,
                object,
                rule: index,
                trigger,
                predicate,
                title: None,
            });
        }
    };
    if objects.is_empty() {
        if rule.each {
            for (at, first) in subjects.iter().enumerate() {
                for second in subjects.iter().skip(at + 1) {
                    push(*first, *second);
                }
            }
        }
        return;
    }
    for subject in subjects {
        for object in objects {
            push(*subject, *object);
        }
    }
}

/// One act, one relation: aid is no funding beside, and a raid is an attack, or the police take hold
/// of something.
fn one_act(rules: &RuleSet, tree: &Tree<'_>, matches: &mut Vec<Match>) {
    let relation = |one: &Match| {
        rules
            .rules
            .get(one.rule as usize)
            .map(|rule| &*rule.relation)
    };
    let police = |one: &Match| {
        let who = [
            "police",
            "officer",
            "agent",
            "investigator",
            "prosecutor",
            "authority",
        ];
        who.contains(&tree.lemma(one.subject.token))
    };
    // "gave $40 million of food aid": no funding beside it
    let aid: Vec<(u32, u32)> = matches
        .iter()
        .filter(|one| relation(one) == Some("gave_aid_to"))
        .map(|one| (one.trigger.0, one.object.entity))
        .collect();
    matches.retain(|one| {
        let key = (one.trigger.0, one.object.entity);
        relation(one) != Some("funded") || !aid.contains(&key)
    });
    let raid = |one: &Match| matches!(tree.lemma(one.trigger.0), "raid" | "storm");
    if !matches.iter().any(raid) {
        return;
    }
    let of = |name: &str| -> Vec<(u32, u32)> {
        let of = matches.iter().filter(|one| relation(one) == Some(name));
        of.map(|one| (one.trigger.0, one.object.entity)).collect()
    };
    let (attacks, seizures) = (of("attacked"), of("seized"));
    matches.retain(|one| {
        let key = (one.trigger.0, one.object.entity);
        match relation(one) {
            Some("attacked") if raid(one) => !(police(one) && seizures.contains(&key)),
            Some("seized") if raid(one) => police(one) || !attacks.contains(&key),
            _ => true,
        }
    });
}

/// Drops matches whose object does not have the name that the rule asks for.
fn names_fit(rules: &RuleSet, tree: &Tree<'_>, matches: &mut Vec<Match>) {
    let mut known: FxHashMap<(u32, u32), bool> = FxHashMap::default();
    let mut holds = |entity: u32, set: u32| {
        *known.entry((entity, set)).or_insert_with(|| {
            let words = rules.sets.get(set as usize).map_or(&[][..], Vec::as_slice);
            let mut mentions = tree.layer.mentions.iter();
            mentions.any(|mention| {
                mention.entity == entity
                    && matches!(mention.kind, MentionKind::Name | MentionKind::Demonym)
                    && mention.tokens.clone().any(|at| tree.is_in(at, words))
            })
        })
    };
    matches.retain(|one| {
        let Some(rule) = rules.rules.get(one.rule as usize) else {
            return false;
        };
        let entity = one.object.entity;
        rule.object_named.is_none_or(|set| holds(entity, set))
            && !rule.object_not_named.is_some_and(|set| holds(entity, set))
    });
}

#[cfg(test)]
mod tests;
