//! Which entities of different documents are one thing.
//!
//! A ladder of rungs, each with a reason that can be printed, and vetoes that stop a merge:
//! [`gather`] takes note of names and contexts, [`ladder`] decides, [`names`] compares names,
//! [`context`] what documents say of their bearers. `docs/design.md` says why it is built so.
//! Nothing is compared with everything: names meet by keys only.
//!
//! ```
//! use tieline_facts::Facts;
//! use tieline_graph::identity::Resolver;
//!
//! let line = r#"{"doc":"a.txt","entities":[{"id":0,"type":"person","name":"Ada Holm",
//!     "mentions":[]}],"relations":[]}"#;
//! let facts: Facts = serde_json::from_str(line)?;
//! let mut resolver = Resolver::new();
//! resolver.add(&facts);
//! let identities = resolver.finish();
//! assert_eq!(identities.key(identities.node_of(0, 0).unwrap()), "person/ada holm");
//! # Ok::<(), serde_json::Error>(())
//! ```

mod apply;
mod context;
mod decisions;
mod gather;
mod ladder;
mod names;
mod reason;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use tieline_facts::{EntityType, Facts, Gender};

pub use context::{Tie, Veto};
pub use decisions::{
    Action, DECISIONS_FORMAT, Decision, DecisionError, DecisionErrorKind, Decisions, Target,
};
pub use reason::Rung;

use gather::{Gather, Gathered, NONE};
use ladder::{Climbed, Group, climb, value_name};
pub(crate) use reason::Reason;

/// Takes documents in, one after the other, and then decides on all of them at once.
#[derive(Debug, Default)]
pub struct Resolver {
    gather: Gather,
}

impl Resolver {
    /// A resolver that has seen nothing.
    pub fn new() -> Resolver {
        Resolver::default()
    }

    /// A resolver that obeys decisions.
    pub fn with_decisions(decisions: &Decisions) -> Resolver {
        Resolver {
            gather: Gather::new(decisions.clone()),
        }
    }

    /// Takes note of the entities of a document. Documents are numbered from 0 in the order of
    /// the calls; the order changes nothing else.
    pub fn add(&mut self, facts: &Facts) {
        self.gather.add(facts);
    }

    /// Decides which entities are one thing.
    ///
    /// Cost: linear in the entities of the documents, but for sorting; short names are compared
    /// with the full names that they may stand for.
    pub fn finish(self) -> Identities {
        let all = self.gather.finish();
        let climbed = climb(&all);
        Identities::new(all, climbed)
    }
}

/// What a node of the graph is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Stable, readable key, unique among all: `person/keir starmer`, `country/gb`. Of several
    /// things of one name the one in most documents has the plain key, others what tells them
    /// apart behind it: `organisation/atlas (kenya)`.
    pub key: String,
    /// What sort of thing it is.
    pub kind: EntityType,
    /// The name to show, where a decision says so.
    pub name: Option<String>,
    /// Wikidata item, where a decision says so.
    pub wikidata: Option<String>,
}

/// Why one entity of a document is part of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// Number of the document, in the order of [`Resolver::add`].
    pub document: u32,
    /// Id of the entity within the document.
    pub entity: u32,
    /// The name that the document uses.
    pub name: String,
    /// The rung.
    pub rung: Rung,
    /// The reason in words.
    pub reason: String,
}

/// A node that another came near to, and what stopped a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The other node.
    pub node: u32,
    /// What stopped it.
    pub veto: Veto,
    /// Number of entities of documents that it stopped.
    pub count: u32,
}

/// Which entity of which document is which node, and why. Nodes are numbered in the order of
/// their keys.
#[derive(Debug, Default)]
pub struct Identities {
    all: Gathered,
    nodes: Vec<Identity>,
    /// Node of each cluster.
    node_of: Vec<u32>,
    reasons: Vec<Reason>,
    /// Node, other node, veto, with counts; in both directions.
    misses: BTreeMap<(u32, u32, Veto), u32>,
    notes: Vec<String>,
    /// The first form of each value, once somebody asks for reasons.
    form_of: OnceLock<FxHashMap<u32, u32>>,
}

