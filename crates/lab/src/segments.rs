//! Tokens and sentences: how well they are found in raw text, and plain text to CoNLL-U.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use tieline_nlp::segment::{Segments, is_space, segment};

/// Score the tokeniser and the sentence splitter on raw text rebuilt from treebanks.
#[derive(Debug, clap::Args)]
pub struct SegmentArgs {
    /// CoNLL-U files; the dev sets when absent and no option changes the text
    files: Vec<PathBuf>,
    /// Folder of the data sets (docs/data.md)
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Wrap the text at N columns first
    #[arg(long, value_name = "N")]
    wrap: Option<usize>,
    /// Put a space between all tokens first, as tokenised corpora do
    #[arg(long)]
    spaced: bool,
    /// Print at most N errors of each sort to standard error
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
}

/// Turn plain text into CoNLL-U: words, sentences, paragraphs, documents.
#[derive(Debug, clap::Args)]
pub struct TokensArgs {
    /// Text files or folders of such; one document a file
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

/// Matches of one layer. A match is a span with the same bytes on both sides, as in the CoNLL
/// 2018 shared task.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpanScore {
    /// Spans of the treebank.
    pub n_gold: usize,
    /// Spans of the system.
    pub n_system: usize,
    /// Spans in both.
    pub n_both: usize,
}

impl SpanScore {
    /// F1 in per cent.
    pub fn f1(self) -> f64 {
        200.0 * self.n_both as f64 / (self.n_gold + self.n_system).max(1) as f64
    }
}

/// Scores of one file.
#[derive(Clone, Debug)]
pub struct SegmentScore {
    /// The file.
    pub path: PathBuf,
    /// Tokens (syntactic words; a multi-word token counts as its words).
    pub tokens: SpanScore,
    /// Sentences.
    pub sentences: SpanScore,
    /// Seconds that the segmentation took, on one core.
    pub seconds: f64,
}

/// Scores the dev sets that the evaluation table shows.
pub fn eval_segment(data: &Path) -> io::Result<Vec<SegmentScore>> {
    ["dev/ud_ewt/dev.conllu", "dev/gum/dev_news.conllu"]
        .iter()
        .map(|path| score_file(&data.join(path), None, false, 0))
        .collect()
}

fn score_file(
    path: &Path,
    width: Option<usize>,
    spaced: bool,
    n_errors: usize,
) -> io::Result<SegmentScore> {
    let gold = Raw::read(&fs::read_to_string(path)?, spaced);
    let text = match width {
        Some(width) => wrap(&gold.text, width),
        None => gold.text.clone(),
    };
    Ok(gold.score(path, &text, n_errors))
}

/// Runs `cargo lab segment`.
pub fn run_segment(args: &SegmentArgs) -> Result<(), Box<dyn Error>> {
    let plain = args.wrap.is_none() && !args.spaced && args.errors == 0;
    let scores = if args.files.is_empty() && plain {
        eval_segment(&args.data)?
    } else {
        args.files
            .iter()
            .map(|path| score_file(path, args.wrap, args.spaced, args.errors))
            .collect::<io::Result<Vec<_>>>()?
    };
    for score in scores {
        println!(
            "{}: tokens {:.2}  sentences {:.2}  ({} tokens, {} sentences, {:.1} M tokens/s)",
            score.path.display(),
            score.tokens.f1(),
            score.sentences.f1(),
            score.tokens.n_gold,
            score.sentences.n_gold,
            score.tokens.n_system as f64 / 1e6 / score.seconds,
        );
    }
    Ok(())
}

/// Runs `cargo lab tokens`.
pub fn run_tokens(args: &TokensArgs) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    for path in tieline_ingest::walk(&args.paths) {
        let path = path?;
        let id = path.file_stem().unwrap_or_default().to_string_lossy();
        for document in tieline_ingest::read_path(&path)? {
            out.write_all(skeleton(&id, &document.text).as_bytes())?;
        }
    }
    out.flush()?;
    Ok(())
}

