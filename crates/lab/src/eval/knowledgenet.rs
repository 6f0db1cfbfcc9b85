//! Facts about people and organisations in sentences of web pages: KnowledgeNet (Mesquita et al.
//! 2019).
//!
//! A row is a passage of one sentence or two, the properties for which it was annotated
//! exhaustively, and the facts: property, head, tail, and where both stand. A fact repeated with
//! other mentions of the same ends is one fact. We run the pipeline on the passage alone.
//!
//! - **Found** is a relation of a type that the property covers, affirmed, in a passage annotated
//!   for it. It is **right** when both ends touch a mention of the ends of one fact.
//! - **Precision** is the share of right ones among those found, **recall** the share of facts
//!   with a right relation. **Recall, named** leaves out the facts of which an end stands in the
//!   passage only as a pronoun or nominal: who that is the passage does not say.
//!
//! "An American company" is annotated as no headquarters, so ours that rest on a nationality are
//! not counted.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use tieline_extract::Pipeline;
use tieline_facts::{Entity, Facts, MentionKind, Polarity, Relation};
use tieline_text::Document;

use super::Measure;

const SET: &str = "train/knowledgenet/folds123.jsonl";

/// A property, the relation types it covers, and whether its head is our object. What somebody
/// leads or speaks for also employs them.
struct Property {
    name: &'static str,
    types: &'static [&'static str],
    turned: bool,
}

const fn property(name: &'static str, types: &'static [&'static str], turned: bool) -> Property {
    Property {
        name,
        types,
        turned,
    }
}

const PROPERTIES: [Property; 11] = [
    property("SPOUSE", &["spouse_of"], false),
    property("CHILD_OF", &["parent_of"], true),
    property("NATIONALITY", &["citizen_of"], false),
    property("PLACE_OF_BIRTH", &["born_in"], false),
    property("EDUCATED_AT", &["educated_at"], false),
    property("POLITICAL_AFFILIATION", &["member_of_party"], false),
    property(
        "EMPLOYEE_OR_MEMBER_OF",
        &[
            "works_for",
            "member_of",
            "ceo_of",
            "chair_of",
            "leads",
            "represents",
            "board_member_of",
            "plays_for",
        ],
        false,
    ),
    property("CEO", &["ceo_of"], true),
    property("FOUNDED_BY", &["founded"], true),
    property("HEADQUARTERS", &["headquartered_in"], false),
    property("SUBSIDIARY_OF", &["subsidiary_of"], false),
];

/// Positions are characters.
#[derive(Debug, Deserialize)]
struct Row {
    text: String,
    facts: Vec<Fact>,
    annotated: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Fact {
    r: String,
    h: (usize, usize),
    t: (usize, usize),
    h_uri: Option<String>,
    t_uri: Option<String>,
    h_text: String,
    t_text: String,
}

impl Fact {
    /// The ends, the same for each of their mentions.
    fn ends(&self) -> (&str, &str) {
        (
            self.h_uri.as_deref().unwrap_or(&self.h_text),
            self.t_uri.as_deref().unwrap_or(&self.t_text),
        )
    }

    fn is_named(&self) -> bool {
        is_name(&self.h_text) && is_name(&self.t_text)
    }
}

/// Whether a mention has a capital letter and is no pronoun.
fn is_name(text: &str) -> bool {
    const PRONOUNS: [&str; 14] = [
        "he", "she", "it", "they", "his", "her", "its", "their", "him", "them", "i", "we", "my",
        "our",
    ];
    text.chars().any(char::is_uppercase) && !PRONOUNS.contains(&text.to_lowercase().as_str())
}

/// Counts of one property.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Scores {
    right: usize,
    wrong: usize,
    /// Facts of which both ends are named somewhere, and those of them that were found.
    named: (usize, usize),
    /// All facts.
    facts: (usize, usize),
}

impl Scores {
    fn add(&mut self, other: Scores) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.named = (self.named.0 + other.named.0, self.named.1 + other.named.1);
        self.facts = (self.facts.0 + other.facts.0, self.facts.1 + other.facts.1);
    }

    fn measures(&self, set: &str) -> [Measure; 5] {
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        let percent = |name, value| Measure::percent("knowledgenet", set, name, value);
        [
            percent("precision", share(self.right, self.right + self.wrong)),
            percent("recall", share(self.facts.1, self.facts.0)),
            percent("recall, named", share(self.named.1, self.named.0)),
            Measure::count("knowledgenet", set, "found", self.right + self.wrong),
            Measure::count("knowledgenet", set, "facts", self.facts.0),
        ]
    }
}

