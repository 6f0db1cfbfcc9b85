//! The arguments of prepositions: where they hang, and where a parse may have hung them instead.

use tieline_text::{DepRel, Upos, Xpos};

use super::syntax::{NONE, Tree};
use super::words;

impl Tree<'_> {
    /// The arguments of a preposition at a verb or noun, also where the parse hung them on the
    /// object of the verb or on the verb that governs the noun.
    pub fn prepositional(&self, trigger: u32, prep: &str, out: &mut Vec<u32>) {
        let before = out.len();
        self.own_prepositional(trigger, prep, out);
        if out.len() > before {
            return;
        }
        if matches!(self.upos(trigger), Upos::Verb | Upos::Aux) {
            for &child in self.children(trigger) {
                let nominal = matches!(
                    self.rel(child),
                    DepRel::Obj | DepRel::NsubjPass | DepRel::Obl | DepRel::Xcomp
                );
                let beside = self
                    .child(child, &[DepRel::Case])
                    .is_some_and(|case| self.sets_beside(case));
                if nominal && !beside && self.head_mention[child as usize] == NONE {
                    self.own_prepositional(child, prep, out);
                    if out.len() == before {
                        for &inner in self.children(child) {
                            if self.rel(inner) == DepRel::Nmod
                                && self.head_mention[inner as usize] == NONE
                            {
                                self.own_prepositional(inner, prep, out);
                            }
                        }
                    }
                }
            }
        }
        // "the withdrawal of troops **from X**"
        let stops = matches!(
            self.lemma(trigger),
            "suspension" | "halt" | "freeze" | "delivery"
        );
        if out.len() == before
            && (matches!(prep, "from" | "to" | "into") || (prep == "in" && stops))
        {
            for &child in self.children(trigger) {
                if self.rel(child) == DepRel::Nmod
                    && self.has_case(child, "of")
                    && self.head_mention[child as usize] == NONE
                    && self.upos(trigger) == Upos::Noun
                {
                    self.own_prepositional(child, prep, out);
                }
            }
        }
        if out.len() == before
            && !matches!(self.upos(trigger), Upos::Verb | Upos::Aux)
            && matches!(
                self.rel(trigger),
                DepRel::Obj | DepRel::NsubjPass | DepRel::Nsubj | DepRel::Obl
            )
        {
            self.own_prepositional(self.head(trigger), prep, out);
            // "met **with X** ahead of the summit": not at the summit
            let mut at = 0;
            out.retain(|&token| {
                at += 1;
                at <= before || token > trigger
            });
        }
        if out.len() == before && self.upos(trigger) == Upos::Verb {
            // "was born and raised in X"
            for &child in self.children(trigger) {
                if self.rel(child) == DepRel::Conj && child == trigger + 2 {
                    self.own_prepositional(child, prep, out);
                }
            }
        }
        if out.len() == before {
            out.extend(self.phrase_behind(trigger, prep));
        }
    }

    /// Whether a preposition sets an event of its own beside the clause: "arrived in Oslo **after**
    /// a visit to Mali".
    fn sets_beside(&self, preposition: u32) -> bool {
        const BESIDE: [&str; 8] = [
            "after",
            "before",
            "following",
            "since",
            "until",
            "despite",
            "amid",
            "ahead",
        ];
        BESIDE.iter().any(|word| self.says(preposition, word))
    }

    /// The noun phrase behind a preposition further on in the clause, by the words alone, where
    /// the tree hung it on something between: "held talks in Jerusalem **with** the minister".
    fn phrase_behind(&self, trigger: u32, prep: &str) -> Option<u32> {
        if !matches!(
            prep,
            "with" | "to" | "against" | "on" | "into" | "from" | "between"
        ) {
            return None;
        }
        let end = (trigger + 11).min(self.len());
        let mut at = trigger + 1;
        while at < end && !self.says(at, prep) {
            let stops = matches!(
                self.upos(at),
                Upos::Verb | Upos::Aux | Upos::Sconj | Upos::Cconj
            ) || matches!(
                self.xpos(at),
                Xpos::Wdt | Xpos::Wp | Xpos::Comma | Xpos::Period | Xpos::Colon
            );
            if stops || self.sets_beside(at) {
                return None;
            }
            at += 1;
        }
        // "sanctions over its attack **on X**": the nearer event's
        let nearer = at.checked_sub(1).filter(|&noun| noun > trigger);
        if at >= end || nearer.is_some_and(|noun| self.is(noun, words::ACT | words::WAR)) {
            return None;
        }
        at += 1;
        let start = at;
        let inside = |at: u32| {
            matches!(
                self.upos(at),
                Upos::Noun | Upos::Propn | Upos::Adj | Upos::Det | Upos::Num
            ) || matches!(self.xpos(at), Xpos::Pos | Xpos::Hyph | Xpos::PrpPoss)
        };
        while at < self.len() && at < start + 9 && inside(at) {
            at += 1;
        }
        // the last word of the phrase that refers to something; what a possessor owns hides it
        for token in (start..at).rev() {
            if self.xpos(token) == Xpos::Pos {
                return None;
            }
            if self.refer_one(token).is_some() && (self.upos(token) != Upos::Adj) {
                return Some(token);
            }
        }
        None
    }

    /// The arguments of a preposition that hang on the word itself.
    pub fn attached(&self, word: u32, prep: &str, out: &mut Vec<u32>) {
        self.own_prepositional(word, prep, out);
    }

    fn own_prepositional(&self, trigger: u32, prep: &str, out: &mut Vec<u32>) {
        for &child in self.children(trigger) {
            let rel = self.rel(child);
            // "donated money to X **to help**": an infinitive is no argument of "to"
            let oblique = matches!(rel, DepRel::Obl | DepRel::Nmod | DepRel::OblAgent)
                || (rel == DepRel::Advcl && !(prep == "to" && self.has_mark_to(child)));
            // "in support of X", "on behalf of X": what the tree may take for a phrase of its own
            let inside = three(prep)
                .filter(|&(first, noun, _)| self.says(child, noun) && self.has_case(child, first));
            if oblique && let Some((_, _, last)) = inside {
                for &inner in self.children(child) {
                    if self.rel(inner) == DepRel::Nmod && self.has_case(inner, last) {
                        out.push(inner);
                    }
                }
            } else if oblique && self.has_case(child, prep) {
                out.push(child);
            }
            if matches!(rel, DepRel::Acl | DepRel::Amod) && self.upos(child) == Upos::Verb {
                // "a deal signed with X", "an attack carried out on X"
                for &inner in self.children(child) {
                    if self.rel(inner) == DepRel::Obl && self.has_case(inner, prep) {
                        out.push(inner);
                    }
                }
            } else if matches!(rel, DepRel::CompoundPrt | DepRel::Advmod)
                && prep
                    .split_once(' ')
                    .is_some_and(|(first, _)| self.says(child, first))
            {
                // "pull out of", with "out" as a particle
                let rest = prep.split_once(' ').map_or("", |(_, rest)| rest);
                for &inner in self.children(trigger) {
                    if inner > child && self.rel(inner) == DepRel::Obl && self.has_case(inner, rest)
                    {
                        out.push(inner);
                    }
                }
            }
        }
    }
}

/// The parts of a preposition around a noun: "in support of".
fn three(prep: &str) -> Option<(&str, &str, &str)> {
    let mut words = prep.split(' ');
    let parts = (words.next()?, words.next()?, words.next()?);
    words.next().is_none().then_some(parts)
}
