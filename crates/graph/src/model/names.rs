//! Names brought to one form, for look-ups.

use super::{Graph, NodeId};
use crate::fold;

/// Whether a node is called so, or only called so by some text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameUse {
    /// The name of the node.
    Name,
    /// An alias.
    Alias,
}

/// The folded names and aliases of all nodes, in byte order.
#[derive(Clone, Debug, Default)]
pub struct NameIndex {
    text: String,
    /// Where the name starts and ends in `text`, its use, its node; ordered by name, use and node.
    entries: Vec<(u32, u32, NameUse, NodeId)>,
}

impl NameIndex {
    pub(super) fn of(graph: &Graph) -> NameIndex {
        let mut names: Vec<(String, NameUse, NodeId)> = Vec::new();
        for id in graph.node_ids() {
            let own = fold(graph.name(id));
            for (alias, _) in graph.aliases(id) {
                let alias = fold(alias);
                if alias != own && !alias.is_empty() {
                    names.push((alias, NameUse::Alias, id));
                }
            }
            if !own.is_empty() {
                names.push((own, NameUse::Name, id));
            }
        }
        names.sort_unstable();
        names.dedup();
        let mut index = NameIndex::default();
        index.entries.reserve_exact(names.len());
        let mut last = (0, 0);
        for (name, used, id) in names {
            if index.text.get(last.0 as usize..) != Some(&name) || name.is_empty() {
                let start = index.text.len() as u32;
                index.text.push_str(&name);
                last = (start, index.text.len() as u32);
            }
            index.entries.push((last.0, last.1, used, id));
        }
        index
    }

    /// All (folded name, use, node), in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, NameUse, NodeId)> {
        self.entries
            .iter()
            .map(|&(start, end, used, id)| (self.text(start, end), used, id))
    }

    /// The nodes of a folded name: first those called so, then those that a text calls so.
    pub fn find(&self, folded: &str) -> impl Iterator<Item = (NameUse, NodeId)> {
        let start = self
            .entries
            .partition_point(|entry| self.text(entry.0, entry.1) < folded);
        let entries = self.entries.get(start..).unwrap_or_default();
        entries
            .iter()
            .take_while(move |entry| self.text(entry.0, entry.1) == folded)
            .map(|entry| (entry.2, entry.3))
    }

    fn text(&self, start: u32, end: u32) -> &str {
        self.text
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }
}
