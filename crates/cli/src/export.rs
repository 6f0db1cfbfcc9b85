//! `tieline export`: the graph for other tools.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::PossibleValue;
use tieline_graph::export::{File, Format, View, export, is_base};

use crate::answers::{FilterArgs, answer, wrong};
use crate::graph::GraphArgs;
use crate::{Outcome, Streams};

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
pub struct FormatArg(pub Format);

impl ValueEnum for FormatArg {
    fn value_variants<'a>() -> &'a [FormatArg] {
        const ALL: [FormatArg; 13] = {
            let mut all = [FormatArg(Format::Graphml); 13];
            let mut at = 0;
            while at < all.len() {
                all[at] = FormatArg(Format::ALL[at].1);
                at += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let name = Format::ALL.iter().find(|(_, format)| *format == self.0);
        name.map(|(name, _)| PossibleValue::new(*name))
    }
}

/// Runs the command.
pub fn run(args: &ExportArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let format = args.format.0;
    let output = args
        .output
        .as_deref()
        .filter(|path| *path != Path::new("-"));
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

fn write(
    files: &[File],
    format: Format,
    output: Option<&Path>,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    let named = |path: &Path, error: io::Error| {
        io::Error::new(error.kind(), format!("{}: {error}", path.display()))
    };
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
