//! What lists know of words and phrases before any context.

use rustc_hash::FxHashMap;

use crate::model::{ModelError, Reader, Writer};
use crate::words::join;

/// A class of words or phrases, one bit each.
pub type Classes = u32;

macro_rules! classes {
    ($($(#[$meta:meta])* $name:ident = $bit:literal, $text:literal;)*) => {
        $($(#[$meta])* pub const $name: Classes = 1 << $bit;)*
        /// All classes with the names they have in the lists.
        pub const CLASSES: &[(&str, Classes)] = &[$(($text, $name)),*];
    };
}

classes! {
    /// Country.
    COUNTRY = 0, "country";
    /// First-level part of a country: state, province.
    REGION = 1, "region";
    /// City.
    CITY = 2, "city";
    /// Word of a place name of several words.
    PLACE_PART = 3, "place-part";
    /// First name of a person.
    FIRST_NAME = 4, "first-name";
    /// Surname of a person.
    SURNAME = 5, "surname";
    /// Title or office in front of a person.
    TITLE = 6, "title";
    /// Last word of an organisation: "Inc", "Corp".
    ORG_SUFFIX = 7, "org-suffix";
    /// People of a country, region or faith, as noun or adjective.
    DEMONYM = 8, "demonym";
    /// Company.
    COMPANY = 9, "company";
    /// Political party.
    PARTY = 10, "party";
    /// Organisation that is no company.
    ORGANISATION = 11, "organisation";
    /// Word of an organisation name of several words.
    ORG_PART = 12, "org-part";
    /// Month or day of the week.
    CALENDAR = 13, "calendar";
    /// Word that makes the name around it an organisation: "Ministry", "University".
    ORG_WORD = 14, "org-word";
    /// Word that makes the name around it a place: "River", "Airport".
    PLACE_WORD = 15, "place-word";
    /// Word that makes the name around it an event, law or work: "Summit", "Treaty".
    MISC_WORD = 16, "misc-word";
    /// Role of a person, as written in lower case: "spokesman", "striker".
    ROLE = 17, "role";
    /// Medium or news agency.
    MEDIUM = 18, "medium";
    /// Person known in full.
    PERSON = 19, "person";
    /// Capital of a country.
    CAPITAL = 20, "capital";
    /// Particle within names: "van", "bin".
    PARTICLE = 21, "particle";
    /// Team or club.
    TEAM = 22, "team";
    /// First word of a phrase in the lists; set by the compiler of the lists.
    STARTS_PHRASE = 30, "starts-phrase";
}

/// Longest phrase, in tokens.
pub const MAX_PHRASE: usize = 8;

/// Classes of words and phrases, by the hash of the lower-case form.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    words: FxHashMap<u32, Classes>,
    phrases: FxHashMap<u64, Classes>,
}

/// The hash of a phrase is made word by word from the hashes of the lower-case forms.
pub fn phrase_hash(words: impl IntoIterator<Item = u64>) -> u64 {
    words.into_iter().fold(0, join)
}

impl Gazetteer {
    /// Adds classes to a word, by the hash of its lower-case form.
    pub fn add_word(&mut self, lower: u64, classes: Classes) {
        *self.words.entry(lower as u32).or_insert(0) |= classes;
    }

    /// Adds classes to a phrase, by the hashes of its lower-case words. Longer ones than
    /// [`MAX_PHRASE`] are passed over.
    pub fn add_phrase(&mut self, lower: &[u64], classes: Classes) {
        let Some((first, rest)) = lower.split_first() else {
            return;
        };
        if rest.is_empty() || MAX_PHRASE < lower.len() {
            return;
        }
        self.add_word(*first, STARTS_PHRASE);
        *self
            .phrases
            .entry(phrase_hash(lower.iter().copied()))
            .or_insert(0) |= classes;
    }

    /// Classes of a word by the hash of its lower-case form.
    pub fn word(&self, lower: u64) -> Classes {
        self.words.get(&(lower as u32)).copied().unwrap_or(0)
    }

    /// Classes of a phrase by its [`phrase_hash`].
    pub fn phrase(&self, hash: u64) -> Classes {
        self.phrases.get(&hash).copied().unwrap_or(0)
    }

    /// Writes both tables, in order of the hashes.
    pub fn write(&self, writer: &mut Writer) {
        let mut words: Vec<_> = self.words.iter().collect();
        words.sort_unstable();
        let bytes: Vec<u8> = words
            .iter()
            .flat_map(|(k, v)| [k.to_le_bytes(), v.to_le_bytes()].concat())
            .collect();
        writer.blob(&bytes);
        let mut phrases: Vec<_> = self.phrases.iter().collect();
        phrases.sort_unstable();
        let bytes: Vec<u8> = phrases
            .iter()
            .flat_map(|(k, v)| [&k.to_le_bytes()[..], &v.to_le_bytes()[..]].concat())
            .collect();
        writer.blob(&bytes);
    }

    /// Reads what [`Gazetteer::write`] wrote.
    pub fn read(reader: &mut Reader<'_>) -> Result<Gazetteer, ModelError> {
        let (words, rest) = reader.blob()?.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(ModelError::Length);
        }
        let (phrases, rest) = reader.blob()?.as_chunks::<12>();
        if !rest.is_empty() {
            return Err(ModelError::Length);
        }
        let words = words.iter().map(|[a, b, c, d, e, f, g, h]| {
            (
                u32::from_le_bytes([*a, *b, *c, *d]),
                u32::from_le_bytes([*e, *f, *g, *h]),
            )
        });
        let phrases = phrases.iter().map(|[a, b, c, d, e, f, g, h, i, j, k, l]| {
            let hash = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
            (hash, u32::from_le_bytes([*i, *j, *k, *l]))
        });
        Ok(Gazetteer {
            words: words.collect(),
            phrases: phrases.collect(),
        })
    }
}
