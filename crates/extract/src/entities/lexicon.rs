//! The tables of `seeds/lexicons`, parsed and indexed.

use std::error::Error;
use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};
use tieline_facts::EntityType;

use super::fold::first_piece;
use super::refer::weights::fact_names;

/// Newest version of the lexicon format that is read.
///
/// History: 1 - first layout: a `#! lexicon 1` line, comment lines that start with `#`, then rows
/// of tab-separated columns.
pub const LEXICON_FORMAT: u32 = 1;

/// Names of the tables that [`Lexicons::parse`] knows, with their number of columns.
pub const TABLES: [(&str, usize); 15] = [
    ("cities", 2),
    ("contexts", 3),
    ("countries", 7),
    ("countries_past", 7),
    ("country_forms", 3),
    ("first_names", 2),
    ("legal_forms", 1),
    ("nicknames", 2),
    ("no_names", 1),
    ("officials", 2),
    ("organisations", 5),
    ("places", 4),
    ("roles", 3),
    ("salience", 2),
    ("titles", 3),
];

/// Why a lexicon was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexiconError {
    /// Name of the table.
    pub table: String,
    /// Line, counted from 1.
    pub line: u32,
    /// What is wrong there.
    pub kind: LexiconErrorKind,
}

/// The kind of a [`LexiconError`]. New kinds may be added.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LexiconErrorKind {
    /// No table of this name is known.
    Table,
    /// The first line is not `#! lexicon` with a version that can be read.
    Version,
    /// A row has the wrong number of columns.
    Columns {
        /// Columns in the row.
        found: usize,
        /// Columns of the table.
        expected: usize,
    },
    /// A column holds none of its words.
    Word(String),
    /// A key that no row of `countries` has.
    Key(String),
}

impl fmt::Display for LexiconError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.tsv:{}: ", self.table, self.line)?;
        match &self.kind {
            LexiconErrorKind::Table => write!(f, "no such table"),
            LexiconErrorKind::Version => write!(f, "not a lexicon of version {LEXICON_FORMAT}"),
            LexiconErrorKind::Columns { found, expected } => {
                write!(f, "{found} columns, expected {expected}")
            }
            LexiconErrorKind::Word(word) => write!(f, "unknown word {word:?}"),
            LexiconErrorKind::Key(key) => write!(f, "no country {key:?}"),
        }
    }
}

impl Error for LexiconError {}

/// Grammatical gender of a person, as titles and first names show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gender {
    /// "he"
    Masculine,
    /// "she"
    Feminine,
}

impl From<Gender> for tieline_facts::Gender {
    fn from(gender: Gender) -> tieline_facts::Gender {
        match gender {
            Gender::Masculine => tieline_facts::Gender::Masculine,
            Gender::Feminine => tieline_facts::Gender::Feminine,
        }
    }
}

/// How a form of a lexicon refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A name: "Ukraine".
    Name,
    /// An adjective, or a noun for members: "Ukrainian", "Tories".
    Adjective,
    /// A city that news uses for the government: "Kyiv".
    Capital,
    /// A building or street that does the same: "Kremlin".
    Seat,
    /// Letters: "NATO".
    Acronym,
    /// Refers only after the full name stood in the text: "the Fed".
    Short,
}

/// What a form may refer to; the numbers index [`Lexicons`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Referent {
    /// Index in [`Lexicons::countries`].
    Country(u32),
    /// Index in [`Lexicons::organisations`].
    Organisation(u32),
    /// Index in [`Lexicons::places`].
    Place(u32),
}

/// One reading of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sense {
    /// To what it refers.
    pub referent: Referent,
    /// How.
    pub form: Form,
}

impl Sense {
    /// Index of the country, if it refers to one.
    pub fn country(&self) -> Option<u32> {
        match self.referent {
            Referent::Country(idx) => Some(idx),
            _ => None,
        }
    }
}

