//! Titles that lean on what the document says elsewhere: counterparts, and titles without a
//! complement.

use rustc_hash::FxHashMap;
use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos};

use super::language::{Class, Rule, RuleSet, type_bit};
use super::paths::mask_fits;
use super::syntax::{Arg, NONE, Tree};
use super::{Found, Match, presence, roles};

/// Relations that one country has with one holder at a time.
const HELD_BY_ONE: [&str; 3] = ["head_of_state_of", "head_of_government_of", "capital_of"];

/// Titles that lean on what the document says elsewhere: a counterpart holds the office that the
/// possessor holds; a title without complement belongs to the holder's own country, or to the one
/// that the document is mostly about.
pub(super) fn settle(rules: &RuleSet, tree: &Tree<'_>, found: &mut Found) {
    if found.deferred.is_empty() {
        return;
    }
    let rule_of_index = |index: u32| rules.rules.get(index as usize);
    let rule_of = |one: &Match| rule_of_index(one.rule);
    let mut by_subject: FxHashMap<u32, Vec<Match>> = FxHashMap::default();
    for one in &found.matches {
        if rule_of(one).is_some_and(|rule| rule.class == Class::Role) {
            by_subject.entry(one.subject.entity).or_default().push(*one);
        }
    }
    let known = |entity: u32| by_subject.get(&entity).map_or(&[][..], Vec::as_slice);
    let offices = offices(rules, tree, &found.matches);
    let current: Vec<Match> = found
        .matches
        .iter()
        .filter(|one| one.title.is_none())
        .copied()
        .collect();
    let now = self::offices(rules, tree, &current);
    let mut main: FxHashMap<u8, Option<Arg>> = FxHashMap::default();
    let mut more = Vec::new();
    for deferred in &found.deferred {
        let mut one = deferred.one;
        let Some(rule) = rule_of(&one) else {
            continue;
        };
        if rule.counterpart {
            let like = known(deferred.possessor.unwrap_or(NONE))
                .iter()
                .find(|other| {
                    rule_of(other).is_some_and(|other| other.subject_types == rule.subject_types)
                        && tree.kind(other.object.entity) == tree.kind(one.object.entity)
                });
            if let Some(like) = like {
                one.rule = like.rule;
                more.push(one);
            }
            continue;
        }
        let known = known(one.subject.entity);
        let same =
            |other: &Match| rule_of(other).is_some_and(|other| other.relation == rule.relation);
        if known.iter().any(same) {
            continue;
        }
        let fits = |other: &&Match| {
            mask_fits(tree, rule.object_types, &other.object)
                && rule_of(other).is_some_and(|other| other.bare)
        };
        let token = one.object.token;
        let types = bare_types(tree, rule, &one);
        let settled = match known.iter().find(fits) {
            Some(other) => Some(other.object.entity),
            // "Secretary of State Holm": nobody else's
            None if american(tree, rule, &one) => state_with(tree, "US"),
            None if run_by(tree, rule, one.subject).is_some() => {
                run_by(tree, rule, one.subject).map(|arg| arg.entity)
            }
            // "the capital, Khartoum": of the country that the city lies in, where the text names it
            None if rule.relation == "capital_of" && within(tree, one.subject).is_some() => {
                // "the Tibetan capital": of something else
                let other = token.checked_sub(1).is_some_and(|at| {
                    tree.upos(at) == Upos::Adj && tree.text(at).starts_with(char::is_uppercase)
                });
                within(tree, one.subject)
                    .filter(|_| !other)
                    .and_then(|code| state_with(tree, code))
            }
            // whom the tables know by name and office serves that country, named here or not
            None if serves(tree, one.subject.entity).is_some() => {
                let home = serves(tree, one.subject.entity);
                let country = tree.layer.entities.iter().position(|node| {
                    node.kind == EntityType::Country && node.iso.as_deref() == home
                });
                let country = country.map(|at| at as u32);
                country.filter(|&at| type_bit(tree.kind(at)) & rule.object_types != 0)
            }
            None => {
                let same = |index: u32| {
                    rule_of_index(index).is_some_and(|other| other.relation == rule.relation)
                };
                let only = only_governed(&offices, &one, same);
                only.filter(|&entity| type_bit(tree.kind(entity)) & types != 0)
                    .or_else(|| {
                        main.entry(types)
                            .or_insert_with(|| roles::main_entity(tree, types, token))
                            .map(|arg| arg.entity)
                            .filter(|&entity| {
                                let held = |&(country, rule, holder): &(u32, u32, u32)| {
                                    country == entity && holder != one.subject.entity && same(rule)
                                };
                                let taken = HELD_BY_ONE.contains(&rule.relation.as_str())
                                    && one.title.is_none()
                                    && now.iter().any(held);
                                !taken && !abroad(tree, entity, token)
                            })
                    })
            }
        };
        if let Some(entity) = settled
            && entity != one.subject.entity
        {
            one.object.entity = entity;
            more.push(one);
        }
    }
    found.matches.extend(more);
}

/// What a title without complement may belong to: an office of state to a country, but for those
/// that bodies have as well.
fn bare_types(tree: &Tree<'_>, rule: &Rule, one: &Match) -> u8 {
    let country = type_bit(EntityType::Country);
    let of_body = [
        "commissioner",
        "justice",
        "judge",
        "speaker",
        "chief",
        "representative",
    ]
    .iter()
    .any(|word| tree.says(one.trigger.1, word));
    if rule.object_types & country == 0 || of_body {
        rule.object_types
    } else {
        country
    }
}

