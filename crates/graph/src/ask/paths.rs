//! Ways from one entity to another.
//!
//! A hop costs the inverse of how well it is supported, so a way over many weak ties is worse than
//! a longer one over firm ones: cost = 1 / (confidence × (1 − 2^−support)), at least 1. Ways are
//! taken over edges in either direction; parallel edges are one hop.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{EdgeFilter, Scheme};
use crate::{Edge, EdgeId, Graph, NodeId};

/// A way through the graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Nodes from start to end, at least two.
    pub nodes: Vec<NodeId>,
    /// For each hop the admitted edges between its two nodes, the best supported first; one less
    /// than nodes.
    pub hops: Vec<Vec<EdgeId>>,
    /// Sum of the costs of the hops.
    pub cost: f64,
}

/// Cost of an edge as a hop, at least 1.
pub fn cost(edge: &Edge) -> f64 {
    let support = 1.0 - 0.5f64.powi(edge.support.min(30) as i32);
    1.0 / (f64::from(edge.confidence.clamp(0.05, 1.0)) * support.max(0.5))
}

/// A node on the border of a search; ordered so that the heap gives the cheapest first.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reached {
    cost: f64,
    node: NodeId,
}

impl Eq for Reached {}

impl Ord for Reached {
    fn cmp(&self, other: &Reached) -> Ordering {
        // Reversed: `BinaryHeap` gives the greatest.
        (other.cost.total_cmp(&self.cost)).then_with(|| other.node.cmp(&self.node))
    }
}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Reached) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One side of a search.
#[derive(Default)]
struct Side {
    best: FxHashMap<NodeId, (f64, NodeId)>,
    done: FxHashSet<NodeId>,
    heap: BinaryHeap<Reached>,
}

impl Side {
    fn start(nodes: impl IntoIterator<Item = NodeId>) -> Side {
        let mut side = Side::default();
        for node in nodes {
            side.best.insert(node, (0.0, node));
            side.heap.push(Reached { cost: 0.0, node });
        }
        side
    }

    /// Cost of the cheapest node not yet done.
    fn least(&mut self) -> Option<f64> {
        while let Some(top) = self.heap.peek() {
            if !self.done.contains(&top.node) {
                return Some(top.cost);
            }
            self.heap.pop();
        }
        None
    }

    fn way(&self, mut node: NodeId) -> Vec<NodeId> {
        let mut way = vec![node];
        while let Some((_, before)) = self.best.get(&node)
            && *before != node
        {
            node = *before;
            way.push(node);
        }
        way
    }
}

/// What a search may not use.
#[derive(Default)]
struct Barred {
    nodes: FxHashSet<NodeId>,
    hops: FxHashSet<(NodeId, NodeId)>,
}

/// A graph seen through a filter.
pub struct Ways<'a> {
    graph: &'a Graph,
    scheme: &'a Scheme,
    filter: &'a EdgeFilter,
}