/// One country.
#[derive(Clone, Debug)]
pub struct CountryRow {
    /// Key: ISO 3166-1 alpha-2, or a private key for states that are no more.
    pub key: Box<str>,
    /// Wikidata item, or empty.
    pub wikidata: Box<str>,
    /// Common English name.
    pub name: Box<str>,
    /// Whether it counts as a country; a territory is a place.
    pub state: bool,
}

/// One organisation.
#[derive(Clone, Debug)]
pub struct OrganisationRow {
    /// Full name.
    pub name: Box<str>,
    /// Sort of organisation: "party", "media".
    pub sort: Box<str>,
    /// Wikidata item, or empty.
    pub wikidata: Box<str>,
}

/// One region.
#[derive(Clone, Debug)]
pub struct PlaceRow {
    /// Usual name.
    pub name: Box<str>,
}

/// A form of several words, found by its first.
#[derive(Clone, Debug)]
struct Phrase {
    /// The whole form.
    text: Box<str>,
    /// Range in `senses`.
    senses: (u32, u32),
}

/// The parsed tables. An empty value knows nothing, and works.
#[derive(Clone, Debug, Default)]
pub struct Lexicons {
    /// Countries and territories.
    pub countries: Vec<CountryRow>,
    /// Organisations.
    pub organisations: Vec<OrganisationRow>,
    /// Regions.
    pub places: Vec<PlaceRow>,
    senses: Vec<Sense>,
    /// First piece of a form to all forms that start with it, the longer first.
    phrases: FxHashMap<Box<str>, Vec<Phrase>>,
    cities: FxHashMap<Box<str>, u32>,
    /// Words to the places beside a name at which they tell its type.
    contexts: FxHashMap<Box<str>, Vec<(Frame, EntityType)>>,
    first_names: FxHashMap<Box<str>, Gender>,
    /// Holders of offices of state, lower case, and their country.
    officials: FxHashMap<Box<str>, u32>,
    /// Lower-cased title to class and gender.
    titles: FxHashMap<Box<str>, (TitleClass, Option<Gender>)>,
    roles: FxHashMap<Box<str>, (EntityType, Option<Gender>)>,
    legal_forms: FxHashMap<Box<str>, ()>,
    no_names: FxHashMap<Box<str>, ()>,
    nicknames: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// Weights of the facts of pronouns, by index; empty where there is no such table.
    pub(super) salience: Vec<i32>,
}

/// Where a word stands that tells the type of a name; see `seeds/lexicons/contexts.tsv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    Has,
    Of,
    In,
    To,
    With,
    Does,
    Undergoes,
    Gives,
    Given,
    Is,
    Among,
}

impl Frame {
    /// A frame by its name in the table or a preposition of the text.
    pub(super) fn by_name(name: &str) -> Option<Frame> {
        Some(match name {
            "has" => Frame::Has,
            "of" => Frame::Of,
            "in" => Frame::In,
            "to" => Frame::To,
            "with" => Frame::With,
            "does" => Frame::Does,
            "undergoes" => Frame::Undergoes,
            "gives" => Frame::Gives,
            "given" => Frame::Given,
            "is" => Frame::Is,
            "among" => Frame::Among,
            _ => return None,
        })
    }
}

/// Sort of a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TitleClass {
    /// "Mr", "Sir", "Queen".
    Honorific,
    /// "General".
    Military,
    /// "Inspector".
    Police,
    /// "Prime Minister", "Chairman".
    Office,
}

/// Rows of one table with their line numbers.
fn rows<'a>(table: &'a str, text: &'a str) -> Result<Vec<(u32, Vec<&'a str>)>, LexiconError> {
    let error = |line, kind| LexiconError {
        table: table.to_owned(),
        line,
        kind,
    };
    let known = TABLES.iter().find(|(name, _)| *name == table);
    let Some(&(_, expected)) = known else {
        return Err(error(0, LexiconErrorKind::Table));
    };
    let mut lines = text.lines().zip(1u32..);
    let version = lines
        .next()
        .and_then(|(line, _)| line.strip_prefix("#! lexicon "));
    if version.and_then(|version| version.parse().ok()) != Some(LEXICON_FORMAT) {
        return Err(error(1, LexiconErrorKind::Version));
    }
    let mut found = Vec::new();
    for (line, number) in lines {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        if columns.len() != expected {
            let kind = LexiconErrorKind::Columns {
                found: columns.len(),
                expected,
            };
            return Err(error(number, kind));
        }
        found.push((number, columns));
    }
    Ok(found)
}