/// The facts of a property that a relation states; `None` if the property does not judge it.
fn stated<'r>(
    row: &'r Row,
    property: &Property,
    facts: &Facts,
    relation: &Relation,
) -> Option<Vec<&'r Fact>> {
    if !property.types.contains(&relation.predicate.as_str())
        || relation.polarity == Polarity::Negated
    {
        return None;
    }
    let (head, tail) = ends(property, facts, relation)?;
    if property.name == "HEADQUARTERS" && is_adjective(tail) {
        return None;
    }
    let byte = |at: usize| {
        let mut chars = row.text.char_indices();
        chars.nth(at).map_or(row.text.len(), |(byte, _)| byte)
    };
    let touches = |entity: &Entity, span: (usize, usize)| {
        let (start, end) = (byte(span.0), byte(span.1));
        entity
            .mentions
            .iter()
            .any(|mention| (mention.start as usize) < end && start < mention.end as usize)
    };
    let states = |fact: &&Fact| {
        let along = touches(head, fact.h) && touches(tail, fact.t);
        let back = property.name == "SPOUSE" && touches(head, fact.t) && touches(tail, fact.h);
        fact.r == property.name && (along || back)
    };
    Some(row.facts.iter().filter(states).collect())
}

/// Whether an entity stands in the passage only as a nationality.
fn is_adjective(entity: &Entity) -> bool {
    let mut kinds = entity.mentions.iter().map(|mention| mention.kind);
    kinds.all(|kind| matches!(kind, MentionKind::Demonym | MentionKind::Nominal))
}

/// Head and tail of a relation, as the property has them.
fn ends<'f>(
    property: &Property,
    facts: &'f Facts,
    relation: &Relation,
) -> Option<(&'f Entity, &'f Entity)> {
    let entity = |id: u32| facts.entities.iter().find(|entity| entity.id == id);
    let (subject, object) = (entity(relation.subject)?, entity(relation.object)?);
    Some(if property.turned {
        (object, subject)
    } else {
        (subject, object)
    })
}

/// Scores one passage for one property; `cases` gets a line for each relation that is wrong and
/// each fact that was missed.
fn score(row: &Row, property: &Property, facts: &Facts, cases: &mut Vec<String>) -> Scores {
    // by ends: whether named anywhere, whether found
    let mut distinct: BTreeMap<(&str, &str), (bool, bool)> = BTreeMap::new();
    for fact in row.facts.iter().filter(|fact| fact.r == property.name) {
        distinct.entry(fact.ends()).or_default().0 |= fact.is_named();
    }
    let mut scores = Scores::default();
    for relation in &facts.relations {
        let Some(found) = stated(row, property, facts, relation) else {
            continue;
        };
        scores.right += usize::from(!found.is_empty());
        scores.wrong += usize::from(found.is_empty());
        if found.is_empty()
            && let Some((head, tail)) = ends(property, facts, relation)
        {
            cases.push(format!(
                "wrong\t{}\t{}\t{}\t{}\t{}",
                property.name, head.name, relation.predicate, tail.name, row.text
            ));
        }
        for fact in found {
            distinct.entry(fact.ends()).or_default().1 = true;
        }
    }
    for ((head, tail), (named, found)) in distinct {
        let one = |whole: (usize, usize)| (whole.0 + 1, whole.1 + usize::from(found));
        scores.facts = one(scores.facts);
        if named {
            scores.named = one(scores.named);
        }
        if !found && named {
            cases.push(format!(
                "missed\t{}\t{head}\t\t{tail}\t{}",
                property.name, row.text
            ));
        }
    }
    scores
}

/// Hands every passage to `see`: its text, and a judge that says of a relation whether it is
/// right, or `None` where no property was annotated for it.
pub fn judge_knowledgenet(
    data: &Path,
    mut see: impl FnMut(&str, &dyn Fn(&Facts, &Relation) -> Option<bool>),
) -> Result<(), Box<dyn Error>> {
    for line in fs::read_to_string(data.join(SET))?.lines() {
        let row: Row = serde_json::from_str(line)?;
        let judge = |facts: &Facts, relation: &Relation| {
            let asked = PROPERTIES
                .iter()
                .filter(|property| row.annotated.iter().any(|one| one == property.name));
            let found = asked.filter_map(|property| stated(&row, property, facts, relation));
            found.fold(None, |right, found| {
                Some(right.unwrap_or(false) || !found.is_empty())
            })
        };
        see(&row.text, &judge);
    }
    Ok(())
}

