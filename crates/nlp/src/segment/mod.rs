//! Sentences and tokens, by position.
//!
//! Tokens are those of the English Web Treebank: clitics are split off ("do|n't", "Kyiv|'s"),
//! hyphenated words fall into parts ("hundred|-|year") but for prefixes ("pre-war", "e-mail"),
//! abbreviations and initials keep their period ("U.S.", "J."), addresses stay whole. Sentences
//! end inside paragraphs at punctuation, and always where a paragraph ends.
//!
//! All passes are linear in the length of the text, whatever it holds.

mod dateline;
mod paragraphs;
mod sentences;
mod tables;
#[cfg(test)]
mod tests;
mod tokens;

use std::ops::Range;

use tieline_text::Span;

pub use tokens::is_space;

/// Tokens and sentences of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segments {
    /// Tokens in text order; they do not overlap and hold no white space at their ends. Every
    /// character that is not a space as of [`is_space`] is in one of them.
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

/// Splits a text into sentences and tokens. Never fails.
///
/// Bytes past 4 GiB are not reached, see [`tieline_text::Document`].
///
/// ```
/// use tieline_nlp::segment::segment;
/// let text = "Mr. Orban didn't sign. Kyiv's envoy left.";
/// let segments = segment(text);
/// let tokens: Vec<_> = segments.tokens.iter().filter_map(|span| span.slice(text)).collect();
/// assert_eq!(
///     tokens,
///     ["Mr.", "Orban", "did", "n't", "sign", ".", "Kyiv", "'s", "envoy", "left", "."]
/// );
/// assert_eq!(segments.sentences.len(), 2);
/// ```
pub fn segment(text: &str) -> Segments {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut sentences = Vec::new();
    let mut paragraph = 0;
    paragraphs::paragraphs(text, |range| {
        if range.end > u32::MAX as usize {
            return;
        }
        let first = tokens.len();
        tokens::tokenize(text, range.start, range.end, &mut tokens);
        if tokens.len() == first {
            return;
        }
        let body = first + dateline::dateline(text, &tokens[first..]);
        if first < body {
            let tokens = first as u32..body as u32;
            sentences.push(SentenceRange { tokens, paragraph });
        }
        sentences::split(text, &tokens, body..tokens.len(), |range| {
            sentences.push(SentenceRange {
                tokens: range.start as u32..range.end as u32,
                paragraph,
            });
        });
        paragraph += 1;
    });
    Segments { tokens, sentences }
}