/// Collects forms before they are sorted into phrases.
#[derive(Default)]
struct Forms(Vec<(Box<str>, Sense)>);

impl Forms {
    fn add(&mut self, text: &str, referent: Referent, form: Form) {
        if !text.is_empty() {
            self.0.push((text.into(), Sense { referent, form }));
        }
    }
}

impl Lexicons {
    /// Parses tables, given as name (without `.tsv`) and text; see [`TABLES`].
    pub fn parse(tables: &[(&str, &str)]) -> Result<Lexicons, LexiconError> {
        let mut lexicons = Lexicons::default();
        let mut forms = Forms::default();
        // the countries come first, because other tables point at them
        let mut keys: FxHashMap<&str, u32> = FxHashMap::default();
        for &(table, text) in tables {
            if table.starts_with("countries") {
                for (line, columns) in rows(table, text)? {
                    let idx = lexicons.countries.len() as u32;
                    keys.insert(columns[0], idx);
                    lexicons.add_country(table, line, &columns, &mut forms)?;
                }
            }
        }
        let facts = fact_names();
        let mut organisations: FxHashMap<&str, u32> = FxHashMap::default();
        let mut places: FxHashMap<&str, u32> = FxHashMap::default();
        for &(table, text) in tables {
            let word = |line, word: &str| LexiconError {
                table: table.to_owned(),
                line,
                kind: LexiconErrorKind::Word(word.to_owned()),
            };
            for (line, columns) in rows(table, text)? {
                let country = |key: &str| {
                    keys.get(key).copied().ok_or_else(|| LexiconError {
                        table: table.to_owned(),
                        line,
                        kind: LexiconErrorKind::Key(key.to_owned()),
                    })
                };
                let gender = |text: &str| match text {
                    "" => Ok(None),
                    "m" => Ok(Some(Gender::Masculine)),
                    "f" => Ok(Some(Gender::Feminine)),
                    other => Err(word(line, other)),
                };
                match (table, &columns[..]) {
                    ("country_forms", [text, class, key]) => {
                        let form = match *class {
                            "name" => Form::Name,
                            "adj" | "people" => Form::Adjective,
                            "capital" => Form::Capital,
                            "seat" => Form::Seat,
                            other => return Err(word(line, other)),
                        };
                        forms.add(text, Referent::Country(country(key)?), form);
                    }
                    ("organisations", [text, class, name, sort, wikidata]) => {
                        let form = match *class {
                            "name" => Form::Name,
                            "acronym" => Form::Acronym,
                            "short" => Form::Short,
                            "adj" | "people" => Form::Adjective,
                            "seat" => Form::Seat,
                            other => return Err(word(line, other)),
                        };
                        let next = lexicons.organisations.len() as u32;
                        let idx = *organisations.entry(name).or_insert(next);
                        if idx == next {
                            lexicons.organisations.push(OrganisationRow {
                                name: (*name).into(),
                                sort: (*sort).into(),
                                wikidata: "".into(),
                            });
                        }
                        if !wikidata.is_empty() {
                            lexicons.organisations[idx as usize].wikidata = (*wikidata).into();
                        }
                        forms.add(text, Referent::Organisation(idx), form);
                    }
                    ("places", [text, class, name, key]) => {
                        if !key.is_empty() {
                            country(key)?;
                        }
                        let form = match *class {
                            "name" => Form::Name,
                            "adj" => Form::Adjective,
                            other => return Err(word(line, other)),
                        };
                        let next = lexicons.places.len() as u32;
                        let idx = *places.entry(name).or_insert(next);
                        if idx == next {
                            lexicons.places.push(PlaceRow {
                                name: (*name).into(),
                            });
                        }
                        forms.add(text, Referent::Place(idx), form);
                    }
                    ("cities", [name, key]) => {
                        let idx = country(key)?;
                        lexicons.cities.insert((*name).into(), idx);
                    }
                    ("contexts", [text, frame, kind]) => {
                        let frame = Frame::by_name(frame).ok_or_else(|| word(line, frame))?;
                        let found = EntityType::ALL.into_iter().find(|t| t.as_str() == *kind);
                        let found = found.ok_or_else(|| word(line, kind))?;
                        let frames = lexicons.contexts.entry((*text).into()).or_default();
                        frames.push((frame, found));
                    }
                    ("officials", [name, key]) => {
                        let idx = country(key)?;
                        lexicons.officials.insert((*name).into(), idx);
                    }
                    ("first_names", [name, letter]) => {
                        if let Some(gender) = gender(letter)? {
                            lexicons.first_names.insert((*name).into(), gender);
                        }
                    }
                    ("titles", [title, class, letter]) => {
                        let class = match *class {
                            "honorific" => TitleClass::Honorific,
                            "military" => TitleClass::Military,
                            "police" => TitleClass::Police,
                            "office" => TitleClass::Office,
                            other => return Err(word(line, other)),
                        };
                        let gender = gender(letter)?;
                        let key = title.to_lowercase().into_boxed_str();
                        lexicons.titles.insert(key, (class, gender));
                    }
                    ("roles", [noun, kind, letter]) => {
                        let kind = EntityType::ALL.into_iter().find(|t| t.as_str() == *kind);
                        let kind = kind.ok_or_else(|| word(line, columns[1]))?;
                        let gender = gender(letter)?;
                        lexicons.roles.insert((*noun).into(), (kind, gender));
                    }
                    ("salience", [name, weight]) => {
                        let idx = facts.iter().position(|fact| fact == name);
                        let idx = idx.ok_or_else(|| word(line, name))?;
                        let value = weight.parse().map_err(|_| word(line, weight))?;
                        lexicons.salience.resize(facts.len(), 0);
                        lexicons.salience[idx] = value;
                    }
                    ("legal_forms", [form]) => {
                        lexicons.legal_forms.insert((*form).into(), ());
                    }
                    ("no_names", [form]) => {
                        lexicons.no_names.insert((*form).into(), ());
                    }
                    ("nicknames", [short, full]) => {
                        let key = short.to_lowercase().into_boxed_str();
                        let names = lexicons.nicknames.entry(key).or_default();
                        names.push(full.to_lowercase().into_boxed_str());
                    }
                    _ => {}
                }
            }
        }
        lexicons.index(forms);
        Ok(lexicons)
    }

