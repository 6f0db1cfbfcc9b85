//! Where somebody is, told in passing: "told reporters in Oslo".
//!
//! A politician who speaks in a city may be at home there. Such a place counts as visited only for
//! persons of whom the document says elsewhere that they travel, and never inside their own
//! country.

use rustc_hash::FxHashSet;
use tieline_facts::EntityType;

use super::Match;
use super::language::{Class, Link, RuleSet};
use super::syntax::Tree;

/// Drops the matches of presence rules that say nothing of a journey, and those of outward rules
/// that stay at home.
pub fn keep_travellers(rules: &RuleSet, tree: &Tree<'_>, matches: &mut Vec<Match>) {
    let rule_of = |one: &Match| rules.rules.get(one.rule as usize);
    let passing = |one: &Match| rule_of(one).is_some_and(|rule| rule.presence || rule.outward);
    if !matches.iter().any(passing) {
        return;
    }
    let mut travellers: FxHashSet<u32> = FxHashSet::default();
    let mut homes: FxHashSet<(u32, u32)> = FxHashSet::default();
    for one in matches.iter() {
        let Some(rule) = rule_of(one) else { continue };
        if rule.class == Class::Role || rule.class == Class::Link(Link::Descriptor) {
            homes.insert((one.subject.entity, one.object.entity));
        } else if !rule.presence && rule.relation == "visited" {
            travellers.insert(one.subject.entity);
        }
    }
    travel_nouns(tree, &mut travellers);
    let at_home = |one: &Match| {
        let place = one.object.entity;
        let within = node_code(tree, place);
        homes.iter().any(|&(who, home)| {
            who == one.subject.entity
                && (home == place || (within.is_some() && within == node_code(tree, home)))
        })
    };
    // whoever holds an office in one country is abroad in another
    let abroad = |one: &Match| {
        let offices = tree.offices.get();
        let home = offices.and_then(|offices| offices.get(&one.subject.entity));
        let code = home.and_then(|&home| node_code(tree, home));
        let place = node_code(tree, one.object.entity);
        code.is_some() && place.is_some() && code != place
    };
    let travels = |one: &Match| travellers.contains(&one.subject.entity) || abroad(one);
    let keep: Vec<bool> = matches
        .iter()
        .map(|one| match rule_of(one) {
            Some(rule) if rule.presence => travels(one) && !at_home(one),
            Some(rule) if rule.outward => !at_home(one),
            _ => true,
        })
        .collect();
    let mut keep = keep.into_iter();
    matches.retain(|_| keep.next().unwrap_or(true));
}

/// The country that a country is, or that a place lies in.
pub(super) fn node_code<'t>(tree: &'t Tree<'_>, entity: u32) -> Option<&'t str> {
    let node = tree.layer.entities.get(entity as usize)?;
    match node.kind {
        EntityType::Country => node.iso.as_deref(),
        _ => node.within.as_deref(),
    }
}

/// Those whose visit or trip is spoken of, whether or not the words say where.
fn travel_nouns(tree: &Tree<'_>, travellers: &mut FxHashSet<u32>) {
    let mut tokens = Vec::new();
    for token in 0..tree.len() {
        if !["visit", "trip", "tour"].contains(&tree.lemma(token)) {
            continue;
        }
        tokens.clear();
        tree.event_subjects(token, 0, &mut tokens);
        let args = tokens.iter().filter_map(|&at| tree.refer_one(at));
        travellers.extend(args.map(|arg| arg.entity));
    }
}
