//! The linguistic layer of one document.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use crate::{DepRel, NameKind, Span, Upos, Xpos};

/// One token of a [`Parsed`] document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the token in the document's text.
    pub span: Span,
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn tag.
    pub xpos: Xpos,
    /// Relation to the head.
    pub deprel: DepRel,
    /// Index of the governing token **within the document**; the root of a sentence governs
    /// itself.
    pub head: u32,
    /// Bytes of the lemma in the lemma buffer; read it with [`Parsed::lemma`].
    lemma: Span,
}

/// One sentence: a run of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Token indices within the document, never empty.
    pub tokens: Range<u32>,
    /// Number of the paragraph it stands in, counted from 0.
    pub paragraph: u32,
    /// The token that governs the sentence.
    pub root: u32,
}

/// A name found in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// Token indices within the document, never empty, inside one sentence.
    pub tokens: Range<u32>,
    /// Its class.
    pub kind: NameKind,
    /// Confidence of the tagger, 0 to 1; 1 where the tagger gives none.
    pub confidence: f32,
}

/// One token handed to [`Parsed::push_sentence`].
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// Bytes in the document's text.
    pub span: Span,
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn tag.
    pub xpos: Xpos,
    /// Dictionary form, lower case but for proper nouns.
    pub lemma: &'a str,
    /// Index of the head **within the sentence**; the root points at itself.
    pub head: u32,
    /// Relation to the head.
    pub deprel: DepRel,
}

/// Tokens, sentences, trees and names of one document. Indices, not copies: the text stays in
/// the [`Document`](crate::Document).
///
/// Invariants, checked as sentences come in: token spans are in text order and do not overlap;
/// every sentence is one tree whose root governs itself.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    tokens: Vec<Token>,
    lemmas: String,
    sentences: Vec<Sentence>,
    names: Vec<Name>,
    /// By token, as far as known: the margin of its arc, in sixteenths.
    margins: Vec<u8>,
}

/// Why a sentence or a name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeError {
    /// No tokens.
    Empty,
    /// A token starts before the one in front of it ends.
    Order {
        /// Index within the sentence.
        token: u32,
    },
    /// A head points outside the sentence, or there is no single root, or a cycle.
    NotATree {
        /// Index within the sentence.
        token: u32,
    },
    /// A name is empty, out of order, or crosses a sentence.
    Name {
        /// Index in the list that was handed in.
        index: u32,
    },
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShapeError::Empty => write!(f, "a sentence without tokens"),
            ShapeError::Order { token } => write!(f, "token {token} overlaps the one before"),
            ShapeError::NotATree { token } => write!(f, "token {token} does not lead to the root"),
            ShapeError::Name { index } => write!(f, "name {index} is empty or crosses a sentence"),
        }
    }
}

impl Error for ShapeError {}