    fn add_country(
        &mut self,
        table: &str,
        line: u32,
        columns: &[&str],
        forms: &mut Forms,
    ) -> Result<(), LexiconError> {
        let &[key, _, wikidata, class, name, capital, adjective] = columns else {
            return Ok(()); // the number of columns was checked
        };
        let state = match class {
            "state" | "past" => true,
            "territory" => false,
            other => {
                return Err(LexiconError {
                    table: table.to_owned(),
                    line,
                    kind: LexiconErrorKind::Word(other.to_owned()),
                });
            }
        };
        let referent = Referent::Country(self.countries.len() as u32);
        self.countries.push(CountryRow {
            key: key.into(),
            wikidata: wikidata.into(),
            name: name.into(),
            state,
        });
        forms.add(name, referent, Form::Name);
        forms.add(adjective, referent, Form::Adjective);
        if state {
            forms.add(capital, referent, Form::Capital);
        }
        // "Ukrainians": the regular plural of adjectives that are nouns as well
        let plural = ["an", "ian", "i", "er", "ot", "ard", "ali", "ek", "ak"];
        if plural.iter().any(|end| adjective.ends_with(end)) {
            forms.add(&format!("{adjective}s"), referent, Form::Adjective);
        }
        Ok(())
    }

    /// The full styles of states, "the Republic of Malta", where no table says otherwise.
    fn add_styles(&self, forms: &mut Forms) {
        const STYLES: [&str; 5] = [
            "Republic of",
            "Islamic Republic of",
            "Kingdom of",
            "Hashemite Kingdom of",
            "State of",
        ];
        let mut styles = Forms::default();
        for (row, idx) in self.countries.iter().zip(0..) {
            for style in STYLES.iter().filter(|_| row.state && row.key.len() == 2) {
                let text = format!("{style} {}", row.name);
                styles.add(&text, Referent::Country(idx), Form::Name);
            }
        }
        let known: FxHashSet<&str> = forms.0.iter().map(|(text, _)| &**text).collect();
        styles.0.retain(|(text, _)| !known.contains(&**text));
        forms.0.extend(styles.0);
    }

