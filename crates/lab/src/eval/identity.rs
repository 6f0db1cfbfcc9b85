//! Identity across documents, from text to nodes, on articles of our own with planted cases
//! (`seeds/identity`, `seeds/demo`); and how fast and in how much memory names are merged.
//!
//! Counted are pairs of entities of different documents: right is a pair that the key and the graph
//! both take for one thing. An entity that the key has and no document yields is missed in all its
//! pairs.

#[cfg(test)]
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use tieline_extract::Pipeline;
use tieline_facts::{Entity, EntityType, Facts, Mention, MentionKind, Ontology};
use tieline_graph::Graph;
use tieline_graph::identity::Resolver;
use tieline_text::Document;

use super::speed::cpu_seconds;
use super::{Measure, Unit};
use crate::random::Random;

/// One article and the key to it.
#[derive(Debug)]
pub struct Article {
    name: String,
    text: String,
    /// Thing, and the names that it has in the article.
    key: Vec<(String, Vec<String>)>,
}

/// Reads the articles; `seeds` is the folder of that name.
pub fn read_articles(seeds: &Path) -> Result<Vec<Article>, Box<dyn Error>> {
    let page = fs::read_to_string(seeds.join("identity/articles.txt"))?;
    let mut articles: Vec<Article> = Vec::new();
    for line in page.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            let text = match name.strip_prefix("demo/") {
                Some(_) => fs::read_to_string(seeds.join(name))?,
                None => String::new(),
            };
            articles.push(Article {
                name: name.to_owned(),
                text,
                key: Vec::new(),
            });
        } else if let Some(article) = articles.last_mut() {
            if let Some(line) = line.strip_prefix("@ ") {
                let (thing, names) = line.split_once(": ").ok_or("a key line without names")?;
                let names = names.split(" | ").map(str::to_owned).collect();
                article.key.push((thing.to_owned(), names));
            } else {
                article.text.push_str(line);
                article.text.push('\n');
            }
        }
    }
    Ok(articles)
}

/// Pairs by outcome, and what went wrong in words.
#[derive(Debug, Default)]
pub struct Pairs {
    right: usize,
    wrong: usize,
    missed: usize,
    faults: Vec<String>,
}

impl Pairs {
    fn precision(&self) -> f64 {
        100.0 * self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        100.0 * self.right as f64 / (self.right + self.missed).max(1) as f64
    }
}

/// An entity of a document that the key speaks of.
struct Keyed<'a> {
    article: usize,
    thing: &'a str,
    /// Node, or nothing where no such entity was found.
    node: Option<u32>,
    name: String,
    country: bool,
}

/// The line of the key that an entity stands for: the one whose names it bears most.
fn line_of(article: &Article, entity: &Entity) -> Option<usize> {
    let by_name = |m: &&Mention| matches!(m.kind, MentionKind::Name | MentionKind::Demonym);
    let counts = article.key.iter().enumerate().map(|(line, (_, names))| {
        let named = entity.mentions.iter().filter(by_name);
        let n = named
            .filter(|mention| names.contains(&mention.text))
            .count();
        (names.contains(&entity.name), n, std::cmp::Reverse(line))
    });
    let best = counts.filter(|(_, n, _)| *n > 0).max()?;
    Some(best.2.0)
}