/// One document as CoNLL-U with empty annotation columns.
pub fn skeleton(id: &str, text: &str) -> String {
    let segments = segment(text);
    let mut out = format!("# newdoc id = {id}\n");
    let mut paragraph = None;
    for (number, sentence) in segments.sentences.iter().enumerate() {
        if paragraph != Some(sentence.paragraph) {
            paragraph = Some(sentence.paragraph);
            out.push_str("# newpar\n");
        }
        let _ = writeln!(out, "# sent_id = {id}-{}", number + 1);
        let range = sentence.tokens.start as usize..sentence.tokens.end as usize;
        let tokens = &segments.tokens[range];
        for (idx, span) in tokens.iter().enumerate() {
            let form = span.slice(text).unwrap_or_default();
            let glued = tokens
                .get(idx + 1)
                .is_some_and(|next| next.start() == span.end());
            let misc = if glued { "SpaceAfter=No" } else { "_" };
            let _ = writeln!(out, "{}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}", idx + 1);
        }
        out.push('\n');
    }
    out
}

/// Raw text of a treebank with the gold spans, counted in characters that are no space: these
/// are the same however the text is laid out.
struct Raw {
    text: String,
    tokens: Vec<(usize, usize)>,
    sentences: Vec<(usize, usize)>,
}

impl Raw {
    /// Rebuilds the text: sentences of a paragraph joined by a space, a blank line between
    /// paragraphs and documents.
    fn read(conllu: &str, spaced: bool) -> Raw {
        let mut raw = Raw {
            text: String::new(),
            tokens: Vec::new(),
            sentences: Vec::new(),
        };
        let mut n_chars = 0;
        let mut first = 0;
        // Last word of the multi-word token that is open, and whether a space follows it.
        let mut multi = (0, true);
        for line in conllu.lines() {
            if line.is_empty() {
                if first < n_chars {
                    raw.sentences.push((first, n_chars));
                }
                first = n_chars;
                continue;
            }
            if line.starts_with("# newdoc") || line.starts_with("# newpar") {
                if !raw.text.is_empty() && !raw.text.ends_with("\n\n") {
                    raw.text.truncate(raw.text.trim_end().len());
                    raw.text.push_str("\n\n");
                }
                continue;
            }
            let columns: Vec<&str> = line.split('\t').collect();
            let (Some(id), Some(form), Some(misc)) =
                (columns.first(), columns.get(1), columns.get(9))
            else {
                continue;
            };
            let space = !misc.split('|').any(|entry| entry == "SpaceAfter=No");
            if let Some((_, last)) = id.split_once('-') {
                multi = (last.parse().unwrap_or(0), space);
                continue;
            }
            let Ok(id) = id.parse::<usize>() else {
                continue;
            };
            let space = if id < multi.0 {
                false
            } else if id == multi.0 {
                multi.1
            } else {
                space
            };
            if id >= multi.0 {
                multi = (0, true);
            }
            let start = n_chars;
            n_chars += form.chars().filter(|c| !is_space(*c)).count();
            raw.tokens.push((start, n_chars));
            raw.text.push_str(form);
            if space || spaced {
                raw.text.push(' ');
            }
        }
        if first < n_chars {
            raw.sentences.push((first, n_chars));
        }
        raw
    }

    fn score(&self, path: &Path, text: &str, n_errors: usize) -> SegmentScore {
        let start = Instant::now();
        let segments = segment(text);
        let seconds = start.elapsed().as_secs_f64();
        let (tokens, sentences) = count_chars(text, &segments);
        report(text, "token", &self.tokens, &tokens, n_errors);
        report(text, "sentence", &self.sentences, &sentences, n_errors);
        SegmentScore {
            path: path.to_owned(),
            tokens: compare(&self.tokens, &tokens),
            sentences: compare(&self.sentences, &sentences),
            seconds,
        }
    }
}

/// Tokens and sentences in characters that are no space.
#[allow(clippy::type_complexity)]
fn count_chars(text: &str, segments: &Segments) -> (Vec<(usize, usize)>, Vec<(usize, usize)>) {
    let mut tokens = Vec::with_capacity(segments.tokens.len());
    let mut n_chars = 0;
    for span in &segments.tokens {
        let start = n_chars;
        let token = span.slice(text).unwrap_or_default();
        n_chars += token.chars().filter(|c| !is_space(*c)).count();
        tokens.push((start, n_chars));
    }
    let sentences = segments
        .sentences
        .iter()
        .map(|sentence| {
            let first = tokens[sentence.tokens.start as usize].0;
            (first, tokens[sentence.tokens.end as usize - 1].1)
        })
        .collect();
    (tokens, sentences)
}

