//! `tieline build` and `tieline remove`: documents to a graph file, and out of it.

use std::io::{self, Write};
use std::path::PathBuf;

use tieline_data::rules::{RELATIONS, RULES};
use tieline_facts::{Facts, Ontology};
use tieline_graph::Signature;
use tieline_graph::store::{Counts, NewDocument, Origin, Put, Store, clean_path, fingerprint};
use tieline_text::Document;

use crate::graph::{self, GraphArgs};
use crate::{Outcome, Streams, input, load};

/// Read documents into a graph file; what is there already is not read again.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline build seeds/demo -o news.tieline      make a graph file, or add to it
  tieline build news/ -o news.tieline           later: only new and changed documents are read
  tieline build --facts f.jsonl -o f.tieline    from what `extract --format jsonl` wrote
  tieline who Starmer news.tieline              ask it
  tieline remove news/old -o news.tieline       take documents away again

A graph file is an SQLite database (docs/formats.md). A run that is stopped, however, keeps what
it finished; the next one goes on from there. Copies of one wire text count as one source.")]
pub struct BuildArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub graph: GraphArgs,
    /// The graph file, usually NAME.tieline; made if it is not there
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: PathBuf,
}

/// Take documents out of a graph file, with all that only they support.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline remove news/2024-05-07.txt -o news.tieline
  tieline remove news/2024 -o news.tieline      all documents below a folder

DOC is a path as it was given to `build`.")]
pub struct RemoveArgs {
    /// Documents, or folders of documents
    #[arg(required = true, value_name = "DOC")]
    pub documents: Vec<String>,
    /// The graph file
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: PathBuf,
}

/// What a thread found out about a document.
enum Found {
    Known,
    New(Box<NewDocument>),
}

/// How many documents had which fate.
#[derive(Default)]
struct Tally {
    added: u64,
    replaced: u64,
    unchanged: u64,
}

impl Tally {
    fn count(&mut self, put: Put) {
        *match put {
            Put::Added => &mut self.added,
            Put::Replaced => &mut self.replaced,
            Put::Unchanged => &mut self.unchanged,
        } += 1;
    }
}

/// Runs `tieline build`.
pub fn run(args: &BuildArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let mut tally = Tally::default();
    let (failed, ontology, mut store) = if args.graph.facts {
        from_facts(args, streams, &mut tally)?
    } else {
        from_documents(args, streams, &mut tally)?
    };
    store.finish(&ontology).map_err(io::Error::other)?;
    let counts = store.counts().map_err(io::Error::other)?;
    writeln!(
        streams.out,
        "{}: {} added, {} changed, {} known before",
        args.output.display(),
        tally.added,
        tally.replaced,
        tally.unchanged
    )?;
    print_counts(&counts, streams.out)?;
    Ok(Outcome {
        found: counts.documents > 0,
        failed,
    })
}

fn from_documents(
    args: &BuildArgs,
    streams: &mut Streams<'_>,
    tally: &mut Tally,
) -> io::Result<(u32, Ontology, Store)> {
    let pipeline = load::load_analysis(&args.graph.analysis)?;
    let origin = origin(&args.graph)?;
    let mut store = Store::open_to_write(&args.output, &origin).map_err(io::Error::other)?;
    let holdings = store.holdings().map_err(io::Error::other)?;
    let work = |document: &Document| {
        let path = clean_path(&document.uri);
        let hash = content_hash(document);
        if holdings.has(&path, &hash) {
            return Found::Known;
        }
        let mut facts = args.graph.analyse(&pipeline, document);
        args.graph.arrange(&mut facts);
        Found::New(Box::new(NewDocument {
            signature: Signature::of(&document.text),
            title: document.title.clone(),
            hash,
            facts: Facts { doc: path, ..facts },
        }))
    };
    let failed = input::for_each_document(&args.graph.input, streams.err, work, |found| {
        tally.count(match found {
            Found::Known => Put::Unchanged,
            Found::New(document) => store.put(&document).map_err(io::Error::other)?,
        });
        Ok(())
    })?;
    Ok((failed, pipeline.relations.ontology().clone(), store))
}

fn from_facts(
    args: &BuildArgs,
    streams: &mut Streams<'_>,
    tally: &mut Tally,
) -> io::Result<(u32, Ontology, Store)> {
    let ontology = load::load_types(&args.graph.analysis)?;
    let origin = Origin {
        program: "facts".to_owned(),
        models: String::new(),
        rules: String::new(),
    };
    let mut store = Store::open_to_write(&args.output, &origin).map_err(io::Error::other)?;
    let failed = graph::for_each_facts(&args.graph.input.paths, streams.err, |line, mut facts| {
        args.graph.arrange(&mut facts);
        let document = NewDocument {
            hash: fingerprint([line]),
            title: None,
            signature: None,
            facts: Facts {
                doc: clean_path(&facts.doc),
                ..facts
            },
        };
        tally.count(store.put(&document).map_err(io::Error::other)?);
        Ok(())
    })?;
    Ok((failed, ontology, store))
}

/// Runs `tieline remove`.
pub fn run_remove(args: &RemoveArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let ontology = load::load_ontology()?;
    let mut store = Store::open_to_change(&args.output).map_err(io::Error::other)?;
    let (mut removed, mut failed) = (0, 0);
    for document in &args.documents {
        match store.remove(document).map_err(io::Error::other)? {
            0 => {
                failed += 1;
                let path = args.output.display();
                writeln!(
                    streams.err,
                    "tieline: {document}: no such document in {path}"
                )?;
            }
            n => removed += n,
        }
    }
    store.finish(&ontology).map_err(io::Error::other)?;
    let counts = store.counts().map_err(io::Error::other)?;
    writeln!(streams.out, "{}: {removed} removed", args.output.display())?;
    print_counts(&counts, streams.out)?;
    Ok(Outcome {
        found: removed > 0,
        failed,
    })
}

fn print_counts(counts: &Counts, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} documents ({} of them copies), {} nodes, {} edges, {} statements",
        counts.documents, counts.copies, counts.nodes, counts.edges, counts.statements
    )
}

/// What this program, with these rules, makes of a document depends on.
fn origin(args: &GraphArgs) -> io::Result<Origin> {
    let models = [
        tieline_data::WORDS,
        tieline_data::READER,
        tieline_data::LEMMAS,
        tieline_data::NAMES,
        tieline_data::CONFIDENCE.as_bytes(),
    ];
    let lexicons = tieline_data::LEXICONS.iter();
    let lexicons = lexicons.flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]);
    let built_in = RULES.iter().map(|(_, text)| text.as_bytes().to_vec());
    let mut rules: Vec<Vec<u8>> = built_in.collect();
    rules.push(RELATIONS.as_bytes().to_vec());
    rules.push(vec![u8::from(args.open)]);
    rules.extend(
        args.analysis
            .min_confidence
            .map(|least| least.to_le_bytes().to_vec()),
    );
    for path in &args.analysis.rules {
        rules.push(std::fs::read(path)?);
    }
    Ok(Origin {
        program: concat!("tieline ", env!("CARGO_PKG_VERSION")).to_owned(),
        models: fingerprint(models.into_iter().chain(lexicons)),
        rules: fingerprint(&rules),
    })
}

/// Tells contents of a document apart, wherever it is.
fn content_hash(document: &Document) -> String {
    let parts = [
        document.text.as_str(),
        document.title.as_deref().unwrap_or_default(),
        document.date.as_deref().unwrap_or_default(),
    ];
    fingerprint(parts)
}
