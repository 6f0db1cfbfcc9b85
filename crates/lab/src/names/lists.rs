//! Compiles the lists that the name tagger looks words and phrases up in.

use std::error::Error;
use std::fs;
use std::path::Path;

use rustc_hash::FxHashMap;
use serde_json::Value;
use tieline_nlp::names::features::normalise;
use tieline_nlp::names::gazetteer::{self as gaz, CLASSES, Classes, Gazetteer};
use tieline_nlp::segment::segment;
use tieline_nlp::words::{UsualCase, WordTable};

/// Lists of our own.
const NAME_WORDS: &str = include_str!("../../../../seeds/lexicons/name_words.tsv");

/// The compiled lists, and the same by string for the repair of training data.
pub struct Lists {
    pub gazetteer: Gazetteer,
    by_name: FxHashMap<String, Classes>,
    words: WordTable,
}

impl Lists {
    /// Classes of a whole name, in lower case, tokens joined by spaces.
    pub fn classes(&self, lower: &str) -> Classes {
        self.by_name.get(lower).copied().unwrap_or(0)
    }

    fn add(&mut self, name: &str, classes: Classes, part: Classes) {
        let mut plain = String::new();
        normalise(name.trim(), &mut plain);
        let lower = plain.to_lowercase();
        let tokens: Vec<&str> = segment(&lower)
            .tokens
            .iter()
            .filter_map(|span| span.slice(&lower))
            .collect();
        if tokens.is_empty() {
            return;
        }
        *self.by_name.entry(tokens.join(" ")).or_insert(0) |= classes;
        let mut buffer = String::new();
        let hashes: Vec<u64> = tokens
            .iter()
            .map(|token| self.words.look_up(token, &mut buffer).lower)
            .collect();
        if let [only] = hashes.as_slice() {
            self.gazetteer.add_word(*only, classes);
            return;
        }
        self.gazetteer.add_phrase(&hashes, classes);
        for (token, hash) in tokens.iter().zip(&hashes) {
            if part != 0 && 3 < token.chars().count() && self.rare_in_lower_case(token) {
                self.gazetteer.add_word(*hash, part);
            }
        }
    }

    /// Whether a word is mostly written with a capital, or unknown.
    fn rare_in_lower_case(&self, lower: &str) -> bool {
        let mut buffer = String::new();
        let info = self.words.look_up(lower, &mut buffer);
        info.rarity == 0 || matches!(info.case, UsualCase::Title | UsualCase::Upper)
    }

    /// A person: first name and surname, where these are no usual words.
    fn add_person(&mut self, name: &str, whole: bool) {
        let mut plain = String::new();
        normalise(name.trim(), &mut plain);
        let lower = plain.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return;
        };
        if words.len() < 2 || 4 < words.len() {
            return;
        }
        if whole {
            self.add(&lower, gaz::PERSON, 0);
        }
        for (word, class) in [(first, gaz::FIRST_NAME), (last, gaz::SURNAME)] {
            if 2 < word.chars().count() && self.rare_in_lower_case(word) {
                self.add(word, class, 0);
            }
        }
    }
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Builds the lists from `seeds/lexicons/name_words.tsv` and the folder `lexicon` of the data.
pub fn compile(data: &Path, words: WordTable) -> Result<Lists, Box<dyn Error>> {
    let folder = data.join("lexicon");
    let mut lists = Lists {
        gazetteer: Gazetteer::default(),
        by_name: FxHashMap::default(),
        words,
    };
    for line in NAME_WORDS.lines().filter(|line| !line.starts_with('#')) {
        let Some((class, names)) = line.split_once('\t') else {
            continue;
        };
        let bit = CLASSES
            .iter()
            .find(|(name, _)| *name == class)
            .map(|(_, bit)| *bit);
        let bit = bit.ok_or_else(|| format!("name_words.tsv: no class {class:?}"))?;
        let part = match bit {
            gaz::COUNTRY | gaz::REGION => gaz::PLACE_PART,
            gaz::ORGANISATION | gaz::PARTY | gaz::COMPANY | gaz::MEDIUM | gaz::TEAM => {
                gaz::ORG_PART
            }
            _ => 0,
        };
        for name in names.split(',') {
            lists.add(name, bit, part);
        }
    }
    countries(&folder, &mut lists)?;
    for file in ["names/female.txt", "names/male.txt"] {
        for name in read(&folder.join(file))?.lines() {
            if lists.rare_in_lower_case(&name.trim().to_lowercase()) {
                lists.add(name, gaz::FIRST_NAME, 0);
            }
        }
    }
    cities(&folder, &mut lists)?;
    leaders(&folder, &mut lists)?;
    congress(&folder, &mut lists)?;
    for line in read(&folder.join("sp500/constituents.csv"))?
        .lines()
        .skip(1)
    {
        if let Some(name) = line.split(',').nth(1) {
            lists.add(name.trim_matches('"'), gaz::COMPANY, gaz::ORG_PART);
        }
    }
    actors(&folder.join("petrarch2/dictionaries"), &mut lists)?;
    Ok(lists)
}

