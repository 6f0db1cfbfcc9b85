//! Lemmas trained, treebanks parsed by the engine and scored.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tieline_nlp::segment::{Segments, SentenceRange};
use tieline_nlp::{Engine, Models};
use tieline_text::{Document, Span};

use crate::conllu::{self, Tree};
use crate::eval_trees::{self, TreeScores};
use crate::{train_lemmas, train_words};

/// Parse the tokens of a CoNLL-U file and write the system's CoNLL-U to standard output
#[derive(Debug, clap::Args)]
pub struct ParseArgs {
    /// Sentences with gold tokens
    file: PathBuf,
    /// Folder of the model files
    #[arg(long, default_value = "crates/data/models")]
    models: PathBuf,
    /// Print scores against the trees of the file instead
    #[arg(long)]
    score: bool,
}

/// Trains what the engine needs for trees besides the reader: words, then lemmas.
pub fn train_trees(data: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    train_words::train_words(data, out)?;
    train_lemmas(data, out)
}

/// Writes `lemmas.bin` from the training treebanks and the dictionary.
pub fn train_lemmas(data: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut trees = conllu::read(&data.join("train/ud_ewt/train.conllu"))?;
    trees.extend(conllu::read(
        &data.join("train/gum/train_commercial_ok.conllu"),
    )?);
    let bytes = train_lemmas::train(data, &trees)?;
    fs::write(out.join("lemmas.bin"), bytes)?;
    Ok(())
}

/// Runs `parse`.
pub fn run_parse(args: &ParseArgs) -> Result<(), Box<dyn Error>> {
    let engine = load_engine(&args.models)?;
    let gold = conllu::read(&args.file)?;
    let start = Instant::now();
    let system = parse_trees(&engine, &gold)?;
    let seconds = start.elapsed().as_secs_f64();
    let n_tokens: usize = gold.iter().map(Vec::len).sum();
    let mut out = std::io::stdout().lock();
    if args.score {
        let scores = eval_trees::score(&gold, &system).ok_or("different tokens")?;
        writeln!(out, "{scores}")?;
    } else {
        conllu::write(&system, &mut out)?;
    }
    eprintln!("{:.0} tokens a second", n_tokens as f64 / seconds);
    Ok(())
}

/// The engine, from the model files of a folder.
pub fn load_engine(models: &Path) -> Result<Engine, Box<dyn Error>> {
    let file = |name: &str| -> Result<&'static [u8], Box<dyn Error>> {
        let path = models.join(name);
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(bytes.leak())
    };
    let models = Models {
        words: file("words.bin")?,
        reader: file("reader.bin")?,
        lemmas: file("lemmas.bin")?,
        names: file("names.bin")?,
    };
    Ok(Engine::new(&models)?)
}

/// The engine's tags, lemmas and trees for the tokens of a treebank; forms and the last column
/// stay as they are.
pub fn parse_trees(engine: &Engine, trees: &[Tree]) -> Result<Vec<Tree>, Box<dyn Error>> {
    let mut document = Document::default();
    let mut segments = Segments::default();
    for (tree, paragraph) in trees.iter().zip(0..) {
        let first = segments.tokens.len() as u32;
        for row in tree {
            let start = document.text.len() as u32;
            document.text.push_str(&row.form);
            segments
                .tokens
                .push(Span::new(start, document.text.len() as u32));
            document.text.push(' ');
        }
        segments.sentences.push(SentenceRange {
            tokens: first..segments.tokens.len() as u32,
            paragraph,
        });
    }
    let (parsed, notes) = engine.parse_segments(&document, &segments);
    let mut out = trees.to_vec();
    let mut at = 0u32;
    for tree in &mut out {
        let first = at;
        for row in tree.iter_mut() {
            let token = parsed.tokens().get(at as usize);
            let token = token.ok_or_else(|| format!("tokens are missing: {notes:?}"))?;
            row.upos = token.upos;
            row.xpos = token.xpos;
            row.deprel = token.deprel;
            row.head = token.head.saturating_sub(first);
            row.lemma = parsed.lemma(at).to_owned();
            at += 1;
        }
    }
    Ok(out)
}

/// Scores of the engine on one treebank.
#[allow(dead_code)] // for `eval`
pub fn score_file(engine: &Engine, path: &Path) -> Result<TreeScores, Box<dyn Error>> {
    let gold = conllu::read(path)?;
    let system = parse_trees(engine, &gold)?;
    Ok(eval_trees::score(&gold, &system).ok_or("different tokens")?)
}
