//! Who speaks in each quotation.

use tieline_text::{DepRel, Upos};

use super::Walk;

impl Walk<'_, '_> {
    pub(super) fn speaker(&self, token: u32) -> Option<u32> {
        let quote = self.quotes.of(token).checked_sub(1)?;
        self.speakers.get(quote as usize).copied().flatten()
    }

    /// Who says each quotation: the subject of the verb of saying in the same sentence, outside
    /// the marks; a quotation without one continues that before it in the paragraph.
    pub(super) fn find_speakers(&mut self) {
        let view = self.view;
        self.speakers = vec![None; self.quotes.count as usize];
        let mut known: Vec<(u32, u32)> = self
            .build
            .mentions
            .iter()
            .chain(&self.found)
            .map(|m| (m.head, m.entity))
            .collect();
        known.sort_unstable();
        let mut last: Option<(u32, u32)> = None;
        for sentence in view.parsed.sentences() {
            let range = sentence.tokens.clone();
            let mut said = None;
            let outside = |token: &u32| self.quotes.of(*token) == 0;
            for token in range.clone().filter(outside) {
                if view.deprel(token) == DepRel::Nsubj
                    && let Some(verb) = view.governor(token)
                    && outside(&verb)
                    && is_saying(view.lemma(verb))
                    && let Ok(idx) = known.binary_search_by_key(&token, |&(head, _)| head)
                {
                    said = Some(known[idx].1);
                    break;
                }
            }
            let first = range
                .clone()
                .map(|token| self.quotes.of(token))
                .find(|&quote| quote != 0);
            let Some(first) = first else { continue };
            let frame = range
                .clone()
                .any(|token| outside(&token) && view.upos(token) == Upos::Verb);
            let continued = last
                .filter(|&(paragraph, _)| paragraph == sentence.paragraph && !frame)
                .map(|(_, entity)| entity);
            let speaker = said.or(continued);
            for quote in range
                .map(|token| self.quotes.of(token))
                .filter(|&quote| quote >= first)
            {
                if let Some(slot) = self.speakers.get_mut(quote as usize - 1) {
                    *slot = slot.or(speaker);
                }
            }
            last = speaker.map(|entity| (sentence.paragraph, entity));
        }
    }
}

/// Verbs that introduce quotations.
fn is_saying(lemma: &str) -> bool {
    matches!(
        lemma,
        "say"
            | "tell"
            | "add"
            | "note"
            | "explain"
            | "argue"
            | "warn"
            | "insist"
            | "claim"
            | "write"
            | "state"
            | "declare"
            | "announce"
            | "reply"
            | "respond"
            | "continue"
            | "ask"
            | "conclude"
            | "admit"
            | "stress"
            | "believe"
            | "think"
            | "remark"
            | "comment"
            | "point"
            | "recall"
            | "complain"
            | "tweet"
            | "suggest"
            | "go"
            | "describe"
            | "call"
            | "quip"
            | "emphasise"
            | "emphasize"
            | "deny"
            | "acknowledge"
            | "predict"
            | "joke"
            | "observe"
    )
}
