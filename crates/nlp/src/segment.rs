//! Sentences and tokens, by position.

use std::ops::Range;

use tieline_text::Span;

/// Tokens and sentences of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segments {
    /// Tokens in text order; they do not overlap and hold no white space at their ends.
    pub tokens: Vec<Span>,
    /// Sentences in text order; together they hold every token once.
    pub sentences: Vec<SentenceRange>,
}

/// One sentence of a [`Segments`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentenceRange {
    /// Indices of its tokens, never empty.
    pub tokens: Range<u32>,
    /// Number of the paragraph it stands in, counted from 0.
    pub paragraph: u32,
}

/// Splits a text into sentences and tokens, in the manner of Universal Dependencies: clitics are
/// tokens of their own ("do|n't", "Ukraine|'s").
pub fn segment(text: &str) -> Segments {
    let mut segments = Segments::default();
    let mut start = 0;
    for (paragraph, line) in text.split_inclusive('\n').enumerate() {
        let first = segments.tokens.len() as u32;
        let mut at = start;
        for word in line.split_inclusive(char::is_whitespace) {
            let trimmed = word.trim_end();
            if !trimmed.is_empty() {
                segments
                    .tokens
                    .push(Span::new(at as u32, (at + trimmed.len()) as u32));
            }
            at += word.len();
        }
        start += line.len();
        let tokens = first..segments.tokens.len() as u32;
        if !tokens.is_empty() {
            segments.sentences.push(SentenceRange {
                tokens,
                paragraph: paragraph as u32,
            });
        }
    }
    segments
}
