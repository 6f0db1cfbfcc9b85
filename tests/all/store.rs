//! Graph files as a user meets them: built from the demo articles, added to, taken from, asked.

use std::fs;
use std::path::PathBuf;

use crate::{root, scratch, tieline};

fn text(path: PathBuf) -> String {
    path.to_string_lossy().into_owned()
}

#[test]
fn build_and_remove_the_demo() {
    let folder = scratch("build_demo");
    let news = folder.join("news");
    fs::create_dir(&news).unwrap();
    for entry in fs::read_dir(root().join("seeds/demo")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), news.join(entry.file_name())).unwrap();
    }
    let (file, news) = (text(folder.join("a.tieline")), text(news));
    let build = |file: &str| tieline(&["build", &news, "-o", file]);
    let (status, out, err) = build(&file);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(
        out.starts_with(&format!(
            "{file}: 8 added, 0 changed, 0 known before\n8 documents"
        )),
        "{out}"
    );
    let full = out;

    // The same again: nothing is read, nothing changes.
    let before = fs::read(&file).unwrap();
    let (_, out, _) = build(&file);
    assert!(out.contains("0 added, 0 changed, 8 known before"), "{out}");
    assert!(fs::read(&file).unwrap() == before, "the file is untouched");

    // A graph file answers as the documents do.
    for question in [
        &["who", "Starmer"][..],
        &["who", "European Union", "--limit", "0"],
        &["dot"],
        &["dot", "--max-nodes", "5"],
        &["dot", "--min-confidence", "0.9"],
    ] {
        let ask = |of: &str| tieline(&[question, &[of]].concat());
        let (from_file, from_documents) = (ask(&file), ask(&news));
        assert_eq!(from_file, from_documents, "{question:?}");
        assert_eq!(from_file.0, 0, "{question:?}");
    }

    // One changes, one is printed elsewhere too, one goes.
    let trial = format!("{news}/trial.txt");
    let was = fs::read_to_string(&trial).unwrap();
    fs::write(&trial, "Ottoline Pemberth met Bo Lindqvist in Oslo.").unwrap();
    let wire = fs::read_to_string(format!("{news}/takeover.txt")).unwrap();
    fs::write(
        format!("{news}/wire.txt"),
        format!("{wire}\n\nMore news on page 2.\n"),
    )
    .unwrap();
    let (_, out, _) = build(&file);
    assert!(out.contains("1 added, 1 changed, 7 known before"), "{out}");
    assert!(out.contains("9 documents (1 of them copies)"), "{out}");
    let (_, out, _) = tieline(&["who", "Ottoline Pemberth", &file]);
    assert!(out.contains("Bo Lindqvist"), "{out}");
    let (status, out, err) = tieline(&["remove", &trial, &format!("{news}/wire.txt"), "-o", &file]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(
        out.starts_with(&format!(
            "{file}: 2 removed\n7 documents (0 of them copies)"
        )),
        "{out}"
    );
    let (status, _, err) = tieline(&["who", "Ottoline Pemberth", &file]);
    assert_eq!(status, 1, "what only it supported is gone: {err}");
    fs::write(&trial, was).unwrap();
    fs::remove_file(format!("{news}/wire.txt")).unwrap();
    let (_, out, _) = build(&file);
    assert_eq!(out.lines().last(), full.lines().last(), "as at first");

    // A folder goes as a whole.
    let (status, out, _) = tieline(&["remove", &news, "-o", &file]);
    assert_eq!(status, 0);
    assert!(
        out.contains("0 documents (0 of them copies), 0 nodes, 0 edges"),
        "{out}"
    );
}

#[test]
fn copies_count_as_one_source() {
    let folder = scratch("copies");
    let wire = "Ada Holm, the chairwoman of Norvik, met Bo Lindqvist in Oslo on Tuesday to talk about \
        the sale of a harbour in the north. The two spoke for three hours, and both said afterwards \
        that they would meet again before the end of the year.";
    for (name, body) in [
        ("a.txt", wire.to_owned()),
        ("b.txt", format!("{wire} (Reporting by our staff.)")),
        (
            "c.txt",
            "Ada Holm met Bo Lindqvist. Nobody else came.".to_owned(),
        ),
    ] {
        fs::write(folder.join(name), body).unwrap();
    }
    let file = text(folder.join("g.tieline"));
    tieline(&["build", &text(folder.clone()), "-o", &file]);
    let graph = tieline_graph::store::Store::open(file.as_ref()).unwrap();
    assert_eq!(graph.counts().unwrap().copies, 1);
    let graph = graph.load(&tieline_facts::Ontology::default()).unwrap();
    let meeting = graph
        .edges()
        .iter()
        .max_by_key(|edge| edge.n_documents)
        .unwrap();
    assert_eq!((meeting.n_documents, meeting.support), (3, 2));
}

