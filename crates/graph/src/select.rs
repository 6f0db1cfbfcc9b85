//! Which nodes to draw when there are too many.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use tieline_facts::{Modality, Polarity};

use crate::{Edge, KnowledgeGraph};

/// How much an edge counts: more with more evidence, less and less so; plain assertions count
/// double.
pub(crate) fn weight(edge: &Edge) -> f64 {
    let support = (1.0 + edge.n_documents() as f64).ln() + (edge.evidence.len() as f64).ln_1p();
    let plain = edge.polarity == Polarity::Affirmed && edge.modality == Modality::Asserted;
    if plain { 2.0 * support } else { support }
}

/// The nodes to draw: those with edges; if more than `budget`, the node that matters least (sum
/// of the weights of its remaining edges, then mentions) is taken away again and again. What is
/// cut off from everything by this goes first, so what stays hangs together as far as it can.
///
/// Cost: O((nodes + edges) log nodes).
pub(crate) fn select(graph: &KnowledgeGraph, budget: Option<usize>) -> BTreeSet<NodeIndex> {
    let net = graph.petgraph();
    let mut scores: BTreeMap<NodeIndex, f64> = BTreeMap::new();
    for edge in net.edge_references() {
        for end in [edge.source(), edge.target()] {
            *scores.entry(end).or_default() += weight(edge.weight());
        }
    }
    // Scores as whole thousandths: ordered, and the same whatever order sums are taken in.
    let rank = |index: NodeIndex, score: f64| {
        (
            (score * 1000.0).round() as i64,
            net[index].mentions,
            std::cmp::Reverse(index),
        )
    };
    let mut queue: BTreeSet<_> = scores
        .iter()
        .map(|(&index, &score)| rank(index, score))
        .collect();
    let mut kept: BTreeSet<NodeIndex> = scores.keys().copied().collect();
    while budget.is_some_and(|budget| kept.len() > budget)
        || queue.first().is_some_and(|least| least.0 <= 0)
    {
        let Some((_, _, std::cmp::Reverse(least))) = queue.pop_first() else {
            break;
        };
        kept.remove(&least);
        for edge in net
            .edges_directed(least, petgraph::Direction::Outgoing)
            .chain(net.edges_directed(least, petgraph::Direction::Incoming))
        {
            let other = if edge.source() == least {
                edge.target()
            } else {
                edge.source()
            };
            if !kept.contains(&other) {
                continue;
            }
            if let Some(score) = scores.get_mut(&other) {
                queue.remove(&rank(other, *score));
                *score -= weight(edge.weight());
                queue.insert(rank(other, *score));
            }
        }
    }
    kept
}
