//! Whose a thing or an act is: possessors, "of", "by", names in front.

use tieline_text::{DepRel, Upos, Xpos};

use super::syntax::{Arg, Tree};
use super::words;

impl Tree<'_> {
    /// Who does or owns what a noun names: possessor, "by", "from", a name in front; "of" only
    /// where it is not the undergoer of an act.
    pub fn doer(&self, noun: u32) -> Option<u32> {
        let child = |prep: &str| {
            let mut children = self.children(noun).iter().copied();
            children.find(|&child| {
                self.rel(child) == DepRel::Nmod
                    && self.has_case(child, prep)
                    && self.refer_one(child).is_some()
            })
        };
        self.child(noun, &[DepRel::NmodPoss])
            .filter(|&token| self.refer_one(token).is_some())
            .or_else(|| child("by"))
            .or_else(|| child("from"))
            .or_else(|| {
                // "offers of talks **by Mali**", hung on the talks
                let mut inner = self.children(noun).iter().copied();
                inner
                    .find(|&inner| {
                        self.rel(inner) == DepRel::Nmod && self.refer_one(inner).is_none()
                    })
                    .and_then(|inner| self.by(inner).find(|&at| self.refer_one(at).is_some()))
            })
            .or_else(|| {
                // "every offer made by X"
                let mut doers = Vec::new();
                let clause = self.child(noun, &[DepRel::Acl]);
                self.agents(clause.filter(|&at| self.is_passive(at))?, &mut doers);
                doers.first().copied()
            })
            .or_else(|| child("of").filter(|_| !self.is(noun, words::ACT)))
            .or_else(|| {
                // "the **U.S.** assets of four groups": where they are, not whose
                let whose = matches!(self.lemma(noun), "asset" | "account" | "holding")
                    && self
                        .children(noun)
                        .iter()
                        .any(|&child| self.has_case(child, "of"));
                self.named_modifier(noun).filter(|_| !whose)
            })
            .or_else(|| {
                // "imports of British beef"
                let goods =
                    self.children(noun).iter().copied().find(|&child| {
                        self.rel(child) == DepRel::Nmod && self.has_case(child, "of")
                    })?;
                self.named_modifier(goods)
                    .filter(|_| !self.is(noun, words::ACT) && self.upos(goods) == Upos::Noun)
            })
    }

    /// Whose a noun is: possessor, "of", or a name in front of it.
    pub fn owner(&self, noun: u32) -> Option<Arg> {
        let mut best = None;
        // "her counterparts from **Mali** and Chad" are not hers; one alone is named elsewhere
        let counterpart = self.lemma(noun) == "counterpart"
            && self.xpos(noun) == Xpos::Nns
            && !self.says(noun + 1, ",");
        for &child in self.children(noun) {
            let rel = self.rel(child);
            let from = self.has_case(child, "from") && !self.is_taken_away(noun);
            let owns = (rel == DepRel::NmodPoss && !counterpart)
                || (rel == DepRel::Nmod && (self.has_case(child, "of") || from));
            // "the government of the Indian state **of Assam**"
            let inner = self
                .child(child, &[DepRel::Nmod])
                .filter(|&inner| {
                    owns && self.is(child, words::PLACE)
                        && self.name_mention[child as usize] == super::syntax::NONE
                        && self.has_case(inner, "of")
                })
                .and_then(|inner| self.mention_of(inner));
            if inner.is_some() {
                best = inner;
                continue;
            }
            if owns
                && let Some(arg) = self
                    .mention_of(child)
                    .or_else(|| self.state_in_front(child))
            {
                best = Some(arg);
                if rel == DepRel::NmodPoss {
                    break;
                }
            }
        }
        best.or_else(|| self.named_modifier(noun).and_then(|at| self.mention_of(at)))
    }

    /// "The prime minister said **his country** would": the one that he holds an office of state in.
    pub(super) fn own_country(&self, noun: u32) -> Option<Arg> {
        if !matches!(self.lemma(noun), "country" | "nation") || self.xpos(noun) != Xpos::Nn {
            return None;
        }
        let whose = self.child(noun, &[DepRel::NmodPoss])?;
        if self.xpos(whose) != Xpos::PrpPoss {
            return None;
        }
        let person = self.mention_of(whose)?;
        let entity = *self.offices.get()?.get(&person.entity)?;
        Some(Arg {
            token: noun,
            entity,
            certainty: 0.85,
        })
    }

    /// "the withdrawal of **troops** from Mali": where they leave, not whose they are.
    fn is_taken_away(&self, noun: u32) -> bool {
        let head = self.head(noun);
        let taken = matches!(
            self.lemma(head),
            "withdrawal" | "withdraw" | "pullout" | "removal" | "remove" | "evacuation" | "pull"
        );
        taken && matches!(self.rel(noun), DepRel::Nmod | DepRel::Obj)
    }

    /// The state of "the **Nigerian** army chief" as the owner of his convoy.
    fn state_in_front(&self, noun: u32) -> Option<Arg> {
        if !self.is(noun, words::STATE) {
            return None;
        }
        self.named_modifier(noun).and_then(|at| self.mention_of(at))
    }
}