fn compare(gold: &[(usize, usize)], system: &[(usize, usize)]) -> SpanScore {
    let n_both = gold
        .iter()
        .filter(|span| system.binary_search(span).is_ok())
        .count();
    SpanScore {
        n_gold: gold.len(),
        n_system: system.len(),
        n_both,
    }
}

/// Prints spans that only one side has, with some text around them.
fn report(
    text: &str,
    what: &str,
    gold: &[(usize, usize)],
    system: &[(usize, usize)],
    n_errors: usize,
) {
    if n_errors == 0 {
        return;
    }
    let offsets: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| !is_space(*c))
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let window = |at: usize, width: usize| {
        let from = offsets[at.saturating_sub(width)];
        let to = offsets[(at + width).min(offsets.len() - 1)];
        let cut = offsets[at];
        format!(
            "{}|{}",
            text[from..cut].replace('\n', "⏎"),
            text[cut..to].replace('\n', "⏎")
        )
    };
    let width = if what == "token" { 14 } else { 40 };
    // Starts only: a wrong boundary is reported once.
    let starts = |spans: &[(usize, usize)]| spans.iter().map(|span| span.0).collect::<Vec<_>>();
    let (gold, system) = (starts(gold), starts(system));
    let mut n_missed = 0;
    for at in gold.iter().filter(|at| system.binary_search(at).is_err()) {
        n_missed += 1;
        if n_missed <= n_errors {
            eprintln!("{what} missed: {}", window(*at, width));
        }
    }
    let mut n_extra = 0;
    for at in system.iter().filter(|at| gold.binary_search(at).is_err()) {
        n_extra += 1;
        if n_extra <= n_errors {
            eprintln!("{what} extra: {}", window(*at, width));
        }
    }
    eprintln!("{what} boundaries: {n_missed} missed, {n_extra} extra");
}

/// Breaks lines at spaces so that none is wider than `width` characters where possible.
fn wrap(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for paragraph in text.split("\n\n") {
        let mut column = 0;
        for word in paragraph.split_whitespace() {
            let n_chars = word.chars().count();
            if column > 0 && column + 1 + n_chars > width {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += n_chars;
        }
        out.push_str("\n\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREEBANK: &str = "# newdoc\n# newpar\n1\tIt\t_\t_\t_\t_\t_\t_\t_\t_\n\
        2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n2\tdo\t_\t_\t_\t_\t_\t_\t_\t_\n\
        3\tn't\t_\t_\t_\t_\t_\t_\t_\t_\n4\t.\t_\t_\t_\t_\t_\t_\t_\t_\n\n\
        # newpar\n1\tYes\t_\t_\t_\t_\t_\t_\t_\t_\n\n";

    #[test]
    fn text_is_rebuilt_and_scored() {
        let raw = Raw::read(TREEBANK, false);
        assert_eq!(raw.text.trim_end(), "It don't.\n\nYes");
        let score = raw.score(Path::new("t"), &raw.text, 0);
        assert_eq!((score.tokens.f1(), score.sentences.f1()), (100.0, 100.0));
        let other = raw.score(Path::new("t"), "It don't. Yes", 0);
        assert_eq!(other.tokens.n_both, 5);
        let spaced = Raw::read(TREEBANK, true);
        assert_eq!(spaced.text.trim_end(), "It do n't .\n\nYes");
    }

    #[test]
    fn skeleton_is_conllu() {
        let out = skeleton("a", "It is. It isn't.\n");
        assert_eq!(
            out.lines()
                .filter(|line| line.starts_with("# newdoc"))
                .count(),
            1
        );
        assert!(
            out.contains("2\tis\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n"),
            "{out}"
        );
        assert!(out.contains("3\tn't\t"), "{out}");
    }

    #[test]
    fn wrapping_keeps_words() {
        assert_eq!(wrap("aa bb cc", 5), "aa bb\ncc\n\n");
    }
}
