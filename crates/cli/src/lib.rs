//! The command line program, as a library so that tests can call it.
//!
//! One file a command; each command writes to the streams it is handed and returns an
//! [`Outcome`]. Exit status: 0 something was found, 1 nothing was found, 2 an error; a reader that
//! closes the pipe early is a success.

pub mod analysis;
pub mod answers;
pub mod between;
pub mod build;
pub mod diff;
pub mod disputed;
pub mod dot;
pub mod entities;
pub mod explain_merge;
pub mod export;
pub mod extract;
pub mod graph;
pub mod import;
pub mod input;
pub mod inspect;
pub mod load;
pub mod path;
pub mod query;
pub mod relations;
pub mod rules;
pub mod terminal;
pub mod timeline;
pub mod top;
pub mod who;
pub mod why;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::terminal::Style;

/// Read news, find who relates to whom, and say where it is written.
#[derive(Debug, Parser)]
#[command(
    name = "tieline",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  tieline extract article.txt                  people, organisations, places and their relations
  tieline extract --format jsonl news/ > f.jsonl one JSON object a document, for programs
  tieline build news/ -o news.tieline          a graph file, to add to and to ask
  tieline dot news/ -o ties.svg                who relates to whom, as a picture
  tieline who Starmer news/                    who relates to Starmer
  tieline path Starmer Putin news/             how one is tied to the other
  tieline query '?x ceo_of ?y' news/           everything that fits a pattern
  tieline export --format gexf news/           for other tools
  tieline import f.jsonl -o news.tieline       a graph file from facts found before
  tieline entities --like Holm news/           each real thing, with all its names
  tieline explain-merge Zelensky news/         why its names are one, and what came near
  tieline why Starmer Ukraine news/            which sentences say so, by which rule
  tieline why-not Starmer Norway news/         where both were seen, and what stopped an edge
  tieline relations                            the relation types, with an example of each
  tieline rules check my.toml                  relation types and rules of your own
  tieline inspect deps article.txt             look into a stage: here the dependency trees

PATH is a file, a folder (read recursively, in order of names) or - for standard input; commands
over a graph also take a graph file.
Exit status: 0 something was found, 1 nothing was found, 2 an error (the rest was still read)."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find entities and relations, with the sentences that state them
    Extract(extract::ExtractArgs),
    /// Read documents into a graph file; what is there already is not read again
    Build(build::BuildArgs),
    /// Read facts in JSON lines into a graph file
    Import(import::ImportArgs),
    /// Take documents out of a graph file
    Remove(build::RemoveArgs),
    /// Draw who relates to whom, as Graphviz DOT or as a picture
    Dot(dot::DotArgs),
    /// Who relates to a name, with the sentences
    Who(who::WhoArgs),
    /// How one name is tied to another, with the words for every step
    Path(path::PathArgs),
    /// What ties several names together
    Between(between::BetweenArgs),
    /// Who is tied to both of two names
    Common(between::CommonArgs),
    /// Everything that fits a pattern with variables
    Query(query::QueryArgs),
    /// What some affirm and others deny
    Disputed(disputed::DisputedArgs),
    /// What is said of a name, in the order of time
    Timeline(timeline::TimelineArgs),
    /// Cooperation against conflict of two names over time
    Balance(timeline::BalanceArgs),
    /// Who matters most
    Top(top::TopArgs),
    /// Groups of entities that have more to do with each other than with the rest
    Communities(top::CommunitiesArgs),
    /// What is new, gone and changed between two graphs
    Diff(diff::DiffArgs),
    /// How much there is of what
    Stats(top::StatsArgs),
    /// Write the graph in a format of other tools
    Export(export::ExportArgs),
    /// List the entities of all documents, one line for each real thing
    Entities(entities::EntitiesArgs),
    /// Why the names in documents were taken for one thing, and which others were not
    ExplainMerge(explain_merge::ExplainMergeArgs),
    /// Why an edge was drawn: rule, path, reference, cues
    Why(why::WhyArgs),
    /// Why no edge was drawn: where both were seen and what stopped it
    WhyNot(why::WhyNotArgs),
    /// List the relation types, with an example of each
    Relations(relations::RelationsArgs),
    /// Check relation types and rules of your own
    Rules(rules::RulesArgs),
    /// Look into one stage of the analysis
    Inspect(inspect::InspectArgs),
}

