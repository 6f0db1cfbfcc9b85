//! What the rest of a document says of a word.

use rustc_hash::FxHashMap;

use super::features::{Case, Cue, SentenceView};
use super::gazetteer as gaz;

/// Number of things that are remembered of a word.
const N_BITS: usize = 14;

/// Occurrences of one lower-case form in a document, by what they show.
#[derive(Clone, Copy, Debug, Default)]
struct Record {
    counts: [u16; N_BITS],
}

/// What all occurrences of each word in a document show, by lower-case form.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    records: FxHashMap<u64, Record>,
}

/// What one occurrence shows, one bit each.
fn shown(view: &SentenceView, idx: usize) -> u32 {
    let word = &view.words[idx];
    if word.case == Case::Lower {
        return 1 << 1;
    }
    if !word.case.is_capital() || view.headline != 0 {
        return 0;
    }
    let before = idx.checked_sub(1).and_then(|i| view.words.get(i));
    let after = view.words.get(idx + 1);
    let run = view.runs[idx];
    let (start, end) = (run.start as usize, run.end as usize);
    let mut bits = 0;
    let mut set = |bit: u32, yes: bool| bits |= u32::from(yes) << bit;
    set(0, before.is_some());
    let before_has = |classes| before.is_some_and(|w| w.classes & classes != 0);
    let capital_before = before.is_some_and(|w| w.case.is_capital());
    set(2, before_has(gaz::TITLE));
    set(3, capital_before && before_has(gaz::FIRST_NAME));
    set(4, before.is_some_and(|w| w.cue == Cue::In));
    set(5, before.is_some_and(|w| w.cue == Cue::The));
    if run.end != 0 {
        let last = &view.words[end - 1];
        set(
            6,
            1 < end - start && last.classes & (gaz::ORG_SUFFIX | gaz::ORG_WORD) != 0,
        );
        let first = &view.words[start];
        set(
            9,
            1 < end - start
                && end - start < 4
                && first.classes & gaz::FIRST_NAME != 0
                && idx == end - 1,
        );
        set(10, idx == start && 1 < end - start);
        set(11, idx + 1 == end && 1 < end - start);
        set(
            12,
            idx + 1 == end && view.words.get(end).is_some_and(|w| w.cue == Cue::Said),
        );
    }
    set(7, after.is_some_and(|w| w.cue == Cue::Genitive));
    set(8, before.is_some_and(|w| w.cue == Cue::Bracket));
    set(13, before_has(gaz::ROLE));
    bits
}

impl Memory {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.records.clear();
    }

    /// Takes in a sentence whose runs are known.
    pub fn note(&mut self, view: &SentenceView) {
        for (idx, word) in view.words.iter().enumerate() {
            let bits = shown(view, idx);
            if bits == 0 || word.len < 2 {
                continue;
            }
            let record = self.records.entry(word.info.lower).or_default();
            for (bit, count) in record.counts.iter_mut().enumerate() {
                *count = count.saturating_add((bits >> bit & 1) as u16);
            }
        }
    }

    /// Fills [`SentenceView::memory`] with what other occurrences show.
    pub fn recall(&self, view: &mut SentenceView) {
        for idx in 0..view.words.len() {
            let word = &view.words[idx];
            if !word.case.is_capital() {
                continue;
            }
            let Some(record) = self.records.get(&word.info.lower) else {
                continue;
            };
            let own = shown(view, idx);
            let mut bits = 0;
            for (bit, count) in record.counts.iter().enumerate() {
                bits |= u32::from((own >> bit & 1) < u32::from(*count)) << bit;
            }
            view.memory[idx] = bits;
        }
    }
}
