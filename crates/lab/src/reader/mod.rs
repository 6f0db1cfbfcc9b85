//! Training of the neural reader: data, forward and backward pass, optimiser.

pub mod backprop;
pub mod data;
pub mod score;
pub mod train;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Parser;

use tieline_nlp::neural::{Network, Shape};
use tieline_nlp::words::WordTable;
use tieline_nlp::{Engine, Models};

use crate::random::Random;
use backprop::Dropout;
use data::{
    Example, N_NAME_LABELS, example, fixed_vectors, read_conllu, read_vectors, silver_files,
};
use train::{Plan, network_bytes, train, tree_scores};

/// Where the teacher's labels are looked for.
pub const SILVER: &str = "../silver";

/// Train the neural reader, with the shipped recipe unless told otherwise
#[derive(Debug, clap::Args)]
pub struct ReaderArgs {
    /// Folder of the data sets (docs/data.md)
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Width of one direction of an encoder layer
    #[arg(long, default_value_t = 96)]
    hidden: usize,
    /// Encoder layers
    #[arg(long, default_value_t = 2)]
    layers: usize,
    /// Power of two of rows of the hashed embedding
    #[arg(long, default_value_t = 16)]
    rows: u32,
    /// Batches
    #[arg(long, default_value_t = 12_000)]
    steps: usize,
    /// Highest learning rate
    #[arg(long, default_value_t = 0.003)]
    rate: f32,
    /// Dropout of layer inputs
    #[arg(long, default_value_t = 0.15)]
    input_dropout: f32,
    /// Dropout behind the encoder
    #[arg(long, default_value_t = 0.25)]
    output_dropout: f32,
    /// Threads
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Folder of a teacher's labels (`*.conllu.gz`, crates/lab/teacher); where it does not exist,
    /// the treebanks and the name sets are learned from as they are
    #[arg(long, default_value = SILVER)]
    silver: PathBuf,
    /// Model file to write in the end
    #[arg(long)]
    out: Option<PathBuf>,
    /// Only measure the names of this model file beside the field's
    #[arg(long)]
    measure: Option<PathBuf>,
    /// Words in a batch
    #[arg(long, default_value_t = 1500)]
    batch: usize,
}

/// Trains with the shipped recipe and writes `reader.bin`.
pub fn train_reader(data: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    #[derive(clap::Parser)]
    struct Defaults {
        #[command(flatten)]
        args: ReaderArgs,
    }
    let mut args = Defaults::try_parse_from(["reader"])?.args;
    args.data = data.to_owned();
    args.out = Some(out.join("reader.bin"));
    run(&args)
}

/// Files to learn from, with the number of times each is seen in an epoch.
fn training_files(args: &ReaderArgs) -> Result<Vec<(PathBuf, usize)>, Box<dyn Error>> {
    let silver = &args.silver;
    if !silver.exists() {
        eprintln!(
            "{}: no such folder; learning from the data sets alone, which gives a weaker model",
            silver.display()
        );
        let train = args.data.join("train");
        return Ok(vec![
            (train.join("ud_ewt/train.conllu"), 3),
            (train.join("gum/train_commercial_ok.conllu"), 3),
        ]);
    }
    let paths = silver_files(silver)?;
    let gold = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("gold"))
    };
    Ok(paths
        .into_iter()
        .map(|path| (path.clone(), if gold(&path) { 3 } else { 1 }))
        .collect())
}