/// Precision and recall of each property and of all together.
pub fn eval_knowledgenet(
    data: &Path,
    pipeline: &Pipeline,
    verbose: bool,
) -> Result<Vec<Measure>, Box<dyn Error>> {
    let text = fs::read_to_string(data.join(SET))?;
    let mut scores = [Scores::default(); PROPERTIES.len()];
    let mut cases = Vec::new();
    for line in text.lines() {
        let row: Row = serde_json::from_str(line)?;
        let wanted = |property: &Property| row.annotated.iter().any(|one| one == property.name);
        if !PROPERTIES.iter().any(wanted) {
            continue;
        }
        let facts = pipeline.run(&Document::from_text("passage", row.text.as_str()));
        for (property, scores) in PROPERTIES.iter().zip(&mut scores) {
            if wanted(property) {
                scores.add(score(&row, property, &facts, &mut cases));
            }
        }
    }
    if verbose {
        cases.sort();
        cases.iter().for_each(|case| println!("{case}"));
    }
    let mut total = Scores::default();
    scores.iter().for_each(|one| total.add(*one));
    let rows = PROPERTIES.iter().zip(&scores);
    let mut measures: Vec<Measure> = rows
        .flat_map(|(property, scores)| scores.measures(property.name))
        .collect();
    measures.extend(total.measures("all"));
    Ok(measures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_are_scored_against_facts() {
        let facts: Facts = serde_json::from_str(
            r#"{"doc":"x","entities":[
            {"id":0,"type":"person","name":"Ada Holm","iso":null,"mentions":[{"start":0,"end":8,"text":"Ada Holm","kind":"name"}]},
            {"id":1,"type":"person","name":"Zoë Berg","iso":null,"mentions":[{"start":17,"end":26,"text":"Zoë Berg","kind":"name"}]},
            {"id":2,"type":"person","name":"Kim","iso":null,"mentions":[{"start":31,"end":34,"text":"Kim","kind":"name"}]}],
            "relations":[],"notes":[]}"#,
        )
        .unwrap();
        let relation = |subject: u32, predicate: &str, object: u32, polarity: &str| {
            format!(
                r#"{{"subject":{subject},"predicate":"{predicate}","object":{object},"polarity":"{polarity}","modality":"asserted","source":null,"source_text":null,"date":null,"confidence":0.9,"evidence":{{"start":0,"end":9,"text":"Ada Holm","trigger":{{"start":0,"end":1}}}},"rule":"r"}}"#
            )
        };
        let row: Row = serde_json::from_str(
            r#"{"text":"Ada Holm married Zoë Berg and Kim; he left.","annotated":["SPOUSE","CHILD_OF"],"facts":[
            {"r":"SPOUSE","h":[0,8],"t":[17,25],"h_uri":"Q1","t_uri":null,"h_text":"Ada Holm","t_text":"Zoë Berg"},
            {"r":"SPOUSE","h":[35,37],"t":[17,25],"h_uri":"Q1","t_uri":null,"h_text":"he","t_text":"Zoë Berg"},
            {"r":"CHILD_OF","h":[30,33],"t":[0,8],"h_uri":null,"t_uri":"Q1","h_text":"Kim","t_text":"Ada Holm"},
            {"r":"CHILD_OF","h":[35,37],"t":[17,25],"h_uri":null,"t_uri":null,"h_text":"he","t_text":"Zoë Berg"}]}"#,
        )
        .unwrap();
        // name, property, relations, right, wrong, named, facts
        let cases = [
            ("nothing", 0, vec![], (0, 0, (1, 0), (1, 0))),
            (
                "either way",
                0,
                vec![relation(1, "spouse_of", 0, "affirmed")],
                (1, 0, (1, 1), (1, 1)),
            ),
            (
                "negated",
                0,
                vec![relation(0, "spouse_of", 1, "negated")],
                (0, 0, (1, 0), (1, 0)),
            ),
            (
                "another type",
                0,
                vec![relation(0, "parent_of", 1, "affirmed")],
                (0, 0, (1, 0), (1, 0)),
            ),
            (
                "wrong end",
                0,
                vec![relation(0, "spouse_of", 2, "affirmed")],
                (0, 1, (1, 0), (1, 0)),
            ),
            (
                "turned",
                1,
                vec![relation(0, "parent_of", 2, "affirmed")],
                (1, 0, (1, 1), (2, 1)),
            ),
            (
                "reversed",
                1,
                vec![relation(2, "parent_of", 0, "affirmed")],
                (0, 1, (1, 0), (2, 0)),
            ),
        ];
        for (name, property, relations, want) in cases {
            let mut facts = facts.clone();
            facts.relations = relations
                .iter()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect();
            let got = score(&row, &PROPERTIES[property], &facts, &mut Vec::new());
            assert_eq!((got.right, got.wrong, got.named, got.facts), want, "{name}");
        }
    }
}
