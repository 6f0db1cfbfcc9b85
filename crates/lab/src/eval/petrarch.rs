//! Direction of events between invented countries: the unit tests of PETRARCH-2 (Norris et al.
//! 2017).
//!
//! A record is a sentence and the events that the coder must find, each with a code of the source
//! and of the target. We run the whole pipeline and look at the edges between two actors that an
//! event joins. Whether the type is right is not asked, the event codes being made up in part;
//! the direction is: an edge must go as one of the events, or have no direction.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use tieline_extract::Pipeline;
use tieline_facts::{Facts, Ontology, Symmetry};
use tieline_text::Document;

use super::Measure;

const SET: &str = "dev/petrarch2/text/PETR.UnitTest.records.xml";

/// Codes of the invented actors, by how their names start.
const ACTORS: [(&str, &str); 17] = [
    ("Arnor", "ARN"),
    ("Bree", "BRE"),
    ("Calenardhon", "CAL"),
    ("Caras Galadhon", "ELF"),
    ("Cirith Ungol", "MOR"),
    ("Dagolath", "DAG"),
    ("Eriador", "ERI"),
    ("Fornost", "FOR"),
    ("Gondor", "GON"),
    ("Ithilen", "ITH"),
    ("Lorien", "ELF"),
    ("Minas Tirith", "GON"),
    ("Mordor", "MOR"),
    ("Osgiliath", "OSG"),
    ("Rohan", "ROH"),
    ("Russia", "RUS"),
    ("White House", "USA"),
];

/// A sentence and its events, as the first three letters of source and target.
#[derive(Debug, PartialEq, Eq)]
struct Record {
    text: String,
    events: BTreeSet<(String, String)>,
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!("{name}=\""))?.1;
    let value = rest.split_once('"')?.0;
    value.get(..3).map(str::to_owned)
}

fn parse(xml: &str) -> Vec<Record> {
    let mut records = Vec::new();
    for sentence in xml.split("<Sentence ").skip(1) {
        let text = sentence
            .split_once("<Text>")
            .and_then(|(_, rest)| rest.split_once("</Text>"));
        let Some((text, _)) = text else { continue };
        let events: BTreeSet<(String, String)> = sentence
            .split("<EventCoding")
            .skip(1)
            .filter_map(|tag| {
                let tag = tag.split_once('>')?.0;
                Some((attribute(tag, "sourcecode")?, attribute(tag, "targetcode")?))
            })
            .collect();
        if !events.is_empty() {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            records.push(Record { text, events });
        }
    }
    records
}

/// The code of an entity: by its name, or by the country that it holds an office in.
fn code(facts: &Facts, ontology: &Ontology, entity: u32) -> Option<&'static str> {
    let named = |id: u32| {
        let name = &facts.entities.iter().find(|e| e.id == id)?.name;
        ACTORS
            .iter()
            .find(|(start, _)| name.starts_with(start))
            .map(|actor| actor.1)
    };
    named(entity).or_else(|| {
        facts
            .relations
            .iter()
            .filter(|edge| edge.subject == entity)
            .filter(|edge| {
                ontology
                    .get(&edge.predicate)
                    .is_some_and(|k| k.plover == "-")
            })
            .find_map(|edge| named(edge.object))
    })
}

/// How many events have an edge, and the share of edges with the right direction. With `verbose`,
/// prints the others.
pub fn eval_petrarch(
    data: &Path,
    ontology: &Ontology,
    pipeline: &Pipeline,
    verbose: bool,
) -> Result<Vec<Measure>, Box<dyn Error>> {
    let xml = fs::read_to_string(data.join(SET))?;
    let (mut sentences, mut with_edge, mut drawn, mut right) = (0, 0, 0, 0);
    for record in parse(&xml) {
        let facts = pipeline.run(&Document::from_text("record", &record.text));
        let known = |code: &str| ACTORS.iter().any(|actor| actor.1 == code);
        if !record
            .events
            .iter()
            .any(|(a, b)| a != b && known(a) && known(b))
        {
            continue;
        }
        sentences += 1;
        let mut found = false;
        for edge in &facts.relations {
            let Some(kind) = ontology.get(&edge.predicate).filter(|k| k.plover != "-") else {
                continue;
            };
            let (Some(a), Some(b)) = (
                code(&facts, ontology, edge.subject),
                code(&facts, ontology, edge.object),
            ) else {
                continue;
            };
            let has = |a: &str, b: &str| record.events.contains(&(a.to_owned(), b.to_owned()));
            if !has(a, b) && !has(b, a) {
                continue;
            }
            found = true;
            drawn += 1;
            if has(a, b) || kind.symmetry == Symmetry::Symmetric {
                right += 1;
            } else if verbose {
                println!("reversed | {a} {} {b} | {}", edge.predicate, record.text);
            }
        }
        with_edge += usize::from(found);
        if verbose && !found {
            println!("no edge | {:?} | {}", record.events, record.text);
        }
    }
    let share = 100.0 * right as f64 / drawn.max(1) as f64;
    Ok(vec![
        Measure::count("events", SET, "rows", sentences),
        Measure::percent(
            "events",
            SET,
            "coverage",
            100.0 * with_edge as f64 / sentences.max(1) as f64,
        ),
        Measure::count("events", SET, "edges", drawn),
        Measure::percent("events", SET, "direction", share),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_with_events_are_read() {
        let xml = "<Sentences><Sentence date=\"1\" id=\"a\">\n\
            <EventCoding sourcecode=\"ARNGOV\" targetcode=\"GON\" eventcode=\"064\"></EventCoding>\n\
            <Text>\nArnor met\nGondor.\n</Text></Sentence>\n\
            <Sentence id=\"b\"><EventCoding noevents = \"True\"/><Text>None.</Text></Sentence>";
        let pair = ("ARN".to_owned(), "GON".to_owned());
        let want = Record {
            text: "Arnor met Gondor.".to_owned(),
            events: BTreeSet::from([pair]),
        };
        assert_eq!(parse(xml), vec![want]);
    }
}
