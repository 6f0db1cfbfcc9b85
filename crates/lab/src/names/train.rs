//! Training of the name tagger: stochastic gradient with AdaGrad on the conditional likelihood.

use std::error::Error;
use std::time::Instant;

use tieline_nlp::names::chain::{Scores, Sums, Transitions};
use tieline_nlp::names::features::{DISTANCES, SentenceView, place_features, word_features};
use tieline_nlp::names::labels::N_LABELS;
use tieline_nlp::names::memory::Memory;
use tieline_nlp::names::table::{Index, Table, WIDTH};
use tieline_nlp::names::{Lexemes, NameTagger};
use tieline_nlp::words::WordTable;

use super::corpus::{ANY, Sentence, TrainDoc};
use super::lists::Lists;

/// Bits of a feature number.
const BITS: u32 = 23;

/// Settings of a run.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub epochs: usize,
    pub rate: f32,
    /// Strength of the pull of weights to zero, for each example.
    pub decay: f32,
    /// Occurrences that a feature needs.
    pub min_count: u8,
    /// Rows that are kept.
    pub max_rows: usize,
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            epochs: 4,
            rate: 0.15,
            decay: 0.0,
            min_count: 1,
            max_rows: 450_000,
            seed: 1,
        }
    }
}

/// Random numbers (xorshift64*): the shipped model hangs on this order of its training examples.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// Features of every token of a document, sentence by sentence.
fn document_features(
    doc: &TrainDoc,
    words: &WordTable,
    lists: &Lists,
    mut visit: impl FnMut(&Sentence, &[Vec<u64>]),
) {
    let mut lexemes = Lexemes::default();
    let ids: Vec<Vec<u32>> = doc
        .sentences
        .iter()
        .map(|s| {
            s.words
                .iter()
                .map(|w| lexemes.intern(w, words, &lists.gazetteer))
                .collect()
        })
        .collect();
    let mut view = SentenceView::default();
    let mut memory = Memory::default();
    for ids in &ids {
        lexemes.show(ids, &lists.gazetteer, &mut view);
        memory.note(&view);
    }
    let mut features: Vec<Vec<u64>> = Vec::new();
    for (ids, sentence) in ids.iter().zip(&doc.sentences) {
        lexemes.show(ids, &lists.gazetteer, &mut view);
        memory.recall(&mut view);
        features.resize(features.len().max(ids.len()), Vec::new());
        for (idx, out) in features.iter_mut().enumerate().take(ids.len()) {
            out.clear();
            for (distance, step) in DISTANCES.iter().enumerate() {
                if let Some(word) = idx
                    .checked_add_signed(*step)
                    .and_then(|at| view.words.get(at))
                {
                    word_features(word, distance, out);
                }
            }
            place_features(&view, idx, out);
        }
        visit(sentence, &features[..ids.len()]);
    }
}

/// Copies of some documents as headlines are written.
pub fn with_headlines(docs: Vec<TrainDoc>, seed: u64) -> Vec<TrainDoc> {
    let mut random = Random(seed | 1);
    let mut extra = Vec::new();
    for doc in &docs {
        for sentence in &doc.sentences {
            let dice = random.below(100);
            if 24 < sentence.words.len() || 9 < dice || sentence.words.len() < 4 {
                continue;
            }
            let mut copy = sentence.clone();
            if copy.words.last().is_some_and(|word| word == ".") {
                copy.words.pop();
                copy.allowed.pop();
            }
            for word in &mut copy.words {
                if dice < 4 {
                    *word = word.to_uppercase();
                } else if 3 < word.len() || word.chars().any(char::is_uppercase) {
                    let mut letters = word.chars();
                    let first = letters.next().into_iter().flat_map(char::to_uppercase);
                    *word = first.chain(letters).collect();
                }
            }
            extra.push(TrainDoc {
                sentences: vec![copy],
                weight: 0.5 * doc.weight,
            });
        }
    }
    docs.into_iter().chain(extra).collect()
}

/// Trains on the documents; deterministic.
pub fn train(
    docs: &[TrainDoc],
    words: WordTable,
    lists: Lists,
    settings: Settings,
) -> Result<NameTagger, Box<dyn Error>> {
    let start = Instant::now();
    let mut counts = vec![0u8; 1 << BITS];
    for doc in docs {
        document_features(doc, &words, &lists, |_, features| {
            for hash in features.iter().flatten() {
                let count = &mut counts[(hash >> (64 - BITS)) as usize];
                *count = count.saturating_add(1);
            }
        });
    }
    let frequent = counts
        .iter()
        .zip(0u32..)
        .filter(|(count, _)| settings.min_count <= **count);
    let index = Index::new(BITS, frequent.map(|(_, feature)| feature)).ok_or("features")?;
    let n_rows = index.len();
    eprintln!(
        "names: {n_rows} features, {:.0} s",
        start.elapsed().as_secs_f64()
    );
    let mut weights = vec![[0f32; WIDTH]; n_rows];
    let mut squares = vec![[0f32; WIDTH]; n_rows];
    let mut transitions = Transitions::default();
    let mut step_squares = [[0f32; N_LABELS]; N_LABELS];
    let mut order: Vec<usize> = (0..docs.len()).collect();
    let mut random = Random(settings.seed.wrapping_mul(0x9e37_79b9) | 1);
    let mut trainer = Trainer {
        settings,
        rows: Vec::new(),
        scores: Vec::new(),
        free: Sums::default(),
        bound: Sums::default(),
    };
    for epoch in 0..settings.epochs {
        for at in (1..order.len()).rev() {
            order.swap(at, random.below(at + 1));
        }
        let mut loss = 0.0;
        let mut n_tokens = 0;
        for doc_idx in &order {
            let doc = &docs[*doc_idx];
            document_features(doc, &words, &lists, |sentence, features| {
                n_tokens += features.len();
                loss += trainer.step(
                    sentence,
                    features,
                    doc.weight,
                    &index,
                    &mut weights,
                    &mut squares,
                    &mut transitions,
                    &mut step_squares,
                );
            });
        }
        eprintln!(
            "names: epoch {} loss {:.4} {:.0} s",
            epoch + 1,
            loss / n_tokens as f64,
            start.elapsed().as_secs_f64()
        );
    }
    compress(
        &index,
        &weights,
        &counts,
        transitions,
        words,
        lists,
        settings,
    )
}

