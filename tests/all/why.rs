//! Reasons: `why` explains what `extract` finds, `why-not` what it does not.

use std::fs;

use tieline_cli::load;
use tieline_extract::Obstacle;
use tieline_text::Document;

use crate::{root, scratch, tieline};

fn demo() -> String {
    root().join("seeds/demo").to_string_lossy().into_owned()
}

#[test]
fn reasons_are_those_of_the_same_edges() {
    let pipeline = load::load_pipeline().expect("the models load");
    let mut n_edges = 0;
    for entry in fs::read_dir(demo()).expect("the demo articles") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("UTF-8");
        let document = Document::from_text(path.to_string_lossy(), text);
        let facts = pipeline.run(&document);
        let explained = pipeline.explain(&document);
        let relations: Vec<_> = explained.iter().map(|one| one.relation.clone()).collect();
        assert_eq!(relations, facts.relations, "{}", path.display());
        for one in &explained {
            n_edges += 1;
            for end in [&one.subject, &one.object] {
                let joined = end.path.windows(2).all(|two| two[0].to == two[1].from);
                assert!(joined, "a path is a chain: {:?}", end.path);
            }
            let (s, o) = (one.relation.subject, one.relation.object);
            let drawn = pipeline.sightings(&document, s, o).into_iter().any(|seen| {
                seen.obstacles.iter().any(|obstacle| matches!(obstacle, Obstacle::Edge { relation, .. } if *relation == one.relation.predicate))
            });
            let named = !one.subject.reference.is_empty() && !one.object.reference.is_empty();
            assert!(
                drawn || !named,
                "why-not knows of the edge {:?}",
                one.relation
            );
        }
    }
    assert!(20 < n_edges, "{n_edges} edges in the demo articles");
}

#[test]
fn every_pair_of_an_article_has_an_answer() {
    let pipeline = load::load_pipeline().expect("the models load");
    let path = root().join("seeds/demo/takeover.txt");
    let text = fs::read_to_string(&path).expect("UTF-8");
    let document = Document::from_text("takeover.txt", text);
    let n = pipeline.run(&document).entities.len() as u32;
    for b in 1..n {
        let seen = pipeline.sightings(&document, 0, b);
        assert!(!seen.is_empty(), "entity {b}");
        for one in seen {
            assert!(!one.obstacles.is_empty(), "{one:?}");
            assert_eq!(
                document
                    .text
                    .get(one.first.start as usize..one.first.end as usize),
                Some(one.first.text.as_str())
            );
        }
    }
}

/// Any mixture of trigger words, names and marks is read, explained and asked about.
#[test]
fn any_mixture_of_triggers_is_survived() {
    let pipeline = load::load_pipeline().expect("the models load");
    let rules = pipeline.relations.rules();
    let mut words: Vec<&str> = rules
        .iter()
        .flat_map(|rule| &rule.words)
        .map(String::as_str)
        .collect();
    words.sort_unstable();
    words.dedup();
    let names = [
        "Angela Merkel",
        "France",
        "Siemens",
        "the European Union",
        "German",
        "Berlin's",
        "he",
        "her",
        "its",
        "Emmanuel Macron",
        "NATO",
        "the company",
    ];
    let glue = [
        "and", ",", "of", "with", "between", "by", "to", "that", "who", "was", "will", "not",
        "former", "said", "\u{201c}", "\u{201d}", "(", ".", "-", "in", "for", "vice",
    ];
    let mut seed = 11u64;
    let mut next = |n: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    let mut n_edges = 0;
    for _ in 0..400 {
        let mut text = String::new();
        for _ in 0..4 + next(24) {
            text.push_str(match next(5) {
                0 | 1 => names[next(names.len())],
                2 | 3 => words[next(words.len())],
                _ => glue[next(glue.len())],
            });
            text.push(' ');
        }
        let document = Document::from_text("mixture", text.trim_end());
        let facts = pipeline.run_open(&document);
        let explained = pipeline.explain(&document);
        let relations: Vec<_> = explained.into_iter().map(|one| one.relation).collect();
        assert_eq!(relations, facts.relations, "{text}");
        n_edges += relations.len();
        let n = facts.entities.len() as u32;
        for (a, b) in [(0, 1), (1, 2), (0, 2)].into_iter().filter(|(_, b)| *b < n) {
            assert!(!pipeline.sightings(&document, a, b).is_empty(), "{text}");
        }
        for clause in &facts.open {
            assert!(
                clause.subject < n && clause.object < n && clause.subject != clause.object,
                "{text}"
            );
        }
    }
    assert!(
        30 < n_edges,
        "{n_edges} edges: the mixtures exercise the rules"
    );
}

