//! The columns of nodes and edges, for every format that has columns.

use super::{EdgeRow, NodeRow, View};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    List,
    Int,
    Double,
    Flag,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(Option<String>),
    List(Vec<String>),
    Int(i32),
    Double(f64),
    Flag(bool),
}

impl Cell {
    /// The value as text; members of a list are parted by ` | `, what is missing is empty.
    pub(super) fn text(&self) -> String {
        match self {
            Cell::Text(text) => text.clone().unwrap_or_default(),
            Cell::List(all) => all.join(" | "),
            Cell::Int(number) => number.to_string(),
            Cell::Double(number) => format!("{number:.2}"),
            Cell::Flag(flag) => flag.to_string(),
        }
    }
}

/// A column over rows of one sort.
pub(super) struct Column<R> {
    /// Name, the same in all formats.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) kind: Kind,
    /// Its value in a row.
    pub(super) cell: fn(&View, &R) -> Cell,
}

const fn column<R>(name: &'static str, kind: Kind, cell: fn(&View, &R) -> Cell) -> Column<R> {
    Column { name, kind, cell }
}

fn text(text: &str) -> Cell {
    Cell::Text(Some(text.to_owned()))
}

fn int(number: u32) -> Cell {
    Cell::Int(i32::try_from(number).unwrap_or(i32::MAX))
}

/// Columns of nodes beside the key.
pub(super) const NODE: [Column<NodeRow>; 9] = [
    column("name", Kind::Text, |_, node| text(&node.name)),
    column("type", Kind::Text, |_, node| text(node.kind.as_str())),
    column("iso", Kind::Text, |_, node| Cell::Text(node.iso.clone())),
    column("wikidata", Kind::Text, |_, node| {
        Cell::Text(node.wikidata.clone())
    }),
    column("aliases", Kind::List, |_, node| {
        Cell::List(node.aliases.clone())
    }),
    column("mentions", Kind::Int, |_, node| int(node.mentions)),
    column("documents", Kind::Int, |_, node| int(node.documents)),
    column("first_seen", Kind::Text, |_, node| {
        Cell::Text(node.first.clone())
    }),
    column("last_seen", Kind::Text, |_, node| {
        Cell::Text(node.last.clone())
    }),
];

/// Columns of edges beside their ends; quote and document are those of the surest statement.
pub(super) const EDGE: [Column<EdgeRow>; 15] = [
    column("predicate", Kind::Text, |_, edge| text(&edge.predicate)),
    column("relation", Kind::Text, |_, edge| text(&edge.label)),
    column("polarity", Kind::Text, |_, edge| {
        text(edge.polarity.as_str())
    }),
    column("modality", Kind::Text, |_, edge| {
        text(edge.modality.as_str())
    }),
    column("symmetric", Kind::Flag, |_, edge| {
        Cell::Flag(edge.symmetric)
    }),
    column("sign", Kind::Int, |_, edge| Cell::Int(edge.sign.into())),
    column("statements", Kind::Int, |_, edge| {
        int(edge.evidence.len() as u32)
    }),
    column("documents", Kind::Int, |_, edge| int(edge.documents)),
    column("confidence", Kind::Double, |_, edge| {
        Cell::Double(edge.confidence.into())
    }),
    column("first", Kind::Text, |_, edge| {
        Cell::Text(edge.first.clone())
    }),
    column("last", Kind::Text, |_, edge| Cell::Text(edge.last.clone())),
    column("since", Kind::Text, |_, edge| {
        Cell::Text(edge.since.clone())
    }),
    column("until", Kind::Text, |_, edge| {
        Cell::Text(edge.until.clone())
    }),
    column("quote", Kind::Text, |_, edge| {
        Cell::Text(edge.best().map(|one| one.quote.clone()))
    }),
    column("document", Kind::Text, |view, edge| {
        Cell::Text(
            edge.best()
                .map(|one| view.document(one.document).to_owned()),
        )
    }),
];