fn countries(folder: &Path, lists: &mut Lists) -> Result<(), Box<dyn Error>> {
    let json: Value =
        serde_json::from_str(&read(&folder.join("mledoze_countries/countries.json"))?)?;
    for country in json.as_array().into_iter().flatten() {
        for key in ["common", "official"] {
            if let Some(name) = country["name"][key].as_str() {
                lists.add(name, gaz::COUNTRY, gaz::PLACE_PART);
            }
        }
        for name in country["altSpellings"].as_array().into_iter().flatten() {
            if let Some(name) = name.as_str().filter(|name| 3 < name.len()) {
                lists.add(name, gaz::COUNTRY, 0);
            }
        }
        for name in country["capital"].as_array().into_iter().flatten() {
            if let Some(name) = name.as_str() {
                lists.add(name, gaz::CAPITAL | gaz::CITY, gaz::PLACE_PART);
            }
        }
        for form in ["m", "f"] {
            if let Some(name) = country["demonyms"]["eng"][form].as_str() {
                lists.add(name, gaz::DEMONYM, 0);
                if name.ends_with("an") || name.ends_with('i') || name.ends_with("er") {
                    lists.add(&format!("{name}s"), gaz::DEMONYM, 0);
                }
            }
        }
    }
    for line in read(&folder.join("nationality/nationality.py"))?.lines() {
        if let Some(name) = line.split('"').nth(3) {
            for name in name.split(" or ") {
                lists.add(name, gaz::DEMONYM, 0);
            }
        }
    }
    Ok(())
}

fn cities(folder: &Path, lists: &mut Lists) -> Result<(), Box<dyn Error>> {
    for line in read(&folder.join("world_cities/world-cities.csv"))?
        .lines()
        .skip(1)
    {
        let mut fields = Vec::new();
        let mut quoted = false;
        let mut field = String::new();
        for letter in line.chars() {
            match letter {
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(std::mem::take(&mut field)),
                _ => field.push(letter),
            }
        }
        let [city, _, region] = fields.as_slice() else {
            continue;
        };
        if lists.rare_in_lower_case(&city.to_lowercase()) {
            lists.add(city, gaz::CITY, gaz::PLACE_PART);
        }
        if lists.rare_in_lower_case(&region.to_lowercase()) {
            lists.add(region, gaz::REGION, gaz::PLACE_PART);
        }
    }
    Ok(())
}

fn leaders(folder: &Path, lists: &mut Lists) -> Result<(), Box<dyn Error>> {
    let mut paths: Vec<_> = fs::read_dir(folder.join("world_leaders_2026"))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    paths.sort();
    for path in paths {
        let json: Value = serde_json::from_str(&read(&path)?)?;
        for country in json["countries"]
            .as_object()
            .into_iter()
            .flat_map(|o| o.values())
        {
            for position in country["positions"]
                .as_object()
                .into_iter()
                .flat_map(|o| o.values())
            {
                let holder = &position["current_holder"];
                if let Some(name) = holder["name_en"].as_str() {
                    lists.add_person(name, true);
                }
                if let Some(party) = holder["party"].as_str() {
                    lists.add(party, gaz::PARTY, gaz::ORG_PART);
                }
            }
        }
    }
    Ok(())
}

fn congress(folder: &Path, lists: &mut Lists) -> Result<(), Box<dyn Error>> {
    for file in ["legislators-current.yaml", "executive.yaml"] {
        let text = read(&folder.join("us_congress").join(file))?;
        let value = |line: &str, key: &str| {
            let rest = line.trim().strip_prefix(key)?;
            Some(
                rest.trim_start_matches(':')
                    .trim()
                    .trim_matches('\'')
                    .to_owned(),
            )
        };
        let mut first = String::new();
        for line in text.lines() {
            if let Some(name) = value(line, "first:") {
                first = name;
            } else if let Some(last) = value(line, "last:") {
                lists.add_person(&format!("{first} {last}"), false);
            }
        }
    }
    Ok(())
}

/// Organisations and office holders of the event coding dictionaries.
fn actors(folder: &Path, lists: &mut Lists) -> Result<(), Box<dyn Error>> {
    let clean = |line: &str| {
        let end = line.find(['[', '#', '(', '\t']).unwrap_or(line.len());
        let name = line
            .get(..end)
            .unwrap_or(line)
            .trim()
            .trim_start_matches('+');
        name.replace('_', " ").trim().to_lowercase()
    };
    for file in [
        "Phoenix.International.actors.txt",
        "Phoenix.MilNonState.actors.txt",
    ] {
        for line in read(&folder.join(file))?.lines() {
            if line.starts_with(['#', '\t', ' ', '[', '!']) || line.trim().is_empty() {
                continue;
            }
            let name = clean(line);
            let words = name.split_whitespace().count();
            let company = line.contains("[MNC");
            if words == 1 && !lists.rare_in_lower_case(&name) || name.len() < 3 {
                continue;
            }
            if name.contains("secretary") || name.contains("director") || name.contains("chief") {
                continue;
            }
            let short = name.trim_end_matches(" inc").trim_end_matches(" corp");
            lists.add(
                short,
                if company {
                    gaz::COMPANY
                } else {
                    gaz::ORGANISATION
                },
                if company { 0 } else { gaz::ORG_PART },
            );
        }
    }
    let mut last = String::new();
    for line in read(&folder.join("Phoenix.Countries.actors.txt"))?.lines() {
        if line.starts_with('\t') && line.contains("GOV") && !last.is_empty() {
            lists.add_person(&last, false);
            last.clear();
        }
        if !line.starts_with(['#', '\t', ' ', '+', '[']) && line.contains("CountryInfo") {
            last = clean(line);
        }
    }
    Ok(())
}
