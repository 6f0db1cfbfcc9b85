//! All linguistic stages in their order.

use std::ops::Range;

use tieline_text::{DepRel, Document, Note, NoteKind, Parsed, Span, Upos, Word, Xpos};

use crate::lemma::Lemmas;
use crate::model::ModelError;
use crate::names::NameTagger;
use crate::names::chain::Scores;
use crate::names::labels::N_LABELS;
use crate::neural::features::sentence_inputs;
use crate::neural::{Network, Reading, Scratch};
use crate::segment::{Segments, SentenceRange, segment};
use crate::words::WordTable;

/// Most words of a sentence that are read together; a longer one is cut.
const LONGEST_SENTENCE: u32 = 250;

/// Words that are read in one go, about; bounds the memory of a long document.
const BLOCK: usize = 8192;

/// Model files of the engine.
#[derive(Clone, Copy, Debug)]
pub struct Models {
    /// Table of word forms.
    pub words: &'static [u8],
    /// The neural reader.
    pub reader: &'static [u8],
    /// Tables of lemmas.
    pub lemmas: &'static [u8],
    /// The name tagger.
    pub names: &'static [u8],
}

/// The linguistic engine: everything needed to parse a document. Shared by reference.
#[derive(Clone, Debug)]
pub struct Engine {
    words: WordTable,
    reader: Network,
    lemmas: Lemmas,
    names: NameTagger,
}

impl Engine {
    /// Reads the models.
    pub fn new(models: &Models) -> Result<Engine, ModelError> {
        let reader = Network::from_bytes(models.reader)?;
        let [penn, universal, relations, names] = reader.shape().n_outputs;
        if [penn, universal, relations, names]
            != [
                Xpos::ALL.len(),
                Upos::ALL.len(),
                DepRel::ALL.len(),
                N_LABELS,
            ]
        {
            return Err(ModelError::Value {
                what: "the label sets",
            });
        }
        let words = WordTable::from_bytes(models.words)?;
        let lemmas = Lemmas::from_bytes(models.lemmas)?;
        let names = NameTagger::from_bytes(models.names, words)?;
        Ok(Engine {
            words,
            reader,
            lemmas,
            names,
        })
    }

    /// The table of word forms.
    pub fn words(&self) -> &WordTable {
        &self.words
    }

    /// The name tagger, for tuning.
    pub fn names_mut(&mut self) -> &mut NameTagger {
        &mut self.names
    }

    /// The neural reader.
    pub fn reader(&self) -> &Network {
        &self.reader
    }

    /// Sentences, tokens, tags, lemmas, trees and names of a document. Never fails.
    pub fn parse(&self, document: &Document) -> (Parsed, Vec<Note>) {
        self.parse_segments(document, &segment(&document.text))
    }

    /// As [`Engine::parse`], for sentences and tokens that are given. Sentences must be in text
    /// order; one that is not gets no analysis, but a note.
    pub fn parse_segments(&self, document: &Document, segments: &Segments) -> (Parsed, Vec<Note>) {
        let mut notes = Vec::new();
        let sentences = cut(&segments.sentences, &mut notes);
        let mut parsed = Parsed::default();
        let (mut inputs, mut lengths) = (Vec::new(), Vec::new());
        let (mut reading, mut scratch) = (Reading::default(), Scratch::default());
        let mut buffer = String::new();
        let mut labels: Vec<Scores> = Vec::with_capacity(segments.tokens.len());
        let mut lemmas = LemmaBuffers::default();
        let form = |idx: u32| {
            let span = segments.tokens.get(idx as usize);
            span.and_then(|span| span.slice(&document.text))
                .unwrap_or_default()
        };
        let mut rest = sentences.as_slice();
        while !rest.is_empty() {
            inputs.clear();
            lengths.clear();
            let mut n = 0;
            while n < rest.len() && (n == 0 || inputs.len() < BLOCK) {
                let tokens = rest[n].tokens.clone();
                lengths.push(tokens.len() as u32);
                sentence_inputs(&self.words, tokens.map(form), &mut buffer, &mut inputs);
                n += 1;
            }
            let (block, after) = rest.split_at(n);
            self.reader
                .read(&inputs, &lengths, &mut reading, &mut scratch);
            let rows = reading.names.chunks_exact(N_LABELS);
            labels.extend(rows.map(log_odds));
            let mut base = 0;
            for sentence in block {
                let words = base..base + sentence.tokens.len();
                base = words.end;
                let spans = segments
                    .tokens
                    .get(sentence.tokens.start as usize..sentence.tokens.end as usize)
                    .unwrap_or_default();
                lemmas.fill(&self.lemmas, &document.text, spans, &reading, words.clone());
                let row = lemmas.words(spans, &reading, words.clone());
                match parsed.push_sentence(sentence.paragraph, &row) {
                    Ok(()) => parsed.push_margins(reading.margins.get(words).unwrap_or_default()),
                    Err(error) => notes.push(Note::new(NoteKind::TooLong, error.to_string())),
                }
            }
            rest = after;
        }
        let sentences: Vec<Range<u32>> = parsed
            .sentences()
            .iter()
            .map(|sentence| sentence.tokens.clone())
            .collect();
        let tokens = parsed.tokens().iter().map(|token| token.span);
        let names = self
            .names
            .tag_with(&document.text, tokens, &sentences, Some(&labels));
        if let Err(error) = parsed.set_names(names) {
            notes.push(Note::new(NoteKind::TooLong, error.to_string()));
        }
        (parsed, notes)
    }
}