#[test]
fn the_commands_answer() {
    let demo = demo();
    let folder = scratch("why");
    let text = folder.join("text.txt");
    fs::write(&text, "Angela Merkel visited France. Olaf Scholz slept.\n").expect("a file");
    let text = text.to_string_lossy().into_owned();
    // name, arguments, status, part of the output, part of the errors
    let cases: [(&str, &[&str], u8, &str, &str); 8] = [
        (
            "an edge",
            &["why", "Merkel", "France", &text],
            0,
            "[Angela Merkel] *visited* [France].",
            "",
        ),
        (
            "the other way round",
            &["why", "france", "merkel", &text],
            0,
            "rule        visited",
            "",
        ),
        (
            "as JSON",
            &["why", "--format", "json", "Merkel", "France", &text],
            0,
            "\"predicate\": \"visited\"",
            "",
        ),
        (
            "no edge",
            &["why", "Scholz", "France", &text],
            1,
            "",
            "no edge between Olaf Scholz and France",
        ),
        (
            "why not",
            &["why-not", "Scholz", "France", &text],
            0,
            "too far",
            "",
        ),
        (
            "why not as JSON",
            &["why-not", "--format", "json", "Scholz", "France", &text],
            0,
            "\"kind\": \"too-far\"",
            "",
        ),
        (
            "nobody",
            &["why", "Nobody", "France", &text],
            1,
            "",
            "no entity is called “Nobody”",
        ),
        (
            "one and the same",
            &["why", "Merkel", "Angela Merkel", &text],
            1,
            "",
            "both names mean Angela Merkel",
        ),
    ];
    for (name, args, status, out, err) in cases {
        let got = tieline(args);
        assert_eq!(got.0, status, "{name}: {} {}", got.1, got.2);
        assert!(got.1.contains(out), "{name}: {}", got.1);
        assert!(
            got.2.contains(err) && got.2.is_empty() == err.is_empty(),
            "{name}: {}",
            got.2
        );
        assert!(!got.1.contains('\x1b'), "{name}: no colour off a terminal");
    }
    for command in ["why", "why-not", "relations", "rules"] {
        let (status, out, _) = tieline(&[command, "--help"]);
        assert_eq!(status, 0);
        assert!(
            out.contains("Example") || command == "rules",
            "{command} teaches by example"
        );
    }
    let (_, json, _) = tieline(&["why", "--format", "json", "Jonas Holm", "Ada Holm", &demo]);
    let answer: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let one = &answer["explanations"][0];
    assert!(
        one["rule"]["line"].as_u64().is_some_and(|line| 0 < line),
        "{json}"
    );
    assert!(
        one["subject"]["path"].is_array() && one["object"]["reference"].is_array(),
        "{json}"
    );
}

#[test]
fn a_graph_file_gives_the_reasons_that_documents_give() {
    let folder = scratch("why_file");
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (news, file) = (path("news"), path("a.tieline"));
    fs::create_dir(&news).expect("a folder");
    for entry in fs::read_dir(demo()).expect("the demo articles") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), folder.join("news").join(entry.file_name())).expect("a copy");
    }
    let note = path("news/note.txt");
    fs::write(
        &note,
        "Ada Holm met Bo Lindqvist on Tuesday. She did not meet Lars Friis.",
    )
    .unwrap();
    let date = ["--date", "2025-01-16"];
    assert_eq!(
        tieline(&[&["build", &news, "-o", &file], &date[..]].concat()).0,
        0
    );

    let (_, edges, _) = tieline(&["query", "?x * ?y", "--format", "jsonl", &file]);
    let mut n_pairs = 0;
    for line in edges.lines().step_by(19) {
        let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let (a, b) = (row["x"].as_str().unwrap(), row["y"].as_str().unwrap());
        for format in ["text", "json"] {
            let ask = |command: &str, of: &str| {
                tieline(&[&[command, a, b, "--format", format, of], &date[..]].concat())
            };
            assert_eq!(ask("why", &file), ask("why", &news), "{a}, {b}");
            if format == "json" {
                assert_eq!(ask("why-not", &file), ask("why-not", &news), "{a}, {b}");
            }
        }
        n_pairs += 1;
    }
    assert!(3 < n_pairs, "{n_pairs} pairs");

    // A document that has changed is not taken for the one that was read.
    let ask = |command: &str, b: &str| tieline(&[command, "Ada Holm", b, &file]);
    let (_, read, _) = ask("why", "Bo Lindqvist");
    assert!(
        read.contains("subject     met –subject→ Ada Holm"),
        "{read}"
    );
    fs::write(&note, "Bo Lindqvist met nobody.").unwrap();
    let (status, kept, err) = ask("why", "Bo Lindqvist");
    assert_eq!((status, err.as_str()), (0, ""));
    for said in [
        "[Ada Holm] *met* [Bo Lindqvist] on Tuesday.",
        "rule        met\n",
        "subject     “Ada Holm” (name, 0..8) = Ada Holm",
        "path        not kept",
    ] {
        assert!(kept.contains(said), "{said}\n{kept}");
    }
    let (status, _, err) = ask("why-not", "Bo Lindqvist");
    assert_eq!(status, 2);
    assert!(
        err.contains("not to be had, or changed: ") && err.contains("note.txt"),
        "{err}"
    );
}
