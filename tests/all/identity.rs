//! Identity as a user meets it: the commands, decisions, and lists of known entities. The runs read
//! facts found once, because the analysis is what takes time.

use std::fs;

use crate::{root, scratch, tieline};

/// Facts of the demo articles, one line each, in a file.
fn demo_facts(folder: &std::path::Path) -> (String, Vec<String>) {
    let demo = root().join("seeds/demo").to_string_lossy().into_owned();
    let (_, out, _) = tieline(&["extract", "--format", "jsonl", &demo]);
    let out = out.replace(&format!("{demo}/"), "");
    let path = folder.join("facts.jsonl");
    fs::write(&path, &out).unwrap();
    let lines = out.lines().map(str::to_owned).collect();
    (path.to_string_lossy().into_owned(), lines)
}

#[test]
fn commands_over_the_demo_articles() {
    let folder = scratch("identity");
    let (facts, lines) = demo_facts(&folder);
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let run = |args: &[&str]| {
        let mut all = args.to_vec();
        all.extend(["--facts", facts.as_str()]);
        tieline(&all)
    };

    // Order of documents: the same bytes.
    let want = run(&["entities", "--format", "jsonl"]);
    assert_eq!(want.0, 0);
    assert!(want.1.lines().count() > 50);
    for turn in [1, 3, 5] {
        let mut turned = lines.clone();
        turned.rotate_left(turn);
        turned.swap(0, 2);
        let other = file("turned.jsonl", &(turned.join("\n") + "\n"));
        let got = tieline(&["entities", "--format", "jsonl", "--facts", &other]);
        assert!(want == got, "order {turn}");
    }

    // name, arguments, status, what is printed, what is told
    let decisions = file(
        "d.toml",
        "format = 1\n\
         [[rename]]\nname = \"NATO\"\nto = \"Atlantic Alliance\"\n\
         [[merge]]\nnames = [\"Social Democrats\", \"Social Democratic Party\"]\n\
         type = \"organisation\"\n\
         [[rename]]\nname = \"Nobody Atall\"\nto = \"Somebody\"\n",
    );
    let broken = file("broken.toml", "format = 1\n[[merge]]\nnames = [\"A\"]\n");
    let known = file("people.csv", "id,name,type\nx-17,Thomas Bach,person\n");
    let bad = file("bad.csv", "id,name,type\nx-17,Thomas Bach,boat\n");
    let cases: [(&str, &[&str], u8, &str, &str); 9] = [
        (
            "text",
            &["entities", "--type", "person", "--like", "putin"],
            0,
            "in 3 documents",
            "",
        ),
        (
            "csv",
            &["entities", "--format", "csv"],
            0,
            "country/gb,country,United Kingdom,GB,",
            "",
        ),
        ("nothing", &["entities", "--like", "zzz"], 1, "", ""),
        (
            "reasons",
            &["explain-merge", "Trump"],
            0,
            "olympics.txt   “Donald Trump”  same name and type",
            "",
        ),
        (
            "reasons as lines",
            &["explain-merge", "Trump", "--format", "jsonl"],
            0,
            "\"rung\":\"name\"",
            "",
        ),
        (
            "decisions",
            &["entities", "--decisions", &decisions],
            0,
            "Atlantic Alliance",
            "d.toml:8: rename had no effect: nothing here is called “Nobody Atall”",
        ),
        (
            "a fault in decisions",
            &["entities", "--decisions", &broken],
            2,
            "",
            "broken.toml:3:9: 1 names; merge needs two or more",
        ),
        (
            "known",
            &["entities", "--known", &known, "--format", "csv"],
            0,
            ",x-17,",
            "",
        ),
        (
            "a fault in a list",
            &["entities", "--known", &bad],
            2,
            "",
            "bad.csv:2: no type \"boat\"",
        ),
    ];
    for (name, args, status, printed, told) in cases {
        let (got, out, err) = run(args);
        assert_eq!(got, status, "{name}: {err}");
        assert!(out.contains(printed), "{name}: {out}");
        assert!(err.contains(told), "{name}: {err}");
        assert_eq!(err.is_empty(), told.is_empty(), "{name}: {err}");
    }
    let (_, out, _) = run(&[
        "explain-merge",
        "Social Democratic Party",
        "--decisions",
        &decisions,
    ]);
    assert!(out.contains("d.toml:5"), "{out}");
    for command in ["entities", "explain-merge"] {
        let (status, out, _) = tieline(&[command, "--help"]);
        assert!(status == 0 && out.contains("Examples:"), "{command}");
    }
}

#[test]
fn threads_change_no_entity() {
    let demo = root().join("seeds/demo").to_string_lossy().into_owned();
    let run = |threads| tieline(&["entities", "--format", "jsonl", "--threads", threads, &demo]);
    assert!(run("1") == run("3"));
}

#[test]
fn known_names_are_found_in_text() {
    let folder = scratch("known");
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let text = file(
        "a.txt",
        "The deal was signed by Quux Zorble Works on Monday in Oslo.\n",
    );
    let known = file(
        "k.csv",
        "id,name,aliases,type\no-1,Quux Zorble Works,QZW,organisation\n",
    );
    let (_, out, _) = tieline(&["extract", "--format", "jsonl", "--known", &known, &text]);
    let facts: tieline_facts::Facts = serde_json::from_str(&out).unwrap();
    let found = facts
        .entities
        .iter()
        .find(|e| e.name == "Quux Zorble Works");
    let found = found.expect("the listed name");
    assert_eq!(found.kind, tieline_facts::EntityType::Organisation);
    assert_eq!(found.known.as_deref(), Some("o-1"));
}
