//! The open layer on CaRB (Bhardwaj et al. 2019): sentences of Wikipedia and newswire with all
//! their clauses, written out by crowd workers as relation and arguments.
//!
//! Ours are clauses between two named things only, so the measures are about those:
//!
//! - an open clause is **right** when a clause of the sentence has its verb, as written, among the
//!   words of the relation, a mention of one end in its first argument and one of the other end in
//!   a later one;
//! - **recall** is over the clauses of CaRB whose first argument and whose second one are each a
//!   mention of one of our entities, a leading article apart, with different ones: the share with
//!   an edge between the two, typed or open.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use tieline_extract::Pipeline;
use tieline_facts::Facts;
use tieline_text::Document;

use super::Measure;

const SET: &str = "dev/carb/dev.tsv";

/// Relation, first argument, later ones.
type Clause = (String, String, Vec<String>);

/// Words of a text in lower case, one space between two.
fn plain(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// Whether a run of words stands in a text, at word borders.
fn holds(text: &str, words: &str) -> bool {
    format!(" {text} ").contains(&format!(" {words} "))
}

/// The texts of an entity's mentions.
fn mentions(facts: &Facts, id: u32) -> Vec<String> {
    let entity = facts.entities.get(id as usize);
    let mentions = entity.into_iter().flat_map(|entity| &entity.mentions);
    mentions.map(|mention| plain(&mention.text)).collect()
}

/// The entity that an argument is a mention of.
fn meant(facts: &Facts, argument: &str) -> Option<u32> {
    let bare = argument.strip_prefix("the ").unwrap_or(argument);
    let found = facts
        .entities
        .iter()
        .find(|entity| entity.mentions.iter().any(|m| plain(&m.text) == bare));
    found.map(|entity| entity.id)
}

/// Precision of open clauses, and recall of clauses between named things.
pub fn eval_carb(
    data: &Path,
    pipeline: &Pipeline,
    verbose: bool,
) -> Result<Vec<Measure>, Box<dyn Error>> {
    let table = fs::read_to_string(data.join(SET))?;
    let mut sentences: BTreeMap<&str, Vec<Clause>> = BTreeMap::new();
    for line in table.lines() {
        let mut cells = line.split('\t');
        let (Some(sentence), Some(relation), Some(first)) =
            (cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        let later = cells.map(plain).collect();
        let clause = (plain(relation), plain(first), later);
        sentences.entry(sentence).or_default().push(clause);
    }
    let (mut found, mut right, mut wanted, mut joined) = (0, 0, 0, 0);
    for (sentence, clauses) in sentences {
        let facts = pipeline.run_open(&Document::from_text("sentence", sentence));
        for open in &facts.open {
            found += 1;
            let trigger = &open.evidence.trigger;
            let verb = sentence.get(trigger.start as usize..trigger.end as usize);
            let verb = plain(verb.unwrap_or_default());
            let (a, b) = (
                mentions(&facts, open.subject),
                mentions(&facts, open.object),
            );
            let any = |text: &String, of: &[String]| of.iter().any(|words| holds(text, words));
            let is_right = clauses.iter().any(|(relation, first, later)| {
                let along = any(first, &a) && later.iter().any(|text| any(text, &b));
                let back = any(first, &b) && later.iter().any(|text| any(text, &a));
                holds(relation, &verb) && (along || back)
            });
            right += usize::from(is_right);
            if verbose && !is_right {
                let name = |id: u32| facts.entities.get(id as usize).map_or("?", |e| &e.name);
                let (s, o) = (name(open.subject), name(open.object));
                println!("not in CaRB: {s} | {} | {o} | {sentence}", open.label);
            }
        }
        let ends = facts.relations.iter().map(|r| (r.subject, r.object));
        let edges: Vec<(u32, u32)> = ends
            .chain(facts.open.iter().map(|o| (o.subject, o.object)))
            .collect();
        for (_, first, later) in &clauses {
            let second = later.first().and_then(|text| meant(&facts, text));
            if let (Some(a), Some(b)) = (meant(&facts, first), second)
                && a != b
            {
                wanted += 1;
                let drawn = edges.iter().any(|edge| *edge == (a, b) || *edge == (b, a));
                joined += usize::from(drawn);
            }
        }
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    Ok(vec![
        Measure::count("open", SET, "clauses", found),
        Measure::percent("open", SET, "precision", share(right, found)),
        Measure::count("open", SET, "clauses of two names", wanted),
        Measure::percent("open", SET, "recall", share(joined, wanted)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_held_at_borders() {
        // text, words, held
        let cases = [
            ("ada holm met him", "holm", true),
            ("ada holm met him", "ada holm met him", true),
            ("ada holmes met him", "holm", false),
            ("", "holm", false),
        ];
        for (text, words, want) in cases {
            assert_eq!(holds(text, words), want, "{text}: {words}");
        }
        assert_eq!(plain("The  Old\nMan"), "the old man");
    }
}
