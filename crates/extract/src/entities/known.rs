//! Things that the user knows: a list of their own, which links mentions to its ids and helps to
//! find them. CSV and FollowTheMoney JSON lines; `docs/formats.md` describes both.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use tieline_facts::{Entity, EntityType, MentionKind};

use super::find::{Draft, Kind};
use super::fold::{first_piece, fold};
use super::view::View;

/// Names longer than so many bytes are not looked for in text.
const LONGEST: usize = 120;

/// The columns of a list in CSV, in any order; only `id` and `name` must be there.
const COLUMNS: [&str; 5] = ["id", "name", "aliases", "type", "country"];

/// Why a list was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownError {
    /// Name of the file.
    pub origin: String,
    /// Line, counted from 1.
    pub line: u64,
    /// What is wrong there.
    pub kind: KnownErrorKind,
}

/// The kind of a [`KnownError`]. New kinds may be added.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KnownErrorKind {
    /// Not CSV, or not a JSON object.
    Syntax(String),
    /// The heading lacks a column.
    MissingColumn(&'static str),
    /// The heading has a column that no list has.
    Column(String),
    /// A row without id or name.
    Empty(&'static str),
    /// No such type of entity.
    Type(String),
    /// An id that an earlier line has.
    Twice(String),
}

impl fmt::Display for KnownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.origin, self.line)?;
        match &self.kind {
            KnownErrorKind::Syntax(message) => f.write_str(message),
            KnownErrorKind::MissingColumn(name) => write!(
                f,
                "no column {name:?}; the first line names the columns: {}",
                COLUMNS.join(",")
            ),
            KnownErrorKind::Column(name) => {
                write!(
                    f,
                    "unknown column {name:?}; there are {}",
                    COLUMNS.join(", ")
                )
            }
            KnownErrorKind::Empty(name) => write!(f, "no {name}"),
            KnownErrorKind::Type(name) => write!(
                f,
                "no type {name:?}; use person, organisation, country, place, other, or nothing"
            ),
            KnownErrorKind::Twice(id) => write!(f, "id {id:?} stands twice"),
        }
    }
}

impl Error for KnownError {}

/// One thing of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Item {
    id: Box<str>,
    kind: Option<EntityType>,
    /// ISO 3166-1 alpha-2 code in capitals, or empty.
    country: Box<str>,
}

/// The list. An empty one knows nothing, and costs nothing.
#[derive(Clone, Debug, Default)]
pub struct Known {
    items: Vec<Item>,
    ids: FxHashSet<Box<str>>,
    /// Folded name → things called so.
    by_name: FxHashMap<Box<str>, Vec<u32>>,
    /// First piece of a name as written → the rest of all such names and their types, the longer
    /// first.
    phrases: FxHashMap<Box<str>, Vec<(Box<str>, EntityType)>>,
}

