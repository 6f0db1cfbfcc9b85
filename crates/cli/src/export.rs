//! `tieline export`: the graph for other tools.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::PossibleValue;
use tieline_graph::export::{File, Format, View, export, is_base};
use tieline_graph::store::{LineWriter, NewDocument, Origin};

use crate::answers::{FilterArgs, answer, wrong};
use crate::graph::{GraphArgs, Source};
use crate::{Outcome, Streams, build, load};

/// Write the graph in a format of other tools.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline export --format graphml news.tieline > ties.graphml      networkx, yEd, igraph
  tieline export --format gexf news.tieline -o ties.gexf           Gephi, with its timeline
  tieline export --format neo4j-csv news.tieline -o import/        neo4j-admin database import
  tieline export --format turtle news.tieline -o ties.ttl          RDF with evidence
  tieline export --format parquet news.tieline -o tables/          pandas, DuckDB, Ladybug
  tieline export --format markdown news.tieline -o vault/          notes with [[links]]
  tieline export --format jsonl news.tieline -o news.jsonl         all facts; `import` reads them

docs/formats.md says what each format holds.")]
pub struct ExportArgs {
    /// The format
    #[arg(long, value_enum)]
    pub format: FormatArg,
    /// Where to write: a file, or a folder for formats of several files; - or nothing prints
    #[arg(short, long, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    pub output: Option<PathBuf>,
    /// Start of the names of things in RDF
    #[arg(long, value_name = "IRI", default_value = "urn:tieline:")]
    pub base: String,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub filter: FilterArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub graph: GraphArgs,
}

/// A format, as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatArg {
    /// The graph in a format of another tool.
    Graph(Format),
    /// The facts of each document: wire format v1.
    Jsonl,
}

impl ValueEnum for FormatArg {
    fn value_variants<'a>() -> &'a [FormatArg] {
        const ALL: [FormatArg; Format::ALL.len() + 1] = {
            let mut all = [FormatArg::Jsonl; Format::ALL.len() + 1];
            let mut at = 0;
            while at < Format::ALL.len() {
                all[at] = FormatArg::Graph(Format::ALL[at].1);
                at += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let FormatArg::Graph(format) = self else {
            return Some(PossibleValue::new("jsonl"));
        };
        let name = Format::ALL.iter().find(|(_, one)| one == format);
        name.map(|(name, _)| PossibleValue::new(*name))
    }
}

/// Runs the command.
pub fn run(args: &ExportArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let output = args
        .output
        .as_deref()
        .filter(|path| *path != Path::new("-"));
    let format = match args.format {
        FormatArg::Graph(format) => format,
        FormatArg::Jsonl => return run_lines(args, output, streams),
    };
    if format.is_folder() && output.is_none() {
        return Err(wrong(
            "this format has several files: name a folder with -o".to_owned(),
        ));
    }
    if !is_base(&args.base) {
        let message = format!("--base {}: not an IRI that ends in / or # or :", args.base);
        return Err(wrong(message));
    }
    answer(&args.filter, &args.graph, streams, |asked, streams| {
        let view = View::of(&asked.graph, &asked.ontology, &asked.filter);
        let files = export(&view.map_err(io::Error::other)?, format, &args.base);
        write(&files.map_err(io::Error::other)?, format, output, streams)?;
        Ok(asked.graph.n_nodes() > 0)
    })
}

/// Writes the facts of each document on a line; a graph file in byte order of paths, documents as
/// they come.
fn run_lines(
    args: &ExportArgs,
    output: Option<&Path>,
    streams: &mut Streams<'_>,
) -> io::Result<Outcome> {
    if args.filter != FilterArgs::default() {
        let message =
            "jsonl holds the facts of documents, and filters are about edges of the graph";
        return Err(wrong(message.to_owned()));
    }
    if args.graph.facts {
        let message = "PATHs hold these lines already; `tieline import` makes a graph file of them";
        return Err(wrong(message.to_owned()));
    }
    let source = Source::open(&args.graph)?;
    let mut file;
    let out: &mut dyn Write = match output {
        None => &mut *streams.out,
        Some(path) => {
            file = BufWriter::new(fs::File::create(path).map_err(|error| named(path, error))?);
            &mut file
        }
    };
    let documents = &args.graph.documents;
    let mut writer = LineWriter::new(
        &source.ontology,
        &load::load_ontology()?,
        &source.decisions()?,
    );
    let mut found = false;
    let mut put = |document: &NewDocument, origin: &Origin| {
        found |= !document.facts.entities.is_empty();
        writeln!(out, "{}", writer.line(document, origin))
    };
    let mut failed = 0;
    if let Some(store) = &source.store {
        store.for_each_document(|mut document, origin| -> io::Result<()> {
            source.known.link(&mut document.facts.entities);
            documents.arrange(&mut document.facts);
            put(&document, &origin)
        })?;
    } else {
        let pipeline = load::load_analysis(&documents.analysis)?;
        let origin = build::origin(documents)?;
        let mut seen = BTreeSet::new();
        let never = |_: &str, _: &str| false;
        failed =
            build::for_each_new(
                documents,
                &pipeline,
                never,
                streams.err,
                |document| match document {
                    Some(document) if seen.insert(document.facts.doc.clone()) => {
                        put(&document, &origin)
                    }
                    _ => Ok(()),
                },
            )?;
    }
    out.flush()?;
    Ok(Outcome { found, failed })
}

fn named(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn write(
    files: &[File],
    format: Format,
    output: Option<&Path>,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    let put =
        |path: &Path, file: &File| fs::write(path, &file.bytes).map_err(|error| named(path, error));
    if let Some(folder) = output.filter(|_| format.is_folder()) {
        fs::create_dir_all(folder).map_err(|error| named(folder, error))?;
        return files
            .iter()
            .try_for_each(|file| put(&folder.join(&file.name), file));
    }
    files.iter().try_for_each(|file| match output {
        Some(path) => put(path, file),
        None => streams.out.write_all(&file.bytes),
    })
}
