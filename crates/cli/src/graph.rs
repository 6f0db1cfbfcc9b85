//! The graph that commands work on: a graph file, documents, or facts found before.

use std::borrow::Cow;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use tieline_extract::{Known, Pipeline};
use tieline_facts::{Facts, Ontology};
use tieline_graph::identity::Decisions;
use tieline_graph::store::{Holdings, Store, WireDocument, from_line};
use tieline_graph::{DocId, Graph, Signature, find_copies};
use tieline_text::Document;

use crate::analysis::{self, AnalysisArgs};
use crate::input::{self, InputArgs};
use crate::{build, load, terminal};

/// Arguments of commands that read documents.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct DocumentArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: InputArgs,
    /// Decisions on what is one thing and what is not (docs/formats.md, "Decisions") [default:
    /// tieline.decisions.toml, if there is one, else those that the graph file keeps]
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub decisions: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub analysis: AnalysisArgs,
    /// Add clauses that no relation type covers, with their verb as label
    #[arg(long)]
    pub open: bool,
}

impl DocumentArgs {
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

/// Arguments of commands over a graph.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct GraphArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub documents: DocumentArgs,
    /// PATHs hold facts as `extract --format jsonl` writes them, not documents
    #[arg(long)]
    pub facts: bool,
}

impl GraphArgs {
    /// The arguments that read these paths.
    pub fn of(paths: &[PathBuf], analysis: &AnalysisArgs) -> GraphArgs {
        GraphArgs {
            documents: DocumentArgs {
                input: InputArgs {
                    paths: paths.to_vec(),
                    ..InputArgs::default()
                },
                analysis: analysis.clone(),
                ..DocumentArgs::default()
            },
            facts: false,
        }
    }
}

/// The file of decisions that is read unless another is named.
pub const DECISIONS: &str = "tieline.decisions.toml";

/// The decisions of a file, or of [`DECISIONS`] in the working folder, where there is one.
pub fn load_decisions(path: Option<&Path>) -> io::Result<Option<Decisions>> {
    let default = Path::new(DECISIONS);
    let name = path.unwrap_or(default).display().to_string();
    match fs::read_to_string(path.unwrap_or(default)) {
        Ok(text) => Decisions::parse(&text, &name)
            .map(Some)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error)),
        Err(error) if path.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io::Error::new(error.kind(), format!("{name}: {error}"))),
    }
}

/// The graph file that the paths are, if they are one.
pub fn open_store(args: &DocumentArgs) -> io::Result<Option<Store>> {
    let is_store = |path: &&Path| {
        let named = path.extension().is_some_and(|ending| ending == "tieline");
        named || Store::is_at(path)
    };
    let mut paths = args.input.paths.iter().map(PathBuf::as_path);
    match (paths.find(is_store), args.input.paths.len()) {
        (None, _) => Ok(None),
        (Some(path), 1) => Ok(Some(Store::open(path)?)),
        (Some(path), _) => {
            let path = path.display();
            let message = format!("{path}: a graph file stands alone, without other files");
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        }
    }
}

/// Where a graph comes from, before it is read.
#[derive(Debug)]
pub struct Source<'a> {
    args: &'a GraphArgs,
    /// The graph file, if it is one.
    pub store: Option<Store>,
    decisions: Option<Decisions>,
    /// The user's own lists.
    pub known: Known,
    keep_texts: bool,
    /// The relation types to speak of the graph: the built-in ones, the user's, and those of the
    /// graph file.
    pub ontology: Ontology,
}

/// A graph that has been read.
#[derive(Debug)]
pub struct Loaded {
    /// The graph.
    pub graph: Graph,
    /// Its relation types.
    pub ontology: Ontology,
    /// How many inputs could not be read; they were named.
    pub failed: u32,
    /// The texts of its documents, see [`Source::with_texts`].
    texts: Texts,
    /// What analysed the documents, if something did.
    pub pipeline: Option<Pipeline>,
}

/// Where the texts of documents are.
#[derive(Debug, Default)]
enum Texts {
    /// Nobody wants them.
    #[default]
    Unknown,
    /// Those of all documents, in their order.
    Here(Vec<Document>),
    /// Where the documents of a graph file were, if they have not changed.
    There(Holdings),
}

impl Loaded {
    /// The text of a document as it was read. `None` if it is not to be had: a graph file keeps no
    /// texts, and the document is not where it was, or has changed.
    pub fn text(&self, id: DocId) -> Option<Cow<'_, Document>> {
        let about = self.graph.document(id);
        let hash = match &self.texts {
            Texts::Unknown => return None,
            Texts::Here(all) => return all.get(id.0 as usize).map(Cow::Borrowed),
            Texts::There(holdings) => holdings.hash(&about.doc)?,
        };
        let is_same = |document: &Document| build::content_hash(document) == hash;
        let found = tieline_ingest::read_path(Path::new(&about.doc)).ok()?;
        found.into_iter().find_map(|mut document| {
            if !is_same(&document) {
                // The user may have given the date.
                document.date = document.date.take().or_else(|| about.date.clone());
            }
            is_same(&document).then_some(Cow::Owned(document))
        })
    }

    /// Reads the graph that arguments ask for, see [`Source::read`].
    pub fn of(args: &GraphArgs, err: &mut dyn Write) -> io::Result<Loaded> {
        Source::open(args)?.read(err)
    }
}

