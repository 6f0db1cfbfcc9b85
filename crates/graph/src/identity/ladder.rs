//! The ladder: which entities of documents are one thing, rung by rung.
//!
//! Names that are one by spelling or identifier form a block. A block falls into groups where
//! contexts contradict each other; each group is a thing. Then short names (a surname, letters, a
//! name with fewer words) join a group, each document on its own, where exactly one fits. What a
//! short name brings never counts as evidence for another, so there are no chains.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};
use tieline_facts::EntityType;

use super::context::{Bond, Context, Tie, Veto};
use super::gather::{Gathered, NONE};
use super::names;
use super::reason::{Reason, Rung};

/// A short name that fits more than so many things joins none.
const MOST_CANDIDATES: usize = 64;

/// So many near misses are kept of one name.
const MOST_MISSES: usize = 8;

/// A group must be so many times larger than the next to take what says nothing.
const DOMINANT: u32 = 4;

/// No group.
const FREE: u32 = u32::MAX;

/// One real thing.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) kind: EntityType,
    /// What is known of it from full names.
    pub(crate) context: Context,
    pub(crate) iso: u32,
    pub(crate) wikidata: u32,
    pub(crate) known: u32,
    /// Documents under full names.
    pub(crate) n: u32,
    /// The form that names it.
    pub(crate) head: u32,
    /// Values of its forms, where decisions forbid merges.
    values: Vec<u32>,
}

/// A name that came near, and what stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Miss {
    /// A cluster under the name.
    pub(crate) cluster: u32,
    pub(crate) group: u32,
    pub(crate) veto: Veto,
}

/// Where everything ended.
#[derive(Debug, Default)]
pub(crate) struct Climbed {
    pub(crate) groups: Vec<Group>,
    /// By cluster.
    pub(crate) group_of: Vec<u32>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) misses: Vec<Miss>,
}

/// Clusters of one form and context.
#[derive(Clone, Copy, Debug)]
struct Signature {
    form: u32,
    context: u32,
    /// Range in `by_signature`.
    start: u32,
    end: u32,
}

struct Ladder<'a> {
    all: &'a Gathered,
    signatures: Vec<Signature>,
    /// Clusters in the order of their signatures.
    by_signature: Vec<u32>,
    /// Block of each form.
    blocks: Vec<u32>,
    /// Signatures of each block.
    by_block: BTreeMap<u32, Vec<u32>>,
    done: Climbed,
}

/// Sets that are joined one by one; the smallest member stands for each.
struct Unions(Vec<u32>);

