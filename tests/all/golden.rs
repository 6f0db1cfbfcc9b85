//! Golden cases: prose that runs.
//!
//! A case is a Markdown file under `tests/cases`. Its ```` ```text ```` blocks are documents; every
//! other fenced block says what the stage it is named after makes of them. `BLESS=1 cargo test`
//! rewrites the blocks, never under `CI`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use tieline_cli::answers::Format;
use tieline_cli::entities::print_nodes;
use tieline_cli::explain_merge::print_reasons;
use tieline_cli::extract::marks;
use tieline_cli::terminal::Style;
use tieline_cli::{load, why};
use tieline_extract::Pipeline;
use tieline_facts::{Facts, Ontology, Symmetry};
use tieline_graph::{DotOptions, Graph, Resolution, to_dot};
use tieline_text::Document;

use crate::root;

#[test]
fn golden_cases() {
    let bless = env::var_os("BLESS").is_some() && env::var_os("CI").is_none();
    let pipeline = load::load_pipeline().expect("the models load");
    let ontology = load::load_ontology().expect("the ontology loads");
    let mut failures = String::new();
    let mut n_blocks = 0;
    for path in cases(&root().join("tests/cases")) {
        let page = fs::read_to_string(&path).expect("a case is UTF-8");
        let name = path.strip_prefix(root()).unwrap_or(&path).display();
        let blocks = blocks(&page);
        let texts: Vec<&str> = blocks
            .iter()
            .filter(|b| b.info == "text")
            .map(|b| b.body)
            .collect();
        if texts.is_empty() || blocks.len() == texts.len() {
            let _ = writeln!(
                failures,
                "\n{name}: needs a text block and a block to compare"
            );
            continue;
        }
        let case = Case::new(&pipeline, &ontology, &texts);
        // From the last block to the first, so that the places of those before stay right.
        let mut blessed = page.clone();
        for block in blocks.iter().rev().filter(|block| block.info != "text") {
            n_blocks += 1;
            let Some(got) = case.render(block.info) else {
                let _ = writeln!(failures, "\n{name}: unknown block {:?}", block.info);
                continue;
            };
            if got == block.body {
                continue;
            }
            if bless {
                blessed.replace_range(block.start..block.start + block.body.len(), &got);
            } else {
                let _ = write!(
                    failures,
                    "\n{name}, {}\nexpected:\n{}got:\n{got}",
                    block.info, block.body
                );
            }
        }
        if blessed != page {
            fs::write(&path, blessed).expect("a case can be written");
        }
    }
    assert!(0 < n_blocks, "no golden cases");
    assert!(
        failures.is_empty(),
        "{failures}\nBLESS=1 cargo test rewrites the cases"
    );
}

/// All cases under a folder, sorted.
fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of cases");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    let mut found: Vec<PathBuf> = folders.iter().flat_map(|folder| cases(folder)).collect();
    found.extend(
        files
            .into_iter()
            .filter(|path| path.extension().is_some_and(|e| e == "md")),
    );
    found
}

/// A fenced block of a page.
struct Block<'a> {
    info: &'a str,
    body: &'a str,
    /// Byte of the body in the page.
    start: usize,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in page.split_inclusive('\n') {
        let fence = line.trim_end().strip_prefix("```");
        match (fence, open) {
            (Some(info), None) => open = Some((info, at + line.len())),
            (Some(_), Some((info, start))) => {
                let body = &page[start..at];
                found.push(Block { info, body, start });
                open = None;
            }
            (None, _) => {}
        }
        at += line.len();
    }
    assert!(open.is_none(), "a fence is not closed");
    found
}

/// The documents of one case, analysed.
struct Case<'a> {
    pipeline: &'a Pipeline,
    ontology: &'a Ontology,
    documents: Vec<Document>,
    facts: Vec<Facts>,
}

