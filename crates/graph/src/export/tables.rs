//! Tables: CSV for Gephi and Neo4j, Parquet.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::columns::{Cell, Column, EDGE, Kind, NODE};
use super::{ExportError, File, View, clean, fault};

fn csv(name: &str, rows: impl IntoIterator<Item = Vec<String>>) -> Result<File, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let row = row.iter().map(|cell| clean(cell));
        writer.write_record(row).map_err(fault)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| fault(error.into_error()))?;
    Ok(File {
        name: name.to_owned(),
        bytes,
    })
}

/// Names of the columns, and for each kind of value what a format hangs on the name.
fn heads<R>(columns: &[Column<R>], suffix: fn(Kind) -> &'static str) -> Vec<String> {
    let head = |column: &Column<R>| format!("{}{}", column.name, suffix(column.kind));
    columns.iter().map(head).collect()
}

fn no_suffix(_: Kind) -> &'static str {
    ""
}

fn cells<R>(columns: &[Column<R>], view: &View, row: &R) -> Vec<String> {
    let cell = |column: &Column<R>| (column.cell)(view, row).text();
    columns.iter().map(cell).collect()
}

/// A row of these cells.
fn row<const A: usize>(first: [&str; A], rest: Vec<String>) -> Vec<String> {
    first.into_iter().map(str::to_owned).chain(rest).collect()
}

/// `nodes.csv` and `edges.csv` for Gephi's spreadsheet import.
pub(super) fn gephi(view: &View) -> Result<Vec<File>, ExportError> {
    let mut nodes = vec![row(["Id", "Label"], heads(&NODE, no_suffix))];
    for node in &view.nodes {
        nodes.push(row([&node.key, &node.name], cells(&NODE, view, node)));
    }
    let ends = ["Source", "Target", "Type", "Label", "Weight"];
    let mut edges = vec![row(ends, heads(&EDGE, no_suffix))];
    for edge in &view.edges {
        let kind = if edge.symmetric {
            "Undirected"
        } else {
            "Directed"
        };
        let (words, weight) = (edge.words(), edge.evidence.len().max(1).to_string());
        let ends = [
            view.key(edge.from),
            view.key(edge.to),
            kind,
            &words,
            &weight,
        ];
        edges.push(row(ends, cells(&EDGE, view, edge)));
    }
    Ok(vec![csv("nodes.csv", nodes)?, csv("edges.csv", edges)?])
}

/// `nodes.csv` and `relationships.csv` with the headers of `neo4j-admin database import`.
pub(super) fn neo4j(view: &View) -> Result<Vec<File>, ExportError> {
    let suffix = |kind: Kind| match kind {
        Kind::Text => "",
        Kind::List => ":string[]",
        Kind::Int => ":int",
        Kind::Double => ":double",
        Kind::Flag => ":boolean",
    };
    // A semicolon parts the members of a list.
    let semicolons = |cell: Cell| match cell {
        Cell::List(all) => all
            .iter()
            .map(|one| one.replace(';', ","))
            .collect::<Vec<_>>()
            .join(";"),
        other => other.text(),
    };
    let mut nodes = vec![row(["key:ID", ":LABEL"], heads(&NODE, suffix))];
    for node in &view.nodes {
        let label = super::lists::label(node.kind);
        let cells = NODE
            .iter()
            .map(|column| semicolons((column.cell)(view, node)));
        nodes.push(row([&node.key, label], cells.collect()));
    }
    let ends = [":START_ID", ":END_ID", ":TYPE"];
    let mut edges = vec![row(ends, heads(&EDGE, suffix))];
    for edge in &view.edges {
        let kind = edge.predicate.to_uppercase();
        let ends = [view.key(edge.from), view.key(edge.to), &kind];
        edges.push(row(ends, cells(&EDGE, view, edge)));
    }
    Ok(vec![
        csv("nodes.csv", nodes)?,
        csv("relationships.csv", edges)?,
    ])
}

/// `nodes.parquet`, `edges.parquet` (ends first, as `COPY` of embedded graph databases wants
/// them) and `evidence.parquet`, compressed with Snappy.
pub(super) fn parquet(view: &View) -> Result<Vec<File>, ExportError> {
    let text = |text: &str| Cell::Text(Some(text.to_owned()));
    let int = |n: usize| Cell::Int(i32::try_from(n).unwrap_or(i32::MAX));
    let mut nodes = Table::new("nodes", &[("key", Kind::Text)], &NODE);
    for node in &view.nodes {
        nodes.push(vec![text(&node.key)], &NODE, view, node);
    }
    let ends = [("source", Kind::Text), ("target", Kind::Text)];
    let mut edges = Table::new("edges", &ends, &EDGE);
    let mut evidence = Table::new("evidence", &EVIDENCE, &[] as &[Column<()>]);
    for (number, edge) in view.edges.iter().enumerate() {
        let ends = vec![text(view.key(edge.from)), text(view.key(edge.to))];
        edges.push(ends, &EDGE, view, edge);
        for one in &edge.evidence {
            evidence.rows.push(vec![
                int(number),
                text(view.document(one.document)),
                int(one.start as usize),
                int(one.end as usize),
                text(&one.quote),
                Cell::Text(one.source.clone()),
                Cell::Text(one.date.clone()),
                Cell::Text(one.amount.clone()),
                Cell::Double(one.confidence.into()),
            ]);
        }
    }
    Ok(vec![nodes.write()?, edges.write()?, evidence.write()?])
}