impl Identities {
    fn new(mut all: Gathered, mut climbed: Climbed) -> Identities {
        let names = apply::merge(&mut all, &mut climbed);
        // Groups that short names left without members are gone.
        let mut sizes = vec![0u32; climbed.groups.len()];
        for &group in &climbed.group_of {
            if let Some(size) = sizes.get_mut(group as usize) {
                *size += 1;
            }
        }
        let keys = keys(&all, &climbed.groups, &sizes);
        let mut order: Vec<(String, u32)> = keys
            .into_iter()
            .zip(0u32..)
            .filter(|(_, group)| sizes[*group as usize] > 0)
            .collect();
        order.sort_unstable();
        let mut number_of = vec![NONE; climbed.groups.len()];
        let mut nodes = Vec::with_capacity(order.len());
        for ((key, group), number) in order.into_iter().zip(0u32..) {
            number_of[group as usize] = number;
            let kind = climbed.groups[group as usize].kind;
            nodes.push(Identity {
                key,
                kind,
                name: names.get(&group).cloned(),
                wikidata: None,
            });
        }
        let number = |group: u32| number_of.get(group as usize).copied().unwrap_or(NONE);
        let node_of: Vec<u32> = climbed
            .group_of
            .iter()
            .map(|&group| number(group))
            .collect();
        let mut reasons = climbed.reasons;
        for ((cluster, &group), reason) in (0u32..).zip(&climbed.group_of).zip(&mut reasons) {
            if let Some(group) = climbed.groups.get(group as usize)
                && reason.rung == Rung::Name
            {
                *reason = by_name(&all, cluster, group);
            }
        }
        for &(cluster, by) in &all.changed {
            reasons[cluster as usize] = apply::reason(&all, by);
            if let Some(node) = nodes.get_mut(node_of[cluster as usize] as usize) {
                apply::describe(&all, by, node);
            }
        }
        let notes = apply::unused(&all);
        let mut misses = BTreeMap::new();
        for miss in climbed.misses {
            let (a, b) = (node_of[miss.cluster as usize], number(miss.group));
            if a != b && a != NONE && b != NONE {
                *misses.entry((a, b, miss.veto)).or_default() += 1;
                *misses.entry((b, a, miss.veto)).or_default() += 1;
            }
        }
        Identities {
            all,
            nodes,
            node_of,
            reasons,
            misses,
            notes,
            form_of: OnceLock::new(),
        }
    }

    /// Whether a decision, by its place among all, was about something in these documents.
    pub fn is_used(&self, decision: u32) -> bool {
        self.all.used.contains(&decision)
    }

    /// What is to be told to the user: decisions that are about nothing in these documents.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// All nodes, in the order of their keys.
    pub fn nodes(&self) -> &[Identity] {
        &self.nodes
    }

    /// The key of a node; empty if there is none of this number.
    pub fn key(&self, node: u32) -> &str {
        let node = self.nodes.get(node as usize);
        node.map_or("", |node| &node.key)
    }

    /// The node of an entity of a document; `None` if there is no such entity.
    pub fn node_of(&self, document: u32, entity: u32) -> Option<u32> {
        let cluster = self.cluster(document, entity)?;
        self.node_of.get(cluster as usize).copied()
    }

    /// Why the entities that make up a node are part of it, in the order of documents. Looks
    /// through all documents.
    pub fn joins(&self, node: u32) -> Vec<Join> {
        let clusters = (0u32..).zip(&self.node_of);
        clusters
            .filter(|(_, found)| **found == node)
            .map(|(cluster, _)| self.join(cluster))
            .collect()
    }

    /// Why an entity of a document is part of its node. `None` if there is no such entity.
    pub(crate) fn reason(&self, document: u32, entity: u32) -> Option<Reason> {
        let cluster = self.cluster(document, entity)?;
        self.reasons.get(cluster as usize).copied()
    }

    /// A reason in words.
    pub(crate) fn words(&self, reason: Reason) -> String {
        match reason.rung {
            Rung::Decision => format!("{}:{}", self.all.decisions.origin, reason.value),
            _ => reason.words(self.readable(reason.value)),
        }
    }

    fn cluster(&self, document: u32, entity: u32) -> Option<u32> {
        let start = self.all.starts.get(document as usize)?;
        let end = self.all.starts.get(document as usize + 1)?;
        start.checked_add(entity).filter(|c| c < end)
    }

