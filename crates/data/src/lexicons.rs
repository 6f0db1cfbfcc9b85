//! The lexicons of `seeds/lexicons`, as they stand there.

macro_rules! tables {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../seeds/lexicons/", $name, ".tsv")))),*]
    };
}

/// Every lexicon as its name and text, in order of names.
pub static LEXICONS: &[(&str, &str)] = tables![
    "cities",
    "contexts",
    "countries",
    "countries_past",
    "country_forms",
    "first_names",
    "legal_forms",
    "nicknames",
    "no_names",
    "officials",
    "organisations",
    "places",
    "roles",
    "salience",
    "titles",
];