impl<'a> Ways<'a> {
    /// Ways over the edges that the filter admits.
    pub fn new(graph: &'a Graph, scheme: &'a Scheme, filter: &'a EdgeFilter) -> Ways<'a> {
        Ways {
            graph,
            scheme,
            filter,
        }
    }

    /// The cheapest way from any of `from` to `to` (bidirectional Dijkstra). Of equally cheap ones
    /// always the same.
    fn search(&self, from: &[NodeId], to: NodeId, barred: &Barred) -> Option<(f64, Vec<NodeId>)> {
        if from.contains(&to) {
            return None;
        }
        let mut sides = [Side::start(from.iter().copied()), Side::start([to])];
        let mut meeting: Option<(f64, NodeId)> = None;
        while let (Some(first), Some(second)) = (sides[0].least(), sides[1].least()) {
            if meeting.is_some_and(|(cost, _)| cost <= first + second) {
                break;
            }
            let forward = first <= second;
            let (own, other) = match &mut sides {
                [a, b] if forward => (a, &*b),
                [a, b] => (b, &*a),
            };
            let Some(top) = own.heap.pop() else { break };
            if !own.done.insert(top.node) {
                continue;
            }
            for step in self.graph.steps(top.node) {
                let hop = if forward {
                    (top.node, step.node)
                } else {
                    (step.node, top.node)
                };
                if own.done.contains(&step.node)
                    || barred.nodes.contains(&step.node)
                    || barred.hops.contains(&hop)
                    || !self.filter.admits(self.graph, self.scheme, step.edge)
                {
                    continue;
                }
                let reached = top.cost + cost(self.graph.edge(step.edge));
                let known = own.best.get(&step.node);
                let better = known.is_none_or(|(cost, before)| {
                    reached < *cost || (reached == *cost && top.node < *before)
                });
                if !better {
                    continue;
                }
                own.best.insert(step.node, (reached, top.node));
                own.heap.push(Reached {
                    cost: reached,
                    node: step.node,
                });
                if let Some((rest, _)) = other.best.get(&step.node) {
                    let whole = (reached + rest, step.node);
                    let better = meeting.is_none_or(|best| {
                        whole.0 < best.0 || (whole.0 == best.0 && whole.1 < best.1)
                    });
                    if better {
                        meeting = Some(whole);
                    }
                }
            }
        }
        let (cost, middle) = meeting?;
        let mut way = sides[0].way(middle);
        way.reverse();
        way.extend(sides[1].way(middle).into_iter().skip(1));
        Some((cost, way))
    }

    fn finish(&self, cost: f64, nodes: Vec<NodeId>) -> Path {
        let hops = nodes
            .windows(2)
            .map(|pair| match pair {
                [a, b] => self.edges(*a, *b),
                _ => Vec::new(),
            })
            .collect();
        Path { nodes, hops, cost }
    }

    /// The admitted edges between two nodes, both ways, the best supported first.
    pub fn edges(&self, a: NodeId, b: NodeId) -> Vec<EdgeId> {
        let ranges = [
            self.graph.edges_between(a, b),
            self.graph.edges_between(b, a),
        ];
        let mut all: Vec<EdgeId> = ranges
            .into_iter()
            .flatten()
            .map(|at| EdgeId(at as u32))
            .filter(|id| self.filter.admits(self.graph, self.scheme, *id))
            .collect();
        all.sort_by(|x, y| {
            let cost = |id: &EdgeId| cost(self.graph.edge(*id));
            cost(x).total_cmp(&cost(y)).then(x.cmp(y))
        });
        all
    }

    /// The `k` cheapest ways without circles from `from` to `to`, the cheapest first (Yen 1971).
    pub fn best(&self, from: NodeId, to: NodeId, k: usize) -> Vec<Path> {
        let mut found: Vec<(f64, Vec<NodeId>)> = Vec::new();
        // Ordered by cost in millionths, then nodes: the same every time.
        let mut waiting: BTreeSet<(u64, Vec<NodeId>)> = BTreeSet::new();
        let key = |cost: f64| (cost * 1e6).round() as u64;
        found.extend(self.search(&[from], to, &Barred::default()));
        while found.len() < k {
            let Some((_, last)) = found.last().cloned() else {
                break;
            };
            for at in 0..last.len().saturating_sub(1) {
                let root = &last[..=at];
                let mut barred = Barred {
                    nodes: root[..at].iter().copied().collect(),
                    ..Barred::default()
                };
                for (_, way) in &found {
                    if way.len() > at + 1 && way[..=at] == *root {
                        barred.hops.insert((way[at], way[at + 1]));
                    }
                }
                if let Some((_, rest)) = self.search(&[last[at]], to, &barred) {
                    let whole: Vec<NodeId> = root[..at].iter().copied().chain(rest).collect();
                    let cost = self.cost_of(&whole);
                    if found.iter().all(|(_, way)| *way != whole) {
                        waiting.insert((key(cost), whole));
                    }
                }
            }
            let Some((_, way)) = waiting.pop_first() else {
                break;
            };
            found.push((self.cost_of(&way), way));
        }
        found
            .into_iter()
            .map(|(cost, nodes)| self.finish(cost, nodes))
            .collect()
    }

    fn cost_of(&self, nodes: &[NodeId]) -> f64 {
        nodes
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] => self
                    .edges(*a, *b)
                    .first()
                    .map(|id| cost(self.graph.edge(*id))),
                _ => None,
            })
            .sum()
    }

    /// Nodes that connect all of `ends`: a tree grown by the cheapest way to the next end
    /// (Takahashi and Matsuyama 1980; at most twice the cost of the best tree). Ends that cannot be
    /// reached are left out; the second list names them.
    pub fn connect(&self, ends: &[NodeId]) -> (BTreeSet<NodeId>, Vec<NodeId>) {
        let Some((first, rest)) = ends.split_first() else {
            return (BTreeSet::new(), Vec::new());
        };
        let mut tree: BTreeSet<NodeId> = BTreeSet::from([*first]);
        let mut open: Vec<NodeId> = rest.to_vec();
        open.sort_unstable();
        open.dedup();
        loop {
            open.retain(|end| !tree.contains(end));
            let from: Vec<NodeId> = tree.iter().copied().collect();
            let next = open
                .iter()
                .filter_map(|end| self.search(&from, *end, &Barred::default()))
                .min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
            match next {
                Some((_, way)) => tree.extend(way),
                None => return (tree, open),
            }
        }
    }

    /// Nodes within `depth` hops of any of `from`, those included.
    pub fn around(&self, from: &[NodeId], depth: usize) -> BTreeSet<NodeId> {
        let mut seen: BTreeSet<NodeId> = from.iter().copied().collect();
        let mut border: Vec<NodeId> = seen.iter().copied().collect();
        for _ in 0..depth {
            let mut next = Vec::new();
            for node in border {
                for step in self.graph.steps(node) {
                    if self.filter.admits(self.graph, self.scheme, step.edge)
                        && seen.insert(step.node)
                    {
                        next.push(step.node);
                    }
                }
            }
            border = next;
        }
        seen
    }

    /// Nodes that admitted edges join with both, in their order.
    pub fn common(&self, a: NodeId, b: NodeId) -> Vec<NodeId> {
        let near = |node: NodeId| -> BTreeSet<NodeId> {
            let steps = self.graph.steps(node);
            steps
                .filter(|step| {
                    let (graph, scheme) = (self.graph, self.scheme);
                    self.filter.admits_step(graph, scheme, step.edge, step.node)
                })
                .map(|step| step.node)
                .collect()
        };
        let (left, right) = (near(a), near(b));
        left.intersection(&right)
            .copied()
            .filter(|node| *node != a && *node != b)
            .collect()
    }
}
