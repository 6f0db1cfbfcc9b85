//! Forces and offices without an owner: "the military", "local police".

use tieline_facts::EntityType;
use tieline_text::{DepRel, Xpos};

use super::syntax::{Arg, Tree};
use super::words;

impl Tree<'_> {
    /// "the military", "local police": the country that the document is about.
    pub(super) fn bare_state(&self, token: u32) -> Option<Arg> {
        let country = self.main_country?;
        if !self.is(token, words::BARE)
            || matches!(
                self.rel(token),
                DepRel::Compound | DepRel::Amod | DepRel::Flat | DepRel::NmodDesc
            )
        {
            return None;
        }
        let mut open = matches!(self.xpos(token), Xpos::Nns) || !self.is_countable(token);
        for &child in self.children(token) {
            match self.rel(child) {
                DepRel::Det if self.says(child, "the") => open = true,
                DepRel::Det => return None,
                DepRel::Amod | DepRel::Compound if !self.is(child, words::INLAND) => return None,
                // "accused the military of killings"
                DepRel::Nmod if self.is_charge(self.head(token)) && self.has_case(child, "of") => {}
                DepRel::NmodPoss | DepRel::Nmod | DepRel::Nummod | DepRel::Appos => return None,
                _ => {}
            }
        }
        let elsewhere = self.names_other_country(token, country);
        (open && !elsewhere).then_some(Arg {
            token,
            entity: country,
            certainty: 0.7,
        })
    }

    /// Whether the sentence speaks of other countries before the token, and not of this one.
    fn names_other_country(&self, token: u32, country: u32) -> bool {
        let Some(sentence) = self.parsed.sentence_of(token) else {
            return false;
        };
        let Some(sentence) = self.parsed.sentences().get(sentence) else {
            return false;
        };
        let mut other = false;
        for at in sentence.tokens.start..token {
            for mention in [
                self.head_mention[at as usize],
                self.name_mention[at as usize],
            ] {
                if let Some(mention) = self.layer.mentions.get(mention as usize) {
                    if mention.entity == country {
                        return false;
                    }
                    other |= self.kind(mention.entity) == EntityType::Country;
                }
            }
        }
        other
    }

    /// Verbs whose "of" says what somebody did, not whose somebody is.
    fn is_charge(&self, verb: u32) -> bool {
        const CHARGES: [&str; 11] = [
            "accuse", "suspect", "convict", "warn", "inform", "remind", "acquit", "strip",
            "assure", "cure", "rid",
        ];
        CHARGES.contains(&self.lemma(verb))
    }

    /// A singular that needs an article: "soldier", not "police".
    fn is_countable(&self, token: u32) -> bool {
        !["police", "parliament", "troop", "troops"]
            .iter()
            .any(|word| self.is_word(token, word))
    }
}
