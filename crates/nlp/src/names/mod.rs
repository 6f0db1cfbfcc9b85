//! Names: persons, organisations, places, peoples, and other named things.
//!
//! A linear-chain conditional random field over hashed features, with lists, word clusters and a
//! memory of the document, followed by repairs that look at the whole document. Labels say begin,
//! inside, last, unit (L. Ratinov, D. Roth: Design challenges and misconceptions in named entity
//! recognition, 2009).

pub mod chain;
pub mod features;
pub mod gazetteer;
pub mod labels;
pub mod memory;
mod repair;
pub mod table;

use std::fmt;
use std::ops::Range;

use rustc_hash::FxHashMap;
use tieline_text::{Name, NameKind, Parsed, Span};

use crate::model::{ModelError, Reader, Writer};
use crate::words::{UsualCase, WordTable};

use chain::{Scores, Sums, Transitions, best_path};
use features::{
    Buffers, DISTANCES, SentenceView, WordFacts, place_features, word_facts, word_features,
};
use gazetteer::Gazetteer;
use labels::N_LABELS;
use memory::Memory;
use table::{Row, Table, WIDTH};

/// Kind of the model file.
pub const KIND: [u8; 4] = *b"name";
/// Version of the format. History: 1 - first layout, 2 - outer weight.
pub const VERSION: u32 = 2;

/// Weight of another model's label scores beside the field's own, as measured best with the
/// network's: 0.5 to 2 differ by less than a point.
const OUTER_WEIGHT: f32 = 0.7;

/// The name tagger. Shared between threads by reference.
#[derive(Clone)]
pub struct NameTagger {
    words: WordTable,
    lists: Gazetteer,
    table: Table,
    transitions: Transitions,
    /// Natural-log score of one unit of a weight.
    scale: f32,
    /// Weight of the label scores of another model, see [`NameTagger::tag_with`].
    outer_weight: f32,
}

impl fmt::Debug for NameTagger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NameTagger").finish_non_exhaustive()
    }
}

/// The words of one document with what is known of them, by form.
#[derive(Debug, Default)]
pub struct Lexemes<'t> {
    ids: FxHashMap<&'t str, u32>,
    facts: Vec<WordFacts>,
    buffers: Buffers,
}

impl<'t> Lexemes<'t> {
    /// The number of a form, which is looked up when it is new.
    pub fn intern(&mut self, form: &'t str, words: &WordTable, lists: &Gazetteer) -> u32 {
        if let Some(id) = self.ids.get(form) {
            return *id;
        }
        let id = self.facts.len() as u32;
        self.facts
            .push(word_facts(form, words, lists, &mut self.buffers));
        self.ids.insert(form, id);
        id
    }

    /// What is known of a form.
    ///
    /// # Panics
    /// If no form has this number.
    pub fn facts(&self, id: u32) -> &WordFacts {
        &self.facts[id as usize]
    }

    /// Makes `view` show a sentence, without memory.
    pub fn show(&self, ids: &[u32], lists: &Gazetteer, view: &mut SentenceView) {
        view.words.clear();
        view.words
            .extend(ids.iter().map(|id| self.facts[*id as usize]));
        view.prepare(lists);
    }
}

impl NameTagger {
    /// A tagger from its parts; `outer_weight` is 0.
    pub fn new(
        words: WordTable,
        lists: Gazetteer,
        table: Table,
        transitions: Transitions,
        scale: f32,
    ) -> NameTagger {
        NameTagger {
            words,
            lists,
            table,
            transitions,
            scale,
            outer_weight: OUTER_WEIGHT,
        }
    }

    /// Sets the weight of the label scores of another model, 0 to 10.
    pub fn set_outer_weight(&mut self, weight: f32) {
        self.outer_weight = weight.clamp(0.0, 10.0);
    }

    /// Reads a model file that was made together with `words`.
    pub fn from_bytes(bytes: &[u8], words: WordTable) -> Result<NameTagger, ModelError> {
        let mut reader = Reader::new(bytes, KIND, VERSION)?;
        let scale = reader.f32()?;
        let outer_weight = reader.f32()?;
        let mut transitions = Transitions::default();
        for row in &mut transitions.weights {
            for weight in row {
                *weight = reader.f32()?;
            }
        }
        let table = Table::read(&mut reader)?;
        let lists = Gazetteer::read(&mut reader)?;
        reader.end()?;
        if !(0.0..=1.0).contains(&scale)
            || !(0.0..=10.0).contains(&outer_weight)
            || transitions.weights.iter().flatten().any(|w| 50.0 < w.abs())
        {
            return Err(ModelError::Value { what: "a weight" });
        }
        Ok(NameTagger {
            words,
            lists,
            table,
            transitions,
            scale,
            outer_weight,
        })
    }

