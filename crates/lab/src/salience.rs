//! Weights of what speaks for an antecedent, learned from GUM.
//!
//! Each "he" and "she" of GUM's train part is a choice between the candidates that the entity
//! stage sees on the raw text, and nobody. A candidate is right when one of its mentions lies in
//! a gold mention of the pronoun's chain; nobody is, when none is. The weights are those of a
//! log-linear model with a quadratic penalty, found by gradient ascent. What a pronoun is taken
//! for is a fact of the next ones, so the choices are made anew with the weights of the round
//! before.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;

use tieline_data::LEXICONS;
use tieline_extract::{EntityResources, pronoun_choices, pronoun_facts};
use tieline_nlp::Engine;
use tieline_text::Document;

/// Strength of the penalty on squared weights.
const PENALTY: f64 = 40.0;
/// Rounds of choosing and fitting.
const ROUNDS: usize = 4;
/// Steps of gradient ascent in each.
const STEPS: usize = 400;

/// What is believed of some facts before any text is seen: subjects before objects before the
/// rest, near before far, binding by the clause (Lappin and Leass 1994).
const PRIORS: [(&str, f64); 58] = [
    ("distance of subject: 0", 0.5),
    ("distance of subject: 1", 0.4),
    ("distance of subject: 2", -0.4),
    ("distance of subject: 3", -0.8),
    ("distance of subject: 4", -1.0),
    ("distance of possessive: 0", 1.0),
    ("distance of possessive: 1", 0.3),
    ("distance of possessive: 2", -0.6),
    ("distance of possessive: 3", -1.0),
    ("distance of possessive: 4", -1.0),
    ("distance of object: 0", 0.8),
    ("distance of object: 1", 0.2),
    ("distance of object: 2", -0.6),
    ("distance of object: 3", -1.0),
    ("distance of object: 4", -1.0),
    ("before of subject: subject", 0.9),
    ("before of subject: passive", 0.8),
    ("before of subject: object", 0.0),
    ("before of subject: owner", -0.2),
    ("before of subject: oblique", -0.5),
    ("before of subject: modifier", -0.6),
    ("before of possessive: subject", 0.7),
    ("before of possessive: passive", 0.6),
    ("before of possessive: oblique", -0.4),
    ("before of possessive: owner", 0.2),
    ("before of object: subject", 0.4),
    ("before of object: oblique", -0.3),
    ("here of subject: subject", 0.6),
    ("here of subject: passive", 0.5),
    ("here of subject: oblique", -0.4),
    ("here of subject: owner", -0.1),
    ("here of possessive: subject", 0.5),
    ("here of possessive: passive", 0.5),
    ("here of possessive: oblique", -0.2),
    ("here of possessive: owner", -0.2),
    ("here of object: object", 0.2),
    ("bound of possessive: own", 1.0),
    ("bound of possessive: above", 0.3),
    ("bound of possessive: beside", 2.5),
    ("bound of possessive: cataphor", 2.0),
    ("bound of subject: above", 1.0),
    ("bound of object: above", 0.8),
    ("bound of subject: fronted", 1.2),
    ("bound of subject: cataphor", 2.0),
    ("bound of object: cataphor", 1.0),
    ("gender: known", 0.5),
    ("gender: guessed", 0.4),
    ("gender: other guessed", -0.8),
    ("pronoun before of subject: same here", 0.5),
    ("pronoun before of possessive: same here", 0.5),
    ("pronoun before of object: same here", 0.3),
    ("pronoun before of subject: same before", 0.3),
    ("pronoun before of possessive: same before", 0.3),
    ("trait: topic", 0.3),
    ("trait: most mentioned", 0.4),
    ("trait: with another", -0.5),
    ("trait: opens sentence", 0.2),
    ("trait: subject before", 0.4),
];

fn prior(name: &str) -> f64 {
    let found = PRIORS.iter().find(|(fact, _)| *fact == name);
    found.map_or(0.0, |(_, weight)| *weight)
}