/// Scores the graph of all articles: pairs of people, organisations and places, and pairs of
/// countries.
pub fn score(articles: &[Article], pipeline: &Pipeline, ontology: &Ontology) -> [Pairs; 2] {
    let analyse = |article: &Article| {
        pipeline.run(&Document::from_text(
            article.name.as_str(),
            article.text.trim(),
        ))
    };
    let facts: Vec<Facts> = articles.iter().map(analyse).collect();
    let entities: Vec<_> = facts.iter().map(|facts| facts.entities.clone()).collect();
    let (_, identities) = Graph::with_identities(facts, ontology);
    let mut keyed: Vec<Keyed<'_>> = Vec::new();
    for (number, (article, entities)) in articles.iter().zip(&entities).enumerate() {
        let of_entity: Vec<Option<usize>> = entities.iter().map(|e| line_of(article, e)).collect();
        for (line, (thing, names)) in article.key.iter().enumerate() {
            let before = keyed.len();
            for (id, entity) in entities.iter().enumerate() {
                if of_entity[id] == Some(line) {
                    keyed.push(Keyed {
                        article: number,
                        thing,
                        node: identities.node_of(number as u32, id as u32),
                        name: entity.name.clone(),
                        country: thing.len() == 2,
                    });
                }
            }
            if keyed.len() == before {
                keyed.push(Keyed {
                    article: number,
                    thing,
                    node: None,
                    name: names.join(" | "),
                    country: thing.len() == 2,
                });
            }
        }
    }
    let mut pairs = [Pairs::default(), Pairs::default()];
    for (at, a) in keyed.iter().enumerate() {
        for b in keyed[at + 1..].iter().filter(|b| b.article != a.article) {
            let of = &mut pairs[usize::from(a.country && b.country)];
            let same = a.thing == b.thing;
            let together = a.node.is_some() && a.node == b.node;
            let fault = |what: &str| {
                let node =
                    |k: &Keyed<'_>| k.node.map_or("-", |node| identities.key(node)).to_owned();
                format!(
                    "{what}: {} {:?} [{}] and {} {:?} [{}]",
                    articles[a.article].name,
                    a.name,
                    node(a),
                    articles[b.article].name,
                    b.name,
                    node(b)
                )
            };
            match (same, together) {
                (true, true) => of.right += 1,
                (true, false) => {
                    of.missed += 1;
                    of.faults.push(fault("apart"));
                }
                (false, true) => {
                    of.wrong += 1;
                    of.faults.push(fault("together"));
                }
                (false, false) => {}
            }
        }
    }
    pairs
}

/// The folder `seeds`.
fn seeds() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds")
}

/// Measures identity on our own articles.
pub fn eval_identity(
    pipeline: &Pipeline,
    ontology: &Ontology,
    show: bool,
) -> Result<Vec<Measure>, Box<dyn Error>> {
    let articles = read_articles(&seeds())?;
    let pairs = score(&articles, pipeline, ontology);
    let mut rows = Vec::new();
    let sets = ["people, organisations, places", "countries"];
    for (set, pairs) in sets.into_iter().zip(&pairs) {
        rows.push(Measure::percent(
            "identity",
            set,
            "precision",
            pairs.precision(),
        ));
        rows.push(Measure::percent("identity", set, "recall", pairs.recall()));
        rows.push(Measure::count(
            "identity",
            set,
            "pairs",
            pairs.right + pairs.missed,
        ));
        if show {
            pairs.faults.iter().for_each(|fault| eprintln!("{fault}"));
        }
    }
    rows.extend(eval_merging());
    Ok(rows)
}

/// Documents of the benchmark, and entities in each.
const BENCHMARK: (u32, usize) = (100_000, 12);

/// Zipf's law: number `i` about `1 / i` times as often as the first.
fn zipf(random: &mut Random, n: usize) -> usize {
    ((n as f64).powf(random.fine()) as usize)
        .saturating_sub(1)
        .min(n - 1)
}

/// A word of syllables, the same for the same number.
fn word(mut number: usize) -> String {
    const SYLLABLES: [&str; 20] = [
        "ba", "den", "kor", "li", "mas", "no", "per", "ris", "sta", "tu", "vel", "wen", "yar",
        "zol", "fin", "gra", "hol", "jas", "que", "bru",
    ];
    let mut word = String::new();
    for _ in 0..3 {
        word.push_str(SYLLABLES[number % SYLLABLES.len()]);
        number /= SYLLABLES.len();
    }
    word[..1].to_uppercase() + &word[1..]
}

