//! Coreference on whole articles of DWIE.
//!
//! DWIE marks names only: neither pronouns nor descriptions stand in its clusters, and adjectives
//! of nationality are things of their own there ("German" is not Germany). So the key is its
//! clusters of persons, organisations and places, and the response our entities of these types
//! with their mentions by name. Spans are compared as in the measure of names, with a leading
//! article and a final 's forgiven; types are not compared.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use tieline_extract::Pipeline;
use tieline_facts::{EntityType, Facts, MentionKind};
use tieline_text::Document;

use super::Measure;
use super::coref::CorefScores;
use crate::names::score::trim;

/// File of the articles.
const SET: &str = "dev/dwie/dev.re.jsonl";

#[derive(Debug, Deserialize)]
struct Article {
    doc: String,
    tokens: Vec<String>,
    entities: Vec<Cluster>,
}

#[derive(Debug, Deserialize)]
struct Cluster {
    #[serde(rename = "type")]
    kind: String,
    /// Half-open ranges of tokens.
    mentions: Vec<(usize, usize)>,
}

/// A span of bytes.
type Span = (usize, usize);

/// The text, tokens joined by single spaces, and the gold clusters as spans of bytes.
fn render(article: &Article) -> (String, Vec<Vec<Span>>) {
    let mut text = String::new();
    let mut places = Vec::with_capacity(article.tokens.len());
    for token in &article.tokens {
        if token.trim().is_empty() {
            text.push_str("\n\n");
            places.push((text.len(), text.len()));
            continue;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push(' ');
        }
        places.push((text.len(), text.len() + token.len()));
        text.push_str(token);
    }
    let named = |cluster: &&Cluster| {
        matches!(
            cluster.kind.as_str(),
            "person" | "organization" | "location"
        )
    };
    let clusters = article.entities.iter().filter(named).map(|cluster| {
        let spans = cluster.mentions.iter().filter_map(|&(start, end)| {
            let (first, last) = (places.get(start)?, places.get(end.checked_sub(1)?)?);
            Some((first.0, last.1))
        });
        normal(&text, spans)
    });
    let clusters = clusters.filter(|cluster| !cluster.is_empty()).collect();
    (text, clusters)
}