/// A document with its chains.
#[derive(Debug, Default)]
struct Gold {
    name: String,
    text: String,
    /// Bytes whose pronouns count.
    part: Range<usize>,
    /// Bytes of each mention, and its chain.
    mentions: Vec<(usize, usize, String)>,
}

impl Gold {
    /// Chain of the smallest mention around some bytes.
    fn chain(&self, start: usize, end: usize) -> Option<&str> {
        let around = |m: &&(usize, usize, String)| m.0 <= start && end <= m.1;
        let found = self.mentions.iter().filter(around);
        let smallest = found.min_by_key(|m| m.1 - m.0)?;
        Some(&smallest.2)
    }
}

/// Reads documents of a treebank with `Entity=` marks in the last column.
fn read(text: &str) -> Vec<Gold> {
    let mut documents: Vec<Gold> = Vec::new();
    let mut open: Vec<(usize, String)> = Vec::new();
    // words that a line "3-4" has written already, and whether a space follows them
    let mut written: (usize, bool) = (0, true);
    let mut space = false;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("# newdoc id = ") {
            documents.push(Gold {
                name: name.to_owned(),
                ..Gold::default()
            });
            open.clear();
            space = false;
            continue;
        }
        let Some(document) = documents.last_mut() else {
            continue;
        };
        if line.starts_with("# newpar") && !document.text.ends_with("\n\n") {
            document.text.push_str("\n\n");
            space = false;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let &[id, form, .., misc] = columns.as_slice() else {
            continue;
        };
        let follows = !misc.split('|').any(|field| field == "SpaceAfter=No");
        if let Some((first, last)) = id.split_once('-') {
            let count = |id: &str| id.parse::<usize>().unwrap_or(0);
            written = (count(last) + 1 - count(first).min(count(last)), follows);
            if space {
                document.text.push(' ');
            }
            space = false;
        } else if id.contains('.') {
            continue;
        }
        if id.contains('-') {
            continue;
        }
        if space {
            document.text.push(' ');
        }
        let start = document.text.len();
        document.text.push_str(form);
        let end = document.text.len();
        space = match written.0 {
            0 => follows,
            1 => written.1,
            _ => false,
        };
        written.0 = written.0.saturating_sub(1);
        let marks = misc
            .split('|')
            .find_map(|field| field.strip_prefix("Entity="));
        let mut rest = marks.unwrap_or_default();
        while !rest.is_empty() {
            let opens = rest.strip_prefix('(');
            let body = opens.unwrap_or(rest);
            let stop = body.find(['(', ')']).unwrap_or(body.len());
            let chain = body[..stop]
                .split('-')
                .next()
                .unwrap_or_default()
                .to_owned();
            let closes = body[stop..].starts_with(')');
            match (opens.is_some(), closes) {
                (true, true) => document.mentions.push((start, end, chain)),
                (true, false) => open.push((start, chain)),
                _ => {
                    if let Some(at) = open.iter().rposition(|(_, other)| *other == chain) {
                        let (from, chain) = open.remove(at);
                        document.mentions.push((from, end, chain));
                    }
                }
            }
            rest = &body[stop + usize::from(closes)..];
        }
    }
    documents
}