/// One generated document: people under full names and surnames, firms, places, countries, offices.
fn generated(number: u32, random: &mut Random) -> Facts {
    let mut facts = Facts {
        doc: format!("{number}.txt"),
        ..Facts::default()
    };
    for id in 0..BENCHMARK.1 as u32 {
        let (kind, name, iso) = match random.below(10) {
            0..=3 => {
                let person = zipf(random, 40_000);
                let (first, last) = (word(person * 7 % 900), word(person % 5_000));
                let full = random.below(4) > 0;
                let name = if full {
                    format!("{first} {last}")
                } else {
                    last
                };
                (EntityType::Person, name, None)
            }
            4..=6 => {
                let firm = zipf(random, 30_000);
                let form = ["", " AG", " Ltd"][random.below(3)];
                (EntityType::Organisation, word(firm) + form, None)
            }
            7 => (EntityType::Place, word(7_000 + zipf(random, 900)), None),
            _ => {
                let country = zipf(random, 190);
                let letter = |n: usize| char::from(b'A' + (n % 26) as u8);
                let iso = format!("{}{}", letter(country / 26), letter(country));
                (EntityType::Country, word(country), Some(iso))
            }
        };
        let mention = Mention {
            start: id,
            end: id + 1,
            text: name.clone(),
            kind: MentionKind::Name,
        };
        facts.entities.push(Entity {
            id,
            kind,
            name,
            iso,
            wikidata: None,
            known: None,
            gender: None,
            roles: Vec::new(),
            mentions: vec![mention],
        });
    }
    facts
}

/// Resident memory of this process in bytes; 0 where the system does not tell.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<f64>().ok());
    pages.unwrap_or(0.0) * 4096.0
}

/// Merges the entities of generated documents: seconds on one core, memory that identity takes.
pub fn eval_merging() -> Vec<Measure> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut resolver = Resolver::new();
    let (before, mut seconds) = (resident(), 0.0);
    for number in 0..BENCHMARK.0 {
        let facts = generated(number, &mut random);
        let start = cpu_seconds(Instant::now());
        resolver.add(&facts);
        seconds += cpu_seconds(Instant::now()) - start;
    }
    let start = cpu_seconds(Instant::now());
    let identities = resolver.finish();
    seconds += cpu_seconds(Instant::now()) - start;
    let megabytes = (resident() - before) / 1e6;
    let set = "100,000 documents, generated";
    let nodes = identities.nodes().len();
    vec![
        Measure::new(
            "identity",
            set,
            "time",
            1000.0 * seconds,
            Unit::Milliseconds,
        ),
        Measure::new("identity", set, "memory", megabytes, Unit::Megabytes),
        Measure::count("identity", set, "nodes", nodes),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load;

    #[test]
    fn the_key_fits_the_articles() {
        let articles = read_articles(&seeds()).unwrap();
        let own = articles.iter().filter(|a| !a.name.starts_with("demo/"));
        assert!(40 <= own.count(), "forty articles of our own");
        let mut things: BTreeMap<&str, usize> = BTreeMap::new();
        for article in &articles {
            assert!(
                article.text.split_whitespace().count() > 20,
                "{}",
                article.name
            );
            for (thing, names) in &article.key {
                *things.entry(thing).or_default() += 1;
                for name in names {
                    assert!(
                        article.text.contains(name.as_str()),
                        "{}: {name}",
                        article.name
                    );
                }
            }
        }
        let repeated = things.values().filter(|n| **n > 1).count();
        assert!(50 < repeated, "{repeated} things in several articles");
    }

    #[test]
    fn things_are_told_apart_and_brought_together() {
        let articles = read_articles(&seeds()).unwrap();
        let pipeline = load::load_pipeline().unwrap();
        let ontology = load::load_ontology().unwrap();
        for pairs in score(&articles, &pipeline, &ontology) {
            let faults = pairs.faults.join("\n");
            assert!(
                98.0 <= pairs.precision(),
                "{:.1}\n{faults}",
                pairs.precision()
            );
            assert!(85.0 <= pairs.recall(), "{:.1}\n{faults}", pairs.recall());
        }
    }
}
