//! The graph in the formats of other tools.
//!
//! Every writer takes a [`View`] and gives files by name; a format of one file gives one. Nothing
//! that an article contains breaks a format: each writer escapes by the rules of its own, and
//! characters that a format cannot hold become U+FFFD.

mod columns;
mod lists;
mod rdf;
mod tables;
#[cfg(test)]
mod tests;
mod view;
mod xml;

use std::error::Error;
use std::fmt;

pub use rdf::is_base;
pub use view::{DocumentRow, EdgeRow, EvidenceRow, NodeRow, View};

/// A format that the graph can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// XML for networkx, yEd, igraph.
    Graphml,
    /// XML for Gephi, with dates for its timeline.
    Gexf,
    /// Two tables for Gephi's spreadsheet import.
    GephiCsv,
    /// Two tables with the headers of `neo4j-admin database import`.
    Neo4jCsv,
    /// Statements for Neo4j, Memgraph, FalkorDB.
    Cypher,
    /// RDF.
    Turtle,
    /// RDF as JSON.
    JsonLd,
    /// RDF, with one named graph for each document.
    Nquads,
    /// FollowTheMoney entities, one JSON object a line.
    Ftm,
    /// JSON for cytoscape.js.
    Cytoscape,
    /// A flow chart for Markdown pages.
    Mermaid,
    /// A folder of notes with `[[links]]`.
    Markdown,
    /// Columns for pandas, DuckDB, Ladybug.
    Parquet,
}

impl Format {
    /// All formats, with their names on the command line.
    pub const ALL: [(&'static str, Format); 13] = [
        ("graphml", Format::Graphml),
        ("gexf", Format::Gexf),
        ("gephi-csv", Format::GephiCsv),
        ("neo4j-csv", Format::Neo4jCsv),
        ("cypher", Format::Cypher),
        ("turtle", Format::Turtle),
        ("jsonld", Format::JsonLd),
        ("nquads", Format::Nquads),
        ("ftm", Format::Ftm),
        ("cytoscape", Format::Cytoscape),
        ("mermaid", Format::Mermaid),
        ("markdown", Format::Markdown),
        ("parquet", Format::Parquet),
    ];

    /// Whether it gives several files, to be written into a folder.
    pub fn is_folder(self) -> bool {
        matches!(
            self,
            Format::GephiCsv | Format::Neo4jCsv | Format::Markdown | Format::Parquet
        )
    }
}

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Name, without a folder.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why an export could not be written; a fault of the writer's, not of the graph.
#[derive(Debug)]
pub struct ExportError(pub(crate) Box<dyn Error + Send + Sync>);

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the export could not be written")
    }
}

impl Error for ExportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.0.as_ref())
    }
}

/// Turns the error of a writer into ours.
fn fault<E: Error + Send + Sync + 'static>(error: E) -> ExportError {
    ExportError(Box::new(error))
}

/// Writes the rows in a format. `base` is the start of RDF names, such as `urn:tieline:`.
///
/// # Errors
///
/// When a writer's package refuses what it was given, which no graph should bring about.
pub fn export(view: &View, format: Format, base: &str) -> Result<Vec<File>, ExportError> {
    let one = |name: &str, bytes: Vec<u8>| {
        vec![File {
            name: name.to_owned(),
            bytes,
        }]
    };
    Ok(match format {
        Format::Graphml => one("graph.graphml", xml::graphml(view)?),
        Format::Gexf => one("graph.gexf", xml::gexf(view)?),
        Format::GephiCsv => tables::gephi(view)?,
        Format::Neo4jCsv => tables::neo4j(view)?,
        Format::Parquet => tables::parquet(view)?,
        Format::Cypher => one("graph.cypher", lists::cypher(view).into_bytes()),
        Format::Cytoscape => one("graph.json", lists::cytoscape(view)),
        Format::Mermaid => one("graph.mmd", lists::mermaid(view).into_bytes()),
        Format::Ftm => one("graph.ftm.jsonl", lists::ftm(view)),
        Format::Markdown => lists::markdown(view),
        Format::Turtle => one("graph.ttl", rdf::turtle(view, base)?),
        Format::JsonLd => one("graph.jsonld", rdf::json_ld(view, base)?),
        Format::Nquads => one("graph.nq", rdf::n_quads(view, base)?),
    })
}

/// Text without the characters that no XML, table or page can hold: controls but newline, and
/// marks that turn the direction of writing, become U+FFFD; other white space becomes a space.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(crate::hostile::harmless).collect()
}

/// ASCII letters, digits and `-._~` as they are, everything else as `%XX` of its bytes.
pub(crate) fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
