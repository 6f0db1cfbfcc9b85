//! `tieline rules check`: rule files of one's own, and whether they keep their examples.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Subcommand;
use tieline_extract::{Example, Obstacle, Pipeline, RuleInfo};
use tieline_facts::{Facts, Ontology, Symmetry};
use tieline_text::Document;

use crate::analysis::{self, RuleFaults};
use crate::extract::marks;
use crate::load::{self, label};
use crate::terminal::{Style, clean};
use crate::{Outcome, Streams, why};

/// Rules of your own.
#[derive(Debug, clap::Args)]
pub struct RulesArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with rule files.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Read rule files, name every fault, and run the yes and no examples
    Check(CheckArgs),
}

/// Read rule files, name every fault, and run the yes and no examples.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline rules check my.toml
  tieline extract --rules my.toml news/        and then use it

A rule file is described in docs/formats.md, \"Rules\"; seeds/rules/example.toml is one.
Exit status: 0 all is well, 1 an example failed, 2 a file could not be used.")]
pub struct CheckArgs {
    /// Rule files; types and lists of one are known in those after it
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: &RulesArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    let Action::Check(args) = &args.action;
    let relations = match analysis::load_rules(&args.files) {
        Ok(relations) => relations,
        Err(error) => {
            let faults = error.get_ref().and_then(|e| e.downcast_ref::<RuleFaults>());
            let Some(RuleFaults(faults)) = faults else {
                return Err(error);
            };
            for fault in faults {
                writeln!(streams.err, "{}", clean(&fault.to_string()))?;
            }
            return Ok(Outcome {
                found: false,
                failed: faults.len() as u32,
            });
        }
    };
    // the user's rules come after the built-in ones, whatever the files are called
    let n_built_in = analysis::load_rules(&[])?.rules().len();
    let pipeline = load::with_rules(relations)?;
    let mut all_well = true;
    for path in &args.files {
        let name = path.display().to_string();
        let rules = pipeline.relations.rules();
        let own = rules.iter().skip(n_built_in);
        let own: Vec<&RuleInfo<'_>> = own.filter(|rule| rule.file == name).collect();
        let mut check = Check {
            pipeline: &pipeline,
            style: streams.style,
            out: &mut *streams.out,
            n_examples: 0,
            n_failed: 0,
        };
        for rule in &own {
            check.rule(rule)?;
        }
        let (n_examples, n_failed) = (check.n_examples, check.n_failed);
        all_well &= n_failed == 0;
        writeln!(
            streams.out,
            "{}: {} rules, {} examples, {}",
            streams.style.bold(&name),
            own.len(),
            n_examples,
            match n_failed {
                0 => "all as expected".to_owned(),
                n => format!("{n} not as expected"),
            }
        )?;
    }
    Ok(Outcome {
        found: all_well,
        failed: 0,
    })
}

/// Runs examples and reports those that fail.
struct Check<'a> {
    pipeline: &'a Pipeline,
    style: Style,
    out: &'a mut dyn Write,
    n_examples: usize,
    n_failed: usize,
}