/// Passages of a few sentences around each pronoun, as excerpts are that begin in the middle: they
/// teach what speaks for somebody beside having been the topic all along.
fn passages(gold: &Gold, engine: &Engine) -> Vec<Gold> {
    let document = Document::from_text(gold.name.as_str(), gold.text.as_str());
    let (parsed, _) = engine.parse(&document);
    let sentences: Vec<(usize, usize)> = parsed
        .sentences()
        .iter()
        .map(|sentence| {
            let span = parsed.span_of(sentence.tokens.clone());
            (span.start() as usize, span.end() as usize)
        })
        .collect();
    let mut found = Vec::new();
    for (idx, sentence) in parsed.sentences().iter().enumerate() {
        let pronoun = sentence.tokens.clone().any(|token| {
            let span = parsed.span_of(token..token + 1);
            let word = span.slice(&gold.text).unwrap_or_default().to_lowercase();
            matches!(word.as_str(), "he" | "she" | "his" | "her" | "him")
        });
        if !pronoun {
            continue;
        }
        for back in [1, 2, 3] {
            let first = idx.saturating_sub(back);
            let last = (idx + 1).min(sentences.len() - 1);
            let (from, to) = (sentences[first].0, sentences[last].1);
            let inside = gold.mentions.iter().filter(|m| from <= m.0 && m.1 <= to);
            found.push(Gold {
                name: gold.name.clone(),
                text: gold.text[from..to].to_owned(),
                part: sentences[idx].0 - from..sentences[idx].1 - from,
                mentions: inside
                    .map(|m| (m.0 - from, m.1 - from, m.2.clone()))
                    .collect(),
            });
        }
    }
    found
}

/// The facts of each option of a pronoun, and which of them are right.
type Choice = (Vec<Vec<u16>>, Vec<bool>);

fn collect(documents: &[Gold], engine: &Engine, resources: &EntityResources) -> Vec<Choice> {
    let mut found = Vec::new();
    for gold in documents {
        let document = Document::from_text(gold.name.as_str(), gold.text.as_str());
        let (parsed, _) = engine.parse(&document);
        let chain = |tokens: &Range<u32>| {
            let span = parsed.span_of(tokens.clone());
            gold.chain(span.start() as usize, span.end() as usize)
        };
        for choice in pronoun_choices(resources, &document, &parsed) {
            let at = parsed.span_of(choice.token..choice.token + 1).start() as usize;
            if !gold.part.contains(&at) {
                continue;
            }
            let Some(own) = chain(&(choice.token..choice.token + 1)) else {
                continue;
            };
            let mut right: Vec<bool> = choice
                .options
                .iter()
                .map(|option| option.mentions.iter().any(|m| chain(m) == Some(own)))
                .collect();
            let none = right.iter().all(|right| !right);
            if let Some(nobody) = right.last_mut() {
                *nobody = none;
            }
            let facts = choice.options.into_iter().map(|option| option.facts);
            found.push((facts.collect(), right));
        }
    }
    found
}

/// Probabilities of the options.
fn soft(options: &[Vec<u16>], weights: &[f64]) -> Vec<f64> {
    let scores: Vec<f64> = options
        .iter()
        .map(|facts| facts.iter().map(|&fact| weights[usize::from(fact)]).sum())
        .collect();
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = scores.iter().map(|score| (score - top).exp()).sum();
    scores
        .iter()
        .map(|score| (score - top).exp() / sum)
        .collect()
}

/// Fits the weights; the share of choices that they make right.
fn fit(choices: &[Choice], prior: &[f64]) -> (Vec<f64>, f64) {
    let mut weights = prior.to_vec();
    let mut squares = vec![1e-8; weights.len()];
    for _ in 0..STEPS {
        let mut gradient: Vec<f64> = weights
            .iter()
            .zip(prior)
            .map(|(weight, prior)| PENALTY * (prior - weight))
            .collect();
        for (options, right) in choices {
            let all = soft(options, &weights);
            let mass: f64 = all
                .iter()
                .zip(right)
                .filter(|(_, r)| **r)
                .map(|(p, _)| p)
                .sum();
            for ((facts, p), right) in options.iter().zip(&all).zip(right) {
                let wanted = if *right { p / mass.max(1e-12) } else { 0.0 };
                for &fact in facts {
                    gradient[usize::from(fact)] += wanted - p;
                }
            }
        }
        for ((weight, square), slope) in weights.iter_mut().zip(&mut squares).zip(&gradient) {
            *square += slope * slope;
            *weight += 0.3 * slope / f64::sqrt(*square);
        }
    }
    let hit = |(options, right): &&Choice| {
        let all = soft(options, &weights);
        let best = (0..all.len()).max_by(|&a, &b| all[a].total_cmp(&all[b]));
        best.is_some_and(|best| right[best])
    };
    let hits = choices.iter().filter(hit).count();
    (weights, hits as f64 / choices.len().max(1) as f64)
}

