//! `tieline inspect`: a window into every stage.

use std::io::{self, Write};

use clap::ValueEnum;
use tieline_extract::Pipeline;
use tieline_facts::{Facts, Ontology};
use tieline_text::{Document, Parsed};

use crate::extract::{print_entities, print_report};
use crate::input::{self, InputArgs};
use crate::load;
use crate::terminal::{Style, clean};
use crate::{Outcome, Streams};

/// Look into one stage of the analysis.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline inspect tokens article.txt      sentences and tokens with their byte offsets
  echo 'Ada Holm visited Oslo.' | tieline inspect deps -")]
pub struct InspectArgs {
    /// The stage to show
    pub stage: Stage,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: InputArgs,
}

/// A stage of the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// Sentences and tokens, with byte offsets
    Tokens,
    /// Parts of speech and lemmas
    Tags,
    /// Dependency trees, in the columns of CoNLL-U
    Deps,
    /// Names as the tagger finds them
    Names,
    /// Mentions of entities: names, demonyms, descriptions, pronouns
    Mentions,
    /// Entities with all their names
    Entities,
    /// Relations with their evidence
    Facts,
}

impl Stage {
    /// The stage with this name.
    pub fn parse(name: &str) -> Option<Stage> {
        <Stage as ValueEnum>::from_str(name, false).ok()
    }
}

/// Runs the command.
pub fn run(args: &InspectArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let pipeline = load::load_pipeline()?;
    let ontology = load::load_ontology()?;
    let mut found = false;
    let out = &mut *streams.out;
    let style = streams.style;
    let many = args.input.paths.len() > 1 || args.input.paths.iter().any(|path| path.is_dir());
    let work = |document: &Document| -> io::Result<(bool, Vec<u8>)> {
        let mut page = Vec::new();
        if many {
            writeln!(page, "{}", style.bold(&format!("== {}", document.uri)))?;
        }
        let header = page.len();
        print_stage(&pipeline, &ontology, args.stage, document, style, &mut page)?;
        Ok((header < page.len(), page))
    };
    let failed = input::for_each_document(&args.input, streams.err, work, |result| {
        let (some, page) = result?;
        found |= some;
        out.write_all(&page)
    })?;
    Ok(Outcome { found, failed })
}

/// Writes what one stage makes of a document; nothing where it finds nothing.
pub fn print_stage(
    pipeline: &Pipeline,
    ontology: &Ontology,
    stage: Stage,
    document: &Document,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match stage {
        Stage::Tokens | Stage::Tags | Stage::Deps | Stage::Names => {
            let (parsed, _notes) = pipeline.engine.parse(document);
            match stage {
                Stage::Tokens => print_tokens(document, &parsed, style, out),
                Stage::Tags => print_tags(document, &parsed, out),
                Stage::Deps => print_deps(document, &parsed, out),
                _ => print_names(document, &parsed, style, out),
            }
        }
        Stage::Mentions | Stage::Entities | Stage::Facts => {
            let facts = pipeline.run(document);
            match stage {
                Stage::Mentions => print_mentions(&facts, style, out),
                Stage::Entities => print_entities(&facts, style, out),
                _ if facts.entities.is_empty() => Ok(()),
                _ => print_report(&facts, ontology, style, out),
            }
        }
    }
}

/// A sentence a block: its number and paragraph, then a token a line with its bytes.
fn print_tokens(
    document: &Document,
    parsed: &Parsed,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (number, sentence) in parsed.sentences().iter().enumerate() {
        let span = parsed.span_of(sentence.tokens.clone());
        let header = format!(
            "sentence {} paragraph {} {span}",
            number + 1,
            sentence.paragraph + 1
        );
        writeln!(out, "{}", style.dim(&header))?;
        for token in tokens_of(parsed, &sentence.tokens) {
            let text = token.1.span.slice(&document.text).unwrap_or_default();
            writeln!(
                out,
                "  {} {}",
                clean(text),
                style.dim(&token.1.span.to_string())
            )?;
        }
    }
    Ok(())
}

/// Tokens with their indices in the document.
fn tokens_of<'a>(
    parsed: &'a Parsed,
    range: &std::ops::Range<u32>,
) -> impl Iterator<Item = (u32, &'a tieline_text::Token)> {
    let tokens = parsed.tokens();
    range
        .clone()
        .filter_map(|index| tokens.get(index as usize).map(|token| (index, token)))
}

/// Columns: token, universal tag, Penn tag, lemma.
fn print_tags(document: &Document, parsed: &Parsed, out: &mut dyn Write) -> io::Result<()> {
    for sentence in parsed.sentences() {
        for (index, token) in tokens_of(parsed, &sentence.tokens) {
            writeln!(
                out,
                "{:20} {:6} {:6} {}",
                clean(token.span.slice(&document.text).unwrap_or_default()),
                token.upos,
                token.xpos,
                clean(parsed.lemma(index)),
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The ten columns of CoNLL-U, tab-separated; heads count from 1 within the sentence.
fn print_deps(document: &Document, parsed: &Parsed, out: &mut dyn Write) -> io::Result<()> {
    for sentence in parsed.sentences() {
        let span = parsed.span_of(sentence.tokens.clone());
        writeln!(
            out,
            "# text = {}",
            clean(span.slice(&document.text).unwrap_or_default())
        )?;
        let first = sentence.tokens.start;
        for (index, token) in tokens_of(parsed, &sentence.tokens) {
            let head = if token.head == index {
                0
            } else {
                token.head - first + 1
            };
            writeln!(
                out,
                "{}\t{}\t{}\t{}\t{}\t_\t{head}\t{}\t_\tStart={}|End={}",
                index - first + 1,
                clean(token.span.slice(&document.text).unwrap_or_default()),
                clean(parsed.lemma(index)),
                token.upos,
                token.xpos,
                token.deprel,
                token.span.start(),
                token.span.end(),
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A name a line: class, bytes, words.
fn print_names(
    document: &Document,
    parsed: &Parsed,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for name in parsed.names() {
        let span = parsed.span_of(name.tokens.clone());
        writeln!(
            out,
            "{:5} {} {}",
            name.kind,
            style.bold(span.slice(&document.text).unwrap_or_default()),
            style.dim(&span.to_string()),
        )?;
    }
    Ok(())
}

/// A mention a line, in text order: kind, words, bytes, and the entity it refers to.
fn print_mentions(facts: &Facts, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let all = facts.entities.iter();
    let mut rows: Vec<_> = all
        .flat_map(|entity| entity.mentions.iter().map(move |mention| (mention, entity)))
        .collect();
    rows.sort_by_key(|(mention, entity)| {
        (mention.start, std::cmp::Reverse(mention.end), entity.id)
    });
    for (mention, entity) in rows {
        writeln!(
            out,
            "{:8} {} {} → {} {}",
            mention.kind.as_str(),
            style.bold(&mention.text),
            style.dim(&format!("{}..{}", mention.start, mention.end)),
            entity.kind.as_str(),
            clean(&entity.name),
        )?;
    }
    Ok(())
}
