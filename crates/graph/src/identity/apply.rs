//! Decisions about things, applied to what the ladder found.

use std::collections::{BTreeMap, BTreeSet};

use super::Identity;
use super::decisions::{Action, Target};
use super::gather::Gathered;
use super::ladder::{Climbed, Group, value_name};
use super::reason::{Reason, Rung};

/// Merges and renames. Returns names to show by group.
pub(crate) fn merge(all: &mut Gathered, climbed: &mut Climbed) -> BTreeMap<u32, String> {
    let mut names = BTreeMap::new();
    let list = std::mem::take(&mut all.decisions.list);
    let wanted = |action: &Action| matches!(action, Action::Merge(_) | Action::Rename { .. });
    if list.iter().any(|decision| wanted(&decision.action)) {
        let keys = super::keys(all, &climbed.groups, &sizes(climbed));
        // Decisions are about the things that the ladder found, whatever other decisions did.
        let before = climbed.group_of.clone();
        let groups = &climbed.groups;
        let meant = |all: &Gathered, target: &Target| meant(all, groups, &before, &keys, target);
        // Where each group went.
        let mut kept: Vec<u32> = (0..climbed.groups.len() as u32).collect();
        for (decision, index) in list.iter().zip(0u32..) {
            match &decision.action {
                Action::Merge(targets) => {
                    let found = targets.iter().map(|t| meant(all, t));
                    let found: Vec<Vec<u32>> = found.collect();
                    if found.iter().any(Vec::is_empty) {
                        continue;
                    }
                    all.used.insert(index);
                    let mut members = found.into_iter().flatten().map(|g| kept[g as usize]);
                    let Some(first) = members.next() else {
                        continue;
                    };
                    let members: Vec<u32> = members.filter(|&m| m != first).collect();
                    for place in &mut kept {
                        if members.contains(place) {
                            *place = first;
                        }
                    }
                    for (cluster, group) in (0u32..).zip(&climbed.group_of) {
                        if members.contains(group) {
                            all.changed.push((cluster, index));
                        }
                    }
                    for group in &mut climbed.group_of {
                        if members.contains(group) {
                            *group = first;
                        }
                    }
                }
                Action::Rename { name, to } => {
                    for group in meant(all, name) {
                        all.used.insert(index);
                        names.insert(kept[group as usize], to.clone());
                    }
                }
                _ => {}
            }
        }
        for miss in &mut climbed.misses {
            miss.group = kept[miss.group as usize];
        }
    }
    all.decisions.list = list;
    names
}

fn sizes(climbed: &Climbed) -> Vec<u32> {
    let mut sizes = vec![0; climbed.groups.len()];
    for &group in &climbed.group_of {
        if let Some(size) = sizes.get_mut(group as usize) {
            *size += 1;
        }
    }
    sizes
}

/// The groups that a target means: by key, or else all of that name.
fn meant(
    all: &Gathered,
    groups: &[Group],
    group_of: &[u32],
    keys: &[String],
    target: &Target,
) -> Vec<u32> {
    let fits = |group: &Group| target.kind.is_none_or(|kind| kind == group.kind);
    let numbered = || {
        (0u32..)
            .zip(groups.iter().zip(keys))
            .filter(|(_, (_, key))| !key.is_empty())
    };
    let by_key = numbered().find(|(_, (group, key))| **key == target.folded && fits(group));
    if let Some((number, _)) = by_key {
        return vec![number];
    }
    let named = numbered().filter(|(_, (group, _))| {
        let head = &all.forms[group.head as usize];
        let name = all.text(head.folded) == target.folded
            || value_name(all.text(head.value)) == target.folded;
        name && fits(group)
    });
    let named: Vec<u32> = named.map(|(number, _)| number).collect();
    if !named.is_empty() {
        return named;
    }
    // A name that joined others: wherever it went.
    let mut found = BTreeSet::new();
    for (cluster, &group) in (0u32..).zip(group_of) {
        let form = all.form(cluster);
        let name = all.text(form.folded) == target.folded;
        if name && target.kind.is_none_or(|kind| kind == form.kind) {
            found.insert(group);
        }
    }
    found.into_iter().collect()
}

/// The reason that a decision is.
pub(crate) fn reason(all: &Gathered, index: u32) -> Reason {
    let decision = all.decisions.list.get(index as usize);
    Reason {
        rung: Rung::Decision,
        tie: None,
        value: decision.map_or(0, |decision| decision.line),
    }
}

/// Puts into a node what a decision says of it.
pub(crate) fn describe(all: &Gathered, index: u32, node: &mut Identity) {
    let decision = all.decisions.list.get(index as usize);
    match decision.map(|decision| &decision.action) {
        Some(Action::SameAs { wikidata, .. }) => node.wikidata = Some(wikidata.clone()),
        Some(Action::Split { named, .. }) if node.name.is_none() => {
            node.name = Some(named.clone());
        }
        _ => {}
    }
}

/// A line for each decision that is about nothing.
pub(crate) fn unused(all: &Gathered) -> Vec<String> {
    let list = all.decisions.list.iter().zip(0u32..);
    let unused = list.filter(|(_, index)| !all.used.contains(index));
    unused
        .map(|(decision, _)| decision.had_no_effect(&all.decisions.origin))
        .collect()
}
