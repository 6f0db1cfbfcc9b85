//! Properties of DOT: whatever stands in an article is safe in it, and Graphviz reads it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use tieline_facts::{
    Entity, EntityType, Evidence, Facts, Mention, MentionKind, Modality, Ontology, Polarity,
    Relation, TriggerSpan,
};
use tieline_graph::{DotOptions, Graph};

use crate::{root, tieline};

/// The DOT of a graph in memory.
fn to_dot(graph: &Graph, ontology: &Ontology, options: &DotOptions) -> String {
    tieline_graph::to_dot(graph, ontology, options).expect("evidence is in memory")
}

/// A small generator of random numbers (xorshift), the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    /// A string of the characters that break things, and some others.
    fn text(&mut self) -> String {
        const PIECES: [&str; 34] = [
            "\"", "\\", "\\\"", "\\N", "\\n", "\n", "\r", "\t", "{", "}", "[", "]", "<", ">",
            "<b>", "</table>", "&", "&amp;", "&#34;", ";", "->", "--", "\0", "\x1b[2J", "\u{202e}",
            "\u{2066}", "\u{2028}", "\u{feff}", "כייב", "كييف", "😀", "Ada", "Holm ", "é",
        ];
        let n = 1 + self.below(8);
        (0..n).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

/// Facts with hostile strings wherever a string may stand.
fn hostile(random: &mut Random) -> Facts {
    let n = 2 + random.below(5) as u32;
    let entities = (0..n).map(|id| {
        let name = random.text();
        let mention = Mention {
            start: 0,
            end: 1,
            text: random.text(),
            kind: MentionKind::Name,
        };
        Entity {
            id,
            kind: EntityType::ALL[random.below(5)],
            name,
            iso: None,
            wikidata: None,
            known: None,
            gender: None,
            roles: Vec::new(),
            mentions: vec![mention],
        }
    });
    let entities: Vec<Entity> = entities.collect();
    let doc = random.text();
    let relations = (0..2 * n).map(|_| Relation {
        subject: random.below(n as usize) as u32,
        predicate: ["met_with", "accused", "no \"such\" type"][random.below(3)].to_owned(),
        object: random.below(n as usize) as u32,
        polarity: [Polarity::Affirmed, Polarity::Negated][random.below(2)],
        modality: [Modality::Asserted, Modality::Planned, Modality::Alleged][random.below(3)],
        source: None,
        source_text: Some(random.text()),
        date: Some(random.text()),
        from: None,
        until: None,
        amount: None,
        confidence: 0.5,
        evidence: Evidence {
            start: 0,
            end: 1,
            text: random.text(),
            trigger: TriggerSpan { start: 0, end: 1 },
        },
        rule: None,
    });
    Facts {
        doc,
        relations: relations.collect(),
        entities,
        ..Facts::default()
    }
}

/// Reads DOT as its grammar has it, as far as our writer uses it: returns all quoted strings, and
/// fails on anything odd outside of them.
fn quoted_strings(dot: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut chars = dot.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                let mut string = String::new();
                loop {
                    match chars.next().expect("a string ends") {
                        '"' => break,
                        '\\' => {
                            string.push('\\');
                            string.push(chars.next().expect("a string ends"));
                        }
                        c => string.push(c),
                    }
                }
                strings.push(string);
            }
            c => assert!(
                c.is_ascii_alphanumeric() || " \n{}[]();,=->_.".contains(c),
                "{c:?} outside of a string"
            ),
        }
    }
    strings
}

#[test]
fn no_string_breaks_out_of_its_quotes() {
    let mut random = Random(0x5eed);
    let options = DotOptions {
        legend: false,
        title: Some("a \"title\" \\".to_owned()),
        ..DotOptions::default()
    };
    for round in 0..300 {
        let facts = [hostile(&mut random), hostile(&mut random)];
        let graph = Graph::from_facts(facts, &Ontology::default());
        let dot = to_dot(&graph, &Ontology::default(), &options);
        assert_eq!(
            dot.matches("\n  \"").count(),
            graph_lines(&dot),
            "round {round}: {dot}"
        );
        for string in quoted_strings(&dot) {
            let hostile = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!string.contains(hostile), "round {round}: {string:?}");
            // What Graphviz would replace: \N, \G, \E and so on, and entities.
            let mut chars = string.chars();
            while let Some(c) = chars.next() {
                if c == '\\' {
                    let next = chars.next();
                    assert!(
                        matches!(next, Some('\\' | '"' | 'n')),
                        "round {round}: {string:?}"
                    );
                }
            }
            let bare = string.replace("&amp;", "");
            assert!(!bare.contains('&'), "round {round}: {string:?}");
        }
    }
}

