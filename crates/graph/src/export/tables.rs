//! Tables: CSV for Gephi and Neo4j, Parquet.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

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

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn header(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|&column| column.to_owned()).collect()
}

/// `nodes.csv` and `edges.csv` for Gephi's spreadsheet import.
pub(super) fn gephi(view: &View) -> Result<Vec<File>, ExportError> {
    let mut nodes = vec![header(&[
        "Id",
        "Label",
        "Type",
        "Iso",
        "Wikidata",
        "Aliases",
        "Mentions",
        "Documents",
        "FirstSeen",
        "LastSeen",
    ])];
    nodes.extend(view.nodes.iter().map(|node| {
        vec![
            node.key.clone(),
            node.name.clone(),
            node.kind.as_str().to_owned(),
            text(&node.iso),
            text(&node.wikidata),
            node.aliases.join(" | "),
            node.mentions.to_string(),
            node.documents.to_string(),
            text(&node.first),
            text(&node.last),
        ]
    }));
    let mut edges = vec![header(&[
        "Source",
        "Target",
        "Type",
        "Label",
        "Weight",
        "Relation",
        "Polarity",
        "Modality",
        "Sign",
        "Documents",
        "Confidence",
        "First",
        "Last",
        "Quote",
        "Document",
    ])];
    edges.extend(view.edges.iter().map(|edge| {
        let best = edge.best();
        vec![
            view.key(edge.from).to_owned(),
            view.key(edge.to).to_owned(),
            (if edge.symmetric {
                "Undirected"
            } else {
                "Directed"
            })
            .to_owned(),
            edge.words(),
            edge.evidence.len().max(1).to_string(),
            edge.predicate.clone(),
            edge.polarity.as_str().to_owned(),
            edge.modality.as_str().to_owned(),
            edge.sign.to_string(),
            edge.documents.to_string(),
            format!("{:.2}", edge.confidence),
            text(&edge.first),
            text(&edge.last),
            best.map(|one| one.quote.clone()).unwrap_or_default(),
            best.map(|one| view.document(one.document).to_owned())
                .unwrap_or_default(),
        ]
    }));
    Ok(vec![csv("nodes.csv", nodes)?, csv("edges.csv", edges)?])
}

/// `nodes.csv` and `relationships.csv` with the headers of `neo4j-admin database import`.
pub(super) fn neo4j(view: &View) -> Result<Vec<File>, ExportError> {
    let mut nodes = vec![header(&[
        "key:ID",
        "name",
        "iso",
        "wikidata",
        "aliases:string[]",
        "mentions:int",
        "documents:int",
        "firstSeen",
        "lastSeen",
        ":LABEL",
    ])];
    nodes.extend(view.nodes.iter().map(|node| {
        // A semicolon parts the members of a list.
        let aliases: Vec<String> = node.aliases.iter().map(|a| a.replace(';', ",")).collect();
        vec![
            node.key.clone(),
            node.name.clone(),
            text(&node.iso),
            text(&node.wikidata),
            aliases.join(";"),
            node.mentions.to_string(),
            node.documents.to_string(),
            text(&node.first),
            text(&node.last),
            super::lists::label(node.kind).to_owned(),
        ]
    }));
    let mut edges = vec![header(&[
        ":START_ID",
        ":END_ID",
        ":TYPE",
        "polarity",
        "modality",
        "symmetric:boolean",
        "sign:int",
        "statements:int",
        "documents:int",
        "confidence:double",
        "first",
        "last",
        "since",
        "until",
        "quote",
        "document",
    ])];
    edges.extend(view.edges.iter().map(|edge| {
        let best = edge.best();
        vec![
            view.key(edge.from).to_owned(),
            view.key(edge.to).to_owned(),
            edge.predicate.to_uppercase(),
            edge.polarity.as_str().to_owned(),
            edge.modality.as_str().to_owned(),
            edge.symmetric.to_string(),
            edge.sign.to_string(),
            edge.evidence.len().to_string(),
            edge.documents.to_string(),
            format!("{:.2}", edge.confidence),
            text(&edge.first),
            text(&edge.last),
            text(&edge.since),
            text(&edge.until),
            best.map(|one| one.quote.clone()).unwrap_or_default(),
            best.map(|one| view.document(one.document).to_owned())
                .unwrap_or_default(),
        ]
    }));
    Ok(vec![
        csv("nodes.csv", nodes)?,
        csv("relationships.csv", edges)?,
    ])
}