fn render(weights: &[f64]) -> String {
    let rows: BTreeMap<String, i64> = pronoun_facts()
        .into_iter()
        .zip(weights)
        .map(|(name, weight)| (name, (100.0 * weight).round() as i64))
        .collect();
    let mut text = "#! lexicon 1\n\
         # What speaks for an antecedent of \"he\" and \"she\". Written by: cargo lab compile salience\n\
         # source: learned from GUM, train part without its non-commercial genres\n\
         # licence: MIT OR Apache-2.0; annotations learned from CC BY 4.0\n\
         # columns: fact (crates/extract/src/entities/refer/weights.rs), weight in hundredths of a \
         natural logarithm\n"
        .to_owned();
    for (name, weight) in rows {
        let _ = writeln!(text, "{name}\t{weight}");
    }
    text
}

/// The table of weights.
pub fn salience(data: &Path, engine: &Engine) -> Result<String, Box<dyn Error>> {
    let gold = fs::read_to_string(data.join("train/gum/train_commercial_ok.conllu"))?;
    let mut documents = read(&gold);
    for document in &mut documents {
        document.part = 0..document.text.len();
    }
    let cut: Vec<Gold> = documents
        .iter()
        .flat_map(|document| passages(document, engine))
        .collect();
    documents.extend(cut);
    let prior: Vec<f64> = pronoun_facts().iter().map(|name| prior(name)).collect();
    let mut table = render(&prior);
    for _ in 0..ROUNDS {
        let others = LEXICONS.iter().filter(|(name, _)| *name != "salience");
        let mut tables: Vec<(&str, &str)> = others.copied().collect();
        tables.push(("salience", &table));
        let resources = EntityResources::from_tables(&tables)?;
        let choices = collect(&documents, engine, &resources);
        let (weights, hits) = fit(&choices, &prior);
        eprintln!(
            "{} pronouns, {:.1} per cent right",
            choices.len(),
            100.0 * hits
        );
        table = render(&weights);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read() {
        let line = |id: &str, form: &str, misc: &str| {
            format!("{id}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n")
        };
        let text = [
            "# newdoc id = a\n# newpar\n".to_owned(),
            line("1", "Ada", "Entity=(7-person-new(8-person-new)"),
            line("2", "Holm", "Entity=7)|SpaceAfter=No"),
            line("3", ".", "_"),
            "\n".to_owned(),
            line("1-2", "She's", "_"),
            line("1", "She", "Entity=(7-person-giv)"),
            line("2", "'s", "_"),
            line("3", "in", "_"),
        ]
        .concat();
        let documents = read(&text);
        let [gold] = &documents[..] else {
            panic!("one document");
        };
        assert_eq!(gold.text, "\n\nAda Holm. She's in");
        assert_eq!(gold.chain(2, 10), Some("7"));
        assert_eq!(gold.chain(2, 5), Some("8"));
        assert_eq!(gold.chain(12, 15), Some("7"));
        assert_eq!(gold.chain(18, 20), None);
    }

    #[test]
    fn what_decides_gets_weight() {
        // fact 0 is right each time, fact 1 never
        let choice = || (vec![vec![0], vec![1], vec![2]], vec![true, false, false]);
        let (weights, hits) = fit(&[choice(), choice(), choice()], &[0.0; 3]);
        assert!(weights[1] < 0.0 && 0.0 < weights[0], "{weights:?}");
        assert_eq!(hits, 1.0);
    }
}