#[test]
fn facts_become_a_file_too() {
    let folder = scratch("facts_file");
    let demo = text(root().join("seeds/demo"));
    let (_, lines, _) = tieline(&["extract", "--format", "jsonl", &demo]);
    let (jsonl, file) = (text(folder.join("f.jsonl")), text(folder.join("f.tieline")));
    fs::write(&jsonl, lines).unwrap();
    let (status, out, err) = tieline(&["build", "--facts", &jsonl, "-o", &file]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.contains("8 added"), "{out}");
    assert_eq!(tieline(&["dot", &file]), tieline(&["dot", &demo]));
}

#[test]
fn what_is_no_graph_file_is_named() {
    let folder = scratch("no_graph");
    let wrong = text(folder.join("wrong.tieline"));
    fs::write(&wrong, "Ada Holm met Bo Lindqvist in Oslo.").unwrap();
    let missing = text(folder.join("missing.tieline"));
    let demo = text(root().join("seeds/demo"));
    // name, arguments, what is said
    let cases: [(&str, &[&str], &str); 5] = [
        (
            "text",
            &["who", "Holm", &wrong],
            "wrong.tieline: not a graph file of tieline",
        ),
        (
            "nothing",
            &["who", "Holm", &missing],
            "missing.tieline: there is no such graph file",
        ),
        (
            "two kinds",
            &["who", "Holm", &missing, &demo],
            "a graph file stands alone",
        ),
        (
            "out of text",
            &["build", &demo, "-o", &wrong],
            "not a graph file of tieline",
        ),
        (
            "out of nothing",
            &["remove", "a.txt", "-o", &missing],
            "there is no such graph file",
        ),
    ];
    for (name, args, said) in cases {
        let (status, _, err) = tieline(args);
        assert_eq!(status, 2, "{name}: {err}");
        assert!(err.contains(said), "{name}: {err}");
    }
    assert!(
        !folder.join("missing.tieline").exists(),
        "asking makes no file"
    );
    assert_eq!(
        fs::read_to_string(wrong).unwrap(),
        "Ada Holm met Bo Lindqvist in Oslo."
    );
}

#[test]
fn older_files_are_brought_up_to_date() {
    let folder = scratch("older");
    let file = text(folder.join("a.tieline"));
    fs::copy(root().join("tests/fixtures/version1.tieline"), &file).unwrap();
    let old = fs::read(&file).unwrap();
    let (status, out, err) = tieline(&["who", "Ada Holm", &file]);
    assert_eq!((status, err.as_str()), (0, ""));
    for said in [
        "Ada Holm, person, 2 mentions in 2 documents",
        "Bo Lindqvist",
        "“Ada Holm, the head of Norvik, met Bo Lindqvist in Oslo.”",
        "“Holm accused Bo Lindqvist of theft, the Daily Fjord said.”",
        "according to Daily Fjord",
    ] {
        assert!(out.contains(said), "{said}\n{out}");
    }
    assert!(
        fs::read(&file).unwrap() != old,
        "the file itself is brought up to date"
    );
    let store = tieline_graph::store::Store::open(file.as_ref()).unwrap();
    assert!(store.is_sound().unwrap());
    let (facts, _) = store.facts().unwrap();
    assert_eq!(facts.len(), 2);
    assert_eq!(facts[1].notes[0].message, "read as Windows-1252");
    drop(store);

    // It goes on as any other: what an older program read is read again.
    let news = folder.join("news");
    fs::create_dir(&news).unwrap();
    fs::write(news.join("c.txt"), "Ada Holm met Bo Lindqvist.").unwrap();
    let (status, out, _) = tieline(&["build", &text(news), "-o", &file]);
    assert_eq!(status, 0);
    assert!(
        out.contains("1 added") && out.contains("3 documents"),
        "{out}"
    );

    // Where it cannot be written it is not used, and says why.
    fs::copy(root().join("tests/fixtures/version1.tieline"), &file).unwrap();
    let lock = fs::File::create(format!("{file}-lock")).unwrap();
    lock.lock().unwrap();
    let (status, _, err) = tieline(&["who", "Ada Holm", &file]);
    assert_eq!(status, 2);
    assert!(err.contains("another tieline is writing to it"), "{err}");
}
