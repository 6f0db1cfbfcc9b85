//! `tieline relations`: the relation types, what they mean by codes and example.

use std::fmt::Write as _;
use std::io::{self, Write};

use clap::ValueEnum;
use tieline_extract::{Example, RelationResources, RuleInfo};
use tieline_facts::{EntityType, Modality, Polarity, RelationType, Symmetry};

use crate::analysis::{self, AnalysisArgs};
use crate::terminal::{Style, clean};
use crate::{Outcome, Streams};

/// The relation types: direction, inverse, argument types, codes, an example of each.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline relations
  tieline relations acquired hosted            some of them; inverse names will do
  tieline relations --format json
  tieline relations --rules my.toml            with types and rules of your own")]
pub struct RelationsArgs {
    /// Only these types, by id or by the name of their inverse
    #[arg(value_name = "RELATION")]
    pub names: Vec<String>,
    /// How types are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub analysis: AnalysisArgs,
}

/// How types are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A list for people; may change
    Text,
    /// One JSON array, described in docs/formats.md
    Json,
    /// A page with the trigger words too: docs/relations.md
    Markdown,
}

/// Runs the command.
pub fn run(args: &RelationsArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let resources = analysis::load_rules(&args.analysis.rules)?;
    let ontology = resources.ontology();
    let mut kinds = Vec::new();
    for name in &args.names {
        match ontology.find(name) {
            Some((kind, _)) => kinds.push(kind),
            None => {
                let name = clean(name);
                writeln!(streams.err, "tieline: no relation type is called “{name}”")?;
            }
        }
    }
    let failed = (args.names.len() - kinds.len()) as u32;
    if args.names.is_empty() {
        kinds.extend(ontology.iter());
        // as the table has them: by section, in the order of the sections' first ids
        let order = sections(&resources);
        let place = |kind: &RelationType| order.iter().position(|name| *name == kind.section);
        kinds.sort_by_key(|kind| place(kind));
    }
    let rules = resources.rules();
    match args.format {
        Format::Text => print_text(&kinds, &rules, streams.style, streams.out)?,
        Format::Json => print_json(&kinds, &rules, streams.out)?,
        Format::Markdown => print_page(&kinds, &rules, streams.out)?,
    }
    Ok(Outcome {
        found: !kinds.is_empty(),
        failed,
    })
}

/// Sections in the order of the rules, then those without rules.
fn sections(resources: &RelationResources) -> Vec<&str> {
    let ontology = resources.ontology();
    let of_rules = resources
        .rules()
        .into_iter()
        .filter_map(|rule| ontology.get(rule.relation));
    let mut names: Vec<&str> = Vec::new();
    for kind in of_rules.chain(ontology.iter()) {
        if !names.contains(&kind.section.as_str()) {
            names.push(&kind.section);
        }
    }
    names
}

/// The first example of a type that is stated plainly; if there is none, the first.
fn example<'a>(kind: &RelationType, rules: &[RuleInfo<'a>]) -> Option<&'a Example> {
    let own = || {
        let own = rules.iter().filter(|rule| rule.relation == kind.id);
        own.flat_map(|rule| rule.yes)
    };
    let plain = |example: &&Example| {
        example.polarity == Polarity::Affirmed && example.modality == Modality::Asserted
    };
    own().find(plain).or_else(|| own().next())
}

fn arrow(kind: &RelationType) -> &'static str {
    match kind.symmetry {
        Symmetry::Symmetric => "↔",
        _ => "→",
    }
}

/// `event, symmetric, cooperative`.
fn nature(kind: &RelationType) -> String {
    let mut words = vec![if kind.is_state { "state" } else { "event" }.to_owned()];
    match &kind.symmetry {
        Symmetry::Symmetric => words.push("symmetric".to_owned()),
        Symmetry::Inverse(inverse) => words.push(format!("inverse {inverse}")),
        Symmetry::Directed => {}
    }
    match kind.sign {
        1 => words.push("cooperative".to_owned()),
        -1 => words.push("hostile".to_owned()),
        _ => {}
    }
    words.join(", ")
}

fn types(kinds: &[EntityType]) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    names.join(", ")
}

/// `Wikidata P26; PLOVER AGREE; CAMEO 057`, what there is of it.
fn codes(kind: &RelationType) -> String {
    let all = [
        ("Wikidata", &kind.wikidata),
        ("PLOVER", &kind.plover),
        ("CAMEO", &kind.cameo),
    ];
    let known = all.into_iter().filter(|(_, code)| !code.is_empty());
    let known: Vec<String> = known.map(|(name, code)| format!("{name} {code}")).collect();
    known.join("; ")
}

/// `Ada Holm → Norvik`, what the example shows.
fn edge(kind: &RelationType, example: &Example) -> String {
    let edges = example.edges.iter();
    let edges: Vec<String> = edges
        .map(|(subject, object)| format!("{subject} {} {object}", arrow(kind)))
        .collect();
    edges.join("; ")
}