impl Check<'_> {
    fn rule(&mut self, rule: &RuleInfo<'_>) -> io::Result<()> {
        if rule.yes.is_empty() {
            let place = format!("{}:{}", rule.file, rule.line);
            let id = rule.id;
            writeln!(
                self.out,
                "{}: rule `{id}` has no yes example: nothing shows that it works",
                self.style.dim(&place)
            )?;
        }
        for example in rule.yes {
            self.n_examples += 1;
            let facts = self.run(example);
            for (subject, object) in &example.edges {
                if self.has(&facts, rule.relation, subject, object, example) {
                    continue;
                }
                let marks = marks(example.polarity, example.modality);
                let space = if marks.is_empty() { "" } else { " " };
                let wanted = format!(
                    "no edge {subject} > {object} of {}{space}{marks}",
                    rule.relation
                );
                self.report(rule, example, &wanted, &facts)?;
                self.stopped(rule, example, (subject, object), &facts)?;
                break;
            }
        }
        for example in rule.no {
            self.n_examples += 1;
            let facts = self.run(example);
            if facts.relations.iter().any(|r| r.predicate == rule.relation) {
                let wanted = format!("an edge of {}", rule.relation);
                self.report(rule, example, &wanted, &facts)?;
            }
        }
        Ok(())
    }

    fn run(&self, example: &Example) -> Facts {
        self.pipeline
            .run(&Document::from_text("example", example.text.as_str()))
    }

    fn has(
        &self,
        facts: &Facts,
        relation: &str,
        subject: &str,
        object: &str,
        example: &Example,
    ) -> bool {
        let ontology = self.pipeline.relations.ontology();
        let symmetric = ontology
            .get(relation)
            .is_some_and(|kind| kind.symmetry == Symmetry::Symmetric);
        let name = |id: u32| facts.entities.get(id as usize).map(|e| e.name.as_str());
        facts.relations.iter().any(|edge| {
            let ends = (name(edge.subject), name(edge.object));
            let along = ends == (Some(subject), Some(object));
            let back = ends == (Some(object), Some(subject));
            edge.predicate == relation
                && (along || (symmetric && back))
                && edge.polarity == example.polarity
                && edge.modality == example.modality
        })
    }

    /// The place, what is wrong, and what was found instead.
    fn report(
        &mut self,
        rule: &RuleInfo<'_>,
        example: &Example,
        wrong: &str,
        facts: &Facts,
    ) -> io::Result<()> {
        self.n_failed += 1;
        let place = format!("{}:{}", rule.file, example.line);
        writeln!(
            self.out,
            "{}: rule `{}`: {}: “{}”",
            self.style.bold(&place),
            rule.id,
            self.style.mark(wrong),
            clean(&example.text)
        )?;
        for line in instead(facts, self.pipeline.relations.ontology()) {
            writeln!(self.out, "    found {}", clean(&line))?;
        }
        Ok(())
    }
}

impl Check<'_> {
    /// What stopped the rule, where both ends were found.
    fn stopped(
        &mut self,
        rule: &RuleInfo<'_>,
        example: &Example,
        ends: (&str, &str),
        facts: &Facts,
    ) -> io::Result<()> {
        let id = |name: &str| facts.entities.iter().find(|e| e.name == name).map(|e| e.id);
        let (Some(a), Some(b)) = (id(ends.0), id(ends.1)) else {
            let missing = if id(ends.0).is_none() { ends.0 } else { ends.1 };
            let missing = clean(missing);
            return writeln!(self.out, "    no entity is called “{missing}” there");
        };
        let document = Document::from_text("example", example.text.as_str());
        let ontology = self.pipeline.relations.ontology();
        let names = (ends.0.to_owned(), ends.1.to_owned());
        let asked = Some(rule.id);
        for one in self.pipeline.sightings_of(&document, (a, b), asked) {
            for obstacle in &one.obstacles {
                let reason = match obstacle {
                    Obstacle::NoTrigger => {
                        let words = rule.words.join(", ");
                        format!("no word of the rule triggers it there (lemmas: {words})")
                    }
                    other => why::reason(other, &names, ontology),
                };
                writeln!(self.out, "    {}", clean(&reason))?;
            }
        }
        Ok(())
    }
}

/// What was found: the edges; without any, the entities.
fn instead(facts: &Facts, ontology: &Ontology) -> Vec<String> {
    if facts.entities.is_empty() {
        return vec!["no entity".to_owned()];
    }
    let name = |id: u32| {
        let entity = facts.entities.get(id as usize);
        entity.map_or("?", |entity| entity.name.as_str())
    };
    if facts.relations.is_empty() {
        let entities = facts.entities.iter();
        let entities: Vec<String> = entities
            .map(|entity| format!("{} ({})", entity.name, entity.kind.as_str()))
            .collect();
        return vec![format!("no edge, only {}", entities.join(", "))];
    }
    let line = |edge: &tieline_facts::Relation| {
        let marks = marks(edge.polarity, edge.modality);
        format!(
            "{} —{}→ {} {marks}{}(rule {})",
            name(edge.subject),
            label(ontology, &edge.predicate),
            name(edge.object),
            if marks.is_empty() { "" } else { " " },
            edge.rule.as_deref().unwrap_or("?"),
        )
    };
    facts.relations.iter().map(line).collect()
}
