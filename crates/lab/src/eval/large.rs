//! A large graph: two hundred thousand nodes and a million edges, drawn at random by a power law.
//! How long it takes to load from its file, how much memory it takes, and how fast it answers.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use tieline_facts::{
    Entity, EntityType, Evidence, Facts, Mention, MentionKind, Modality, Ontology, Polarity,
    Relation, TriggerSpan,
};
use tieline_graph::ask::{EdgeFilter, Neighbours, Scheme, Ways, pagerank};
use tieline_graph::store::{NewDocument, Origin, Store, VERSION, fingerprint};
use tieline_graph::{DotOptions, Graph, NodeId, Resolution, to_dot};

use super::report::{Measure, Unit};
use crate::load;
use crate::random::Random;

const NODES: usize = 200_000;
const EDGES: usize = 1_000_000;

/// Statements in a document of the generated corpus.
const STATEMENTS: usize = 50;

/// A node: few are chosen often, most seldom.
fn node(random: &mut Random) -> u32 {
    (NODES as f64 * random.fine().powf(2.2)) as u32
}

/// A name that no other node has.
fn name(node: u32) -> String {
    const SYLLABLES: [&str; 32] = [
        "ba", "be", "bi", "bo", "da", "de", "di", "do", "fa", "fe", "fi", "fo", "sa", "se", "ka",
        "ke", "ki", "ko", "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "ra", "re",
        "ri", "ro",
    ];
    let mut word = String::new();
    for shift in [0, 5, 10, 15] {
        word.push_str(SYLLABLES[(node >> shift & 31) as usize]);
    }
    let given = ["Ada", "Bo", "Cy", "Dee", "Eli", "Fay", "Gus", "Ida"][(node % 8) as usize];
    format!("{given} {}{}", word[..1].to_uppercase(), &word[1..])
}

/// The edges, each once, in the order drawn: subject, object, relation.
fn edges() -> Vec<(u32, u32, usize)> {
    let mut random = Random(20_260_101);
    let mut seen = rustc_hash::FxHashSet::default();
    let mut edges = Vec::with_capacity(EDGES);
    // Every node has an edge; the rest follows the law.
    let mut first = 0..NODES as u32;
    while edges.len() < EDGES {
        let subject = first.next().unwrap_or_else(|| node(&mut random));
        let object = node(&mut random);
        let relation = (random.next() % RELATIONS.len() as u64) as usize;
        if subject != object && seen.insert((subject, object)) {
            edges.push((subject, object, relation));
        }
    }
    edges
}

const RELATIONS: [&str; 6] = [
    "accused",
    "criticized",
    "phoned",
    "praised",
    "threatened",
    "visited",
];

/// Writes the graph file.
fn generate(path: &Path, ontology: &Ontology) -> Result<(), Box<dyn Error>> {
    let origin = Origin {
        program: "generated".to_owned(),
        models: String::new(),
        rules: String::new(),
    };
    let mut store = Store::open_to_write(path, &origin)?;
    for (number, edges) in edges().chunks(STATEMENTS).enumerate() {
        let ends: BTreeSet<u32> = edges.iter().flat_map(|edge| [edge.0, edge.1]).collect();
        let ids: BTreeMap<u32, u32> = ends.iter().copied().zip(0..).collect();
        let entity = |(&node, &id): (&u32, &u32)| Entity {
            id,
            kind: EntityType::Person,
            name: name(node),
            iso: None,
            wikidata: None,
            known: None,
            gender: None,
            roles: Vec::new(),
            mentions: vec![Mention {
                start: 12 * id,
                end: 12 * id + 11,
                text: name(node),
                kind: MentionKind::Name,
            }],
        };
        let relation = |(edge, at): (&(u32, u32, usize), u32)| Relation {
            subject: ids[&edge.0],
            predicate: RELATIONS[edge.2].to_owned(),
            object: ids[&edge.1],
            polarity: Polarity::Affirmed,
            modality: Modality::Asserted,
            source: (at % 4 == 0).then_some(0),
            source_text: None,
            date: Some(format!(
                "2025-{:02}-{:02}",
                1 + number % 12,
                1 + number % 28
            )),
            from: None,
            until: None,
            amount: None,
            confidence: 0.5 + (at % 50) as f32 / 100.0,
            evidence: Evidence {
                start: 100 * at,
                end: 100 * at + 90,
                text: format!(
                    "{} was said on {at} occasions to have had words with {} in the harbour.",
                    name(edge.0),
                    name(edge.1)
                ),
                trigger: TriggerSpan {
                    start: 100 * at + 10,
                    end: 100 * at + 15,
                },
            },
            rule: None,
        };
        let doc = format!("generated/{number:06}.txt");
        store.put(&NewDocument {
            hash: fingerprint([&doc]),
            title: None,
            signature: None,
            facts: Facts {
                entities: ids.iter().map(entity).collect(),
                relations: edges.iter().zip(0..).map(relation).collect(),
                date: Some(format!(
                    "2025-{:02}-{:02}",
                    1 + number % 12,
                    1 + number % 28
                )),
                open: Vec::new(),
                notes: Vec::new(),
                doc,
            },
        })?;
    }
    store.finish(ontology)?;
    Ok(())
}

/// The generated file, made at the first call and kept beside the program.
fn file() -> Result<PathBuf, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let folder = program.parent().unwrap_or(Path::new("."));
    let path = folder.join(format!("large-graph-{VERSION}.tieline"));
    if !path.exists() {
        let draft = folder.join(format!("large-graph-{}.tieline", std::process::id()));
        generate(&draft, &load::load_ontology()?)?;
        fs::rename(&draft, &path)?;
    }
    Ok(path)
}

