//! Who is meant by a name, and who relates to them.

use tieline_facts::EntityType;

use crate::{EdgeId, Graph, NameUse, NodeId, fold};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// Nothing in the graph.
    Nothing,
    /// One node.
    One(NodeId),
    /// Several, the most mentioned first.
    Several(Vec<NodeId>),
    /// None of this name, but of names that differ from it by a slip or two; the nearest first.
    Near(Vec<NodeId>),
}

/// One edge as seen from one of its ends.
pub type Neighbour = crate::Step;

impl Graph {
    /// Finds the node that a name means: case, diacritics and a leading "the" do not matter.
    ///
    /// The nodes **called** so come first; if there are none, those that some text calls so; if
    /// there are none, those whose name holds all words of the name. `kind` admits one type only.
    pub fn resolve(&self, name: &str, kind: Option<EntityType>) -> Resolution {
        let wanted = fold(name);
        if wanted.is_empty() {
            return Resolution::Nothing;
        }
        let fits = |id: NodeId| kind.is_none_or(|kind| kind == self.node(id).kind);
        let names = self.names();
        let called = |used: NameUse| {
            let found = names.find(&wanted).filter(move |(how, _)| *how == used);
            found.map(|(_, id)| id).collect::<Vec<_>>()
        };
        let words: Vec<&str> = wanted.split(' ').collect();
        let holding = || {
            let hold = |name: &str| words.iter().all(|word| name.split(' ').any(|w| w == *word));
            let own = names.iter().filter(|entry| entry.1 == NameUse::Name);
            let own = own.filter(|(name, ..)| hold(name));
            own.map(|(.., id)| id).collect()
        };
        let by_key = self.find_key(&name.to_lowercase());
        let tests: [&dyn Fn() -> Vec<NodeId>; 3] = [
            &|| called(NameUse::Name).into_iter().chain(by_key).collect(),
            &|| called(NameUse::Alias),
            &holding,
        ];
        for test in tests {
            let mut found: Vec<NodeId> = test().into_iter().filter(|id| fits(*id)).collect();
            found.sort_unstable();
            found.dedup();
            // A stable sort: equals stay in the order of their keys.
            found.sort_by_key(|id| std::cmp::Reverse(self.node(*id).n_mentions));
            match found.as_slice() {
                [] => {}
                [one] => return Resolution::One(*one),
                _ => return Resolution::Several(found),
            }
        }
        let near = self.near(&wanted, fits);
        if near.is_empty() {
            Resolution::Nothing
        } else {
            Resolution::Near(near)
        }
    }

    /// Nodes with a name or alias that one slip turns into the wanted one, or two where it has
    /// eight letters or more (Damerau 1964: a letter more, less, other, or two exchanged). The
    /// nearest first, then the most mentioned; at most ten.
    fn near(&self, wanted: &str, fits: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
        let length = wanted.chars().count();
        let slips = match length {
            0..4 => return Vec::new(),
            4..8 => 1,
            _ => 2,
        };
        let mut found: Vec<(usize, std::cmp::Reverse<u32>, NodeId)> = Vec::new();
        for (name, _, id) in self.names().iter() {
            if name.chars().count().abs_diff(length) <= slips && fits(id) {
                let slipped = strsim::osa_distance(name, wanted);
                if slipped <= slips {
                    let mentions = self.node(id).n_mentions;
                    found.push((slipped, std::cmp::Reverse(mentions), id));
                }
            }
        }
        found.sort_unstable();
        let mut seen = std::collections::BTreeSet::new();
        found.retain(|(.., id)| seen.insert(*id));
        let nearest = found.first().map_or(0, |(slipped, ..)| *slipped);
        let nearest = found
            .into_iter()
            .take_while(|(slipped, ..)| *slipped == nearest);
        nearest.map(|(.., id)| id).take(10).collect()
    }

    /// All edges of a node, ordered by relation, direction (outgoing first), support (most
    /// statements first) and key of the neighbour.
    pub fn neighbours(&self, node: NodeId) -> Vec<Neighbour> {
        let mut all: Vec<Neighbour> = self.steps(node).collect();
        let edge = |id: EdgeId| self.edge(id);
        all.sort_by_key(|step| {
            let edge = edge(step.edge);
            let statements = std::cmp::Reverse(edge.n_statements);
            let status = (edge.polarity, edge.modality);
            (edge.relation, !step.outgoing, statements, step.node, status)
        });
        all
    }
}
