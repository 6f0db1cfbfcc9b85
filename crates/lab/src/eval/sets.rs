//! Sentences of our own with what must be found in them: tempting but unrelated pairs, directions
//! said in several ways, the many phrasings of each relation, polarity and modality. The files are in `tests/cases/sets`; a test of the
//! repository holds the same bounds.

use tieline_extract::Pipeline;
use tieline_facts::{Facts, Ontology, Relation, Symmetry};
use tieline_text::Document;

/// One set: its name, its file, its judge.
pub struct Set {
    /// Short name, as of the file.
    pub name: &'static str,
    /// Rows of tab-separated columns; `#` starts a comment line.
    pub rows: &'static str,
    /// Least share of right rows, in per cent.
    pub at_least: f64,
    judge: fn(&Judge<'_>) -> Verdict,
}

/// The sets.
pub const SETS: [Set; 4] = [
    Set {
        name: "tempting",
        rows: include_str!("../../../../tests/cases/sets/tempting.tsv"),
        at_least: 97.5,
        judge: tempting,
    },
    Set {
        name: "direction",
        rows: include_str!("../../../../tests/cases/sets/direction.tsv"),
        at_least: 97.0,
        judge: direction,
    },
    Set {
        name: "phrasing",
        rows: include_str!("../../../../tests/cases/sets/phrasing.tsv"),
        at_least: 90.0,
        judge: direction,
    },
    Set {
        name: "status",
        rows: include_str!("../../../../tests/cases/sets/status.tsv"),
        at_least: 93.5,
        judge: status,
    },
];

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it must be.
    Right,
    /// No edge of the relation between the two names.
    Missed,
    /// Found, but not like this; what was found instead.
    Wrong(String),
    /// The row itself is damaged.
    Damaged,
}

/// What became of a set.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Rows that are right.
    pub right: usize,
    /// Rows without the edge.
    pub missed: usize,
    /// Rows whose edge is not as it must be.
    pub wrong: usize,
    /// One line a row that is not right.
    pub faults: Vec<String>,
}

impl Tally {
    /// Right rows of all, in per cent.
    pub fn of_all(&self) -> f64 {
        share(self.right, self.right + self.missed + self.wrong)
    }

    /// Right rows of those whose edge was found, in per cent.
    pub fn of_found(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// Judges every row of a set.
pub fn tally(set: &Set, pipeline: &Pipeline, ontology: &Ontology) -> Tally {
    let mut tally = Tally::default();
    let rows = set.rows.lines().filter(|row| !row.starts_with('#'));
    for row in rows {
        let columns: Vec<&str> = row.split('\t').collect();
        let text = columns.last().copied().unwrap_or_default();
        let facts = pipeline.run(&Document::from_text(set.name, text));
        let judge = Judge {
            facts: &facts,
            columns: &columns,
            ontology,
        };
        let verdict = (set.judge)(&judge);
        match &verdict {
            Verdict::Right => {
                tally.right += 1;
                continue;
            }
            Verdict::Missed => tally.missed += 1,
            Verdict::Wrong(_) | Verdict::Damaged => tally.wrong += 1,
        }
        let got = match &verdict {
            Verdict::Wrong(got) => got.as_str(),
            Verdict::Damaged => "damaged row",
            _ => "missed",
        };
        tally.faults.push(format!("{got}\t{}", columns.join(" | ")));
    }
    tally
}

struct Judge<'a> {
    facts: &'a Facts,
    columns: &'a [&'a str],
    ontology: &'a Ontology,
}

impl Judge<'_> {
    /// Whether an entity bears a name: as its own, or in one of its mentions.
    fn is(&self, entity: u32, name: &str) -> bool {
        let bare = |text: &str| {
            let text = text.trim_end_matches("'s").trim_end_matches("’s");
            text.strip_prefix("the ").unwrap_or(text) == name
        };
        self.facts
            .entities
            .get(entity as usize)
            .is_some_and(|e| bare(&e.name) || e.mentions.iter().any(|mention| bare(&mention.text)))
    }

    fn joins(&self, edge: &Relation, subject: &str, object: &str) -> bool {
        self.is(edge.subject, subject) && self.is(edge.object, object)
    }

    fn name(&self, entity: u32) -> &str {
        let entity = self.facts.entities.get(entity as usize);
        entity.map_or("?", |entity| entity.name.as_str())
    }

    fn show(&self, edge: &Relation) -> String {
        format!(
            "{} {} {} {} {} source {}",
            self.name(edge.subject),
            edge.predicate,
            self.name(edge.object),
            edge.polarity.as_str(),
            edge.modality.as_str(),
            edge.source.map_or("-", |source| self.name(source)),
        )
    }

    fn symmetric(&self, relation: &str) -> bool {
        let kind = self.ontology.get(relation);
        kind.is_some_and(|kind| kind.symmetry == Symmetry::Symmetric)
    }
}

fn tempting(judge: &Judge<'_>) -> Verdict {
    let &[relation, a, b, _] = judge.columns else {
        return Verdict::Damaged;
    };
    let found = judge.facts.relations.iter().find(|edge| {
        edge.predicate == relation || judge.joins(edge, a, b) || judge.joins(edge, b, a)
    });
    found.map_or(Verdict::Right, |edge| Verdict::Wrong(judge.show(edge)))
}

fn direction(judge: &Judge<'_>) -> Verdict {
    let &[relation, subject, object, _] = judge.columns else {
        return Verdict::Damaged;
    };
    let of_type = || {
        let relations = judge.facts.relations.iter();
        relations.filter(|edge| edge.predicate == relation)
    };
    if let Some(back) = of_type().find(|edge| judge.joins(edge, object, subject))
        && !judge.symmetric(relation)
    {
        return Verdict::Wrong(judge.show(back));
    }
    let fits = |edge: &Relation| {
        judge.joins(edge, subject, object)
            || judge.symmetric(relation) && judge.joins(edge, object, subject)
    };
    match of_type().any(fits) {
        true => Verdict::Right,
        false => Verdict::Missed,
    }
}

fn status(judge: &Judge<'_>) -> Verdict {
    let &[relation, subject, object, polarity, modality, source, _] = judge.columns else {
        return Verdict::Damaged;
    };
    let among = |wanted: &str, got: &str| wanted.split('/').any(|one| one == got);
    let said_by = |edge: &Relation| {
        source.split('/').any(|name| match edge.source {
            Some(entity) => name != "-" && judge.is(entity, name),
            None => name == "-",
        })
    };
    let found: Vec<&Relation> = judge
        .facts
        .relations
        .iter()
        .filter(|edge| {
            edge.predicate == relation
                && (judge.joins(edge, subject, object)
                    || judge.symmetric(relation) && judge.joins(edge, object, subject))
        })
        .collect();
    let fits = |edge: &&Relation| {
        among(polarity, edge.polarity.as_str())
            && among(modality, edge.modality.as_str())
            && said_by(edge)
    };
    match found.iter().find(|edge| !fits(edge)) {
        Some(edge) => Verdict::Wrong(judge.show(edge)),
        None if found.is_empty() => Verdict::Missed,
        None => Verdict::Right,
    }
}