impl<'a> Source<'a> {
    /// Opens the graph file, if it is one, and reads what the user brings along: a fault in a small
    /// file is told before the work, not after.
    pub fn open(args: &'a GraphArgs) -> io::Result<Source<'a>> {
        let documents = &args.documents;
        let decisions = load_decisions(documents.decisions.as_deref())?;
        let known = analysis::load_known(&documents.analysis.known)?;
        let mut ontology = load::load_types(&documents.analysis)?;
        let store = open_store(documents)?;
        if let Some(store) = &store {
            ontology = store.joined(&ontology)?;
        }
        Ok(Source {
            args,
            store,
            decisions,
            known,
            ontology,
            keep_texts: false,
        })
    }

    /// The decisions that the graph obeys: those given, else those of the graph file.
    pub fn decisions(&self) -> io::Result<Decisions> {
        match (&self.decisions, &self.store) {
            (Some(given), _) => Ok(given.clone()),
            (None, Some(store)) => Ok(store.decisions()?),
            (None, None) => Ok(Decisions::default()),
        }
    }

    /// The texts of documents are wanted, too.
    pub fn with_texts(mut self) -> Source<'a> {
        self.keep_texts = true;
        self
    }

    /// The graph of a graph file or of everything under the paths. What could not be read is named
    /// on `err`, and so are decisions that are about nothing.
    pub fn read(mut self, err: &mut dyn Write) -> io::Result<Loaded> {
        let decisions = self.decisions()?;
        let mut texts = Texts::Unknown;
        if let Some(store) = &self.store {
            if self.keep_texts {
                texts = Texts::There(store.holdings()?);
            }
            let analysis = &self.args.documents.analysis;
            if analysis.min_confidence.is_none()
                && analysis.known.is_empty()
                && store.decisions()?.is_same(&decisions)
            {
                let store = self.store.take();
                let graph = store.map(|store| store.load(&self.ontology)).transpose()?;
                return Ok(Loaded {
                    graph: graph.unwrap_or_default(),
                    ontology: self.ontology,
                    failed: 0,
                    texts,
                    pipeline: None,
                });
            }
        }
        self.merge(decisions, texts, err)
    }

    /// The graph, made anew from the facts.
    fn merge(
        mut self,
        mut decisions: Decisions,
        mut texts: Texts,
        err: &mut dyn Write,
    ) -> io::Result<Loaded> {
        let mut pipeline = None;
        let args = &self.args.documents;
        let mut failed = 0;
        let (mut facts, copies) = if let Some(store) = &self.store {
            store.facts()?
        } else {
            let (mut facts, mut signatures) = (Vec::new(), Vec::new());
            if self.args.facts {
                failed = for_each_line(&args.input.paths, err, |_, _, one| {
                    facts.push(one.document.facts);
                    signatures.push(one.document.signature);
                    if let (Some(brought), None) = (one.decisions, &self.decisions) {
                        decisions = brought;
                    }
                    for kind in one.types {
                        self.ontology.add(kind);
                    }
                    Ok(())
                })?;
            } else {
                let pipeline = pipeline.insert(load::load_analysis(&args.analysis)?);
                let work = |document: &Document| {
                    let facts = args.analyse(pipeline, document);
                    let text = self.keep_texts.then(|| document.clone());
                    (facts, Signature::of(&document.text), text)
                };
                let mut kept = Vec::new();
                failed =
                    input::for_each_document(&args.input, err, work, |(one, signature, text)| {
                        facts.push(one);
                        signatures.push(signature);
                        kept.extend(text);
                        Ok(())
                    })?;
                texts = Texts::Here(kept);
            }
            (facts, find_copies(&signatures))
        };
        for one in &mut facts {
            // Linking again what the analysis has linked changes nothing.
            self.known.link(&mut one.entities);
            args.arrange(one);
        }
        let made = Graph::from_copies(facts, &copies, &self.ontology, &decisions);
        let (graph, identities) = made.map_err(io::Error::other)?;
        for note in identities.notes() {
            writeln!(err, "tieline: {}", terminal::clean(note))?;
        }
        Ok(Loaded {
            graph,
            ontology: self.ontology,
            failed,
            texts,
            pipeline,
        })
    }
}

/// Hands every document in files of facts to `take`, with the file and the number of its line.
/// What cannot be used is named on `err`; the number of files and lines is returned.
pub fn for_each_line(
    paths: &[PathBuf],
    err: &mut dyn Write,
    mut take: impl FnMut(&Path, usize, WireDocument) -> io::Result<()>,
) -> io::Result<u32> {
    let mut failed = 0;
    for path in paths {
        let mut reader: Box<dyn BufRead> = if path == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            match fs::File::open(path) {
                Ok(file) => Box::new(BufReader::new(file)),
                Err(error) => {
                    failed += 1;
                    let path = path.display().to_string();
                    writeln!(err, "tieline: {}: {error}", terminal::clean(&path))?;
                    continue;
                }
            }
        };
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            let place = || format!("{}:{number}", terminal::clean(&path.display().to_string()));
            match reader.read_until(b'\n', &mut bytes) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    failed += 1;
                    writeln!(err, "tieline: {}: {error}", place())?;
                    break;
                }
            }
            let fault = match std::str::from_utf8(&bytes) {
                Ok(line) => {
                    let line = line.trim_start_matches('\u{feff}').trim();
                    if line.is_empty() {
                        continue;
                    }
                    match from_line(line) {
                        Ok(document) => {
                            take(path, number, document)?;
                            continue;
                        }
                        Err(error) => terminal::chain(&error),
                    }
                }
                Err(error) => terminal::chain(&error),
            };
            failed += 1;
            writeln!(err, "tieline: {}: {fault}", place())?;
        }
    }
    Ok(failed)
}