/// Loads the large graph in a process of its own and asks it.
pub fn eval_large(compare: bool) -> Result<Vec<Measure>, Box<dyn Error>> {
    let graph_file = file()?;
    let output = Command::new(std::env::current_exe()?)
        .args(["eval", "--large-probe"])
        .arg(&graph_file)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut rows = Vec::new();
    let mut add = |name, value, unit| {
        let set = "tieline, from its file";
        rows.push(Measure::new("large graph", set, name, value, unit));
    };
    let numbers: Vec<f64> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let &[n_nodes, n_edges, load, memory, who, path, rank, dot] = numbers.as_slice() else {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the large graph could not be asked: {said}").into());
    };
    add("nodes", n_nodes, Unit::Count);
    add("edges", n_edges, Unit::Count);
    add("load", load, Unit::Milliseconds);
    add("memory", memory, Unit::Megabytes);
    add("who", who, Unit::Milliseconds);
    add("path", path, Unit::Milliseconds);
    add("PageRank", rank, Unit::Milliseconds);
    add("DOT of 2 hops", dot, Unit::Milliseconds);
    if compare {
        rows.extend(others(&graph_file));
    }
    Ok(rows)
}

/// The same graph in networkx and rustworkx, by `compare/graphs.py`; nothing, and a word on standard
/// error, where Python or the packages are not to be had.
fn others(graph: &Path) -> Vec<Measure> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("compare/graphs.py");
    let output = Command::new("python3").arg(script).arg(graph).output();
    let text = match output {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
        _ => {
            eprintln!("skipped: networkx and rustworkx were not compared with");
            return Vec::new();
        }
    };
    let mut rows = Vec::new();
    for (tool, set) in [
        ("networkx", "networkx, from the same file"),
        ("rustworkx", "rustworkx, from the same file"),
    ] {
        let line = text.lines().find_map(|line| line.strip_prefix(tool));
        for part in line.unwrap_or_default().trim_start_matches(':').split(',') {
            let words: Vec<&str> = part.split_whitespace().collect();
            let [name, unit, value] = words.as_slice() else {
                continue;
            };
            let Ok(value) = value.parse::<f64>() else {
                continue;
            };
            let (name, value, unit) = match (*name, *unit) {
                ("load", "s") => ("load", 1000.0 * value, Unit::Milliseconds),
                ("memory", "MB") => ("memory", value, Unit::Megabytes),
                ("neighbours", "ms") => ("neighbours alone", value, Unit::Milliseconds),
                ("path", "ms") => ("path", value, Unit::Milliseconds),
                ("PageRank", "ms") => ("PageRank", value, Unit::Milliseconds),
                _ => continue,
            };
            rows.push(Measure::new("large graph", set, name, value, unit));
        }
    }
    rows
}

/// Loads a graph file, asks it, and prints counts, milliseconds and megabytes.
pub fn probe(path: &Path) -> Result<(), Box<dyn Error>> {
    let ontology = load::load_ontology()?;
    let start = Instant::now();
    let graph = Store::open(path)?.load(&ontology)?;
    let load = milliseconds(start);
    let memory = peak_megabytes();
    // The index of names is made once; `who` is asked of a graph that has it.
    graph.names();
    let mut random = Random(7);
    let mut ask = |run: &mut dyn FnMut(NodeId, NodeId) -> Result<(), Box<dyn Error>>| {
        let mut times = Vec::new();
        for _ in 0..21 {
            let mut any = || NodeId(node(&mut random) % graph.n_nodes().max(1) as u32);
            let pair = (any(), any());
            let start = Instant::now();
            run(pair.0, pair.1)?;
            times.push(milliseconds(start));
        }
        times.sort_by(f64::total_cmp);
        // The 19th of 21: nearly the worst, without what else the machine did.
        Ok::<f64, Box<dyn Error>>(times[18])
    };
    let who = ask(&mut |a, _| who(&graph, graph.name(a)))?;
    let (scheme, filter) = (Scheme::of(&graph, &ontology), EdgeFilter::default());
    let ways = Ways::new(&graph, &scheme, &filter);
    let path = ask(&mut |a, b| {
        std::hint::black_box(ways.best(a, b, 1));
        Ok(())
    })?;
    let dot = ask(&mut |a, _| {
        let options = DotOptions {
            about: vec![a],
            depth: 2,
            ..DotOptions::default()
        };
        std::hint::black_box(to_dot(&graph, &ontology, &options)?);
        Ok(())
    })?;
    let start = Instant::now();
    std::hint::black_box(pagerank(&Neighbours::of(&graph, |_| true)));
    let rank = milliseconds(start);
    println!(
        "{} {} {load:.1} {memory:.1} {who:.3} {path:.3} {rank:.1} {dot:.3}",
        graph.n_nodes(),
        graph.n_edges()
    );
    Ok(())
}

/// What `tieline who` does after loading: the node of a name, its neighbours, and for each the
/// statement to show, twenty a relation.
fn who(graph: &Graph, name: &str) -> Result<(), Box<dyn Error>> {
    let node = match graph.resolve(name, None) {
        Resolution::One(node) => node,
        Resolution::Several(nodes) => nodes[0],
        Resolution::Near(_) | Resolution::Nothing => {
            return Err(format!("nobody is called {name}").into());
        }
    };
    let neighbours = graph.neighbours(node);
    let relation = |step: &tieline_graph::Step| (graph.edge(step.edge).relation, step.outgoing);
    for group in neighbours.chunk_by(|a, b| relation(a) == relation(b)) {
        for step in group.iter().take(20) {
            std::hint::black_box(graph.best_evidence(step.edge)?);
        }
    }
    Ok(())
}

fn milliseconds(start: Instant) -> f64 {
    1000.0 * start.elapsed().as_secs_f64()
}

/// The most memory that the process had, where the system tells.
fn peak_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1000.0
}
