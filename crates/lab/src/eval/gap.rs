//! Ambiguous pronouns: GAP (Webster et al. 2018).
//!
//! A row is a passage of Wikipedia with one pronoun and two names, A and B, and says for each
//! whether it is whom the pronoun means; where neither is, it is somebody else. We run the whole
//! pipeline on the passage and look at the entity that holds the pronoun.
//!
//! - **An answer** is given when that entity has a mention by name, anywhere in the passage.
//! - **It is right** when the mentions by name of the entity touch the true one of A and B and
//!   not the other; where neither is true, when they touch neither.
//! - **Precision** is the share of right answers among those given, **coverage** the share of
//!   rows with an answer.

use std::error::Error;
use std::fs;
use std::path::Path;

use tieline_extract::Pipeline;
use tieline_facts::{Entity, Facts, MentionKind};
use tieline_text::Document;

use super::Measure;

/// Files, the one for tuning thresholds first.
const SETS: [&str; 2] = ["dev/gap/gap-development.tsv", "dev/gap/gap-validation.tsv"];

/// One row; positions are bytes.
#[derive(Debug, PartialEq, Eq)]
struct Row<'a> {
    id: &'a str,
    text: &'a str,
    pronoun: (usize, usize),
    names: [(usize, usize); 2],
    right: [bool; 2],
    feminine: bool,
}

/// Byte range of some words at an offset in characters.
fn bytes(text: &str, offset: &str, words: &str) -> Option<(usize, usize)> {
    let chars: usize = offset.parse().ok()?;
    let (start, _) = text.char_indices().nth(chars)?;
    Some((start, start + words.len()))
}

fn parse(line: &str) -> Option<Row<'_>> {
    let columns: Vec<&str> = line.split('\t').collect();
    let &[id, text, pronoun, at, a, at_a, is_a, b, at_b, is_b, ..] = columns.as_slice() else {
        return None;
    };
    Some(Row {
        id,
        text,
        pronoun: bytes(text, at, pronoun)?,
        names: [bytes(text, at_a, a)?, bytes(text, at_b, b)?],
        right: [is_a, is_b].map(|word| word.eq_ignore_ascii_case("true")),
        feminine: pronoun.to_lowercase().starts_with(['s'])
            || pronoun.to_lowercase() == "her"
            || pronoun.to_lowercase() == "hers",
    })
}

/// Rows, answers, right answers.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    rows: usize,
    answers: usize,
    right: usize,
}

impl Counts {
    fn precision(self) -> f64 {
        100.0 * self.right as f64 / self.answers.max(1) as f64
    }

    fn coverage(self) -> f64 {
        100.0 * self.answers as f64 / self.rows.max(1) as f64
    }
}

/// The entity of the pronoun, if it has a name.
fn answer<'a>(row: &Row<'_>, facts: &'a Facts) -> Option<&'a Entity> {
    let (start, end) = row.pronoun;
    facts.entities.iter().find(|entity| {
        let mut mentions = entity.mentions.iter();
        let holds = mentions.any(|m| {
            m.kind != MentionKind::Name && m.start as usize == start && m.end as usize == end
        });
        holds && entity.mentions.iter().any(|m| m.kind == MentionKind::Name)
    })
}

fn is_right(row: &Row<'_>, entity: &Entity) -> bool {
    let touched = row.names.map(|(start, end)| {
        entity.mentions.iter().any(|m| {
            m.kind == MentionKind::Name && (m.start as usize) < end && start < m.end as usize
        })
    });
    touched == row.right
}