impl Case<'_> {
    fn new<'a>(pipeline: &'a Pipeline, ontology: &'a Ontology, texts: &[&str]) -> Case<'a> {
        let named = |(number, text): (usize, &&str)| {
            Document::from_text(format!("{}.txt", number + 1), text.trim_end())
        };
        let documents: Vec<Document> = texts.iter().enumerate().map(named).collect();
        Case {
            pipeline,
            ontology,
            facts: documents
                .iter()
                .map(|document| pipeline.run(document))
                .collect(),
            documents,
        }
    }

    /// What a stage makes of the documents, one result a line; `None` if there is no such stage.
    fn render(&self, stage: &str) -> Option<String> {
        let mut out = String::new();
        if let Some(name) = stage.strip_prefix("who ") {
            return Some(self.who(name));
        }
        if let Some(pair) = stage.strip_prefix("why ") {
            return self.why(pair, false);
        }
        if let Some(pair) = stage.strip_prefix("why-not ") {
            return self.why(pair, true);
        }
        if let Some(name) = stage.strip_prefix("explain-merge ") {
            return Some(self.explain(name));
        }
        if stage == "nodes" {
            let graph = Graph::from_facts(self.facts.clone(), self.ontology);
            let nodes: Vec<_> = graph.node_ids().collect();
            let mut text = Vec::new();
            print_nodes(&graph, &nodes, Format::Text, Style::PLAIN, &mut text).ok()?;
            return String::from_utf8(text).ok();
        }
        if stage == "dot" {
            let graph = Graph::from_facts(self.facts.clone(), self.ontology);
            let options = DotOptions {
                legend: false,
                ..DotOptions::default()
            };
            return Some(to_dot(&graph, self.ontology, &options).expect("evidence is in memory"));
        }
        for (document, facts) in self.documents.iter().zip(&self.facts) {
            if !self.render_one(stage, document, facts, &mut out) {
                return None;
            }
        }
        Some(out)
    }

    fn render_one(
        &self,
        stage: &str,
        document: &Document,
        facts: &Facts,
        out: &mut String,
    ) -> bool {
        let (parsed, _) = self.pipeline.engine.parse(document);
        let text = |span: tieline_text::Span| span.slice(&document.text).unwrap_or_default();
        match stage {
            "sentences" => {
                for sentence in parsed.sentences() {
                    let span = parsed.span_of(sentence.tokens.clone());
                    let _ = writeln!(out, "{}", text(span).replace('\n', " "));
                }
            }
            "tokens" | "tags" | "deps" => {
                for sentence in parsed.sentences() {
                    let range = sentence.tokens.start as usize..sentence.tokens.end as usize;
                    let tokens: Vec<String> = (sentence.tokens.start..)
                        .zip(&parsed.tokens()[range])
                        .map(|(index, token)| match stage {
                            "tokens" => text(token.span).to_owned(),
                            "tags" => format!(
                                "{}/{}/{}",
                                text(token.span),
                                token.xpos,
                                parsed.lemma(index)
                            ),
                            _ if token.head == index => format!("root({})", text(token.span)),
                            _ => {
                                let head = parsed.tokens()[token.head as usize];
                                let (head, word) = (text(head.span), text(token.span));
                                format!("{}({head}, {word})", token.deprel)
                            }
                        })
                        .collect();
                    let between = if stage == "deps" { "\n" } else { " " };
                    let _ = writeln!(out, "{}", tokens.join(between));
                }
            }
            "names" => {
                for name in parsed.names() {
                    let span = parsed.span_of(name.tokens.clone());
                    let _ = writeln!(out, "{} {span} {:?}", name.kind, text(span));
                }
            }
            "mentions" => {
                let mut rows: Vec<_> = facts
                    .entities
                    .iter()
                    .flat_map(|entity| entity.mentions.iter().map(move |mention| (mention, entity)))
                    .collect();
                rows.sort_by_key(|(m, e)| (m.start, std::cmp::Reverse(m.end), e.id));
                for (mention, entity) in rows {
                    let _ = writeln!(
                        out,
                        "{} {} {}..{} {:?}",
                        entity.name,
                        mention.kind.as_str(),
                        mention.start,
                        mention.end,
                        mention.text
                    );
                }
            }
            "entities" => {
                for entity in &facts.entities {
                    let mut forms: Vec<&str> = Vec::new();
                    for mention in &entity.mentions {
                        if !forms.contains(&mention.text.as_str()) {
                            forms.push(&mention.text);
                        }
                    }
                    let iso = entity
                        .iso
                        .as_ref()
                        .map_or(String::new(), |iso| format!(" [{iso}]"));
                    let kind = entity.kind.as_str();
                    let _ = writeln!(out, "{kind} {}{iso}: {}", entity.name, forms.join(", "));
                }
            }
            "facts" => {
                for relation in &facts.relations {
                    let name = |id: u32| facts.entities[id as usize].name.as_str();
                    let phrase = load::label(self.ontology, &relation.predicate);
                    let symmetric = self
                        .ontology
                        .get(&relation.predicate)
                        .is_some_and(|kind| kind.symmetry == Symmetry::Symmetric);
                    let arrow = if symmetric { "—" } else { "→" };
                    let (subject, object) = (name(relation.subject), name(relation.object));
                    let _ = write!(out, "{subject} —{phrase}{arrow} {object}");
                    let marks = marks(relation.polarity, relation.modality);
                    if !marks.is_empty() {
                        let _ = write!(out, " {marks}");
                    }
                    if let Some(when) = relation.when() {
                        let _ = write!(out, " on {when}");
                    }
                    if let Some(amount) = &relation.amount {
                        let (value, unit) = (amount.value, &amount.unit);
                        let _ = write!(out, " ({}: {value} {unit})", amount.text);
                    }
                    let source = relation
                        .source
                        .map(name)
                        .or(relation.source_text.as_deref());
                    if let Some(source) = source {
                        let _ = write!(out, ", says {source}");
                    }
                    out.push('\n');
                }
            }
            "open" => {
                for clause in &self.pipeline.run_open(document).open {
                    let name = |id: u32| facts.entities[id as usize].name.as_str();
                    let (subject, object) = (name(clause.subject), name(clause.object));
                    let marks = marks(clause.polarity, clause.modality);
                    let space = if marks.is_empty() { "" } else { " " };
                    let _ = writeln!(out, "{subject} “{}” {object}{space}{marks}", clause.label);
                }
            }
            _ => return false,
        }
        true
    }

    /// Ids by name in the facts of one document.
    fn ids(&self, document: usize, name: &str) -> Vec<u32> {
        let entities = self.facts[document].entities.iter();
        let named = entities.filter(|entity| entity.name == name);
        named.map(|entity| entity.id).collect()
    }

    /// `A, B`: why there is an edge between the two, or with `not` why there is none.
    fn why(&self, pair: &str, not: bool) -> Option<String> {
        let (a, b) = pair.split_once(", ")?;
        let names = (a.to_owned(), b.to_owned());
        let mut out = Vec::new();
        for (number, document) in self.documents.iter().enumerate() {
            let (of_a, of_b) = (self.ids(number, a), self.ids(number, b));
            let doc = document.uri.as_str();
            if not {
                for (a, b) in of_a.iter().zip(&of_b) {
                    for one in self.pipeline.sightings(document, *a, *b) {
                        why::print_sighting(
                            doc,
                            &one,
                            &names,
                            self.ontology,
                            Style::PLAIN,
                            &mut out,
                        )
                        .ok()?;
                    }
                }
                continue;
            }
            for one in self.pipeline.explain(document) {
                let (s, o) = (one.relation.subject, one.relation.object);
                if (of_a.contains(&s) && of_b.contains(&o))
                    || (of_b.contains(&s) && of_a.contains(&o))
                {
                    why::print_explanation(doc, &one, self.ontology, Style::PLAIN, &mut out)
                        .ok()?;
                }
            }
        }
        let text = String::from_utf8(out).ok()?;
        // the confidence is measured elsewhere and changes with every fit
        let lines = text
            .trim_end()
            .lines()
            .map(|line| match line.split_once("  confidence ") {
                Some((line, _)) => line,
                None => line,
            });
        Some(lines.map(|line| format!("{line}\n")).collect())
    }

    fn explain(&self, name: &str) -> String {
        let facts = self.facts.clone();
        let graph = Graph::from_facts(facts, self.ontology);
        let Resolution::One(node) = graph.resolve(name, None) else {
            return "nobody, or several\n".to_owned();
        };
        let (format, style) = (Format::Text, Style::PLAIN);
        let mut text = Vec::new();
        let _ = print_reasons(&graph, node, format, style, &mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    fn who(&self, name: &str) -> String {
        let graph = Graph::from_facts(self.facts.clone(), self.ontology);
        let node = |id| graph.node(id);
        let mut out = String::new();
        match graph.resolve(name, None) {
            Resolution::Nothing => out.push_str("nobody\n"),
            Resolution::Several(nodes) | Resolution::Near(nodes) => {
                for index in nodes {
                    let _ = writeln!(out, "perhaps {}", node(index).key);
                }
            }
            Resolution::One(index) => {
                let _ = writeln!(out, "{}", node(index).key);
                for neighbour in graph.neighbours(index) {
                    let arrow = if neighbour.outgoing { "→" } else { "←" };
                    let other = node(neighbour.node);
                    let edge = graph.edge(neighbour.edge);
                    let _ = writeln!(
                        out,
                        "{arrow} {} {} ×{} {}",
                        graph.relation(edge.relation).name,
                        other.name,
                        edge.n_statements,
                        marks(edge.polarity, edge.modality),
                    );
                }
            }
        }
        out
    }
}