/// Scores of name labels, the best of a word at zero. That is a probability's logarithm but for
/// a constant of the word, which decides nothing.
fn log_odds(scores: &[f32]) -> Scores {
    let mut row = [0.0; N_LABELS];
    row.copy_from_slice(scores);
    let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.map(|score| score - top)
}

/// Cuts sentences that are too long to be read at once.
fn cut(sentences: &[SentenceRange], notes: &mut Vec<Note>) -> Vec<SentenceRange> {
    let mut pieces = Vec::with_capacity(sentences.len());
    let mut n_cut = 0;
    for sentence in sentences {
        let Range { mut start, end } = sentence.tokens;
        n_cut += usize::from(end - start > LONGEST_SENTENCE);
        while start < end {
            let next = end.min(start + LONGEST_SENTENCE);
            pieces.push(SentenceRange {
                tokens: start..next,
                paragraph: sentence.paragraph,
            });
            start = next;
        }
    }
    if n_cut > 0 {
        let message =
            format!("{n_cut} sentences of more than {LONGEST_SENTENCE} words were read in pieces");
        notes.push(Note::new(NoteKind::TooLong, message));
    }
    pieces
}

/// The lemmas of one sentence, in buffers that are reused.
#[derive(Debug, Default)]
struct LemmaBuffers {
    lower: String,
    text: String,
    ends: Vec<usize>,
}

impl LemmaBuffers {
    /// Looks the lemmas of a sentence up. `words` are its entries in the reading.
    fn fill(
        &mut self,
        lemmas: &Lemmas,
        text: &str,
        spans: &[Span],
        reading: &Reading,
        words: Range<usize>,
    ) {
        self.text.clear();
        self.ends.clear();
        for (word, span) in words.zip(spans) {
            let form = span.slice(text).unwrap_or_default();
            lemmas.lemma(form, penn(reading, word), &mut self.lower, &mut self.text);
            self.ends.push(self.text.len());
        }
    }

    /// What was read of the sentence that was filled in last.
    fn words(&self, spans: &[Span], reading: &Reading, words: Range<usize>) -> Vec<Word<'_>> {
        let first = words.start;
        let mut start = 0;
        let mut row = Vec::with_capacity(words.len());
        for ((word, span), end) in words.zip(spans).zip(&self.ends) {
            let head = reading.heads[word];
            let is_root = head as usize == word - first;
            let label = DepRel::from_index(reading.relations[word]).unwrap_or_default();
            let deprel = match (is_root, label) {
                (true, _) => DepRel::Root,
                (false, DepRel::Root) => DepRel::Dep,
                (false, label) => label,
            };
            row.push(Word {
                span: *span,
                upos: Upos::from_index(reading.universal[word]).unwrap_or_default(),
                xpos: penn(reading, word),
                lemma: &self.text[start..*end],
                head,
                deprel,
            });
            start = *end;
        }
        row
    }
}

fn penn(reading: &Reading, word: usize) -> Xpos {
    Xpos::from_index(reading.penn[word]).unwrap_or_default()
}