    fn index(&mut self, mut forms: Forms) {
        self.add_styles(&mut forms);
        let mut forms = forms.0;
        forms.sort_by(|a, b| a.0.cmp(&b.0));
        let mut at = 0;
        while let Some((text, _)) = forms.get(at) {
            let start = self.senses.len() as u32;
            let mut end = at;
            while forms.get(end).is_some_and(|(other, _)| other == text) {
                let sense = forms[end].1;
                if !self.senses[start as usize..].contains(&sense) {
                    self.senses.push(sense);
                }
                end += 1;
            }
            let phrase = Phrase {
                text: text.clone(),
                senses: (start, self.senses.len() as u32),
            };
            let key = first_piece(text);
            self.phrases.entry(key.into()).or_default().push(phrase);
            at = end;
        }
        for phrases in self.phrases.values_mut() {
            phrases.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then(a.text.cmp(&b.text)));
        }
    }

    /// The longest form that the text starts with, as its length in bytes and its readings.
    /// White space in a form matches any run of white space, and quotes of both kinds are one.
    /// Whether the match ends at a word's end is the caller's to check, through `ends`.
    pub fn longest(&self, text: &str, ends: impl Fn(usize) -> bool) -> Option<(usize, &[Sense])> {
        let phrases = self.phrases.get(first_piece(text))?;
        phrases.iter().find_map(|phrase| {
            let len = match_len(&phrase.text, text)?;
            if !ends(len) {
                return None;
            }
            let (start, end) = phrase.senses;
            Some((len, self.senses.get(start as usize..end as usize)?))
        })
    }

    /// The readings of a whole form.
    pub fn senses(&self, text: &str) -> &[Sense] {
        let found = self.longest(text, |len| len == text.len());
        found.map_or(&[], |(_, senses)| senses)
    }

    /// The country of a city whose name points to one country.
    pub fn city(&self, name: &str) -> Option<u32> {
        self.cities.get(name).copied()
    }

    /// Whether a word in that place tells that a name is of a type.
    pub(super) fn tells(&self, word: &str, frame: Frame, kind: EntityType) -> bool {
        let frames = self.contexts.get(word);
        frames.is_some_and(|frames| frames.contains(&(frame, kind)))
    }

    /// The country of somebody who is known to hold or have held an office of state, by the name or
    /// by title and surname; full stops and blanks of initials do not count.
    pub fn official(&self, name: &str) -> Option<u32> {
        let words = name
            .split([' ', '.', '\u{a0}'])
            .filter(|word| !word.is_empty());
        let plain = words.collect::<Vec<_>>().join(" ").to_lowercase();
        self.officials.get(plain.as_str()).copied()
    }

    /// Gender of most bearers of a first name, given in lower case.
    pub fn first_name(&self, lower: &str) -> Option<Gender> {
        self.first_names.get(lower).copied()
    }

    /// A title, given in lower case.
    pub fn title(&self, lower: &str) -> Option<(TitleClass, Option<Gender>)> {
        self.titles.get(lower).copied()
    }

    /// A common noun that can refer back, given as lemma.
    pub fn role(&self, lemma: &str) -> Option<(EntityType, Option<Gender>)> {
        self.roles.get(lemma).copied()
    }

    /// Whether a word is a legal form such as "GmbH".
    pub fn is_legal_form(&self, word: &str) -> bool {
        self.legal_forms.contains_key(word)
    }

    /// Whether a string only looks like a name.
    pub fn is_no_name(&self, text: &str) -> bool {
        self.no_names.contains_key(text)
    }

    /// Full forms of a short first name, both in lower case.
    pub fn full_names(&self, short: &str) -> &[Box<str>] {
        self.nicknames.get(short).map_or(&[], Vec::as_slice)
    }
}