/// Whether a title without complement is one of the United States by its words: "Secretary of
/// State Holm".
fn american(tree: &Tree<'_>, rule: &Rule, one: &Match) -> bool {
    let (start, last) = one.trigger;
    rule.relation == "holds_office_in"
        && tree.says(last, "state")
        && ["secretary", "undersecretary", "under-secretary"]
            .iter()
            .any(|word| (start..last).any(|at| tree.says(at, word)))
}

/// The country that a place is known to lie in.
fn within<'t>(tree: &'t Tree<'_>, place: Arg) -> Option<&'t str> {
    let node = tree.layer.entities.get(place.entity as usize)?;
    node.within.as_deref()
}

/// The country of a code, if the text names it.
fn state_with(tree: &Tree<'_>, code: &str) -> Option<u32> {
    let entities = tree.layer.entities.iter();
    let at = entities
        .enumerate()
        .find(|(_, one)| one.kind == EntityType::Country && one.iso.as_deref() == Some(code));
    at.map(|(at, _)| at as u32)
}

/// Whether a title is said of another country than the one that the document is about: its
/// sentence names one, or a place of one, and not that country ("met President Brandt **at the
/// White House**"), or neither it nor the sentence before speaks of that country and the document
/// speaks of others as well.
fn abroad(tree: &Tree<'_>, country: u32, title: u32) -> bool {
    let Some(home) = presence::node_code(tree, country) else {
        return false;
    };
    let Some(at) = tree.parsed.sentence_of(title) else {
        return false;
    };
    let codes_in = |at: usize| {
        let sentence = tree.parsed.sentences().get(at);
        let mentions = tree.layer.mentions.iter().filter(move |mention| {
            mention.kind != MentionKind::Pronoun
                && sentence.is_some_and(|sentence| sentence.tokens.contains(&mention.head))
        });
        mentions.filter_map(|mention| presence::node_code(tree, mention.entity))
    };
    let mut others = false;
    let own = codes_in(at).any(|code| {
        others |= code != home;
        code == home
    });
    if own {
        return false;
    }
    let near = at
        .checked_sub(1)
        .is_some_and(|before| codes_in(before).any(|code| code == home));
    if others || near {
        return others;
    }
    let (mut ours, mut theirs) = (0u32, 0u32);
    for mention in &tree.layer.mentions {
        match presence::node_code(tree, mention.entity) {
            Some(code) if code == home => ours += 1,
            Some(_) => theirs += 1,
            None => {}
        }
    }
    theirs * 2 > ours
}

/// The country in which somebody is known to hold an office of state.
fn serves<'t>(tree: &'t Tree<'_>, person: u32) -> Option<&'t str> {
    tree.layer.entities.get(person as usize)?.serves.as_deref()
}

/// What the holder of a title is said to run: "**Norvik** is run by chief executive Ada Holm".
fn run_by(tree: &Tree<'_>, rule: &Rule, holder: Arg) -> Option<Arg> {
    let verb = tree.head(holder.token);
    let runs = matches!(tree.lemma(verb), "run" | "lead" | "head") && tree.is_passive(verb);
    let by = tree.rel(holder.token) == DepRel::OblAgent || tree.has_case(holder.token, "by");
    let what = tree
        .child(verb, &[DepRel::NsubjPass])
        .filter(|_| runs && by)?;
    tree.refer_one(what)
        .filter(|arg| mask_fits(tree, rule.object_types, arg))
}

/// The one country that other offices of the document belong to, unless somebody else is known to
/// hold the same office there.
fn only_governed(
    offices: &[(u32, u32, u32)],
    one: &Match,
    same: impl Fn(u32) -> bool,
) -> Option<u32> {
    let &(first, ..) = offices.first()?;
    let alone = offices.iter().all(|&(country, ..)| country == first);
    let unique = |rule: u32| same(rule) && same(one.rule);
    let taken = offices
        .iter()
        .any(|&(_, rule, holder)| holder != one.subject.entity && unique(rule));
    (alone && !taken).then_some(first)
}

/// The country of each person who holds an office of state in one country only.
pub(super) fn state_offices(
    rules: &RuleSet,
    tree: &Tree<'_>,
    matches: &[Match],
) -> FxHashMap<u32, u32> {
    let mut states = FxHashMap::default();
    for one in matches {
        let rule = rules.rules.get(one.rule as usize);
        if rule.is_some_and(|rule| rule.bare)
            && tree.kind(one.subject.entity) == EntityType::Person
            && tree.kind(one.object.entity) == EntityType::Country
        {
            let state = states
                .entry(one.subject.entity)
                .or_insert(one.object.entity);
            if *state != one.object.entity {
                *state = NONE;
            }
        }
    }
    states.retain(|_, state| *state != NONE);
    states
}

/// Countries whose offices the document names by name, with relation and holder.
fn offices(rules: &RuleSet, tree: &Tree<'_>, matches: &[Match]) -> Vec<(u32, u32, u32)> {
    let office = |one: &Match| {
        let rule = rules.rules.get(one.rule as usize)?;
        // an ambassador is at home elsewhere
        let abroad = ["ambassador", "envoy", "consul", "diplomat"]
            .iter()
            .any(|word| tree.says(one.trigger.1, word));
        let office = rule.class == Class::Role
            && rule.bare
            && !abroad
            && tree.kind(one.object.entity) == EntityType::Country;
        office.then_some((one.object.entity, one.rule, one.subject.entity))
    };
    matches.iter().filter_map(office).collect()
}
