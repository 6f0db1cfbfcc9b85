//! The graph that commands work on: a graph file, documents, or facts found before.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use tieline_extract::Pipeline;
use tieline_facts::{Facts, Ontology};
use tieline_graph::identity::{Decisions, Identities};
use tieline_graph::store::Store;
use tieline_graph::{Graph, Signature, find_copies};
use tieline_text::Document;

use crate::analysis::{self, AnalysisArgs};
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
    /// Decisions on what is one thing and what is not (docs/formats.md, "Decisions") [default:
    /// tieline.decisions.toml, if there is one]
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub decisions: Option<PathBuf>,
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

    /// The facts of a document, with the open layer where it is wanted.
    pub fn analyse(&self, pipeline: &Pipeline, document: &Document) -> Facts {
        if self.open {
            pipeline.run_open(document)
        } else {
            pipeline.run(document)
        }
    }

    /// Brings facts to what the graph is to hold: drops relations that are not wanted, and moves
    /// the open layer among the others.
    pub fn arrange(&self, facts: &mut Facts) {
        self.analysis.filter(facts);
        if self.open {
            facts.open_as_relations();
        }
        facts.open.clear();
    }
}

/// The file of decisions that is read unless another is named.
pub const DECISIONS: &str = "tieline.decisions.toml";

/// The decisions of a file, or of [`DECISIONS`] in the working folder, where there is one.
pub fn load_decisions(path: Option<&Path>) -> io::Result<Decisions> {
    let default = Path::new(DECISIONS);
    let name = path.unwrap_or(default).display().to_string();
    match fs::read_to_string(path.unwrap_or(default)) {
        Ok(text) => Decisions::parse(&text, &name)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error)),
        Err(error) if path.is_none() && error.kind() == io::ErrorKind::NotFound => {
            Ok(Decisions::default())
        }
        Err(error) => Err(io::Error::new(error.kind(), format!("{name}: {error}"))),
    }
}

/// The relation types to speak of a graph: the built-in ones, the user's, and those of the graph
/// file.
pub fn load_types(args: &GraphArgs) -> io::Result<Ontology> {
    let ontology = load::load_types(&args.analysis)?;
    match open_store(args)? {
        Some(store) => store.joined(&ontology).map_err(io::Error::other),
        None => Ok(ontology),
    }
}

/// The facts of a graph file, of everything under the paths, or of files of facts; and how many
/// inputs could not be read.
pub fn load_facts(args: &GraphArgs, err: &mut dyn Write) -> io::Result<(Vec<Facts>, u32)> {
    let mut facts = Vec::new();
    let mut failed = 0;
    if let Some(store) = open_store(args)? {
        facts = store.facts().map_err(io::Error::other)?.0;
    } else if args.facts {
        failed = for_each_facts(&args.input.paths, err, |_, one| {
            facts.push(one);
            Ok(())
        })?;
    } else {
        let pipeline = load::load_analysis(&args.analysis)?;
        let work = |document: &_| args.analyse(&pipeline, document);
        failed = input::for_each_document(&args.input, err, work, |one| {
            facts.push(one);
            Ok(())
        })?;
    }
    facts.iter_mut().for_each(|one| args.arrange(one));
    Ok((facts, failed))
}

/// The graph file that the paths are, if they are one.
fn open_store(args: &GraphArgs) -> io::Result<Option<Store>> {
    let is_store = |path: &&Path| {
        let named = path.extension().is_some_and(|ending| ending == "tieline");
        named || Store::is_at(path)
    };
    let mut paths = args.input.paths.iter().map(PathBuf::as_path);
    match (paths.find(is_store), args.input.paths.len()) {
        (None, _) => Ok(None),
        (Some(path), 1) => Store::open(path).map(Some).map_err(io::Error::other),
        (Some(path), _) => {
            let path = path.display();
            let message = format!("{path}: a graph file stands alone, without other files");
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        }
    }
}

/// The graph of a graph file or of everything under the paths, and how many inputs could not be
/// read; those are named on `err`.
pub fn read_graph(
    args: &GraphArgs,
    ontology: &Ontology,
    err: &mut dyn Write,
) -> io::Result<(Graph, u32)> {
    if args.analysis.min_confidence.is_none()
        && args.analysis.known.is_empty()
        && load_decisions(args.decisions.as_deref())? == Decisions::default()
        && let Some(store) = open_store(args)?
    {
        let graph = store.load(ontology).map_err(io::Error::other)?;
        return Ok((graph, 0));
    }
    let (graph, _, failed) = read_identities(args, ontology, err)?;
    Ok((graph, failed))
}

/// As [`read_graph`], with the reasons why entities of documents became one node. Decisions that
/// are about nothing are told on `err`.
pub fn read_identities(
    args: &GraphArgs,
    ontology: &Ontology,
    err: &mut dyn Write,
) -> io::Result<(Graph, Identities, u32)> {
    // A fault in a small file is told before the work, not after.
    let decisions = load_decisions(args.decisions.as_deref())?;
    let known = analysis::load_known(&args.analysis.known)?;
    let (mut facts, mut failed) = (Vec::new(), 0);
    let (mut facts, copies) = if let Some(store) = open_store(args)? {
        store.facts().map_err(io::Error::other)?
    } else if args.facts {
        failed = for_each_facts(&args.input.paths, err, |_, one| {
            facts.push(one);
            Ok(())
        })?;
        let copies = (0..facts.len() as u32).collect();
        (facts, copies)
    } else {
        let pipeline = load::load_analysis(&args.analysis)?;
        let work = |document: &Document| {
            let facts = args.analyse(&pipeline, document);
            (facts, Signature::of(&document.text))
        };
        let mut signatures = Vec::new();
        failed = input::for_each_document(&args.input, err, work, |(one, signature)| {
            facts.push(one);
            signatures.push(signature);
            Ok(())
        })?;
        let copies = find_copies(&signatures);
        (facts, copies)
    };
    for one in &mut facts {
        // Linking again what the analysis has linked changes nothing.
        known.link(&mut one.entities);
        args.arrange(one);
    }
    let types = match open_store(args)? {
        Some(store) => store.joined(ontology).map_err(io::Error::other)?,
        None => ontology.clone(),
    };
    let (graph, identities) = Graph::from_copies(facts, &copies, &types, &decisions);
    for note in identities.notes() {
        writeln!(err, "tieline: {}", terminal::clean(note))?;
    }
    Ok((graph, identities, failed))
}

/// Hands every line of files of facts to `take`, with the facts in it; files that fail are named on
/// `err`, and their number is returned.
pub fn for_each_facts(
    paths: &[PathBuf],
    err: &mut dyn Write,
    mut take: impl FnMut(&str, Facts) -> io::Result<()>,
) -> io::Result<u32> {
    let mut failed = 0;
    for path in paths {
        let mut broken = None;
        let read = read_facts(path, |line, facts| {
            take(line, facts).inspect_err(|_| broken = Some(()))
        });
        match read {
            Err(error) if broken.is_none() => {
                failed += 1;
                let path = path.display();
                writeln!(err, "tieline: {path}: {}", terminal::chain(&error))?;
            }
            other => other?,
        }
    }
    Ok(failed)
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

fn read_facts(path: &Path, mut take: impl FnMut(&str, Facts) -> io::Result<()>) -> io::Result<()> {
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
            take(&line, one)?;
        }
    }
    Ok(())
}