/// Runs `cargo lab reader`.
pub fn run(args: &ReaderArgs) -> Result<(), Box<dyn Error>> {
    let data = &args.data;
    if let Some(path) = &args.measure {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        return names_by_weight(&bytes, data);
    }
    let table = WordTable::from_bytes(tieline_data::WORDS)?;
    let vectors = read_vectors(&data.join("vectors/glove6b50"), 100_000, 50)?;
    let fixed = fixed_vectors(&vectors.0, &vectors.1, vectors.2, 50);
    let load = |path: &str| -> std::io::Result<Vec<Example>> {
        Ok(read_conllu(&data.join(path))?
            .iter()
            .map(|s| example(s, &table))
            .collect())
    };
    let mut train_set = Vec::new();
    let mut schedule: Vec<u32> = Vec::new();
    for (path, times) in training_files(args)? {
        let start = train_set.len() as u32;
        for (at, sentence) in read_conllu(&path)?.iter().enumerate() {
            train_set.push(example(sentence, &table));
            if at % 25 == 0 && !sentence.names.is_empty() {
                train_set.push(self::data::in_capitals(sentence, &table));
            }
        }
        let end = train_set.len() as u32;
        (0..times).for_each(|_| schedule.extend(start..end));
    }
    if !args.silver.exists() {
        let lists = crate::names::lists::compile(data, table)?;
        let start = train_set.len() as u32;
        for doc in crate::names::corpus::load(data, &lists)? {
            for sentence in &doc.sentences {
                let (words, allowed) = (&sentence.words, &sentence.allowed);
                train_set.push(self::data::named_example(
                    words, allowed, doc.weight, &table,
                ));
            }
        }
        schedule.extend(start..train_set.len() as u32);
    }
    let n_words: usize = schedule
        .iter()
        .map(|example| train_set[*example as usize].words.len())
        .sum();
    eprintln!("{} sentences, {n_words} words an epoch", train_set.len());
    let dev = [
        load("dev/ud_ewt/dev.conllu")?,
        load("dev/gum/dev_news.conllu")?,
    ];
    let shape = Shape {
        rows: 1 << args.rows,
        embed: 78,
        fixed: 50,
        hidden: args.hidden,
        layers: args.layers,
        arc: 64,
        label: 64,
        n_outputs: [
            tieline_text::Xpos::ALL.len(),
            tieline_text::Upos::ALL.len(),
            tieline_text::DepRel::ALL.len(),
            N_NAME_LABELS,
        ],
    };
    let plan = Plan {
        batch_words: args.batch,
        n_steps: args.steps,
        rate: args.rate,
        dropout: Dropout {
            word: 0.1,
            input: args.input_dropout,
            output: args.output_dropout,
        },
        seed: 1,
        threads: args.threads,
    };
    let mut order: Vec<u32> = Vec::new();
    let source = move |random: &mut Random| {
        if order.is_empty() {
            order.clone_from(&schedule);
            for i in (1..order.len()).rev() {
                order.swap(i, random.below(i + 1));
            }
        }
        order.pop().unwrap_or(0) as usize
    };
    let mut last = Vec::new();
    train(
        &shape,
        &fixed,
        &plan,
        source,
        &train_set,
        &mut |at, params| {
            let bytes = network_bytes(&shape, params, &vectors);
            last.clone_from(&bytes);
            let Ok(network) = Network::from_bytes(&bytes) else {
                return;
            };
            for dev in &dev {
                let start = Instant::now();
                let (u, l, p) = tree_scores(&network, dev);
                let time = start.elapsed().as_secs_f64();
                let n: usize = dev.iter().map(|example| example.words.len()).sum();
                eprintln!(
                    "  at {at}: UAS {u:.2} LAS {l:.2} XPOS {p:.2}; {:.0} words/s; {} bytes",
                    n as f64 / time,
                    bytes.len()
                );
            }
        },
    );
    names_by_weight(&last, data)?;
    if let Some(out) = &args.out {
        std::fs::write(out, &last).map_err(|error| format!("{}: {error}", out.display()))?;
    }
    Ok(())
}

/// Prints scores of names for several weights of the network beside the field.
fn names_by_weight(reader: &[u8], data: &Path) -> Result<(), Box<dyn Error>> {
    let models = Models {
        words: tieline_data::WORDS,
        reader: reader.to_vec().leak(),
        lemmas: tieline_data::LEMMAS,
        names: tieline_data::NAMES,
    };
    let mut engine = Engine::new(&models)?;
    for weight in [0.0, 0.5, 1.0, 2.0, 4.0, 10.0] {
        engine.names_mut().set_outer_weight(weight);
        for set in [
            "dwie",
            "worldwide_newswire",
            "uner_ewt",
            "crossner_politics",
        ] {
            let scores = score::engine_names(&engine, &data.join("dev").join(set).join("dev.bio"))?;
            let [p, r, f] = scores.f1(None);
            let organisations = scores.f1(Some(1))[2];
            eprintln!(
                "names, weight {weight}: {set} P {p:.2} R {r:.2} F1 {f:.2}; ORG {organisations:.2}"
            );
        }
    }
    Ok(())
}
