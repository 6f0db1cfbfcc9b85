//! One document as the steps of entity detection see it.

use std::ops::Range;

use tieline_text::{DepRel, Document, Parsed, Token, Upos};

use super::lexicon::{Gender, Lexicons, TitleClass};

/// Text, tokens and lexicons together, with the look-ups that every step needs. Token indices
/// are those of the document; reading past either end gives an empty word.
pub struct View<'a> {
    pub lexicons: &'a Lexicons,
    pub text: &'a str,
    pub parsed: &'a Parsed,
    pub tokens: &'a [Token],
}

impl<'a> View<'a> {
    pub fn new(lexicons: &'a Lexicons, document: &'a Document, parsed: &'a Parsed) -> View<'a> {
        View {
            lexicons,
            text: &document.text,
            parsed,
            tokens: parsed.tokens(),
        }
    }

    /// The words of one token.
    pub fn word(&self, token: u32) -> &'a str {
        let found = self.tokens.get(token as usize);
        found
            .and_then(|token| token.span.slice(self.text))
            .unwrap_or_default()
    }

    /// The token before, within the sentence or not.
    pub fn before(&self, token: u32) -> &'a str {
        token.checked_sub(1).map_or("", |before| self.word(before))
    }

    /// The words of a range of tokens, as they stand in the text.
    pub fn slice(&self, tokens: &Range<u32>) -> &'a str {
        if tokens.is_empty() || tokens.end as usize > self.tokens.len() {
            return "";
        }
        let span = self.parsed.span_of(tokens.clone());
        span.slice(self.text).unwrap_or_default()
    }

    /// The first token of the sentence that holds a token, and the first of the next.
    pub fn sentence(&self, token: u32) -> Range<u32> {
        let idx = self.parsed.sentence_of(token);
        let sentence = idx.and_then(|idx| self.parsed.sentences().get(idx));
        sentence.map_or(token..token, |sentence| sentence.tokens.clone())
    }

    pub fn upos(&self, token: u32) -> Upos {
        self.tokens.get(token as usize).map_or(Upos::X, |t| t.upos)
    }

    pub fn deprel(&self, token: u32) -> DepRel {
        let found = self.tokens.get(token as usize);
        found.map_or(DepRel::Dep, |token| token.deprel)
    }

    /// The governor, or `None` for a root.
    pub fn governor(&self, token: u32) -> Option<u32> {
        let head = self.tokens.get(token as usize)?.head;
        (head != token && (head as usize) < self.tokens.len()).then_some(head)
    }

    pub fn lemma(&self, token: u32) -> &'a str {
        if (token as usize) < self.tokens.len() {
            self.parsed.lemma(token)
        } else {
            ""
        }
    }

    /// The token of a range that the rest of it hangs on: the first whose governor stands
    /// outside, or the last of all.
    pub fn head_of(&self, tokens: &Range<u32>) -> u32 {
        let outside = |token: &u32| {
            self.governor(*token)
                .is_none_or(|head| !tokens.contains(&head))
        };
        let last = tokens.end.saturating_sub(1);
        tokens.clone().find(outside).unwrap_or(last)
    }

    /// Whether the word starts with a capital letter or is written in capitals.
    pub fn is_capitalised(&self, token: u32) -> bool {
        self.word(token)
            .chars()
            .next()
            .is_some_and(char::is_uppercase)
    }

    /// Length in tokens, class and gender of the longest title that ends right before a token
    /// ("Prime Minister" before "Starmer"), within its sentence.
    pub fn title_before(&self, token: u32) -> Option<(u32, TitleClass, Option<Gender>)> {
        let start = self.sentence(token).start;
        let longest = 4.min(token.saturating_sub(start));
        (1..=longest).rev().find_map(|len| {
            let (class, gender) = self.title(&(token - len..token))?;
            Some((len, class, gender))
        })
    }

    /// Whether a range of tokens is a title, in upper or lower case.
    pub fn title(&self, tokens: &Range<u32>) -> Option<(TitleClass, Option<Gender>)> {
        let text = self.slice(tokens);
        if text.len() > 40 {
            return None;
        }
        let lower = text.to_lowercase();
        let found = self.lexicons.title(&lower);
        found.or_else(|| self.lexicons.title(lower.strip_prefix("ex-")?))
    }

    /// Whether a token is the possessive clitic.
    pub fn is_possessive(&self, token: u32) -> bool {
        matches!(self.word(token), "'s" | "’s" | "'" | "’" | "´s" | "`s")
    }
}