struct Trainer {
    settings: Settings,
    rows: Vec<Vec<u32>>,
    scores: Vec<Scores>,
    free: Sums,
    bound: Sums,
}

impl Trainer {
    #[allow(clippy::too_many_arguments, clippy::needless_range_loop)]
    fn step(
        &mut self,
        sentence: &Sentence,
        features: &[Vec<u64>],
        weight: f32,
        index: &Index,
        weights: &mut [[f32; WIDTH]],
        squares: &mut [[f32; WIDTH]],
        transitions: &mut Transitions,
        step_squares: &mut [[f32; N_LABELS]; N_LABELS],
    ) -> f64 {
        let n = features.len();
        if n == 0 || sentence.allowed.iter().all(|a| *a == ANY) {
            return 0.0;
        }
        self.rows.resize(self.rows.len().max(n), Vec::new());
        self.scores.clear();
        for (features, rows) in features.iter().zip(&mut self.rows) {
            rows.clear();
            rows.extend(
                features
                    .iter()
                    .filter_map(|hash| index.row(*hash))
                    .map(|row| row as u32),
            );
            let mut sum = [0f32; WIDTH];
            for row in rows.iter() {
                for (to, value) in sum.iter_mut().zip(&weights[*row as usize]) {
                    *to += value;
                }
            }
            self.scores.push(std::array::from_fn(|label| sum[label]));
        }
        self.free.set_transitions(transitions);
        self.bound.set_transitions(transitions);
        self.free.run(&self.scores, transitions, None);
        self.bound
            .run(&self.scores, transitions, Some(&sentence.allowed));
        let rate = self.settings.rate;
        let mut loss = 0.0;
        for (idx, rows) in self.rows.iter().enumerate().take(n) {
            let free = self.free.marginals(idx);
            let bound = self.bound.marginals(idx);
            let mut gradient = [0f32; WIDTH];
            let mut largest = 0f32;
            for label in 0..N_LABELS {
                let value = weight * (free[label] - bound[label]);
                gradient[label] = value;
                largest = largest.max(value.abs());
            }
            loss += f64::from(largest);
            if largest < 2e-3 {
                continue;
            }
            let gradient_squares = gradient.map(|g| g * g);
            for row in rows {
                let (w, s) = (&mut weights[*row as usize], &mut squares[*row as usize]);
                for label in 0..WIDTH {
                    s[label] += gradient_squares[label];
                    w[label] -= rate * (gradient[label] + self.settings.decay * w[label])
                        / (s[label] + 1e-4).sqrt();
                }
            }
        }
        for to in 0..N_LABELS {
            for from in transitions.before(to).to_vec() {
                let from = usize::from(from);
                let pair = |idx| self.free.pair(idx, from, to) - self.bound.pair(idx, from, to);
                let g = weight * (0..n - 1).map(pair).sum::<f32>();
                let square = &mut step_squares[from][to];
                *square += g * g;
                transitions.weights[from][to] -= 0.5 * rate * g / (*square + 1e-2).sqrt();
            }
        }
        loss
    }
}

/// Keeps the rows that matter most, in eight bits.
fn compress(
    index: &Index,
    weights: &[[f32; WIDTH]],
    counts: &[u8],
    transitions: Transitions,
    words: WordTable,
    lists: Lists,
    settings: Settings,
) -> Result<NameTagger, Box<dyn Error>> {
    let largest = |row: &[f32; WIDTH]| row.iter().fold(0f32, |top, w| top.max(w.abs()));
    let mut tops: Vec<f32> = weights.iter().map(largest).collect();
    tops.sort_by(f32::total_cmp);
    let top = tops
        .get(tops.len().saturating_sub(1 + tops.len() / 2000))
        .copied()
        .unwrap_or(1.0);
    let scale = (top / 127.0).max(1e-6);
    let features: Vec<u32> = index.features().collect();
    // a row matters by its size and, less so, by how often it is seen
    let value = |row: usize| {
        let norm: f32 = weights[row].iter().map(|w| w * w).sum::<f32>().sqrt();
        norm * f32::from(counts[features[row] as usize].min(20)).powf(0.35)
    };
    let mut order: Vec<(f32, u32)> = (0..features.len())
        .map(|row| (value(row), row as u32))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    order.truncate(settings.max_rows);
    let mut kept: Vec<u32> = order.iter().map(|(_, row)| *row).collect();
    kept.sort_unstable();
    let quantise = |w: f32| (w / scale).round().clamp(-127.0, 127.0) as i8;
    let mut rows = Vec::new();
    let mut numbers = Vec::new();
    for row in kept {
        let quantised = weights[row as usize].map(quantise);
        let quantised = quantised.map(|q| if q.abs() < 2 { 0 } else { q });
        if quantised != [0; WIDTH] {
            rows.push(quantised);
            numbers.push(features[row as usize]);
        }
    }
    eprintln!("names: {} rows kept, unit {scale:.5}", rows.len());
    let index = Index::new(BITS, numbers).ok_or("features")?;
    let table = Table::new(index, rows).ok_or("rows")?;
    Ok(NameTagger::new(
        words,
        lists.gazetteer,
        table,
        transitions,
        scale,
    ))
}