impl Known {
    /// Reads a list: FollowTheMoney if the first line starts with `{`, else CSV.
    ///
    /// ```
    /// use tieline_extract::Known;
    /// let mut known = Known::default();
    /// known.read("id,name,aliases\n7,Ada Holm,A. Holm|Holm A.\n", "people.csv").unwrap();
    /// let error = known.read("id,nom\n7,Ada\n", "people.csv").unwrap_err();
    /// assert!(error.to_string().starts_with("people.csv:1: unknown column \"nom\""));
    /// ```
    pub fn read(&mut self, text: &str, origin: &str) -> Result<(), KnownError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_start().starts_with('{') {
            self.read_ftm(text, origin)?;
        } else {
            self.read_csv(text, origin)?;
        }
        for list in self.phrases.values_mut() {
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
            list.dedup_by(|a, b| a.0 == b.0);
        }
        Ok(())
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn read_csv(&mut self, text: &str, origin: &str) -> Result<(), KnownError> {
        let error = |line: u64, kind| KnownError {
            origin: origin.to_owned(),
            line,
            kind,
        };
        let syntax = |fault: csv::Error| {
            let line = fault.position().map_or(1, csv::Position::line);
            error(line, KnownErrorKind::Syntax(fault.to_string()))
        };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let heading = reader.headers().map_err(syntax)?.clone();
        let mut places = [None; 5];
        for (at, name) in heading.iter().enumerate() {
            let name = name.to_lowercase();
            let column = COLUMNS.iter().position(|column| *column == name);
            match column {
                Some(column) => places[column] = Some(at),
                None => return Err(error(1, KnownErrorKind::Column(name))),
            }
        }
        for (column, name) in COLUMNS.iter().enumerate().take(2) {
            if places[column].is_none() {
                return Err(error(1, KnownErrorKind::MissingColumn(name)));
            }
        }
        for record in reader.records() {
            let record = record.map_err(syntax)?;
            // A record begins for the reader where the one before ends; blank lines stand between.
            let line = record.position().map_or(0, |position| {
                let rest = text.get(position.byte() as usize..).unwrap_or_default();
                let blank = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
                let blank = rest.get(..blank).unwrap_or_default().matches('\n').count();
                position.line() + blank as u64
            });
            let cell = |column: usize| {
                let at = places.get(column).copied().flatten();
                at.and_then(|at| record.get(at)).unwrap_or_default()
            };
            let kind = match cell(3).to_lowercase().as_str() {
                "" => None,
                "company" | "organization" => Some(EntityType::Organisation),
                name => {
                    let found = EntityType::ALL
                        .into_iter()
                        .find(|kind| kind.as_str() == name);
                    if found.is_none() {
                        return Err(error(line, KnownErrorKind::Type(name.to_owned())));
                    }
                    found
                }
            };
            let names = std::iter::once(cell(1)).chain(cell(2).split('|'));
            if cell(1).is_empty() {
                return Err(error(line, KnownErrorKind::Empty("name")));
            }
            self.add(cell(0), names, kind, kind, cell(4))
                .map_err(|kind| error(line, kind))?;
        }
        Ok(())
    }

    fn read_ftm(&mut self, text: &str, origin: &str) -> Result<(), KnownError> {
        for (line, number) in text.lines().zip(1u64..) {
            if line.trim().is_empty() {
                continue;
            }
            let error = |kind| KnownError {
                origin: origin.to_owned(),
                line: number,
                kind,
            };
            let row: FtmRow = serde_json::from_str(line)
                .map_err(|fault| error(KnownErrorKind::Syntax(fault.to_string())))?;
            // What may be a person or a firm is looked for as a firm.
            let (kind, sought) = match row.schema.as_str() {
                "Person" => (Some(EntityType::Person), EntityType::Person),
                "Company" | "Organization" | "PublicBody" => {
                    (Some(EntityType::Organisation), EntityType::Organisation)
                }
                "LegalEntity" => (None, EntityType::Organisation),
                _ => continue,
            };
            let names = row.properties.name.iter().chain(&row.properties.alias);
            if row.properties.name.is_empty() {
                return Err(error(KnownErrorKind::Empty("name")));
            }
            let country = row.properties.country.first();
            self.add(
                &row.id,
                names.map(String::as_str),
                kind,
                Some(sought),
                country.map_or("", String::as_str),
            )
            .map_err(error)?;
        }
        Ok(())
    }