/// A column of a Parquet file.
enum Column {
    /// Text that every row has.
    Text(Vec<String>),
    /// Text that may be missing.
    Maybe(Vec<Option<String>>),
    /// Whole numbers.
    Int(Vec<i32>),
    /// Numbers.
    Double(Vec<f64>),
}

/// `nodes.parquet`, `edges.parquet` (ends first, as `COPY` of embedded graph databases wants
/// them) and `evidence.parquet`, compressed with Snappy.
pub(super) fn parquet(view: &View) -> Result<Vec<File>, ExportError> {
    let nodes = &view.nodes;
    let edges = &view.edges;
    let int = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let each =
        |of: &dyn Fn(&super::NodeRow) -> String| Column::Text(nodes.iter().map(of).collect());
    let maybe = |of: &dyn Fn(&super::NodeRow) -> Option<String>| {
        Column::Maybe(nodes.iter().map(of).collect())
    };
    let node_columns = vec![
        ("key", each(&|node| node.key.clone())),
        ("name", each(&|node| node.name.clone())),
        ("type", each(&|node| node.kind.as_str().to_owned())),
        ("iso", maybe(&|node| node.iso.clone())),
        ("wikidata", maybe(&|node| node.wikidata.clone())),
        ("aliases", each(&|node| node.aliases.join(" | "))),
        (
            "mentions",
            Column::Int(nodes.iter().map(|node| int(node.mentions)).collect()),
        ),
        (
            "documents",
            Column::Int(nodes.iter().map(|node| int(node.documents)).collect()),
        ),
        ("first_seen", maybe(&|node| node.first.clone())),
        ("last_seen", maybe(&|node| node.last.clone())),
    ];
    let each =
        |of: &dyn Fn(&super::EdgeRow) -> String| Column::Text(edges.iter().map(of).collect());
    let maybe = |of: &dyn Fn(&super::EdgeRow) -> Option<String>| {
        Column::Maybe(edges.iter().map(of).collect())
    };
    let number = |of: &dyn Fn(&super::EdgeRow) -> i32| Column::Int(edges.iter().map(of).collect());
    let edge_columns = vec![
        ("source", each(&|edge| view.key(edge.from).to_owned())),
        ("target", each(&|edge| view.key(edge.to).to_owned())),
        ("predicate", each(&|edge| edge.predicate.clone())),
        ("polarity", each(&|edge| edge.polarity.as_str().to_owned())),
        ("modality", each(&|edge| edge.modality.as_str().to_owned())),
        ("sign", number(&|edge| i32::from(edge.sign))),
        ("statements", number(&|edge| edge.evidence.len() as i32)),
        ("documents", number(&|edge| int(edge.documents))),
        (
            "confidence",
            Column::Double(
                edges
                    .iter()
                    .map(|edge| f64::from(edge.confidence))
                    .collect(),
            ),
        ),
        ("first", maybe(&|edge| edge.first.clone())),
        ("last", maybe(&|edge| edge.last.clone())),
        ("since", maybe(&|edge| edge.since.clone())),
        ("until", maybe(&|edge| edge.until.clone())),
    ];
    let all: Vec<(usize, &super::EvidenceRow)> = edges
        .iter()
        .enumerate()
        .flat_map(|(edge, row)| row.evidence.iter().map(move |one| (edge, one)))
        .collect();
    let of = |number: &dyn Fn(usize, &super::EvidenceRow) -> i32| {
        Column::Int(all.iter().map(|(edge, one)| number(*edge, one)).collect())
    };
    let evidence_columns = vec![
        // The row of the edge in edges.parquet, from 0.
        (
            "edge",
            of(&|edge, _| i32::try_from(edge).unwrap_or(i32::MAX)),
        ),
        (
            "document",
            Column::Text(
                all.iter()
                    .map(|(_, one)| view.document(one.document).to_owned())
                    .collect(),
            ),
        ),
        ("start", of(&|_, one| int(one.start))),
        ("end", of(&|_, one| int(one.end))),
        (
            "quote",
            Column::Text(all.iter().map(|(_, one)| one.quote.clone()).collect()),
        ),
        (
            "source",
            Column::Maybe(all.iter().map(|(_, one)| one.source.clone()).collect()),
        ),
        (
            "date",
            Column::Maybe(all.iter().map(|(_, one)| one.date.clone()).collect()),
        ),
        (
            "amount",
            Column::Maybe(all.iter().map(|(_, one)| one.amount.clone()).collect()),
        ),
        (
            "confidence",
            Column::Double(
                all.iter()
                    .map(|(_, one)| f64::from(one.confidence))
                    .collect(),
            ),
        ),
    ];
    Ok(vec![
        table("nodes", node_columns)?,
        table("edges", edge_columns)?,
        table("evidence", evidence_columns)?,
    ])
}