impl Unions {
    fn root(&self, mut member: u32) -> u32 {
        while self.0[member as usize] != member {
            member = self.0[member as usize];
        }
        member
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}

/// Decides for all clusters.
pub(crate) fn climb(all: &Gathered) -> Climbed {
    let (signatures, by_signature) = signatures(all);
    let n = all.clusters.len();
    let blocks = blocks(all);
    let mut by_block: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (number, signature) in (0u32..).zip(&signatures) {
        let block = blocks[signature.form as usize];
        by_block.entry(block).or_default().push(number);
    }
    let mut ladder = Ladder {
        all,
        signatures,
        by_signature,
        blocks,
        by_block: BTreeMap::new(),
        done: Climbed {
            groups: Vec::new(),
            group_of: vec![FREE; n],
            reasons: vec![Reason::default(); n],
            misses: Vec::new(),
        },
    };
    let strong: Vec<bool> = all.forms.iter().map(|form| is_strong(all, form)).collect();
    // A block is strong if one of its names is.
    let mut strong_blocks: FxHashSet<u32> = FxHashSet::default();
    for (form, _) in strong.iter().enumerate().filter(|(_, strong)| **strong) {
        strong_blocks.insert(ladder.blocks[form]);
    }
    let (strong, weak): (Vec<_>, Vec<_>) = by_block
        .iter()
        .partition(|(block, _)| strong_blocks.contains(block));
    for (_, members) in strong {
        ladder.group(members);
    }
    ladder.by_block = by_block.clone();
    ladder.shorter_names();
    let weak: Vec<&Vec<u32>> = weak.into_iter().map(|(_, members)| members).collect();
    ladder.short_names(&weak);
    for members in weak {
        ladder.group(members);
    }
    ladder.done
}

/// Whether a name can stand for a thing of its own: not a single word of a person, not letters.
fn is_strong(all: &Gathered, form: &super::gather::Form) -> bool {
    if form.wikidata != NONE || form.known != NONE || form.iso != NONE {
        return true;
    }
    match form.kind {
        EntityType::Person => all.text(form.value).contains(' '),
        EntityType::Organisation => !names::is_acronym(all.text(form.written)),
        _ => true,
    }
}

/// Forms and contexts that occur together, in order, with their clusters.
fn signatures(all: &Gathered) -> (Vec<Signature>, Vec<u32>) {
    let mut order: Vec<u32> = (0..all.clusters.len() as u32).collect();
    // By document number only within a signature; nothing is decided by that.
    order.sort_unstable_by_key(|&cluster| (all.clusters[cluster as usize], cluster));
    let mut found: Vec<Signature> = Vec::new();
    for (at, &cluster) in (0u32..).zip(&order) {
        let here = all.clusters[cluster as usize];
        match found.last_mut() {
            Some(last) if (last.form, last.context) == (here.form, here.context) => {
                last.end = at + 1;
            }
            _ => found.push(Signature {
                form: here.form,
                context: here.context,
                start: at,
                end: at + 1,
            }),
        }
    }
    (found, order)
}

/// The block of each form: forms of one normal name, one identifier, or one spelling.
fn blocks(all: &Gathered) -> Vec<u32> {
    let n = all.forms.len() as u32;
    let mut unions = Unions((0..n).collect());
    let mut firsts: FxHashMap<(EntityType, u8, u32), u32> = FxHashMap::default();
    for (number, form) in (0..n).zip(&all.forms) {
        let keys = [form.value, form.wikidata, form.known];
        for (sort, key) in (0u8..).zip(keys).filter(|(_, key)| *key != NONE) {
            let first = *firsts.entry((form.kind, sort, key)).or_insert(number);
            unions.join(first, number);
        }
    }
    // Spellings of people's names: few share their sounds, and each is compared with those before.
    let mut by_sound: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    for (number, form) in (0..n).zip(&all.forms) {
        let name = value_name(all.text(form.value));
        if form.kind != EntityType::Person || !name.contains(' ') {
            continue;
        }
        let list = by_sound.entry(names::sounds(name)).or_default();
        if list.len() < MOST_CANDIDATES {
            for &other in list.iter() {
                let form = &all.forms[other as usize];
                if names::is_spelling(value_name(all.text(form.value)), name) {
                    unions.join(other, number);
                }
            }
            list.push(number);
        }
    }
    (0..n).map(|form| unions.root(form)).collect()
}

/// The name in a value: `person/ada holm` without its type.
pub(crate) fn value_name(value: &str) -> &str {
    value.split_once('/').map_or(value, |(_, name)| name)
}

/// What one candidate offers to a cluster, the better the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// No conflict.
    Bare,
    /// The text names a country that the documents of the candidate name too.
    Country(u32),
    /// The text names a person, organisation or place that they name too.
    Company(u32),
    /// The text names what the candidate is tied to.
    Named(Tie, u32),
    /// The text states a tie that the candidate has.
    Tied(Tie, u32),
}

impl Fit {
    fn level(self) -> u8 {
        match self {
            Fit::Bare => 0,
            Fit::Country(_) => 1,
            Fit::Company(_) => 2,
            Fit::Named(..) => 3,
            Fit::Tied(..) => 4,
        }
    }

    fn reason(self, rung: Rung) -> Reason {
        match self {
            Fit::Bare => Reason::new(rung),
            Fit::Country(value) | Fit::Company(value) => Reason {
                rung,
                tie: None,
                value,
            },
            Fit::Named(tie, value) | Fit::Tied(tie, value) => Reason {
                rung,
                tie: Some(tie),
                value,
            },
        }
    }
}