/// Columns of statements; `edge` is the row of the edge in `edges.parquet`, from 0.
const EVIDENCE: [(&str, Kind); 9] = [
    ("edge", Kind::Int),
    ("document", Kind::Text),
    ("start", Kind::Int),
    ("end", Kind::Int),
    ("quote", Kind::Text),
    ("source", Kind::Text),
    ("date", Kind::Text),
    ("amount", Kind::Text),
    ("confidence", Kind::Double),
];

/// A Parquet file to be.
struct Table {
    name: &'static str,
    columns: Vec<(&'static str, Kind)>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    fn new<R>(name: &'static str, first: &[(&'static str, Kind)], rest: &[Column<R>]) -> Table {
        let rest = rest.iter().map(|column| (column.name, column.kind));
        Table {
            name,
            columns: first.iter().copied().chain(rest).collect(),
            rows: Vec::new(),
        }
    }

    fn push<R>(&mut self, mut first: Vec<Cell>, rest: &[Column<R>], view: &View, row: &R) {
        first.extend(rest.iter().map(|column| (column.cell)(view, row)));
        self.rows.push(first);
    }

    fn write(&self) -> Result<File, ExportError> {
        let field = |(name, kind): &(&str, Kind)| match kind {
            Kind::Text | Kind::List => format!("optional binary {name} (UTF8);"),
            Kind::Int => format!("required int32 {name};"),
            Kind::Double => format!("required double {name};"),
            Kind::Flag => format!("required boolean {name};"),
        };
        let fields: Vec<String> = self.columns.iter().map(field).collect();
        let schema = format!("message {} {{ {} }}", self.name, fields.join(" "));
        let schema = Arc::new(parse_message_type(&schema).map_err(fault)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("tieline {}", env!("CARGO_PKG_VERSION")))
            .build();
        let mut bytes = Vec::new();
        let mut writer =
            SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).map_err(fault)?;
        for rows in self.rows.chunks(ROWS) {
            let mut group = writer.next_row_group().map_err(fault)?;
            for at in 0..self.columns.len() {
                let cells: Vec<&Cell> = rows.iter().filter_map(|row| row.get(at)).collect();
                write_column(&mut group, self.columns[at].1, &cells)?;
            }
            group.close().map_err(fault)?;
        }
        writer.close().map_err(fault)?;
        Ok(File {
            name: format!("{}.parquet", self.name),
            bytes,
        })
    }
}

/// Rows of one row group: bounds what a reader must hold.
const ROWS: usize = 100_000;

fn write_column<W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    kind: Kind,
    cells: &[&Cell],
) -> Result<(), ExportError> {
    let Some(mut writer) = group.next_column().map_err(fault)? else {
        return Ok(());
    };
    match kind {
        Kind::Text | Kind::List => {
            let missing = |cell: &Cell| matches!(cell, Cell::Text(None));
            let present: Vec<i16> = cells.iter().map(|cell| i16::from(!missing(cell))).collect();
            let values: Vec<ByteArray> = cells
                .iter()
                .filter(|cell| !missing(cell))
                .map(|cell| ByteArray::from(clean(&cell.text()).into_bytes()))
                .collect();
            let typed = writer.typed::<ByteArrayType>();
            typed
                .write_batch(&values, Some(&present), None)
                .map_err(fault)?;
        }
        Kind::Int => {
            let number = |cell: &&Cell| {
                if let Cell::Int(number) = cell {
                    *number
                } else {
                    0
                }
            };
            let values: Vec<i32> = cells.iter().map(number).collect();
            let typed = writer.typed::<Int32Type>();
            typed.write_batch(&values, None, None).map_err(fault)?;
        }
        Kind::Double => {
            let number = |cell: &&Cell| {
                if let Cell::Double(number) = cell {
                    *number
                } else {
                    0.0
                }
            };
            let values: Vec<f64> = cells.iter().map(number).collect();
            let typed = writer.typed::<DoubleType>();
            typed.write_batch(&values, None, None).map_err(fault)?;
        }
        Kind::Flag => {
            let values: Vec<bool> = cells
                .iter()
                .map(|cell| **cell == Cell::Flag(true))
                .collect();
            let typed = writer.typed::<BoolType>();
            typed.write_batch(&values, None, None).map_err(fault)?;
        }
    }
    writer.close().map_err(fault)
}