    /// All near misses: node, what came near, in both directions, in order.
    pub fn all_near_misses(&self) -> impl Iterator<Item = (u32, NearMiss)> {
        let misses = self.misses.iter();
        misses.map(|(&(own, node, veto), &count)| (own, NearMiss { node, veto, count }))
    }

    /// What came near to a node, and why it is another, in the order of keys.
    pub fn near_misses(&self, node: u32) -> Vec<NearMiss> {
        let from = (node, 0, Veto::Identifiers);
        let misses = self.misses.range(from..);
        misses
            .take_while(|((own, _, _), _)| *own == node)
            .map(|(&(_, node, veto), &count)| NearMiss { node, veto, count })
            .collect()
    }

    fn join(&self, cluster: u32) -> Join {
        let document = self.all.document(cluster);
        let entity = cluster - self.all.starts[document as usize];
        let reason = self.reasons[cluster as usize];
        Join {
            document,
            entity,
            name: self.all.text(self.all.form(cluster).written).to_owned(),
            rung: reason.rung,
            reason: self.words(reason),
        }
    }

    /// What a reason names.
    fn readable(&self, value: u32) -> Option<&str> {
        if value == NONE {
            return None;
        }
        let form_of = self.form_of.get_or_init(|| {
            // The forms are in order of kind and value; the first counts.
            let mut form_of = FxHashMap::default();
            for (form, number) in self.all.forms.iter().zip(0u32..) {
                form_of.entry(form.value).or_insert(number);
            }
            form_of
        });
        Some(match form_of.get(&value) {
            Some(form) => self.all.text(self.all.forms[*form as usize].written),
            None => value_name(self.all.text(value)),
        })
    }
}

/// On which rung a full name joined.
fn by_name(all: &Gathered, cluster: u32, group: &Group) -> Reason {
    let (form, head) = (all.form(cluster), &all.forms[group.head as usize]);
    let same = |a: u32, b: u32| a != NONE && a == b;
    Reason::new(if form.folded == head.folded {
        Rung::Name
    } else if form.value == head.value && form.iso == NONE {
        Rung::Normalised
    } else if form.value == head.value
        || same(form.wikidata, group.wikidata)
        || same(form.known, group.known)
    {
        Rung::Identifier
    } else {
        Rung::Spelling
    })
}

/// The keys of all groups; empty for those without members.
fn keys(all: &Gathered, groups: &[Group], sizes: &[u32]) -> Vec<String> {
    let mut by_plain: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (number, group) in (0u32..).zip(groups) {
        if sizes[number as usize] > 0 {
            by_plain
                .entry(plain_key(all, group))
                .or_default()
                .push(number);
        }
    }
    let mut keys = vec![String::new(); groups.len()];
    for (plain, mut members) in by_plain {
        members.sort_by_key(|&number| {
            let size = sizes[number as usize];
            (
                u32::MAX - groups[number as usize].n,
                u32::MAX - size,
                number,
            )
        });
        let mut taken: Vec<String> = Vec::new();
        for number in members {
            let mut key = plain.clone();
            if !taken.is_empty() {
                if let Some(mark) = mark(all, &groups[number as usize].context) {
                    key = format!("{plain} ({mark})");
                }
                let marked = key.clone();
                let mut n = 1;
                while taken.contains(&key) {
                    n += 1;
                    key = format!("{marked} {n}");
                }
            }
            taken.push(key.clone());
            keys[number as usize] = key;
        }
    }
    keys
}

/// `type/folded name`, or `country/xx` with the lower-case ISO code.
fn plain_key(all: &Gathered, group: &Group) -> String {
    let head = &all.forms[group.head as usize];
    let name = match (head.kind, head.iso) {
        (EntityType::Country, iso) if iso != NONE => all.text(iso).to_lowercase(),
        _ => all.text(head.folded).to_owned(),
    };
    if name.is_empty() {
        return all.text(head.value).to_owned();
    }
    format!("{}/{name}", head.kind.as_str())
}

/// What tells a thing from others of its name, in a word or two.
fn mark(all: &Gathered, context: &context::Context) -> Option<String> {
    let bond = context.bonds.iter().find(|bond| bond.now);
    if let Some(bond) = bond {
        return Some(value_name(all.text(bond.value)).to_owned());
    }
    Some(match context.gender? {
        Gender::Masculine => "m".to_owned(),
        Gender::Feminine => "f".to_owned(),
    })
}
