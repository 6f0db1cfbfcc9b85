//! The graph that `dot` and `who` work on: from documents, or from facts found before.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use tieline_facts::{Facts, Ontology};
use tieline_graph::Graph;

use crate::analysis::AnalysisArgs;
use crate::input::{self, InputArgs};
use crate::{load, terminal};

/// Arguments of commands over a graph.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct GraphArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: InputArgs,
    /// PATHs hold facts as `extract --format jsonl` writes them, not documents
    #[arg(long)]
    pub facts: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub analysis: AnalysisArgs,
    /// Add clauses that no relation type covers, with their verb as label
    #[arg(long)]
    pub open: bool,
}

impl GraphArgs {
    /// The arguments that read these paths.
    pub fn of(paths: &[PathBuf], analysis: &AnalysisArgs) -> GraphArgs {
        GraphArgs {
            input: InputArgs {
                paths: paths.to_vec(),
                ..InputArgs::default()
            },
            analysis: analysis.clone(),
            ..GraphArgs::default()
        }
    }
}

/// The graph of everything under the paths, and how many inputs could not be read; those are named
/// on `err`.
pub fn read_graph(
    args: &GraphArgs,
    ontology: &Ontology,
    err: &mut dyn Write,
) -> io::Result<(Graph, u32)> {
    let mut facts = Vec::new();
    let mut failed = 0;
    if args.facts {
        for path in &args.input.paths {
            if let Err(error) = read_facts(path, &mut facts) {
                failed += 1;
                let path = path.display();
                writeln!(err, "tieline: {path}: {}", terminal::chain(&error))?;
            }
        }
    } else {
        let pipeline = load::load_analysis(&args.analysis)?;
        let work = |document: &_| {
            if args.open {
                pipeline.run_open(document)
            } else {
                pipeline.run(document)
            }
        };
        failed = input::for_each_document(&args.input, err, work, |one| {
            facts.push(one);
            Ok(())
        })?;
    }
    for one in &mut facts {
        args.analysis.filter(one);
        if args.open {
            one.open_as_relations();
        }
    }
    Ok((Graph::from_facts(facts, ontology), failed))
}

/// A line that is no facts of wire format v1.
#[derive(Debug)]
struct BadLine {
    line: usize,
    cause: serde_json::Error,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} is no document's facts", self.line)
    }
}

impl std::error::Error for BadLine {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

fn read_facts(path: &Path, facts: &mut Vec<Facts>) -> io::Result<()> {
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(fs::File::open(path)?)
    };
    for (line, number) in BufReader::new(reader).lines().zip(1..) {
        let line = line?;
        if !line.trim().is_empty() {
            let one = serde_json::from_str(&line).map_err(|cause| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    BadLine {
                        line: number,
                        cause,
                    },
                )
            })?;
            facts.push(one);
        }
    }
    Ok(())
}
