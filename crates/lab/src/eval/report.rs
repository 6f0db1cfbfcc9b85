//! Measures and their tables.

use std::fmt::Write as _;

/// What a measure counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 0 to 100.
    Percent,
    /// A number of things.
    Count,
    /// Thousand tokens a second of one core.
    KiloTokens,
    /// Milliseconds.
    Milliseconds,
    /// Million bytes.
    Megabytes,
}

impl Unit {
    /// Whether the value depends on the machine and what else runs on it.
    pub fn is_of_machine(self) -> bool {
        matches!(self, Unit::KiloTokens | Unit::Milliseconds)
    }

    fn suffix(self) -> &'static str {
        match self {
            Unit::Percent | Unit::Count => "",
            Unit::KiloTokens => " k/s",
            Unit::Milliseconds => " ms",
            Unit::Megabytes => " MB",
        }
    }
}

/// One number of the evaluation.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Table that it stands in.
    pub stage: &'static str,
    /// Row: what it was measured on.
    pub set: String,
    /// Column: what was measured.
    pub name: &'static str,
    /// The value.
    pub value: f64,
    /// What it counts in.
    pub unit: Unit,
}

impl Measure {
    /// A measure in per cent.
    pub fn percent(stage: &'static str, set: &str, name: &'static str, value: f64) -> Measure {
        Measure::new(stage, set, name, value, Unit::Percent)
    }

    /// A number of things.
    pub fn count(stage: &'static str, set: &str, name: &'static str, value: usize) -> Measure {
        Measure::new(stage, set, name, value as f64, Unit::Count)
    }

    /// Any measure.
    pub fn new(
        stage: &'static str,
        set: &str,
        name: &'static str,
        value: f64,
        unit: Unit,
    ) -> Measure {
        Measure {
            stage,
            set: set.to_owned(),
            name,
            value,
            unit,
        }
    }

    /// The name in `gate.toml`: `stage/set/name`.
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.stage, self.set, self.name)
    }

    fn text(&self) -> String {
        match self.unit {
            Unit::Count => format!("{:.0}", self.value),
            Unit::Percent => format!("{:.1}", self.value),
            unit => format!("{:.1}{}", self.value, unit.suffix()),
        }
    }
}

/// Names of one field, in order of first appearance.
fn distinct<T: PartialEq + Clone>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen: Vec<T> = Vec::new();
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}

/// A Markdown table a stage: rows are sets, columns measures. Where another system's value is
/// known it stands behind ours in brackets.
pub fn tables(measures: &[Measure], reference: impl Fn(&str) -> Option<f64>) -> String {
    let mut out = String::new();
    for stage in distinct(measures.iter().map(|measure| measure.stage)) {
        let rows: Vec<&Measure> = measures.iter().filter(|m| m.stage == stage).collect();
        let columns = distinct(rows.iter().map(|measure| measure.name));
        let _ = writeln!(out, "\n## {}\n", heading(stage));
        let _ = writeln!(out, "| | {} |", columns.join(" | "));
        let _ = writeln!(out, "|---|{}", "---:|".repeat(columns.len()));
        for set in distinct(rows.iter().map(|measure| measure.set.clone())) {
            let cells = columns.iter().map(|column| {
                let measure = rows.iter().find(|m| m.set == set && m.name == *column);
                let text = measure.map(|measure| match reference(&measure.key()) {
                    Some(other) => format!("{} ({other:.1})", measure.text()),
                    None => measure.text(),
                });
                text.unwrap_or_default()
            });
            let _ = writeln!(out, "| {set} | {} |", cells.collect::<Vec<_>>().join(" | "));
        }
    }
    out
}

fn heading(stage: &str) -> &str {
    match stage {
        "segments" => "Tokens and sentences on raw text",
        "trees" => "Tags, lemmas and trees on gold tokens",
        "names" => "Names on raw text, strict spans",
        "identity" => "Identity across documents, articles of our own",
        "coreference" => "Clusters of names on raw text",
        "pronouns" => "Pronouns on raw text",
        "knowledgenet" => "Facts of KnowledgeNet in single passages",
        "events" => "Who did what to whom, by coarse class",
        "graph" => "From text to graph",
        "sets" => "Our own sentences: tempting pairs, direction, status",
        "by type" => "Relations by type",
        "by article" => "By article",
        "open" => "Open layer: clauses between named things",
        "confidence" => "Confidence: reliability",
        "build" => "Keeping the facts in a graph file",
        "large graph" => "A large graph, from its file",
        "speed" => "Speed, memory, size",
        other => other,
    }
}

/// The page that `--write` leaves in `docs/`.
pub fn page(measures: &[Measure], reference: impl Fn(&str) -> Option<f64>) -> String {
    format!(
        "# Evaluation\n\nWritten by `cargo lab eval --write`; not edited by hand. The data sets are \
         those of [data.md](data.md); none of them is trained on. Values in brackets are those of \
         spaCy 3 with `en_core_web_md` on the same files by the same measure. Per cent unless a \
         unit is given. Names are scored with strict spans and types, a leading article and a \
         final 's forgiven. Relations are right when predicate, both ends and polarity are; those \
         that the annotators marked as optional are neither required nor errors. Speed is of one \
         core, by CPU time; from text to facts, that of the fastest round. Wrong and \
         missed relations stand one a line in [evaluation-cases.tsv](evaluation-cases.tsv).\n{}",
        tables(measures, reference)
    )
}
