//! Who speaks: direct speech that runs over several sentences has its speaker in one of them.

use tieline_text::DepRel;

use super::status::is_quote;
use super::syntax::{NONE, Tree};
use super::words;

/// Who speaks, where the sentence itself does not say so.
#[derive(Debug, Default)]
pub struct Speakers {
    /// First token, token behind the last, head token of the speaker; in text order.
    runs: Vec<(u32, u32, u32)>,
}

impl Speakers {
    /// Finds the speakers of direct speech. Linear in the tokens.
    ///
    /// Speech is what stands between quotation marks of one paragraph. Its speaker is the subject
    /// of a reporting verb outside the marks in the same sentence; for a sentence of nothing but
    /// speech, the last speaker before it in the paragraph, or the next one behind it.
    pub fn new(tree: &Tree<'_>) -> Speakers {
        let mut speakers = Speakers::default();
        let mut inside = false;
        let mut paragraph = NONE;
        let mut last = NONE;
        // speech of this paragraph that still waits for a speaker
        let mut waiting = speakers.runs.len();
        for sentence in tree.parsed.sentences() {
            if sentence.paragraph != paragraph {
                (inside, last, waiting) = (false, NONE, speakers.runs.len());
                paragraph = sentence.paragraph;
            }
            let first_run = speakers.runs.len();
            let mut start = sentence.tokens.start;
            let mut own = NONE;
            for token in sentence.tokens.clone() {
                if is_quote(tree, token) {
                    if inside {
                        speakers.runs.push((start, token, NONE));
                    }
                    inside = !inside;
                    start = token + 1;
                } else if !inside && own == NONE && tree.is(token, words::REPORT) {
                    own = speaker(tree, token);
                }
            }
            if inside && start < sentence.tokens.end {
                speakers.runs.push((start, sentence.tokens.end, NONE));
            }
            if own != NONE {
                last = own;
                for run in speakers.runs.iter_mut().skip(waiting) {
                    if run.2 == NONE {
                        run.2 = own;
                    }
                }
            } else if last != NONE {
                for run in speakers.runs.iter_mut().skip(first_run) {
                    run.2 = last;
                }
            }
            if last != NONE {
                waiting = speakers.runs.len();
            }
        }
        speakers
            .runs
            .retain(|run| run.2 != NONE && run.0 + 2 < run.1);
        speakers
    }

    /// Head token of who says the words around `token`.
    pub fn of(&self, token: u32) -> Option<u32> {
        let at = self.runs.partition_point(|run| run.0 <= token);
        let run = self.runs.get(at.checked_sub(1)?)?;
        (token < run.1).then_some(run.2)
    }
}

/// The subject of a reporting verb, or [`NONE`].
fn speaker(tree: &Tree<'_>, verb: u32) -> u32 {
    if tree.rel(verb) == DepRel::Amod || tree.is_passive(verb) {
        return NONE;
    }
    tree.child(verb, &[DepRel::Nsubj]).unwrap_or(NONE)
}