/// Rows of one row group: bounds what a reader must hold.
const ROWS: usize = 100_000;

fn table(name: &str, columns: Vec<(&'static str, Column)>) -> Result<File, ExportError> {
    let fields: Vec<String> = columns
        .iter()
        .map(|(name, column)| match column {
            Column::Text(_) => format!("required binary {name} (UTF8);"),
            Column::Maybe(_) => format!("optional binary {name} (UTF8);"),
            Column::Int(_) => format!("required int32 {name};"),
            Column::Double(_) => format!("required double {name};"),
        })
        .collect();
    let schema = format!("message {name} {{ {} }}", fields.join(" "));
    let schema = Arc::new(parse_message_type(&schema).map_err(fault)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("tieline {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).map_err(fault)?;
    let n_rows = columns.first().map_or(0, |(_, column)| column.len());
    let mut first = 0;
    while first < n_rows || first == 0 {
        let rows = first..n_rows.min(first + ROWS);
        let mut group = writer.next_row_group().map_err(fault)?;
        for (_, column) in &columns {
            write_column(&mut group, column, rows.clone())?;
        }
        group.close().map_err(fault)?;
        first += ROWS;
    }
    writer.close().map_err(fault)?;
    Ok(File {
        name: format!("{name}.parquet"),
        bytes,
    })
}

impl Column {
    fn len(&self) -> usize {
        match self {
            Column::Text(all) => all.len(),
            Column::Maybe(all) => all.len(),
            Column::Int(all) => all.len(),
            Column::Double(all) => all.len(),
        }
    }
}

fn write_column<W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: &Column,
    rows: std::ops::Range<usize>,
) -> Result<(), ExportError> {
    let Some(mut writer) = group.next_column().map_err(fault)? else {
        return Ok(());
    };
    let bytes = |text: &String| ByteArray::from(clean(text).into_bytes());
    match column {
        Column::Text(all) => {
            let values: Vec<ByteArray> = all[rows].iter().map(bytes).collect();
            let typed = writer.typed::<ByteArrayType>();
            typed.write_batch(&values, None, None).map_err(fault)?;
        }
        Column::Maybe(all) => {
            let present: Vec<i16> = all[rows.clone()]
                .iter()
                .map(|v| i16::from(v.is_some()))
                .collect();
            let values: Vec<ByteArray> = all[rows].iter().flatten().map(bytes).collect();
            let typed = writer.typed::<ByteArrayType>();
            typed
                .write_batch(&values, Some(&present), None)
                .map_err(fault)?;
        }
        Column::Int(all) => {
            let typed = writer.typed::<Int32Type>();
            typed.write_batch(&all[rows], None, None).map_err(fault)?;
        }
        Column::Double(all) => {
            let typed = writer.typed::<DoubleType>();
            typed.write_batch(&all[rows], None, None).map_err(fault)?;
        }
    }
    writer.close().map_err(fault)
}