    /// The model file. Layout of the payload: scale and outer weight `f32`, transitions, [`Table`],
    /// [`Gazetteer`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(KIND, VERSION);
        writer.f32(self.scale);
        writer.f32(self.outer_weight);
        for weight in self.transitions.weights.iter().flatten() {
            writer.f32(*weight);
        }
        self.table.write(&mut writer);
        self.lists.write(&mut writer);
        writer.finish()
    }

    /// The names of a parsed document, in text order. Reads tokens and sentences only.
    pub fn names(&self, text: &str, parsed: &Parsed) -> Vec<Name> {
        let forms = parsed.tokens().iter().map(|token| token.span);
        let sentences: Vec<Range<u32>> = parsed
            .sentences()
            .iter()
            .map(|sentence| sentence.tokens.clone())
            .collect();
        self.tag(text, forms, &sentences)
    }

    /// The names among the tokens of a text, in text order. Sentences are ranges of tokens, in
    /// order; names stay inside them. Cost: linear in the text.
    pub fn tag(
        &self,
        text: &str,
        tokens: impl Iterator<Item = Span>,
        sentences: &[Range<u32>],
    ) -> Vec<Name> {
        self.tag_with(text, tokens, sentences, None)
    }

    /// As [`NameTagger::tag`], with the label scores of another model added before decoding.
    ///
    /// `outer` has one row for each token: natural logarithms of label probabilities, in the
    /// numbering of [`labels`]. They are weighted with the number that the model file holds;
    /// tokens without a row go without.
    pub fn tag_with(
        &self,
        text: &str,
        tokens: impl Iterator<Item = Span>,
        sentences: &[Range<u32>],
        outer: Option<&[Scores]>,
    ) -> Vec<Name> {
        let mut lexemes = Lexemes::default();
        let ids: Vec<u32> = tokens
            .map(|span| {
                let form = span.slice(text).unwrap_or_default();
                lexemes.intern(form, &self.words, &self.lists)
            })
            .collect();
        let mut view = SentenceView::default();
        let mut memory = Memory::default();
        for sentence in sentences {
            let Some(ids) = ids.get(sentence.start as usize..sentence.end as usize) else {
                continue;
            };
            lexemes.show(ids, &self.lists, &mut view);
            memory.note(&view);
        }
        let mut decoder = Decoder::new(self, lexemes.facts.len());
        let mut names = Vec::new();
        for sentence in sentences {
            let Some(ids) = ids.get(sentence.start as usize..sentence.end as usize) else {
                continue;
            };
            lexemes.show(ids, &self.lists, &mut view);
            memory.recall(&mut view);
            let outer = outer.and_then(|rows| rows.get(sentence.start as usize..));
            decoder.run(&view, ids, sentence.start, outer, &mut names);
        }
        repair::repair(&lexemes, &ids, sentences, &self.lists, &mut names);
        names
    }
}

/// Lead of the label outside of names, natural log, by the features of words alone, that settles
/// a token without a capital.
const SURE: f32 = 3.0;

/// Whether a token without a capital has no capital beside it and is nothing that could be a
/// name written in lower case.
fn is_plain(view: &SentenceView, idx: usize) -> bool {
    let capital = |at: Option<usize>| {
        let word = at.and_then(|at| view.words.get(at));
        word.is_some_and(|word| word.case.is_capital())
    };
    let word = &view.words[idx];
    let known = word.info.rarity != 0 && word.info.case == UsualCase::Lower
        || matches!(word.case, features::Case::None | features::Case::Digit);
    const NAMES: gazetteer::Classes = gazetteer::COUNTRY
        | gazetteer::REGION
        | gazetteer::CITY
        | gazetteer::FIRST_NAME
        | gazetteer::SURNAME
        | gazetteer::COMPANY
        | gazetteer::ORGANISATION
        | gazetteer::MEDIUM
        | gazetteer::DEMONYM;
    known && word.classes & NAMES == 0 && !capital(idx.checked_sub(1)) && !capital(Some(idx + 1))
}

/// Buffers of decoding, for one document.
struct Decoder<'m> {
    model: &'m NameTagger,
    /// For each form and distance the index in `rows`, `u32::MAX` until it is needed.
    seen: Vec<u32>,
    /// Sums of the features of one form seen from one distance.
    rows: Vec<Row>,
    features: Vec<u64>,
    scores: Vec<Scores>,
    back: Vec<[u8; N_LABELS]>,
    labels: Vec<u8>,
    sums: Sums,
}