    fn add<'a>(
        &mut self,
        id: &str,
        names: impl Iterator<Item = &'a str>,
        kind: Option<EntityType>,
        sought: Option<EntityType>,
        country: &str,
    ) -> Result<(), KnownErrorKind> {
        if id.is_empty() {
            return Err(KnownErrorKind::Empty("id"));
        }
        if !self.ids.insert(id.into()) {
            return Err(KnownErrorKind::Twice(id.to_owned()));
        }
        let number = self.items.len() as u32;
        self.items.push(Item {
            id: id.into(),
            kind,
            country: country.to_uppercase().into(),
        });
        for name in names.map(str::trim) {
            let folded = fold(name);
            if folded.is_empty() {
                continue;
            }
            let list = self.by_name.entry(folded.into()).or_default();
            if !list.contains(&number) {
                list.push(number);
            }
            let first = first_piece(name);
            if let Some(sought) = sought
                && name.len() <= LONGEST
                && name.chars().next().is_some_and(char::is_uppercase)
            {
                let rest = name[first.len()..].into();
                self.phrases
                    .entry(first.into())
                    .or_default()
                    .push((rest, sought));
            }
        }
        Ok(())
    }

    /// Links entities to the ids of the list: where one thing of the list has the entity's name, or
    /// another name that the text uses for it, and a type that agrees; of several, the one whose
    /// country the document names.
    ///
    /// Cost: one look-up a mention.
    pub fn link(&self, entities: &mut [Entity]) {
        if self.is_empty() {
            return;
        }
        let countries: FxHashSet<String> = entities
            .iter()
            .filter_map(|entity| entity.iso.clone())
            .collect();
        for entity in entities.iter_mut() {
            entity.known = self.find(entity, &countries).or(entity.known.take());
        }
    }

    fn find(&self, entity: &Entity, countries: &FxHashSet<String>) -> Option<String> {
        let mut last = "";
        let named = entity.mentions.iter().filter_map(|mention| {
            let new = mention.kind == MentionKind::Name && mention.text != last;
            last = &mention.text;
            new.then_some(mention.text.as_str())
        });
        for name in std::iter::once(entity.name.as_str()).chain(named) {
            let Some(list) = self.by_name.get(fold(name).as_str()) else {
                continue;
            };
            let items = list
                .iter()
                .filter_map(|number| self.items.get(*number as usize));
            let fits = |item: &&Item| item.kind.is_none_or(|kind| kind == entity.kind);
            let fitting: Vec<&Item> = items.filter(fits).collect();
            if let [only] = fitting.as_slice() {
                return Some(only.id.to_string());
            }
            let here = |item: &&&Item| countries.contains(&*item.country);
            let mut at_home = fitting.iter().filter(here);
            if let (Some(only), None) = (at_home.next(), at_home.next()) {
                return Some(only.id.to_string());
            }
        }
        None
    }
}

#[derive(Deserialize)]
struct FtmRow {
    id: String,
    schema: String,
    #[serde(default)]
    properties: FtmProperties,
}

#[derive(Default, Deserialize)]
struct FtmProperties {
    #[serde(default)]
    name: Vec<String>,
    #[serde(default)]
    alias: Vec<String>,
    #[serde(default)]
    country: Vec<String>,
}

/// Takes listed names in the text as mentions, whatever the tagger made of them, unless they are
/// part of a longer name that it found. Cost: one look-up a token.
pub fn add_known(view: &View<'_>, known: &Known, drafts: &mut Vec<Draft>) {
    if known.phrases.is_empty() {
        return;
    }
    let mut found: Vec<(Range<u32>, EntityType)> = Vec::new();
    for sentence in view.parsed.sentences() {
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            let stop = match longest(view, known, at, sentence.tokens.end) {
                Some((end, kind)) => {
                    found.push((at..end, kind));
                    end
                }
                None => at + 1,
            };
            at = stop;
        }
    }
    for (tokens, kind) in found {
        let kind = match kind {
            EntityType::Person => Kind::Person,
            EntityType::Organisation => Kind::Organisation,
            EntityType::Place => Kind::Place,
            EntityType::Country | EntityType::Other => continue,
        };
        let from = drafts.partition_point(|draft| draft.tokens.end <= tokens.start);
        let to = drafts.partition_point(|draft| draft.tokens.start < tokens.end);
        let within =
            |draft: &Draft| tokens.start <= draft.tokens.start && draft.tokens.end <= tokens.end;
        let touched = drafts.get(from..to).unwrap_or_default();
        if !touched.iter().all(within) {
            continue;
        }
        let old = touched
            .iter()
            .find(|draft| draft.tokens.start == tokens.start);
        let title = view.title_before(tokens.start);
        let draft = Draft {
            tokens,
            kind,
            gender: old
                .and_then(|d| d.gender)
                .or(title.and_then(|title| title.2)),
            titled: old.is_some_and(|draft| draft.titled) || title.is_some(),
            tagged: true,
        };
        drafts.splice(from..to, [draft]);
    }
}

