//! `cargo lab`: training, compiling of seeds, evaluation.

mod conllu;
mod eval;
mod eval_trees;
mod lexicons;
mod load;
mod names;
mod random;
mod reader;
mod salience;
mod segments;
mod train_lemmas;
mod train_words;
mod trees;
mod unjoined;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand, ValueEnum};

/// Training, compiling of seeds, evaluation. Not part of the product.
#[derive(Debug, Parser)]
#[command(name = "cargo lab")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train a model from the open data sets and write it into crates/data/models
    Train(TrainArgs),
    Eval(eval::EvalArgs),
    Segment(segments::SegmentArgs),
    Tokens(segments::TokensArgs),
    Reader(reader::ReaderArgs),
    /// Write the large tables of seeds/lexicons from their sources
    Compile(lexicons::CompileArgs),
    Names(names::score::NamesArgs),
    Confidence(eval::confidence::ConfidenceArgs),
    Parse(trees::ParseArgs),
    Unjoined(unjoined::UnjoinedArgs),
}

#[derive(Debug, clap::Args)]
struct TrainArgs {
    /// What to train
    what: What,
    /// Folder of the data sets (docs/data.md)
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Folder that the model files are written to
    #[arg(long, default_value = "crates/data/models")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Table of word forms
    Words,
    /// Tables of lemmas
    Lemmas,
    /// Words and lemmas
    Trees,
    /// Neural reader (tags, trees, name scores)
    Reader,
    /// Name tagger
    Names,
    /// Every model
    All,
}

fn train(args: &TrainArgs) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    match args.what {
        What::Words => train_words::train_words(&args.data, &args.out)?,
        What::Trees => trees::train_trees(&args.data, &args.out)?,
        What::Lemmas => trees::train_lemmas(&args.data, &args.out)?,
        What::Reader => reader::train_reader(&args.data, &args.out)?,
        What::Names => names::train_names(&args.data, &args.out)?,
        What::All => {
            trees::train_trees(&args.data, &args.out)?;
            names::train_names(&args.data, &args.out)?;
            reader::train_reader(&args.data, &args.out)?;
        }
    }
    eprintln!("{:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match &args.command {
        Command::Train(args) => train(args),
        Command::Eval(args) => eval::run(args),
        Command::Segment(args) => segments::run_segment(args),
        Command::Tokens(args) => segments::run_tokens(args),
        Command::Reader(args) => reader::run(args),
        Command::Compile(args) => lexicons::compile(args),
        Command::Parse(args) => trees::run_parse(args),
        Command::Confidence(args) => eval::confidence::run(args),
        Command::Unjoined(args) => unjoined::run(args),
        Command::Names(args) => names::score::run_names(args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
