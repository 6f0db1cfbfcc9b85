//! What speaks for an antecedent, and how much.
//!
//! Each candidate of a pronoun has a handful of facts, one of each [`Fact`] group at most, and
//! each fact a weight (`seeds/lexicons/salience.tsv`, in hundredths of a natural logarithm). The
//! candidate with the greatest sum is taken, when no other comes near. The facts are those of
//! Lappin and Leass (1994) and of centering: place in the sentence, distance, parallel places,
//! how often somebody is spoken of; the weights are learned.

/// The place of a pronoun in its clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// "she"
    Subject,
    /// "her house"
    Possessive,
    /// "saw her", "with him"
    Object,
}

/// A group of facts; names of its values.
struct Group {
    name: &'static str,
    /// Whether each value is counted apart for each [`Slot`].
    by_slot: bool,
    values: &'static [&'static str],
}

const SLOTS: [&str; 3] = ["subject", "possessive", "object"];

const ROLES: &[&str] = &[
    "subject", "passive", "object", "owner", "oblique", "apposed", "listed", "modifier", "root",
];

const GROUPS: [Group; 12] = [
    Group {
        name: "distance",
        by_slot: true,
        values: &["0", "1", "2", "3", "4"],
    },
    Group {
        name: "here",
        by_slot: true,
        values: ROLES,
    },
    Group {
        name: "before",
        by_slot: true,
        values: ROLES,
    },
    Group {
        name: "bound",
        by_slot: true,
        values: &["no", "own", "above", "far", "fronted", "cataphor", "beside"],
    },
    Group {
        name: "mentions",
        by_slot: false,
        values: &["1", "2", "3", "5"],
    },
    Group {
        name: "names",
        by_slot: false,
        values: &["0", "1", "2", "4"],
    },
    Group {
        name: "recency",
        by_slot: true,
        values: &["0", "1", "2", "3"],
    },
    Group {
        name: "gender",
        by_slot: false,
        values: &[
            "known",
            "unknown",
            "rival known",
            "guessed",
            "other guessed",
        ],
    },
    Group {
        name: "pronoun before",
        by_slot: true,
        values: &[
            "none",
            "same here",
            "same before",
            "other here",
            "other before",
        ],
    },
    Group {
        name: "last form",
        by_slot: false,
        values: &["full name", "bare name", "pronoun", "noun", "stranger"],
    },
    Group {
        name: "trait",
        by_slot: false,
        values: &[
            "topic",
            "most mentioned",
            "opens sentence",
            "with another",
            "over a quote",
            "owner in subject",
            "subject before",
        ],
    },
    Group {
        name: "nobody",
        by_slot: true,
        values: &["always", "first sentence"],
    },
];

/// Group of a fact; the numbers index [`GROUPS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Fact {
    /// Sentences between the last mention and the pronoun.
    Distance,
    /// Role of the last mention in the pronoun's sentence.
    Here,
    /// Role of the last mention in an earlier sentence.
    Before,
    /// Whether a mention is the subject of a clause above the pronoun.
    Bound,
    /// Mentions so far.
    Mentions,
    /// Names in the whole text.
    Names,
    /// Candidates nearer.
    Recency,
    /// What is known of the gender.
    Gender,
    /// To whom the last pronoun of the gender referred.
    Echo,
    /// How the last mention referred.
    Form,
    /// Anything else.
    Trait,
    /// Reasons to leave the pronoun open.
    Nobody,
}

/// Index of a fact among [`fact_names`]. Values past the end count as the last.
pub fn fact(kind: Fact, slot: Slot, value: usize) -> u16 {
    let mut start = 0;
    for group in &GROUPS[..kind as usize] {
        start += group.values.len() * if group.by_slot { SLOTS.len() } else { 1 };
    }
    let group = &GROUPS[kind as usize];
    let value = value.min(group.values.len() - 1);
    let slot = if group.by_slot { slot as usize } else { 0 };
    (start + slot * group.values.len() + value) as u16
}

/// Names of all facts, in the order of their indices.
pub fn fact_names() -> Vec<String> {
    let mut names = Vec::new();
    for group in &GROUPS {
        let slots: &[&str] = if group.by_slot { &SLOTS } else { &[""] };
        for slot in slots {
            for value in group.values {
                let of = if slot.is_empty() { "" } else { " of " };
                names.push(format!("{}{of}{slot}: {value}", group.name));
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_have_names_of_their_own() {
        let names = fact_names();
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), names.len());
        // kind, slot, value, expected name
        let cases = [
            (Fact::Distance, Slot::Subject, 0, "distance of subject: 0"),
            (Fact::Distance, Slot::Object, 9, "distance of object: 4"),
            (Fact::Gender, Slot::Object, 1, "gender: unknown"),
            (
                Fact::Nobody,
                Slot::Object,
                1,
                "nobody of object: first sentence",
            ),
        ];
        for (kind, slot, value, want) in cases {
            assert_eq!(names[usize::from(fact(kind, slot, value))], want);
        }
    }
}
