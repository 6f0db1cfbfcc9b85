//! Parties that a number counts: "both countries", "the two leaders".

use tieline_facts::EntityType;
use tieline_text::{DepRel, Upos, Xpos};

use super::syntax::{Arg, Tree};
use super::words;

/// Sentences before its own that a counted noun looks back.
const REACH: usize = 3;

/// Nouns of states.
const STATES: [&str; 11] = [
    "country",
    "nation",
    "state",
    "government",
    "neighbour",
    "neighbor",
    "capital",
    "power",
    "superpower",
    "military",
    "army",
];
/// Nouns of states or of persons.
const SIDES: [&str; 6] = ["side", "ally", "rival", "enemy", "foe", "partner"];
/// Nouns of organisations.
const BODIES: [&str; 7] = [
    "company", "firm", "carmaker", "bank", "airline", "group", "party",
];

impl Tree<'_> {
    /// Both parties of "the two leaders", "both countries": the only two of that sort in the
    /// sentence before the word, or else in the sentences before that, or else the two that the
    /// document is about.
    pub fn counted(&self, token: u32, out: &mut Vec<Arg>) {
        let plural = matches!(self.xpos(token), Xpos::Nns | Xpos::Nnps);
        let says = |word: &str| {
            self.children(token)
                .iter()
                .any(|&child| self.says(child, word))
        };
        let both = says("both");
        let counted = plural
            && self.is(token, words::PARTY)
            && (both || says("two") || says("2"))
            && self.named_modifier(token).is_none();
        if !counted {
            return;
        }
        let definite = both || says("the");
        let lemma = self.lemma(token);
        let fits = |kind: EntityType| match kind {
            EntityType::Country => STATES.contains(&lemma) || SIDES.contains(&lemma),
            EntityType::Organisation => BODIES.contains(&lemma),
            EntityType::Person => {
                !STATES.contains(&lemma) && !BODIES.contains(&lemma) && lemma != "side"
            }
            _ => false,
        };
        // "both sides" of a state and a movement
        let mixed =
            |kind: EntityType| matches!(kind, EntityType::Country | EntityType::Organisation);
        let pair = self
            .two_before(token, &fits, if definite { REACH } else { 1 })
            .or_else(|| {
                let sides = definite && (lemma == "side" || lemma == "party");
                sides.then(|| self.two_before(token, &mixed, 1)).flatten()
            })
            .or_else(|| {
                let states = definite && STATES.contains(&lemma);
                states.then(|| self.main_pair(&fits)).flatten()
            });
        for entity in pair.into_iter().flatten() {
            out.push(Arg {
                token,
                entity,
                certainty: 0.8,
            });
        }
    }

    /// "Chad and Mali met. **They** agreed": those that the sentence before names together as its
    /// subject; "they said **they** would" again.
    pub(super) fn they(&self, token: u32, depth: u32, out: &mut Vec<Arg>) {
        let they = |at: u32| self.upos(at) == Upos::Pron && self.says(at, "they");
        if !they(token) || self.rel(token) != DepRel::Nsubj {
            return;
        }
        let verb = self.head(token);
        let said = self.head(verb);
        let own = [DepRel::Nsubj, DepRel::NsubjPass];
        if self.rel(verb) == DepRel::Ccomp && self.is(said, words::REPORT) {
            let speaker = self.child(said, &own).filter(|&at| at < token && they(at));
            if let Some(speaker) = speaker {
                self.they(speaker, depth, out);
            }
            return;
        }
        let before = self
            .parsed
            .sentence_of(token)
            .and_then(|at| self.parsed.sentences().get(at.checked_sub(1)?));
        let root = before.and_then(|one| one.tokens.clone().find(|&at| self.head(at) == at));
        let Some(subject) = root.and_then(|root| self.child(root, &own)) else {
            return;
        };
        let listed = |&child: &u32| self.rel(child) == DepRel::Conj;
        if !self.children(subject).iter().any(listed) {
            return;
        }
        let mut all = Vec::new();
        self.refer_at(subject, depth + 1, &mut all);
        let first = all.first().map(|arg| self.kind(arg.entity));
        let alike = all.iter().all(|arg| Some(self.kind(arg.entity)) == first);
        if alike && all.len() > 1 && first != Some(EntityType::Place) {
            out.extend(all.into_iter().map(|arg| Arg {
                token,
                certainty: arg.certainty * 0.78,
                ..arg
            }));
        }
    }

    /// The only two entities that fit in the sentence before a token, or else in the one before
    /// that, or in these and those before, up to `reach` sentences back.
    fn two_before(
        &self,
        token: u32,
        fits: &dyn Fn(EntityType) -> bool,
        reach: usize,
    ) -> Option<[u32; 2]> {
        let own = self.parsed.sentence_of(token)?;
        let sentences = self.parsed.sentences();
        let start = sentences.get(own)?.tokens.start;
        match self.two_within(start, token, fits) {
            Found::Two(pair) => return Some(pair),
            Found::More => return None,
            Found::Fewer => {}
        }
        let mut end = start;
        for back in 1..=reach {
            let from = sentences.get(own.checked_sub(back)?)?.tokens.start;
            match self.two_within(from, end, fits) {
                Found::Two(pair) => return Some(pair),
                Found::More => return None,
                Found::Fewer => {}
            }
            if 1 < back {
                end = token;
            }
        }
        None
    }

    fn two_within(&self, from: u32, to: u32, fits: &dyn Fn(EntityType) -> bool) -> Found {
        let mentions = &self.layer.mentions;
        let first = mentions.partition_point(|mention| mention.tokens.start < from);
        let mut pair: [Option<u32>; 2] = [None, None];
        for mention in mentions[first..].iter().take_while(|m| m.tokens.start < to) {
            if mention.head >= to || !fits(self.kind(mention.entity)) {
                continue;
            }
            match pair {
                [None, _] => pair[0] = Some(mention.entity),
                [Some(one), None] if one != mention.entity => pair[1] = Some(mention.entity),
                [Some(one), Some(two)] if one != mention.entity && two != mention.entity => {
                    return Found::More;
                }
                _ => {}
            }
        }
        match pair {
            [Some(one), Some(two)] => Found::Two([one, two]),
            _ => Found::Fewer,
        }
    }

    /// The two that the document names far more often than any other of their sort.
    fn main_pair(&self, fits: &dyn Fn(EntityType) -> bool) -> Option<[u32; 2]> {
        let mut counts = vec![0u32; self.layer.entities.len()];
        for mention in &self.layer.mentions {
            if fits(self.kind(mention.entity)) {
                counts[mention.entity as usize] += 1;
            }
        }
        let mut order: Vec<(u32, u32)> = (0..).zip(counts).map(|(at, n)| (n, at)).collect();
        order.sort_by_key(|&(count, entity)| (std::cmp::Reverse(count), entity));
        let third = order.get(2).map_or(0, |&(count, _)| count);
        match order[..] {
            [(_, one), (second, two), ..] if second > 2 && second >= 2 * third => Some([one, two]),
            _ => None,
        }
    }
}

/// How many entities of a sort stand somewhere.
enum Found {
    Fewer,
    Two([u32; 2]),
    More,
}