fn print_text(
    kinds: &[&RelationType],
    rules: &[RuleInfo<'_>],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut section = "";
    for kind in kinds {
        if section != kind.section {
            section = &kind.section;
            writeln!(out, "{}\n", style.bold(section))?;
        }
        writeln!(
            out,
            "  {}  {}  {}",
            style.relation(&kind.id),
            clean(&kind.label),
            style.dim(&nature(kind)),
        )?;
        writeln!(
            out,
            "      {} {} {}",
            types(&kind.subject),
            arrow(kind),
            types(&kind.object)
        )?;
        let codes = codes(kind);
        if !codes.is_empty() {
            writeln!(out, "      {}", style.dim(&codes))?;
        }
        if let Some(example) = example(kind, rules) {
            writeln!(
                out,
                "      “{}”  {}",
                clean(&example.text),
                style.dim(&edge(kind, example))
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn print_json(
    kinds: &[&RelationType],
    rules: &[RuleInfo<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let names =
        |kinds: &[EntityType]| -> Vec<&str> { kinds.iter().map(|kind| kind.as_str()).collect() };
    let rows: Vec<serde_json::Value> = kinds
        .iter()
        .map(|kind| {
            let own = rules.iter().filter(|rule| rule.relation == kind.id);
            let inverse = match &kind.symmetry {
                Symmetry::Inverse(inverse) => Some(inverse),
                _ => None,
            };
            let example = example(kind, rules).map(|example| {
                let edges: Vec<[&str; 2]> = (example.edges.iter())
                    .map(|(subject, object)| [subject.as_str(), object.as_str()])
                    .collect();
                serde_json::json!({"text": example.text, "edges": edges})
            });
            serde_json::json!({
                "id": kind.id,
                "label": kind.label,
                "tier": kind.tier,
                "section": kind.section,
                "kind": if kind.is_state { "state" } else { "event" },
                "symmetric": kind.symmetry == Symmetry::Symmetric,
                "inverse": inverse,
                "subject": names(&kind.subject),
                "object": names(&kind.object),
                "sign": kind.sign,
                "wikidata": kind.wikidata,
                "plover": kind.plover,
                "cameo": kind.cameo,
                "rules": own.map(|rule| rule.id).collect::<Vec<_>>(),
                "example": example,
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &rows)?;
    writeln!(out)
}

/// Marks of Markdown that a cell of text must not hold.
fn cell(text: &str) -> String {
    clean(text).replace('|', "\\|")
}

/// The page `docs/relations.md`.
fn print_page(
    kinds: &[&RelationType],
    rules: &[RuleInfo<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(
        out,
        "# Relation types\n\n\
         Written by `tieline relations --format markdown` from `seeds/rules`; not edited by hand.\n\n\
         {} types. A *state* lasts, an *event* happens; ↔ marks a symmetric type, of which either \
         end may be the subject; an inverse is the name of the same statement read from object to \
         subject. Types of the ends: P person, O organisation, C country, L place. Tier 1 are the \
         types that matter most. The codes are the nearest ones of Wikidata, PLOVER and CAMEO. \
         What rules are and how to add some: [formats.md](formats.md), \"Rules\".",
        kinds.len()
    )?;
    let mut section = "";
    for kind in kinds {
        if section != kind.section {
            section = &kind.section;
            writeln!(out, "\n## {section}")?;
        }
        let letters = |kinds: &[EntityType]| -> String {
            kinds.iter().filter_map(|kind| kind.letter()).collect()
        };
        writeln!(
            out,
            "\n### {}\n\n{} – {} {} {} – {}, tier {}",
            kind.id,
            kind.label,
            letters(&kind.subject),
            arrow(kind),
            letters(&kind.object),
            nature(kind),
            kind.tier
        )?;
        let codes = codes(kind);
        if !codes.is_empty() {
            writeln!(out, "\n{codes}")?;
        }
        if let Some(example) = example(kind, rules) {
            writeln!(
                out,
                "\n> {} *{}*",
                cell(&example.text),
                cell(&edge(kind, example))
            )?;
        }
        let own: Vec<_> = rules
            .iter()
            .filter(|rule| rule.relation == kind.id)
            .collect();
        if own.is_empty() {
            continue;
        }
        writeln!(out, "\n| rule | trigger | words |\n|---|---|---|")?;
        for rule in own {
            writeln!(out, "| {} | {} | {} |", rule.id, rule.class, words(rule))?;
        }
    }
    Ok(())
}

/// Trigger words, at most forty of them.
fn words(rule: &RuleInfo<'_>) -> String {
    const MOST: usize = 40;
    let mut text = cell(&rule.words[..rule.words.len().min(MOST)].join(", "));
    if MOST < rule.words.len() {
        let _ = write!(text, " and {} more", rule.words.len() - MOST);
    }
    text
}