impl Parsed {
    /// Adds a sentence after the last. Nothing is added when its shape is wrong.
    pub fn push_sentence(&mut self, paragraph: u32, words: &[Word<'_>]) -> Result<(), ShapeError> {
        let mut end = self.tokens.last().map_or(0, |token| token.span.end());
        for (idx, word) in words.iter().enumerate() {
            if word.span.start() < end {
                return Err(ShapeError::Order { token: idx as u32 });
            }
            end = word.span.end();
        }
        let root = check_tree(words)?;
        let first = self.tokens.len() as u32;
        self.tokens.reserve(words.len());
        for word in words {
            let start = self.lemmas.len() as u32;
            self.lemmas.push_str(word.lemma);
            self.tokens.push(Token {
                span: word.span,
                upos: word.upos,
                xpos: word.xpos,
                deprel: word.deprel,
                head: first + word.head,
                lemma: Span::new(start, self.lemmas.len() as u32),
            });
        }
        let tokens = first..self.tokens.len() as u32;
        self.sentences.push(Sentence {
            tokens,
            paragraph,
            root: first + root,
        });
        Ok(())
    }

    /// Adds the margins of the arcs of the next tokens that have none yet, see
    /// [`Parsed::margin`]. Without them trees count as certain.
    pub fn push_margins(&mut self, margins: &[f32]) {
        let free = self.tokens.len().saturating_sub(self.margins.len());
        let sixteenths = margins
            .iter()
            .take(free)
            .map(|margin| (margin * 16.0) as u8);
        self.margins.extend(sixteenths);
    }

    /// How much better the arc of a token to its head scored than the next best arc: natural log,
    /// 0 to 16; `None` where the parser did not say.
    pub fn margin(&self, token: u32) -> Option<f32> {
        let sixteenths = self.margins.get(token as usize)?;
        Some(f32::from(*sixteenths) / 16.0)
    }

    /// Replaces the names. They must be in text order, not overlap, and stay inside sentences.
    pub fn set_names(&mut self, names: Vec<Name>) -> Result<(), ShapeError> {
        let mut end = 0;
        let mut sentence_idx = 0;
        for (index, name) in names.iter().enumerate() {
            let error = ShapeError::Name {
                index: index as u32,
            };
            if name.tokens.is_empty() || name.tokens.start < end {
                return Err(error);
            }
            while self
                .sentences
                .get(sentence_idx)
                .is_some_and(|s| s.tokens.end <= name.tokens.start)
            {
                sentence_idx += 1;
            }
            let inside = self.sentences.get(sentence_idx);
            if inside.is_none_or(|sentence| name.tokens.end > sentence.tokens.end) {
                return Err(error);
            }
            end = name.tokens.end;
        }
        self.names = names;
        Ok(())
    }

    /// All tokens of the document, in text order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// All sentences, in text order.
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    /// All names, in text order.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The lemma of a token by its index in the document.
    ///
    /// # Panics
    /// If there is no such token.
    pub fn lemma(&self, token: u32) -> &str {
        &self.lemmas[self.tokens[token as usize].lemma.range()]
    }

    /// The bytes from the first to the last token of a range of tokens.
    ///
    /// # Panics
    /// If the range is empty or ends past the last token.
    pub fn span_of(&self, tokens: Range<u32>) -> Span {
        let first = self.tokens[tokens.start as usize].span;
        let last = self.tokens[tokens.end as usize - 1].span;
        first.cover(last)
    }

    /// The index of the sentence that holds a token.
    pub fn sentence_of(&self, token: u32) -> Option<usize> {
        let idx = self
            .sentences
            .partition_point(|sentence| sentence.tokens.end <= token);
        self.sentences
            .get(idx)
            .filter(|sentence| sentence.tokens.contains(&token))
            .map(|_| idx)
    }
}

/// Returns the root if `words` are one tree. Linear: every token is walked up once.
fn check_tree(words: &[Word<'_>]) -> Result<u32, ShapeError> {
    let n = words.len() as u32;
    let mut root = None;
    for (idx, word) in words.iter().enumerate() {
        let idx = idx as u32;
        if word.head >= n || (word.head == idx && root.replace(idx).is_some()) {
            return Err(ShapeError::NotATree { token: idx });
        }
    }
    let Some(root) = root else {
        return Err(if n == 0 {
            ShapeError::Empty
        } else {
            ShapeError::NotATree { token: 0 }
        });
    };
    // mark[i]: 0 unseen, otherwise the walk that saw it first
    let mut mark = vec![0u32; words.len()];
    for start in 0..n {
        let walk = start + 1;
        let mut at = start;
        while mark[at as usize] == 0 {
            mark[at as usize] = walk;
            if at == root {
                break;
            }
            at = words[at as usize].head;
            if mark[at as usize] == walk && at != root {
                return Err(ShapeError::NotATree { token: at });
            }
        }
    }
    Ok(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(heads: &[u32]) -> Vec<Word<'static>> {
        let word = |(idx, head): (usize, &u32)| Word {
            span: Span::new(2 * idx as u32, 2 * idx as u32 + 1),
            upos: Upos::Noun,
            xpos: Xpos::Nn,
            lemma: "a",
            head: *head,
            deprel: DepRel::Dep,
        };
        heads.iter().enumerate().map(word).collect()
    }

    #[test]
    fn only_trees_come_in() {
        // name, heads, accepted
        let cases: [(&str, &[u32], bool); 8] = [
            ("one token", &[0], true),
            ("chain", &[1, 2, 2], true),
            ("star", &[1, 1, 1, 1], true),
            ("no tokens", &[], false),
            ("two roots", &[0, 1], false),
            ("no root", &[1, 0], false),
            ("cycle beside the root", &[0, 2, 1], false),
            ("head outside", &[0, 9], false),
        ];
        for (name, heads, want) in cases {
            let mut parsed = Parsed::default();
            assert_eq!(
                parsed.push_sentence(0, &words(heads)).is_ok(),
                want,
                "{name}"
            );
            assert_eq!(
                parsed.tokens().len(),
                if want { heads.len() } else { 0 },
                "{name}"
            );
        }
    }

    #[test]
    fn margins_belong_to_tokens() {
        let mut parsed = Parsed::default();
        parsed.push_sentence(0, &words(&[0, 0])).unwrap();
        assert_eq!(parsed.margin(0), None, "not said");
        parsed.push_margins(&[1.5, -3.0, 9.0]);
        // token, margin: below zero is zero, too many are left out
        for (token, want) in [(0, Some(1.5)), (1, Some(0.0)), (2, None)] {
            assert_eq!(parsed.margin(token), want, "{token}");
        }
    }

    #[test]
    fn overlapping_tokens_are_refused() {
        let mut parsed = Parsed::default();
        let mut row = words(&[0, 0]);
        row[1].span = row[0].span;
        assert_eq!(
            parsed.push_sentence(0, &row),
            Err(ShapeError::Order { token: 1 })
        );
    }

    #[test]
    fn names_stay_inside_sentences() {
        let mut parsed = Parsed::default();
        parsed.push_sentence(0, &words(&[0, 0])).unwrap();
        let name = |tokens| Name {
            tokens,
            kind: NameKind::Person,
            confidence: 1.0,
        };
        assert!(parsed.set_names(vec![name(0..1), name(1..2)]).is_ok());
        assert!(parsed.set_names(vec![name(1..3)]).is_err(), "past the end");
        assert!(
            parsed.set_names(vec![name(0..2), name(1..2)]).is_err(),
            "overlap"
        );
        assert!(parsed.set_names(vec![name(1..1)]).is_err(), "empty");
        assert_eq!(parsed.names().len(), 2, "a refused list changes nothing");
    }
}
