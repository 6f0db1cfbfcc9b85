//! Who is meant by a name, and who relates to them.

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use tieline_facts::EntityType;

use crate::{Edge, KnowledgeGraph, Node, fold};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// Nothing in the graph.
    Nothing,
    /// One node.
    One(NodeIndex),
    /// Several, the most mentioned first.
    Several(Vec<NodeIndex>),
}

/// One edge as seen from one of its ends.
#[derive(Clone, Copy, Debug)]
pub struct Neighbour<'a> {
    /// The node at the other end.
    pub node: NodeIndex,
    /// Whether the edge starts at the node asked about.
    pub outgoing: bool,
    /// The edge.
    pub edge: &'a Edge,
}

impl KnowledgeGraph {
    /// Finds the node that a name means: case, diacritics and a leading "the" do not matter.
    ///
    /// The nodes **called** so come first; if there are none, those that some text calls so; if
    /// there are none, those whose name holds all words of the name. `kind` admits one type only.
    pub fn resolve(&self, name: &str, kind: Option<EntityType>) -> Resolution {
        let wanted = fold(name);
        if wanted.is_empty() {
            return Resolution::Nothing;
        }
        let words: Vec<&str> = wanted.split(' ').collect();
        let tests: [&dyn Fn(&Node) -> bool; 3] = [
            &|node| fold(&node.name) == wanted || node.key.eq_ignore_ascii_case(name),
            &|node| node.aliases.keys().any(|alias| fold(alias) == wanted),
            &|node| {
                let own = fold(&node.name);
                words.iter().all(|word| own.split(' ').any(|w| w == *word))
            },
        ];
        for test in tests {
            let mut found: Vec<NodeIndex> = self
                .petgraph()
                .node_indices()
                .filter(|index| {
                    let node = &self.petgraph()[*index];
                    kind.is_none_or(|kind| kind == node.kind) && test(node)
                })
                .collect();
            // A stable sort: equals stay in the order of their keys.
            found.sort_by_key(|index| std::cmp::Reverse(self.petgraph()[*index].mentions));
            match found.as_slice() {
                [] => {}
                [one] => return Resolution::One(*one),
                _ => return Resolution::Several(found),
            }
        }
        Resolution::Nothing
    }

    /// All edges of a node, ordered by relation, direction (outgoing first), support (most
    /// evidence first) and name of the neighbour.
    pub fn neighbours(&self, node: NodeIndex) -> Vec<Neighbour<'_>> {
        let graph = self.petgraph();
        let ends = [(Direction::Outgoing, true), (Direction::Incoming, false)];
        let mut all: Vec<Neighbour<'_>> = ends
            .into_iter()
            .flat_map(|(direction, outgoing)| {
                graph
                    .edges_directed(node, direction)
                    .map(move |edge| Neighbour {
                        node: if outgoing {
                            edge.target()
                        } else {
                            edge.source()
                        },
                        outgoing,
                        edge: edge.weight(),
                    })
            })
            .collect();
        all.sort_by(|a, b| {
            let rank = |n: &Neighbour<'_>| (!n.outgoing, std::cmp::Reverse(n.edge.evidence.len()));
            (a.edge.predicate.cmp(&b.edge.predicate))
                .then_with(|| rank(a).cmp(&rank(b)))
                .then_with(|| graph[a.node].key.cmp(&graph[b.node].key))
                .then_with(|| a.edge.polarity.cmp(&b.edge.polarity))
                .then_with(|| a.edge.modality.cmp(&b.edge.modality))
        });
        all
    }
}
