//! Relation types, word classes and rules, as text.

/// The table of relation types, `seeds/rules/relations.tsv`.
pub static RELATIONS: &str = include_str!("../../../seeds/rules/relations.tsv");

/// Rule files by name, in the order in which they are compiled; the word lists come first.
pub static RULES: &[(&str, &str)] = &[
    (
        "words.toml",
        include_str!("../../../seeds/rules/words.toml"),
    ),
    (
        "offices.toml",
        include_str!("../../../seeds/rules/offices.toml"),
    ),
    (
        "family.toml",
        include_str!("../../../seeds/rules/family.toml"),
    ),
    (
        "diplomacy.toml",
        include_str!("../../../seeds/rules/diplomacy.toml"),
    ),
    (
        "speech.toml",
        include_str!("../../../seeds/rules/speech.toml"),
    ),
    (
        "cooperation.toml",
        include_str!("../../../seeds/rules/cooperation.toml"),
    ),
    (
        "conflict.toml",
        include_str!("../../../seeds/rules/conflict.toml"),
    ),
    (
        "justice.toml",
        include_str!("../../../seeds/rules/justice.toml"),
    ),
    (
        "business.toml",
        include_str!("../../../seeds/rules/business.toml"),
    ),
    (
        "places.toml",
        include_str!("../../../seeds/rules/places.toml"),
    ),
];