/// The longest listed name that starts at a token and ends with one.
fn longest(view: &View<'_>, known: &Known, at: u32, end: u32) -> Option<(u32, EntityType)> {
    let word = view.word(at);
    let first = first_piece(word);
    let list = known.phrases.get(first)?;
    let start = view.tokens.get(at as usize)?.span.start() as usize;
    let rest = view.text.get(start + first.len()..)?;
    let ends = view.tokens.get(at as usize..end as usize)?;
    list.iter().find_map(|(phrase, kind)| {
        rest.starts_with(&**phrase).then_some(())?;
        let stop = (start + first.len() + phrase.len()) as u32;
        let idx = ends
            .binary_search_by_key(&stop, |token| token.span.end())
            .ok()?;
        Some((at + idx as u32 + 1, *kind))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_say_where() {
        // name, text, message
        let cases = [
            ("no id", "name\nAda\n", "k:1: no column \"id\""),
            (
                "odd column",
                "id,name,age\n1,Ada,3\n",
                "k:1: unknown column \"age\"",
            ),
            ("no name", "id,name\n1,\n", "k:2: no name"),
            (
                "type",
                "id,name,type\n1,Ada,boat\n",
                "k:2: no type \"boat\"",
            ),
            (
                "twice",
                "id,name\n1,Ada\n\n1,Bo\n",
                "k:4: id \"1\" stands twice",
            ),
            ("columns", "id,name\n1,Ada,x\n", "k:2: "),
            ("no JSON", "{\"id\":1}\n", "k:1: "),
            (
                "no FtM name",
                "{\"id\":\"a\",\"schema\":\"Vessel\",\"properties\":{}}\n\
                 {\"id\":\"b\",\"schema\":\"Person\",\"properties\":{}}\n",
                "k:2: no name",
            ),
        ];
        for (name, text, want) in cases {
            let error = Known::default().read(text, "k").unwrap_err().to_string();
            assert!(error.starts_with(want), "{name}: {error}");
        }
    }

    #[test]
    fn entities_are_linked() {
        let mut known = Known::default();
        known
            .read(
                "id,name,aliases,type,country\n\
                 p1,Ada Holm,A. Holm,person,NO\n\
                 p2,Jan Berg,,person,NO\n\
                 p3,Jan Berg,,person,SE\n\
                 o1,Norvik,Norvik Energy AS,company,\n",
                "k",
            )
            .unwrap();
        known
            .read(
                "{\"id\":\"f1\",\"schema\":\"LegalEntity\",\"properties\":{\"name\":[\"Teleson\"]}}",
                "k",
            )
            .unwrap();
        let entity = |kind, name: &str, iso: Option<&str>| Entity {
            id: 0,
            kind,
            name: name.to_owned(),
            iso: iso.map(str::to_owned),
            wikidata: None,
            known: None,
            gender: None,
            roles: Vec::new(),
            mentions: Vec::new(),
        };
        use EntityType::{Country, Organisation, Person, Place};
        // name, type, country in the document, expected
        let cases = [
            ("Ada Hólm", Person, None, Some("p1")),
            ("A. Holm", Person, None, Some("p1")),
            ("Ada Holm", Place, None, None),
            ("Jan Berg", Person, None, None),
            ("Jan Berg", Person, Some("SE"), Some("p3")),
            ("Norvik Energy AS", Organisation, None, Some("o1")),
            ("Teleson", Organisation, None, Some("f1")),
            ("Holm", Person, None, None),
        ];
        for (name, kind, iso, want) in cases {
            let mut all = vec![entity(kind, name, None), entity(Country, "X", iso)];
            known.link(&mut all);
            assert_eq!(all[0].known.as_deref(), want, "{name} {iso:?}");
        }
    }
}
