//! Who matters: degree, PageRank, betweenness, brokers.

use crate::{Graph, NodeId};

/// Neighbours of every node without direction, each once, in compressed sparse rows.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    starts: Vec<u32>,
    nodes: Vec<NodeId>,
}

impl Neighbours {
    /// Joins nodes that some edge joins for which `admits` holds.
    pub fn of(graph: &Graph, admits: impl Fn(crate::EdgeId) -> bool) -> Neighbours {
        let mut starts = Vec::with_capacity(graph.n_nodes() + 1);
        let mut nodes = Vec::new();
        let mut near = Vec::new();
        starts.push(0);
        for node in graph.node_ids() {
            near.clear();
            let steps = graph.steps(node).filter(|step| admits(step.edge));
            near.extend(steps.map(|step| step.node));
            near.sort_unstable();
            near.dedup();
            nodes.extend_from_slice(&near);
            starts.push(nodes.len() as u32);
        }
        Neighbours { starts, nodes }
    }

    /// The neighbours of a node, in their order.
    pub fn near(&self, node: NodeId) -> &[NodeId] {
        let at = |row: usize| self.starts.get(row).map_or(0, |start| *start as usize);
        let range = at(node.index())..at(node.index() + 1);
        self.nodes.get(range).unwrap_or_default()
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// PageRank (Brin and Page 1998) over neighbours without direction: damping 0.85, until the sum of
/// changes is below 1e-9 or 100 rounds are done. The ranks add up to 1.
pub fn pagerank(graph: &Neighbours) -> Vec<f64> {
    const DAMPING: f64 = 0.85;
    let n = graph.len();
    if n == 0 {
        return Vec::new();
    }
    let share = 1.0 / n as f64;
    let mut ranks = vec![share; n];
    let mut next = vec![0.0; n];
    let mut gives = vec![0.0; n];
    for _ in 0..100 {
        let mut idle = 0.0;
        for (node, give) in gives.iter_mut().enumerate() {
            let degree = graph.near(NodeId(node as u32)).len();
            *give = if degree == 0 {
                idle += ranks[node];
                0.0
            } else {
                ranks[node] / degree as f64
            };
        }
        let base = (1.0 - DAMPING + DAMPING * idle) * share;
        let mut change = 0.0;
        for (node, value) in next.iter_mut().enumerate() {
            let near = graph.near(NodeId(node as u32));
            let got: f64 = near.iter().map(|from| gives[from.index()]).sum();
            *value = base + DAMPING * got;
            change += (*value - ranks[node]).abs();
        }
        std::mem::swap(&mut ranks, &mut next);
        if change < 1e-9 {
            break;
        }
    }
    ranks
}

/// Starts of shortest ways that betweenness is measured from; more nodes are sampled evenly.
const PIVOTS: usize = 512;

/// Betweenness (Brandes 2001): the share of shortest ways that pass through a node, over pairs of
/// other nodes; exact up to 512 nodes, else from 512 starts spread evenly over the nodes (Brandes
/// and Pich 2007) and scaled. 0 to 1.
pub fn betweenness(graph: &Neighbours) -> Vec<f64> {
    let n = graph.len();
    let mut score = vec![0.0; n];
    if n < 3 {
        return score;
    }
    let starts: Vec<usize> = if n <= PIVOTS {
        (0..n).collect()
    } else {
        (0..PIVOTS).map(|i| i * n / PIVOTS).collect()
    };
    let mut order: Vec<u32> = Vec::with_capacity(n);
    let mut distance = vec![u32::MAX; n];
    let mut ways = vec![0.0f64; n];
    let mut depends = vec![0.0f64; n];
    for &start in &starts {
        order.clear();
        distance[start] = 0;
        ways[start] = 1.0;
        order.push(start as u32);
        let mut at = 0;
        while at < order.len() {
            let node = order[at] as usize;
            at += 1;
            for next in graph.near(NodeId(node as u32)) {
                let next = next.index();
                if distance[next] == u32::MAX {
                    distance[next] = distance[node] + 1;
                    order.push(next as u32);
                }
                if distance[next] == distance[node] + 1 {
                    ways[next] += ways[node];
                }
            }
        }
        for &node in order.iter().rev() {
            let node = node as usize;
            for before in graph.near(NodeId(node as u32)) {
                let before = before.index();
                if distance[before].checked_add(1) == Some(distance[node]) {
                    depends[before] += ways[before] / ways[node] * (1.0 + depends[node]);
                }
            }
            if node != start {
                score[node] += depends[node];
            }
        }
        for &node in &order {
            let node = node as usize;
            distance[node] = u32::MAX;
            ways[node] = 0.0;
            depends[node] = 0.0;
        }
    }
    let pairs = starts.len() as f64 * (n as f64 - 2.0);
    for value in &mut score {
        *value /= pairs;
    }
    score
}

/// How much a node brokers: the effective size of its circle (Burt 1992, in the form of Borgatti
/// 1997): the number of its neighbours less the mean number of ties that they have among each
/// other.
pub fn brokerage(graph: &Neighbours) -> Vec<f64> {
    let mut mark = vec![u32::MAX; graph.len()];
    (0..graph.len() as u32)
        .map(|node| {
            let near = graph.near(NodeId(node));
            for other in near {
                mark[other.index()] = node;
            }
            let ties: usize = near
                .iter()
                .map(|other| {
                    let theirs = graph.near(*other);
                    theirs
                        .iter()
                        .filter(|third| mark[third.index()] == node)
                        .count()
                })
                .sum();
            // Each tie was seen from both ends, which is the 2t of the formula.
            if near.is_empty() {
                0.0
            } else {
                near.len() as f64 - ties as f64 / near.len() as f64
            }
        })
        .collect()
}

/// Nodes by score, the greatest first; equals in their order.
pub fn ranked(scores: &[f64]) -> Vec<(NodeId, f64)> {
    let mut all: Vec<(NodeId, f64)> = (0..).map(NodeId).zip(scores.iter().copied()).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all
}