impl<'m> Decoder<'m> {
    fn new(model: &'m NameTagger, n_forms: usize) -> Decoder<'m> {
        let mut sums = Sums::default();
        sums.set_transitions(&model.transitions);
        Decoder {
            model,
            seen: vec![u32::MAX; n_forms * DISTANCES.len()],
            rows: Vec::new(),
            features: Vec::new(),
            scores: Vec::new(),
            back: Vec::new(),
            labels: Vec::new(),
            sums,
        }
    }

    fn add(model: &NameTagger, features: &[u64], row: &mut Row) {
        for hash in features {
            model.table.add(*hash, row);
        }
    }

    /// Adds the features of the words around a token, each seen from its distance.
    fn add_words(&mut self, view: &SentenceView, ids: &[u32], idx: usize, sum: &mut Row) {
        for (distance, step) in DISTANCES.iter().enumerate() {
            let Some(at) = idx.checked_add_signed(*step) else {
                continue;
            };
            let (Some(id), Some(word)) = (ids.get(at), view.words.get(at)) else {
                continue;
            };
            let seen = &mut self.seen[*id as usize * DISTANCES.len() + distance];
            if *seen == u32::MAX {
                *seen = self.rows.len() as u32;
                let mut row = [0; WIDTH];
                self.features.clear();
                word_features(word, distance, &mut self.features);
                Self::add(self.model, &self.features, &mut row);
                self.rows.push(row);
            }
            for (to, value) in sum.iter_mut().zip(&self.rows[*seen as usize]) {
                *to = to.wrapping_add(*value);
            }
        }
    }

    /// Names of one sentence, whose tokens start at `first`.
    ///
    /// Tokens that the features of their words alone show to be outside of names are settled by
    /// these; what lies between them is decoded as a sequence.
    fn run(
        &mut self,
        view: &SentenceView,
        ids: &[u32],
        first: u32,
        outer: Option<&[Scores]>,
        names: &mut Vec<Name>,
    ) {
        self.scores.clear();
        let mut start = 0;
        for idx in 0..ids.len() {
            match self.score(view, ids, idx, outer.and_then(|rows| rows.get(idx))) {
                Some(scores) => self.scores.push(scores),
                None => {
                    self.decode(start, start > 0, true, first, names);
                    start = idx + 1;
                }
            }
        }
        self.decode(start, start > 0, false, first, names);
    }

    /// Scores of a token; `None` if it is outside of names for certain.
    fn score(
        &mut self,
        view: &SentenceView,
        ids: &[u32],
        idx: usize,
        outer: Option<&Scores>,
    ) -> Option<Scores> {
        let doubt = outer.is_some_and(|row| row[labels::OUTSIDE] < -0.05);
        let open = doubt || view.words[idx].case.is_capital();
        if !open && is_plain(view, idx) {
            return None;
        }
        let mut sum = [0i16; WIDTH];
        self.add_words(view, ids, idx, &mut sum);
        if !open {
            let rival = sum[1..N_LABELS].iter().copied().max().unwrap_or(0);
            let lead = f32::from(sum[labels::OUTSIDE].saturating_sub(rival)) * self.model.scale;
            if SURE < lead {
                return None;
            }
        }
        self.features.clear();
        place_features(view, idx, &mut self.features);
        Self::add(self.model, &self.features, &mut sum);
        let mut scores: Scores =
            std::array::from_fn(|label| f32::from(sum[label]) * self.model.scale);
        if let Some(row) = outer {
            for (score, value) in scores.iter_mut().zip(row) {
                if value.is_finite() {
                    *score += self.model.outer_weight * value.max(-30.0);
                }
            }
        }
        Some(scores)
    }

    /// Decodes the collected scores, which start at token `start` of the sentence, and clears
    /// them. The flags tell whether a token outside of names stands before and after them.
    fn decode(
        &mut self,
        start: usize,
        before: bool,
        after: bool,
        first: u32,
        names: &mut Vec<Name>,
    ) {
        let model = self.model;
        let weights = &model.transitions.weights;
        if before && let Some(row) = self.scores.first_mut() {
            for (score, weight) in row.iter_mut().zip(&weights[labels::OUTSIDE]) {
                *score += weight;
            }
        }
        if after && let Some(row) = self.scores.last_mut() {
            for (score, from) in row.iter_mut().zip(weights) {
                *score += from[labels::OUTSIDE];
            }
        }
        best_path(
            &self.scores,
            &model.transitions,
            &mut self.back,
            &mut self.labels,
        );
        if self
            .labels
            .iter()
            .any(|label| usize::from(*label) != labels::OUTSIDE)
        {
            self.sums.run(&self.scores, &model.transitions, None);
            for (from, to, class) in labels::spans(&self.labels) {
                names.push(Name {
                    tokens: first + (start + from) as u32..first + (start + to) as u32,
                    kind: NameKind::from_index(class as u8).unwrap_or_default(),
                    confidence: self.sums.path(from, &self.labels[from..to]),
                });
            }
        }
        self.scores.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::segment;
    use crate::words::{WordEntry, hash};
    use table::Index;

    fn words() -> WordTable {
        let entry = WordEntry {
            form: "London".to_owned(),
            brown: 77,
            cluster: 0x1abc,
            rarity: 30,
            case: UsualCase::Title,
        };
        WordTable::from_bytes(WordTable::write(&[entry]).unwrap().leak()).unwrap()
    }

    /// A tagger that takes every capitalised word for a person, and knows one city.
    fn small() -> NameTagger {
        let words = words();
        let mut lists = Gazetteer::default();
        lists.add_word(hash(b"london"), gazetteer::CITY);
        lists.add_phrase(&[hash(b"new"), hash(b"york")], gazetteer::CITY);
        let facts = word_facts("Ada", &words, &lists, &mut Buffers::default());
        let mut features = Vec::new();
        word_features(&facts, 0, &mut features);
        // template 1 is the short shape
        let mut row = [0i8; WIDTH];
        row[labels::label(0, labels::Place::Unit)] = 40;
        let bits = 12;
        let index = Index::new(bits, [(features[1] >> (64 - bits)) as u32]).unwrap();
        let table = Table::new(index, vec![row]).unwrap();
        NameTagger::new(words, lists, table, Transitions::default(), 0.05)
    }

    fn tag(tagger: &NameTagger, text: &str) -> Vec<Name> {
        let segments = segment(text);
        let sentences: Vec<_> = segments
            .sentences
            .iter()
            .map(|s| s.tokens.clone())
            .collect();
        tagger.tag(text, segments.tokens.iter().copied(), &sentences)
    }

    #[test]
    fn a_written_tagger_tags_as_before() {
        let tagger = small();
        let again = NameTagger::from_bytes(&tagger.to_bytes(), words()).unwrap();
        let text = "Then Ada met Bob.\nNo one else came, said Ada.";
        let names = tag(&tagger, text);
        assert_eq!(names.len(), 5, "{names:?}");
        assert!(
            names
                .iter()
                .all(|n| n.kind == NameKind::Person && 0.5 < n.confidence)
        );
        assert_eq!(names, tag(&again, text));
    }

    #[test]
    fn scores_of_another_model_count_by_their_weight() {
        let mut tagger = small();
        let place = labels::label(2, labels::Place::Unit);
        let outer: Vec<Scores> = (0..4)
            .map(|_| std::array::from_fn(|label| if label == place { -0.1 } else { -5.0 }))
            .collect();
        let text = "and Ada came here";
        let segments = segment(text);
        let sentences: Vec<_> = segments
            .sentences
            .iter()
            .map(|s| s.tokens.clone())
            .collect();
        // weight, names of the class of places
        for (weight, want) in [(0.0, 0), (2.0, 4)] {
            tagger.set_outer_weight(weight);
            let tagger = NameTagger::from_bytes(&tagger.to_bytes(), tagger.words).unwrap();
            let tokens = segments.tokens.iter().copied();
            let names = tagger.tag_with(text, tokens, &sentences, Some(&outer));
            let n = names
                .iter()
                .filter(|n| n.kind == NameKind::Location)
                .count();
            assert_eq!(n, want, "{weight}");
        }
    }

    #[test]
    fn every_cut_is_an_error_and_no_flip_panics() {
        let whole = small().to_bytes();
        let words = words();
        for end in 0..whole.len() {
            assert!(
                NameTagger::from_bytes(&whole[..end], words).is_err(),
                "first {end} bytes"
            );
        }
        for at in 0..whole.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= flip;
                if let Ok(tagger) = NameTagger::from_bytes(&bytes, words) {
                    tag(&tagger, "Ada of London in New York said so.");
                }
            }
        }
    }

    #[test]
    fn no_text_panics() {
        let tagger = small();
        for text in [
            "",
            " ",
            "\u{1f600}",
            "A",
            "((((",
            "’s ’s",
            "É",
            "A\u{301}B \0 C-D",
            "ÀÉ of of ÔÛ",
        ] {
            for name in tag(&tagger, text) {
                assert!((0.0..=1.0).contains(&name.confidence), "{text:?}");
            }
        }
    }
}
