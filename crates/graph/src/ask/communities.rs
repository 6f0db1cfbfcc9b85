//! Groups of entities that have more to do with each other than with the rest.

use std::collections::BTreeMap;

use crate::{Graph, NodeId};

/// The group of each node, by modularity (Blondel, Guillaume, Lambiotte and Lefebvre 2008, known
/// as Louvain), with the weight of each admitted edge; groups that fall apart are parted
/// afterwards. Nodes are visited in their order, so the answer is the same every time. Groups are
/// numbered by size, the largest first; nodes without edges are groups of one.
pub fn communities(graph: &Graph, weight: impl Fn(crate::EdgeId) -> Option<f64>) -> Vec<usize> {
    let n = graph.n_nodes();
    let mut net: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); n];
    for (at, edge) in graph.edges().iter().enumerate() {
        if let Some(weight) = weight(crate::EdgeId(at as u32)) {
            let (a, b) = (edge.subject.index(), edge.object.index());
            *net[a].entry(b).or_default() += weight;
            *net[b].entry(a).or_default() += weight;
        }
    }
    let whole: Vec<Vec<(usize, f64)>> = rows(&net);
    let mut level = whole.clone();
    // The group of each original node at the present level.
    let mut group: Vec<usize> = (0..n).collect();
    loop {
        let moved = local(&level);
        let n_groups = moved.iter().max().map_or(0, |last| last + 1);
        for own in &mut group {
            *own = moved[*own];
        }
        if n_groups == level.len() {
            break;
        }
        let mut next: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); n_groups];
        for (node, near) in level.iter().enumerate() {
            for (other, weight) in near {
                *next[moved[node]].entry(moved[*other]).or_default() += weight;
            }
        }
        level = rows(&next);
    }
    number(connected(&whole, &group))
}

fn rows(net: &[BTreeMap<usize, f64>]) -> Vec<Vec<(usize, f64)>> {
    net.iter()
        .map(|near| {
            near.iter()
                .map(|(other, weight)| (*other, *weight))
                .collect()
        })
        .collect()
}

/// Moves nodes between groups as long as modularity grows; groups are renumbered without gaps.
fn local(net: &[Vec<(usize, f64)>]) -> Vec<usize> {
    let n = net.len();
    let strength: Vec<f64> = net
        .iter()
        .map(|near| near.iter().map(|(_, w)| w).sum())
        .collect();
    let total: f64 = strength.iter().sum();
    let mut group: Vec<usize> = (0..n).collect();
    let mut sums = strength.clone();
    let mut links = vec![0.0; n];
    let mut touched: Vec<usize> = Vec::new();
    for _ in 0..50 {
        let mut changed = false;
        for node in 0..n {
            for (other, weight) in &net[node] {
                if *other != node {
                    let theirs = group[*other];
                    if links[theirs] == 0.0 {
                        touched.push(theirs);
                    }
                    links[theirs] += weight;
                }
            }
            let own = group[node];
            sums[own] -= strength[node];
            let gain = |to: usize| links[to] - sums[to] * strength[node] / total.max(1e-12);
            let mut best = (gain(own), own);
            touched.sort_unstable();
            for &to in &touched {
                // Better by more than rounding, so that nothing wanders for ever.
                if best.0 + 1e-9 < gain(to) {
                    best = (gain(to), to);
                }
            }
            sums[best.1] += strength[node];
            changed |= best.1 != own;
            group[node] = best.1;
            for to in touched.drain(..) {
                links[to] = 0.0;
            }
        }
        if !changed {
            break;
        }
    }
    let mut numbers = vec![usize::MAX; n];
    let mut next = 0;
    group
        .into_iter()
        .map(|own| {
            if numbers[own] == usize::MAX {
                numbers[own] = next;
                next += 1;
            }
            numbers[own]
        })
        .collect()
}

/// Parts groups into their connected pieces.
fn connected(net: &[Vec<(usize, f64)>], group: &[usize]) -> Vec<usize> {
    let mut piece = vec![usize::MAX; net.len()];
    let mut next = 0;
    for start in 0..net.len() {
        if piece[start] != usize::MAX {
            continue;
        }
        piece[start] = next;
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            for (other, _) in &net[node] {
                if piece[*other] == usize::MAX && group[*other] == group[start] {
                    piece[*other] = next;
                    stack.push(*other);
                }
            }
        }
        next += 1;
    }
    piece
}

/// Numbers groups by size, the largest first, then by their first nodes.
fn number(group: Vec<usize>) -> Vec<usize> {
    let mut sizes: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (node, own) in group.iter().enumerate() {
        sizes.entry(*own).or_insert((0, node)).0 += 1;
    }
    let mut order: Vec<(usize, (usize, usize))> = sizes.into_iter().collect();
    order.sort_by_key(|(_, (size, first))| (std::cmp::Reverse(*size), *first));
    let numbers: BTreeMap<usize, usize> = order
        .into_iter()
        .enumerate()
        .map(|(new, (old, _))| (old, new))
        .collect();
    group
        .into_iter()
        .map(|own| numbers.get(&own).copied().unwrap_or_default())
        .collect()
}

/// The members of each group, in the order of [`communities`].
pub fn members(groups: &[usize]) -> Vec<Vec<NodeId>> {
    let n = groups.iter().max().map_or(0, |last| last + 1);
    let mut all = vec![Vec::new(); n];
    for (node, group) in groups.iter().enumerate() {
        all[*group].push(NodeId(node as u32));
    }
    all
}