/// Precision and coverage, of all and by gender. With `verbose`, prints wrong answers and rows
/// without.
pub fn eval_gap(
    data: &Path,
    pipeline: &Pipeline,
    verbose: bool,
) -> Result<Vec<Measure>, Box<dyn Error>> {
    let mut measures = Vec::new();
    for set in SETS {
        let table = fs::read_to_string(data.join(set))?;
        // masculine, feminine
        let mut counts = [Counts::default(); 2];
        for line in table.lines().skip(1) {
            let row = parse(line).ok_or_else(|| format!("{set}: bad row {line:?}"))?;
            let facts = pipeline.run(&Document::from_text(row.id, row.text));
            let sum = &mut counts[usize::from(row.feminine)];
            sum.rows += 1;
            let found = answer(&row, &facts);
            let right = found.is_some_and(|entity| is_right(&row, entity));
            sum.answers += usize::from(found.is_some());
            sum.right += usize::from(right);
            if verbose && !right {
                print_fault(&row, found);
            }
        }
        let [masculine, feminine] = counts;
        let all = Counts {
            rows: masculine.rows + feminine.rows,
            answers: masculine.answers + feminine.answers,
            right: masculine.right + feminine.right,
        };
        let mut add = |name, value| measures.push(Measure::percent("pronouns", set, name, value));
        add("precision", all.precision());
        add("coverage", all.coverage());
        add("masculine precision", masculine.precision());
        add("masculine coverage", masculine.coverage());
        add("feminine precision", feminine.precision());
        add("feminine coverage", feminine.coverage());
    }
    Ok(measures)
}

fn print_fault(row: &Row<'_>, found: Option<&Entity>) {
    let slice = |(start, end): (usize, usize)| row.text.get(start..end).unwrap_or_default();
    let names = [0, 1].map(|idx| {
        let mark = if row.right[idx] { "*" } else { "" };
        format!("{mark}{}@{}", slice(row.names[idx]), row.names[idx].0)
    });
    let found = found.map_or("-", |entity| entity.name.as_str());
    println!(
        "{}\t{}@{}\t{}\t{found}\t{}",
        row.id,
        slice(row.pronoun),
        row.pronoun.0,
        names.join(" / "),
        row.text
    );
}

#[cfg(test)]
mod tests {
    use tieline_facts::{EntityType, Mention};

    use super::*;

    const LINE: &str = "x\tÉva met Ada. She left.\tShe\t13\tÉva\t0\tTRUE\tAda\t8\tFALSE\turl";

    fn facts(names: &[(u32, u32)], pronoun: Option<(u32, u32)>) -> Facts {
        let mention = |&(start, end): &(u32, u32), kind| Mention {
            start,
            end,
            text: String::new(),
            kind,
        };
        let named = names.iter().map(|span| mention(span, MentionKind::Name));
        let pronoun = pronoun
            .iter()
            .map(|span| mention(span, MentionKind::Pronoun));
        Facts {
            entities: vec![Entity {
                id: 0,
                kind: EntityType::Person,
                name: String::new(),
                iso: None,
                wikidata: None,
                known: None,
                gender: None,
                roles: Vec::new(),
                mentions: named.chain(pronoun).collect(),
            }],
            ..Facts::default()
        }
    }

    #[test]
    fn rows_are_read_in_bytes() {
        let row = parse(LINE).unwrap();
        assert_eq!(row.pronoun, (14, 17));
        assert_eq!(row.names, [(0, 4), (9, 12)]);
        assert!(row.feminine && row.right == [true, false]);
        assert_eq!(parse("x\ty"), None);
    }

    #[test]
    fn answers() {
        let row = parse(LINE).unwrap();
        // name, spans of names, pronoun, expected: right, or `None` for no answer
        type Case<'a> = (&'a str, &'a [(u32, u32)], Option<(u32, u32)>, Option<bool>);
        let cases: [Case<'_>; 5] = [
            ("the true one", &[(0, 4)], Some((14, 17)), Some(true)),
            ("the other", &[(9, 12)], Some((14, 17)), Some(false)),
            (
                "both in one",
                &[(0, 4), (9, 12)],
                Some((14, 17)),
                Some(false),
            ),
            ("no name", &[], Some((14, 17)), None),
            ("not resolved", &[(0, 4)], None, None),
        ];
        for (name, names, pronoun, want) in cases {
            let facts = facts(names, pronoun);
            let got = answer(&row, &facts).map(|entity| is_right(&row, entity));
            assert_eq!(got, want, "{name}");
        }
    }
}
