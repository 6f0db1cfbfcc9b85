//! `tieline build` and `tieline remove`: documents to a graph file, and out of it.

use std::io::{self, Write};
use std::path::PathBuf;

use tieline_data::rules::{RELATIONS, RULES};
use tieline_extract::Pipeline;
use tieline_facts::{Facts, Ontology};
use tieline_graph::Signature;
use tieline_graph::store::{Counts, NewDocument, Origin, Put, Store, clean_path, fingerprint};
use tieline_text::Document;

use crate::graph::{DocumentArgs, load_decisions};
use crate::terminal::clean;
use crate::{Outcome, Streams, input, load};

/// Read documents into a graph file; what is there already is not read again.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline build seeds/demo -o news.tieline      make a graph file, or add to it
  tieline build news/ -o news.tieline           later: only new and changed documents are read
  tieline who Starmer news.tieline              ask it
  tieline remove news/old -o news.tieline       take documents away again

A graph file is an SQLite database (docs/formats.md). A run that is stopped, however, keeps what
it finished; the next one goes on from there. Copies of one wire text count as one source.
Decisions (tieline.decisions.toml) are kept in it until a build is given others.
Facts that were found before, as JSON lines, come in with `tieline import`.")]
pub struct BuildArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub documents: DocumentArgs,
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

/// How many documents had which fate.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    added: u64,
    replaced: u64,
    unchanged: u64,
}

impl Tally {
    pub(crate) fn count(&mut self, put: Put) {
        *match put {
            Put::Added => &mut self.added,
            Put::Replaced => &mut self.replaced,
            Put::Unchanged => &mut self.unchanged,
        } += 1;
    }
}

/// Runs `tieline build`.
pub fn run(args: &BuildArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let decisions = load_decisions(args.documents.decisions.as_deref())?;
    let pipeline = load::load_analysis(&args.documents.analysis)?;
    let mut store = Store::open_to_write(&args.output, &origin(&args.documents)?)?;
    if let Some(decisions) = &decisions {
        store.decide(decisions)?;
    }
    let holdings = store.holdings()?;
    let mut tally = Tally::default();
    let has = |path: &str, hash: &str| holdings.has(path, hash);
    let failed = for_each_new(&args.documents, &pipeline, has, streams.err, |document| {
        tally.count(match document {
            None => Put::Unchanged,
            Some(document) => store.put(&document)?,
        });
        Ok(())
    })?;
    finish(
        store,
        pipeline.relations.ontology(),
        &tally,
        failed,
        streams,
    )
}

/// Reads and analyses every document under the paths, but for those of which `has` knows path and
/// content; for them `take` gets `None`. The number of files that failed is returned.
pub(crate) fn for_each_new(
    args: &DocumentArgs,
    pipeline: &Pipeline,
    has: impl Fn(&str, &str) -> bool + Sync,
    err: &mut dyn Write,
    take: impl FnMut(Option<NewDocument>) -> io::Result<()>,
) -> io::Result<u32> {
    let work = |document: &Document| {
        let path = clean_path(&document.uri);
        let hash = content_hash(document);
        if has(&path, &hash) {
            return None;
        }
        let mut facts = args.analyse(pipeline, document);
        args.arrange(&mut facts);
        Some(NewDocument {
            signature: Signature::of(&document.text),
            title: document.title.clone(),
            hash,
            facts: Facts { doc: path, ..facts },
        })
    };
    input::for_each_document(&args.input, err, work, take)
}

/// Derives nodes and edges, and says what became of the documents.
pub(crate) fn finish(
    mut store: Store,
    ontology: &Ontology,
    tally: &Tally,
    failed: u32,
    streams: &mut Streams<'_>,
) -> io::Result<Outcome> {
    store.finish(ontology)?;
    for note in store.notes()? {
        writeln!(streams.err, "tieline: {}", clean(&note))?;
    }
    let counts = store.counts()?;
    writeln!(
        streams.out,
        "{}: {} added, {} changed, {} known before",
        store.path().display(),
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

/// Runs `tieline remove`.
pub fn run_remove(args: &RemoveArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let ontology = load::load_ontology()?;
    let mut store = Store::open_to_change(&args.output)?;
    let (mut removed, mut failed) = (0, 0);
    for document in &args.documents {
        match store.remove(document)? {
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
    store.finish(&ontology)?;
    let counts = store.counts()?;
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
pub(crate) fn origin(args: &DocumentArgs) -> io::Result<Origin> {
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
    for path in args.analysis.rules.iter().chain(&args.analysis.known) {
        rules.push(std::fs::read(path)?);
    }
    Ok(Origin {
        program: concat!("tieline ", env!("CARGO_PKG_VERSION")).to_owned(),
        models: fingerprint(models.into_iter().chain(lexicons)),
        rules: fingerprint(&rules),
    })
}

/// Tells contents of a document apart, wherever it is.
pub(crate) fn content_hash(document: &Document) -> String {
    let parts = [
        document.text.as_str(),
        document.title.as_deref().unwrap_or_default(),
        document.date.as_deref().unwrap_or_default(),
    ];
    fingerprint(parts)
}