/// Spans without articles and genitives, each once.
fn normal(text: &str, spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans
        .map(|(start, end)| {
            let (start, end, _) = trim(text, (start, end, 0));
            (start, end)
        })
        .collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// Our clusters: mentions by name of persons, organisations, countries and places.
fn response(text: &str, facts: &Facts) -> Vec<Vec<Span>> {
    let counted = facts
        .entities
        .iter()
        .filter(|entity| entity.kind != EntityType::Other);
    let clusters = counted.map(|entity| {
        let named = entity
            .mentions
            .iter()
            .filter(|mention| mention.kind == MentionKind::Name);
        normal(text, named.map(|m| (m.start as usize, m.end as usize)))
    });
    clusters.filter(|cluster| !cluster.is_empty()).collect()
}

/// Mention F1 and the three measures of coreference, with the mentions that the pipeline finds.
/// With `verbose`, prints for each gold cluster that is not whole where its mentions went.
pub fn eval_clusters(
    data: &Path,
    pipeline: &Pipeline,
    verbose: bool,
) -> Result<Vec<Measure>, Box<dyn Error>> {
    let mut scores = CorefScores::default();
    for line in fs::read_to_string(data.join(SET))?.lines() {
        let article: Article = serde_json::from_str(line)?;
        let (text, key) = render(&article);
        let facts = pipeline.run(&Document::from_text(article.doc.as_str(), text.as_str()));
        let found = response(&text, &facts);
        scores.add(&key, &found);
        if verbose {
            print_faults(&article.doc, &text, &key, &found);
        }
    }
    let mut rows = Vec::new();
    let mut add = |name, value| rows.push(Measure::percent("coreference", SET, name, value));
    add("mentions P", scores.mentions.precision());
    add("mentions R", scores.mentions.recall());
    add("mentions F1", scores.mentions.f1());
    add("MUC F1", scores.muc.f1());
    add("B-cubed F1", scores.b_cubed.f1());
    add("CEAF-e F1", scores.ceaf_e.f1());
    add("average", scores.average());
    Ok(rows)
}

/// The article in which each of some well-known things must be one node.
const STORY: &str = "SEED_uk_ukraine";

/// What the story names: forms that belong to one node each.
const SINGLES: [(&str, EntityType, &[&str]); 10] = [
    ("Zelensky", EntityType::Person, &["zelensk"]),
    ("Starmer", EntityType::Person, &["starmer"]),
    ("Putin", EntityType::Person, &["putin"]),
    ("Trump", EntityType::Person, &["trump"]),
    (
        "United Kingdom",
        EntityType::Country,
        &["united kingdom", "uk", "britain"],
    ),
    ("Ukraine", EntityType::Country, &["ukraine"]),
    ("Russia", EntityType::Country, &["russia"]),
    (
        "United States",
        EntityType::Country,
        &["united states", "us", "u.s."],
    ),
    (
        "NATO",
        EntityType::Organisation,
        &["nato", "north atlantic treaty organization"],
    ),
    (
        "RUSI",
        EntityType::Organisation,
        &["rusi", "royal united services institute"],
    ),
];

/// How many of the things that the story names are exactly one node, and how many there are.
pub fn eval_singles(gold: &Path, pipeline: &Pipeline) -> Result<Vec<Measure>, Box<dyn Error>> {
    let path = gold.join("texts").join(format!("{STORY}.txt"));
    let text = fs::read_to_string(path)?;
    let facts = pipeline.run(&Document::from_text(STORY, text));
    let single = |&&(_, kind, forms): &&(&str, EntityType, &[&str])| {
        let mut nodes = facts.entities.iter().filter(|entity| {
            let lower = entity.name.to_lowercase();
            match kind {
                // a family name, in any spelling, ends the name
                EntityType::Person => lower
                    .rsplit(' ')
                    .next()
                    .is_some_and(|last| forms.iter().any(|form| last.starts_with(form))),
                _ => {
                    let mut named = entity.mentions.iter();
                    forms.contains(&lower.as_str())
                        || named.any(|m| forms.contains(&m.text.to_lowercase().as_str()))
                }
            }
        });
        matches!((nodes.next(), nodes.next()), (Some(node), None) if node.kind == kind)
    };
    let whole = SINGLES.iter().filter(single).count();
    Ok(vec![
        Measure::count("coreference", STORY, "one node each", whole),
        Measure::count("coreference", STORY, "of", SINGLES.len()),
    ])
}

fn print_faults(doc: &str, text: &str, key: &[Vec<Span>], found: &[Vec<Span>]) {
    let of = |span: &Span, side: &[Vec<Span>]| side.iter().position(|c| c.contains(span));
    for (name, side, other) in [("key", key, found), ("response", found, key)] {
        for cluster in side {
            let mut homes: Vec<Option<usize>> = cluster.iter().map(|s| of(s, other)).collect();
            homes.dedup();
            if homes.len() == 1 && homes[0].is_some() {
                continue;
            }
            let parts: Vec<String> = cluster
                .iter()
                .map(|span| {
                    let home = of(span, other).map_or("-".to_owned(), |home| home.to_string());
                    format!(
                        "{}@{}={home}",
                        text.get(span.0..span.1).unwrap_or(""),
                        span.0
                    )
                })
                .collect();
            println!("{doc}\t{name}\t{}", parts.join(" | "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_rendered_with_their_clusters() {
        let article = r#"{"doc": "a", "tokens": ["The", "Norvik", "’s", "plan", "\n", "Ada"],
            "entities": [{"type": "organization", "mentions": [[0, 3], [1, 2]]},
                         {"type": "time", "mentions": [[3, 4]]},
                         {"type": "person", "mentions": [[5, 6], [7, 9]]}]}"#;
        let article: Article = serde_json::from_str(article).unwrap();
        let (text, clusters) = render(&article);
        assert_eq!(text, "The Norvik ’s plan\n\nAda");
        let words: Vec<Vec<&str>> = clusters
            .iter()
            .map(|cluster| cluster.iter().map(|&(a, b)| &text[a..b]).collect())
            .collect();
        // article and genitive go, and what is the same then counts once
        assert_eq!(words, [vec!["Norvik"], vec!["Ada"]]);
    }
}