impl Ladder<'_> {
    fn clusters(&self, signature: u32) -> &[u32] {
        let signature = &self.signatures[signature as usize];
        &self.by_signature[signature.start as usize..signature.end as usize]
    }

    /// Divides the clusters of a block that have no group yet into things.
    ///
    /// Telling signatures come first, the frequent before the rare; each joins the group that it
    /// agrees with, or the only one it does not contradict, or starts one. What tells nothing is
    /// shared out last.
    fn group(&mut self, members: &[u32]) {
        let first = self.done.groups.len();
        let mut free: Vec<(bool, u32, u32)> = Vec::new();
        for &member in members {
            let open = |c: &&u32| self.done.group_of[**c as usize] == FREE;
            let n = self.clusters(member).iter().filter(open).count() as u32;
            let context = self.signatures[member as usize].context;
            let telling = self.all.contexts[context as usize].is_telling();
            if n > 0 {
                free.push((!telling, u32::MAX - n, member));
            }
        }
        free.sort_unstable();
        let mut open = Vec::new();
        for (_, n, member) in free {
            let n = u32::MAX - n;
            if !self.place(member, n, first) {
                open.push(member);
            }
        }
        for member in open {
            self.share_out(member, first);
        }
    }

    /// Puts a signature into a group of the block, or starts one; `false` if several would do.
    fn place(&mut self, member: u32, n: u32, first: usize) -> bool {
        let signature = self.signatures[member as usize];
        let context = &self.all.contexts[signature.context as usize];
        let mut fitting: Vec<(u32, Option<Bond>)> = Vec::new();
        let mut vetoes: Vec<(u32, Veto)> = Vec::new();
        for (number, group) in (first as u32..).zip(&self.done.groups[first..]) {
            match self.conflict(signature.form, context, group) {
                Some(veto) => vetoes.push((number, veto)),
                None => fitting.push((number, group.context.agreement(context))),
            }
        }
        let agreeing = fitting.iter().find(|(_, bond)| bond.is_some());
        let (target, bond) = match (agreeing, fitting.as_slice()) {
            (Some(&(group, bond)), _) => (
                group,
                bond.filter(|_| !vetoes.is_empty() || fitting.len() > 1),
            ),
            (None, [(only, _)]) => (*only, None),
            (None, []) => {
                // A slip of the reading must not split a well-known thing.
                if let [(group, veto)] = vetoes.as_slice()
                    && veto.is_soft()
                {
                    self.tolerate(member, *group);
                }
                let left = self.take_free(member);
                if left.is_empty() {
                    return true;
                }
                let group = self.start(signature.form, left.len() as u32, signature.context);
                for (other, veto) in vetoes.into_iter().take(MOST_MISSES) {
                    self.miss(left[0], other, veto);
                }
                for cluster in left {
                    self.done.group_of[cluster as usize] = group;
                }
                return true;
            }
            _ => return false,
        };
        for (other, veto) in vetoes.into_iter().take(MOST_MISSES) {
            if let Some(&cluster) = self.clusters(member).first() {
                self.miss(cluster, other, veto);
            }
        }
        let reason = bond.map(|bond| Fit::Tied(bond.tie, bond.value).reason(Rung::Context));
        for cluster in self.take_free(member) {
            self.done.group_of[cluster as usize] = target;
            self.done.reasons[cluster as usize] = reason.unwrap_or_default();
        }
        self.grow(target, signature.form, n, signature.context);
        true
    }

    /// Clusters of a signature that have no group yet.
    fn take_free(&self, member: u32) -> Vec<u32> {
        let clusters = self.clusters(member).iter().copied();
        clusters
            .filter(|&c| self.done.group_of[c as usize] == FREE)
            .collect()
    }

    /// Puts those clusters of a signature into a larger group that it contradicts whose documents
    /// also name what the group is known for.
    fn tolerate(&mut self, member: u32, target: u32) {
        let group = &self.done.groups[target as usize];
        if group.n < 3 {
            return;
        }
        let bonds: Vec<Bond> = group
            .context
            .bonds
            .iter()
            .copied()
            .filter(|b| b.tie.binds())
            .collect();
        for cluster in self.take_free(member) {
            if let Some(bond) = self.names_one_of(cluster, &bonds) {
                self.done.group_of[cluster as usize] = target;
                self.done.reasons[cluster as usize] =
                    Fit::Named(bond.tie, bond.value).reason(Rung::Context);
            }
        }
    }

    /// Shares out clusters that several groups of their name fit: to the one whose ties the text
    /// names, or to one that is far larger than all others; the rest is a group of its own.
    fn share_out(&mut self, member: u32, first: usize) {
        let signature = self.signatures[member as usize];
        let context = &self.all.contexts[signature.context as usize];
        let fits = |group: &Group| self.conflict(signature.form, context, group).is_none();
        let groups = (first as u32..).zip(&self.done.groups[first..]);
        let mut fitting: Vec<(u32, u32)> = groups
            .filter(|(_, group)| fits(group))
            .map(|(number, group)| (group.n, number))
            .collect();
        fitting.sort_unstable_by_key(|&(n, number)| (u32::MAX - n, number));
        let dominant = match fitting.as_slice() {
            [(_, only)] => Some(*only),
            [(n, largest), (next, _), ..] if *n >= DOMINANT * next => Some(*largest),
            _ => None,
        };
        let ties: Vec<(u32, Vec<Bond>)> = fitting
            .iter()
            .take(MOST_CANDIDATES)
            .map(|&(_, group)| {
                let bonds = &self.done.groups[group as usize].context.bonds;
                let binding = bonds
                    .iter()
                    .copied()
                    .filter(|b| b.tie.binds() || b.tie == Tie::Home);
                (group, binding.collect())
            })
            .collect();
        let mut left = Vec::new();
        for cluster in self.take_free(member) {
            let mut named = ties.iter().filter_map(|(group, bonds)| {
                let bond = self.names_one_of(cluster, bonds)?;
                Some((*group, bond))
            });
            let choice = match (named.next(), named.next()) {
                (Some((group, bond)), None) => Some((
                    group,
                    Fit::Named(bond.tie, bond.value).reason(Rung::Context),
                )),
                _ => dominant.map(|group| (group, Reason::new(Rung::Name))),
            };
            match choice {
                Some((group, reason)) => {
                    self.done.group_of[cluster as usize] = group;
                    self.done.reasons[cluster as usize] = reason;
                }
                None => left.push(cluster),
            }
        }
        let Some(&one) = left.first() else { return };
        let group = self.start(signature.form, left.len() as u32, signature.context);
        for &(_, other) in fitting.iter().take(MOST_MISSES) {
            self.miss(one, other, Veto::Several);
        }
        for cluster in left {
            self.done.group_of[cluster as usize] = group;
        }
    }

    fn start(&mut self, form: u32, n: u32, context: u32) -> u32 {
        let head = &self.all.forms[form as usize];
        self.done.groups.push(Group {
            kind: head.kind,
            context: self.all.contexts[context as usize].clone(),
            iso: head.iso,
            wikidata: head.wikidata,
            known: head.known,
            n,
            head: form,
            values: vec![head.value],
        });
        self.done.groups.len() as u32 - 1
    }

    fn grow(&mut self, group: u32, form: u32, n: u32, context: u32) {
        let form = &self.all.forms[form as usize];
        let context = &self.all.contexts[context as usize];
        let group = &mut self.done.groups[group as usize];
        group.context.absorb(context);
        group.n += n;
        let set = |own: &mut u32, other: u32| {
            if *own == NONE {
                *own = other;
            }
        };
        set(&mut group.iso, form.iso);
        set(&mut group.wikidata, form.wikidata);
        set(&mut group.known, form.known);
        if !self.all.forbidden.is_empty() {
            group.values.push(form.value);
        }
    }

    fn miss(&mut self, cluster: u32, group: u32, veto: Veto) {
        self.done.misses.push(Miss {
            cluster,
            group,
            veto,
        });
    }

    /// What speaks against a form in a context being the thing of a group.
    fn conflict(&self, form: u32, context: &Context, group: &Group) -> Option<Veto> {
        let form = &self.all.forms[form as usize];
        let forbidden = |value: &u32| self.all.forbidden.contains(&(form.value, *value));
        if !self.all.forbidden.is_empty() && group.values.iter().any(forbidden) {
            return Some(Veto::Forbidden);
        }
        let apart = |a: u32, b: u32| a != NONE && b != NONE && a != b;
        if apart(form.iso, group.iso)
            || apart(form.wikidata, group.wikidata)
            || apart(form.known, group.known)
        {
            return Some(Veto::Identifiers);
        }
        let same = |a: u32, b: u32| a != NONE && a == b;
        if same(form.wikidata, group.wikidata) || same(form.known, group.known) {
            return None;
        }
        context.conflict(&group.context)
    }

    /// The first of some ties whose other end the document of a cluster names.
    fn names_one_of(&self, cluster: u32, bonds: &[Bond]) -> Option<Bond> {
        let around = self.all.neighbours(cluster).filter(|&c| c != cluster);
        let values: FxHashSet<u32> = around.map(|c| self.all.form(c).value).collect();
        bonds
            .iter()
            .copied()
            .find(|bond| values.contains(&bond.value))
    }

    /// Names of people with fewer words ("Pedro Sánchez" beside "Pedro Sánchez Castejón", "J. Holm"
    /// beside "Jonas Holm"): a document's cluster joins the longer name if exactly one fits and
    /// something in the text speaks for it.
    fn shorter_names(&mut self) {
        let mut longer: FxHashMap<String, BTreeSet<u32>> = FxHashMap::default();
        let words_of = |form: u32| -> Vec<&str> {
            let value = self.all.text(self.all.forms[form as usize].value);
            value_name(value).split(' ').collect()
        };
        for (number, group) in (0u32..).zip(&self.done.groups) {
            if group.kind != EntityType::Person {
                continue;
            }
            let words = words_of(group.head);
            if let [first, second, rest @ ..] = words.as_slice() {
                let mut add = |key: String| {
                    longer.entry(key).or_default().insert(number);
                };
                let last = rest.last().unwrap_or(second);
                if first.chars().count() > 1 {
                    let initial: String = first.chars().take(1).collect();
                    add(format!("{initial} {last}"));
                }
                if let [.., before, end] = rest {
                    add(format!("{before} {end}"));
                } else if let [end] = rest {
                    add(format!("{second} {end}"));
                }
                if !rest.is_empty() {
                    add(format!("{first} {second}"));
                    add(format!("{first} {last}"));
                }
            }
        }
        let mut shorter: Vec<(usize, u32)> = Vec::new();
        for (number, signature) in (0u32..).zip(&self.signatures) {
            let form = &self.all.forms[signature.form as usize];
            let name = value_name(self.all.text(form.value));
            let n_words = name.split(' ').count();
            let plain = form.wikidata == NONE && form.known == NONE;
            if form.kind == EntityType::Person && n_words > 1 && plain && longer.contains_key(name)
            {
                shorter.push((n_words, number));
            }
        }
        shorter.sort_unstable_by_key(|&(n_words, number)| (usize::MAX - n_words, number));
        for (_, member) in shorter {
            let mut around = Around::default();
            let form = self.signatures[member as usize].form;
            let name = value_name(self.all.text(self.all.forms[form as usize].value));
            let own = self.blocks[form as usize];
            let Some(candidates) = longer.get(name).filter(|c| c.len() <= MOST_CANDIDATES) else {
                continue;
            };
            let candidates: Vec<u32> = candidates
                .iter()
                .copied()
                .filter(|&group| {
                    let head = self.done.groups[group as usize].head;
                    self.blocks[head as usize] != own
                })
                .collect();
            if candidates.is_empty() {
                continue;
            }
            for cluster in self.clusters(member).to_vec() {
                let before = self.done.group_of[cluster as usize];
                if self.join_one(cluster, &candidates, Rung::FewerWords, 2, &mut around)
                    && let Some(group) = self.done.groups.get_mut(before as usize)
                {
                    group.n = group.n.saturating_sub(1);
                }
            }
        }
    }

    /// Single names of people, and letters of organisations.
    fn short_names(&mut self, weak: &[&Vec<u32>]) {
        // Folded name → groups that some document calls so beside the full name.
        let mut attested: FxHashMap<(EntityType, u32), BTreeSet<u32>> = FxHashMap::default();
        let mut groups_of_form: FxHashMap<u32, BTreeSet<u32>> = FxHashMap::default();
        for (cluster, &group) in self.done.group_of.iter().enumerate() {
            if group != FREE {
                let form = self.all.clusters[cluster].form;
                groups_of_form.entry(form).or_default().insert(group);
            }
        }
        for &(form, alias, _) in &self.all.aliases {
            let kind = self.all.forms[form as usize].kind;
            for &group in groups_of_form.get(&form).into_iter().flatten() {
                attested.entry((kind, alias)).or_default().insert(group);
            }
        }
        let mut by_last: FxHashMap<&str, BTreeSet<u32>> = FxHashMap::default();
        let mut by_letters: FxHashMap<String, BTreeSet<u32>> = FxHashMap::default();
        for (&form, groups) in &groups_of_form {
            let form = &self.all.forms[form as usize];
            match form.kind {
                EntityType::Person => {
                    let name = value_name(self.all.text(form.value));
                    if let Some((_, last)) = name.rsplit_once(' ') {
                        by_last.entry(last).or_default().extend(groups);
                    }
                }
                EntityType::Organisation => {
                    for letters in names::initials(self.all.text(form.written)) {
                        by_letters.entry(letters).or_default().extend(groups);
                    }
                }
                _ => {}
            }
        }
        let none = BTreeSet::new();
        for members in weak {
            let mut around = Around::default();
            for &member in *members {
                let form = &self.all.forms[self.signatures[member as usize].form as usize];
                let kind = form.kind;
                let named = attested.get(&(kind, form.folded)).unwrap_or(&none);
                let name = value_name(self.all.text(form.value));
                // Which candidates, on which rung, with at least which fit.
                let mut tries: Vec<(Vec<u32>, Rung, u8)> = Vec::new();
                if kind == EntityType::Person {
                    let last = by_last.get(name).unwrap_or(&none);
                    tries.push((last.union(named).copied().collect(), Rung::Surname, 1));
                } else {
                    tries.push((named.iter().copied().collect(), Rung::Letters, 0));
                    let letters = by_letters.get(self.all.text(form.folded)).unwrap_or(&none);
                    tries.push((letters.iter().copied().collect(), Rung::Initials, 2));
                }
                for cluster in self.clusters(member).to_vec() {
                    for (candidates, rung, least) in &tries {
                        if candidates.len() <= MOST_CANDIDATES
                            && self.join_one(cluster, candidates, *rung, *least, &mut around)
                        {
                            break;
                        }
                    }
                }
            }
        }
    }

    /// Joins a cluster to the one candidate that fits best, if it is one and fits at least at a
    /// level; else notes what came near.
    fn join_one(
        &mut self,
        cluster: u32,
        candidates: &[u32],
        rung: Rung,
        least: u8,
        around: &mut Around,
    ) -> bool {
        let mut best: Option<(u32, Fit)> = None;
        let mut n_best = 0;
        let mut misses: Vec<(u32, Veto)> = Vec::new();
        for &candidate in candidates {
            match self.fit(cluster, candidate, around) {
                Err(veto) => misses.push((candidate, veto)),
                Ok(fit) => {
                    let level = best.map(|(_, best)| best.level());
                    if level.is_none_or(|level| level < fit.level()) {
                        if let Some((other, _)) = best {
                            misses.push((other, Veto::NoContext));
                        }
                        best = Some((candidate, fit));
                        n_best = 1;
                    } else if level == Some(fit.level()) {
                        n_best += 1;
                        misses.push((candidate, Veto::Several));
                    } else {
                        misses.push((candidate, Veto::NoContext));
                    }
                }
            }
        }
        // Of several without conflict, a country in common is too little to choose by.
        let fitting = misses
            .iter()
            .filter(|(_, veto)| matches!(veto, Veto::Several | Veto::NoContext));
        let least = if fitting.count() > 0 {
            least.max(2)
        } else {
            least
        };
        let found = match best {
            Some((group, fit)) if n_best == 1 && least <= fit.level() => Some((group, fit)),
            Some((group, _)) => {
                let veto = if n_best > 1 || candidates.len() > 1 {
                    Veto::Several
                } else {
                    Veto::NoContext
                };
                misses.push((group, veto));
                None
            }
            None => None,
        };
        for (group, veto) in misses.into_iter().take(MOST_MISSES) {
            if found.is_none() || !matches!(veto, Veto::Several | Veto::NoContext) {
                self.miss(cluster, group, veto);
            }
        }
        let Some((group, fit)) = found else {
            return false;
        };
        self.done.group_of[cluster as usize] = group;
        self.done.reasons[cluster as usize] = fit.reason(rung);
        true
    }

    /// How well a candidate fits a cluster under a short name, or what speaks against it.
    fn fit(&self, cluster: u32, candidate: u32, around: &mut Around) -> Result<Fit, Veto> {
        let group = &self.done.groups[candidate as usize];
        let context = self.all.context(cluster);
        let form = self.all.clusters[cluster as usize].form;
        if let Some(veto) = self.conflict(form, context, group) {
            return Err(veto);
        }
        let near = self.all.neighbours(cluster).filter(|&c| c != cluster);
        if near
            .clone()
            .any(|c| self.done.group_of[c as usize] == candidate)
        {
            return Err(Veto::SameDocument);
        }
        if let Some(bond) = group.context.agreement(context) {
            return Ok(Fit::Tied(bond.tie, bond.value));
        }
        let bonds = group.context.bonds.iter().filter(|bond| bond.tie.binds());
        let values: FxHashSet<u32> = near.clone().map(|c| self.all.form(c).value).collect();
        if let Some(bond) = bonds.into_iter().find(|bond| values.contains(&bond.value)) {
            return Ok(Fit::Named(bond.tie, bond.value));
        }
        let company = around.of(self, candidate);
        let mut best = Fit::Bare;
        for other in near {
            let form = self.all.form(other);
            if company.contains(&form.value) {
                let fit = match form.kind {
                    EntityType::Country => Fit::Country(form.value),
                    _ => Fit::Company(form.value),
                };
                // The smallest of the best level, whatever the order in the text.
                let better =
                    best.level() < fit.level() || (best.level() == fit.level() && fit < best);
                if better {
                    best = fit;
                }
            }
        }
        Ok(best)
    }
}

/// By group, what the documents name that have it under a full name; filled when asked.
#[derive(Default)]
struct Around(FxHashMap<u32, FxHashSet<u32>>);

impl Around {
    fn of(&mut self, ladder: &Ladder<'_>, group: u32) -> &FxHashSet<u32> {
        self.0.entry(group).or_insert_with(|| {
            let head = ladder.done.groups[group as usize].head;
            let block = ladder.blocks[head as usize];
            let members = ladder.by_block.get(&block).into_iter().flatten();
            let mut found = FxHashSet::default();
            for &cluster in members.flat_map(|&member| ladder.clusters(member)) {
                if ladder.done.group_of[cluster as usize] == group {
                    let around = ladder.all.neighbours(cluster).filter(|&c| c != cluster);
                    found.extend(around.map(|c| ladder.all.form(c).value));
                }
            }
            found
        })
    }
}