/// What a run ended with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether anything was found.
    pub found: bool,
    /// Number of inputs that could not be read; they were named on standard error.
    pub failed: u32,
}

impl Outcome {
    /// The exit status: 2 if an input failed, else 0 if something was found, else 1.
    pub fn exit_status(self) -> u8 {
        match (self.failed, self.found) {
            (1.., _) => 2,
            (0, true) => 0,
            (0, false) => 1,
        }
    }
}

/// Where a command writes.
pub struct Streams<'a> {
    /// Results.
    pub out: &'a mut dyn Write,
    /// Warnings and errors.
    pub err: &'a mut dyn Write,
    /// Colours of `out`.
    pub style: Style,
}

/// Runs the program on the arguments of the process.
pub fn main() -> ExitCode {
    let style = Style::detect(io::stdout().is_terminal());
    let mut out = BufWriter::new(io::stdout().lock());
    let mut err = io::stderr().lock();
    let status = run(
        std::env::args_os(),
        &mut Streams {
            out: &mut out,
            err: &mut err,
            style,
        },
    );
    // What is still buffered was flushed by `run`; dropping it must not try again.
    let _ = out.into_parts();
    ExitCode::from(status)
}

/// Runs the program; `args` start with its name. Returns the exit status.
pub fn run(args: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> u8 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let page = error.render();
            let page = if streams.style.is_coloured() {
                page.ansi().to_string()
            } else {
                page.to_string()
            };
            let (stream, status) = if error.use_stderr() {
                (&mut streams.err, 2)
            } else {
                (&mut streams.out, 0)
            };
            // Help that cannot be written, say into a closed pipe, is no error.
            let _ = stream
                .write_all(page.as_bytes())
                .and_then(|()| stream.flush());
            return status;
        }
    };
    let result = match &cli.command {
        Command::Extract(args) => extract::run(args, streams),
        Command::Build(args) => build::run(args, streams),
        Command::Import(args) => import::run(args, streams),
        Command::Remove(args) => build::run_remove(args, streams),
        Command::Dot(args) => dot::run(args, streams),
        Command::Who(args) => who::run(args, streams),
        Command::Path(args) => path::run(args, streams),
        Command::Between(args) => between::run(args, streams),
        Command::Common(args) => between::run_common(args, streams),
        Command::Query(args) => query::run(args, streams),
        Command::Disputed(args) => disputed::run(args, streams),
        Command::Timeline(args) => timeline::run(args, streams),
        Command::Balance(args) => timeline::run_balance(args, streams),
        Command::Top(args) => top::run(args, streams),
        Command::Communities(args) => top::run_communities(args, streams),
        Command::Diff(args) => diff::run(args, streams),
        Command::Stats(args) => top::run_stats(args, streams),
        Command::Export(args) => export::run(args, streams),
        Command::Entities(args) => entities::run(args, streams),
        Command::ExplainMerge(args) => explain_merge::run(args, streams),
        Command::Why(args) => why::run(args, streams),
        Command::WhyNot(args) => why::run_not(args, streams),
        Command::Relations(args) => relations::run(args, streams),
        Command::Rules(args) => rules::run(args, streams),
        Command::Inspect(args) => inspect::run(args, streams),
    };
    let result = result.and_then(|outcome| streams.out.flush().map(|()| outcome));
    match result {
        Ok(outcome) => outcome.exit_status(),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            let _ = writeln!(streams.err, "tieline: {}", terminal::chain(&error));
            2
        }
    }
}