/// Length of `form` at the start of `text`, or `None` where it does not stand there.
fn match_len(form: &str, text: &str) -> Option<usize> {
    let mut rest = text;
    for wanted in form.chars() {
        if wanted == ' ' {
            let trimmed = rest.trim_start_matches([' ', '\n', '\t', '\u{a0}']);
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
            continue;
        }
        let found = rest.chars().next()?;
        let same = found == wanted || (is_apostrophe(found) && is_apostrophe(wanted));
        if !same {
            return None;
        }
        rest = &rest[found.len_utf8()..];
    }
    Some(text.len() - rest.len())
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_where() {
        // name, table, text, expected message
        let cases = [
            (
                "no version",
                "cities",
                "Ulm\tDE\n",
                "cities.tsv:1: not a lexicon of version 1",
            ),
            (
                "too new",
                "cities",
                "#! lexicon 2\n",
                "cities.tsv:1: not a lexicon of version 1",
            ),
            (
                "columns",
                "cities",
                "#! lexicon 1\nUlm\n",
                "cities.tsv:2: 1 columns, expected 2",
            ),
            (
                "key",
                "cities",
                "#! lexicon 1\nUlm\tDE\n",
                "cities.tsv:2: no country \"DE\"",
            ),
            (
                "gender",
                "titles",
                "#! lexicon 1\nMr\toffice\tx\n",
                "titles.tsv:2: unknown word \"x\"",
            ),
            (
                "table",
                "wishes",
                "#! lexicon 1\n",
                "wishes.tsv:0: no such table",
            ),
        ];
        for (name, table, text, want) in cases {
            let error = Lexicons::parse(&[(table, text)]).unwrap_err();
            assert_eq!(error.to_string(), want, "{name}");
        }
    }

    #[test]
    fn words_tell_types() {
        let text = "#! lexicon 1\nbranch\tof\torganisation\nmayor\tof\tplace\n";
        let lexicons = Lexicons::parse(&[("contexts", text)]).expect("a good table");
        for (word, frame, kind, told) in [
            ("branch", Frame::Of, EntityType::Organisation, true),
            ("branch", Frame::Has, EntityType::Organisation, false),
            ("branch", Frame::Of, EntityType::Place, false),
            ("mayor", Frame::Of, EntityType::Place, true),
            ("banner", Frame::Of, EntityType::Place, false),
        ] {
            assert_eq!(lexicons.tells(word, frame, kind), told, "{word} {frame:?}");
        }
        let odd = "#! lexicon 1\nbranch\tunder\torganisation\n";
        assert!(Lexicons::parse(&[("contexts", odd)]).is_err());
    }

    #[test]
    fn longest_form_wins() {
        let forms = "#! lexicon 1\nAfrica\tname\tAfrica\t\nSouth Africa\tname\tSouth Africa\t\n";
        let lexicons = Lexicons::parse(&[("places", forms)]).unwrap();
        // name, text, expected length
        let cases = [
            ("two words", "South Africa won", Some(12)),
            ("broken line", "South\nAfrica won", Some(12)),
            ("one word", "Africa", Some(6)),
            ("inside a word", "Africans", None),
            ("only the first word", "South", None),
            ("nothing", "", None),
        ];
        for (name, text, want) in cases {
            let ends = |len: usize| !text[len..].starts_with(char::is_alphanumeric);
            let got = lexicons.longest(text, ends).map(|(len, _)| len);
            assert_eq!(got, want, "{name}");
        }
    }
}