/// Number of statements about nodes and edges.
fn graph_lines(dot: &str) -> usize {
    dot.lines()
        .filter(|line| line.starts_with("  \"") && line.ends_with("];"))
        .count()
}

#[test]
fn a_label_shows_the_name_as_written() {
    // name, in the article, in the DOT source
    let cases = [
        ("quotes", "Ada \"Bo\" Holm", r#"label="Ada \"Bo\" Holm""#),
        ("backslash", r"Ada\Holm", r#"label="Ada\\Holm""#),
        ("ampersand", "AT&T", r#"label="AT&amp;T""#),
        ("entity", "&lt;b&gt;", r#"label="&amp;lt;b&amp;gt;""#),
        ("brackets", "<b>{Holm}</b>", r#"label="<b>{Holm}</b>""#),
        (
            "long names wrap",
            "International Olympic Committee",
            r#"label="International\nOlympic Committee""#,
        ),
        ("line break in a name", "Ada\nHolm", r#"label="Ada Holm""#),
    ];
    for (name, written, want) in cases {
        let mut facts = hostile(&mut Random(1));
        facts
            .entities
            .iter_mut()
            .for_each(|entity| entity.name = written.to_owned());
        facts.entities[1].name = "Oslo".to_owned();
        facts.relations.truncate(1);
        (facts.relations[0].subject, facts.relations[0].object) = (0, 1);
        let graph = Graph::from_facts([facts], &Ontology::default());
        let dot = to_dot(&graph, &Ontology::default(), &DotOptions::default());
        assert!(dot.contains(want), "{name}: {dot}");
    }
}

/// Whether Graphviz reads this; `None` where it is not installed.
fn graphviz_reads(dot: &str) -> Option<Result<(), String>> {
    let child = Command::new("dot")
        .arg("-Tcanon")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.ok()?;
    let mut stdin = child.stdin.take()?;
    let _ = stdin.write_all(dot.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().ok()?;
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() && message.is_empty() {
        Ok(())
    } else {
        Err(message)
    })
}

#[test]
fn graphviz_accepts_it() {
    let demo = root().join("seeds/demo").to_string_lossy().into_owned();
    let (_, demo, _) = tieline(&["dot", &demo]);
    let mut random = Random(0xd07);
    let graph = |facts: Vec<Facts>| Graph::from_facts(facts, &Ontology::default());
    let draw = |graph: &Graph| to_dot(graph, &Ontology::default(), &DotOptions::default());
    let mut pages = vec![demo, draw(&graph(Vec::new()))];
    pages.extend((0..20).map(|_| draw(&graph(vec![hostile(&mut random)]))));
    for page in pages {
        match graphviz_reads(&page) {
            None => {
                eprintln!("skipped: Graphviz is not installed");
                return;
            }
            Some(outcome) => assert_eq!(outcome, Ok(()), "{page}"),
        }
    }
}

#[test]
fn the_budget_is_kept_and_told() {
    let mut random = Random(7);
    let facts: Vec<Facts> = (0..30).map(|_| hostile(&mut random)).collect();
    let graph = Graph::from_facts(facts, &Ontology::default());
    for budget in [1, 5, 20] {
        let options = DotOptions {
            max_nodes: Some(budget),
            ..DotOptions::default()
        };
        let dot = to_dot(&graph, &Ontology::default(), &options);
        let nodes = dot
            .lines()
            .filter(|line| line.contains("fillcolor="))
            .count();
        assert!(nodes <= budget, "{nodes} nodes drawn, {budget} allowed");
        assert!(dot.contains("left out: "), "the legend says so");
    }
    let all = DotOptions {
        max_nodes: None,
        max_lines: None,
        ..DotOptions::default()
    };
    assert!(!to_dot(&graph, &Ontology::default(), &all).contains("left out: "));
}
