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

/// Every answer and export of a graph, of the demo.
fn everything(of: &str) -> String {
    let mut all = String::new();
    let mut ask = |args: &[&str]| {
        let (status, out, err) = tieline(&[args, &[of]].concat());
        all += &format!("{args:?} {status}\n{out}{err}");
    };
    for name in ["Starmer", "European Union", "Ada Holm"] {
        ask(&["who", name, "--limit", "0", "--format", "json"]);
        ask(&["timeline", name]);
        ask(&["explain-merge", name]);
    }
    ask(&["path", "Starmer", "Putin"]);
    ask(&["query", "?x * ?y", "--format", "csv"]);
    for command in ["dot", "entities", "stats", "disputed", "top", "communities"] {
        ask(&[command]);
    }
    for (format, files) in tieline_graph::export::Format::ALL {
        if !files.is_folder() {
            ask(&["export", "--format", format]);
        }
    }
    ask(&["export", "--format", "jsonl"]);
    all
}

#[test]
fn jsonl_brings_everything_back() {
    let folder = scratch("jsonl");
    let file = |name: &str| text(folder.join(name));
    let demo = text(root().join("seeds/demo"));
    let rules = text(root().join("seeds/own/sponsors.toml"));
    fs::write(
        folder.join("own.txt"),
        "Norvik sponsors Teleson. Ada Holm met Bo Lindqvist in Oslo on Tuesday.",
    )
    .unwrap();
    let (first, own) = (file("a.tieline"), file("own.txt"));
    let build = |to: &str| tieline(&["build", &demo, &own, "--rules", &rules, "-o", to]);
    assert_eq!(build(&first).0, 0);
    let lines = file("a.jsonl");
    let (status, _, err) = tieline(&["export", "--format", "jsonl", &first, "-o", &lines]);
    assert_eq!((status, err.as_str()), (0, ""));

    // A new file answers as the first, types of the user's included.
    let second = file("b.tieline");
    let (status, out, err) = tieline(&["import", &lines, "-o", &second]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.contains("9 added, 0 changed, 0 known before"), "{out}");
    let dump = |file: &str| {
        let store = tieline_graph::store::Store::open(file.as_ref()).unwrap();
        store.dump().unwrap()
    };
    assert!(dump(&first) == dump(&second));
    assert_eq!(everything(&first), everything(&second));
    let sponsors = |of: &str| tieline(&["query", "?x sponsors ?y", of]);
    assert_eq!(sponsors(&first), sponsors(&second));
    assert_eq!(sponsors(&second).0, 0, "{:?}", sponsors(&second));

    // Twice changes nothing, and a build knows the documents.
    let before = fs::read(&second).unwrap();
    for again in [tieline(&["import", &lines, "-o", &second]), build(&second)] {
        let (status, out, err) = again;
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(out.contains("0 added, 0 changed, 9 known before"), "{out}");
        assert!(
            fs::read(&second).unwrap() == before,
            "the file is untouched"
        );
    }

    // Documents give the same lines as the file that is made of them.
    let args = [
        "export", "--format", "jsonl", &demo, &own, "--rules", &rules,
    ];
    let (_, mut of_documents, _) = tieline(&args);
    let sorted = |lines: &str| {
        let mut lines: Vec<String> = lines.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let of_file = fs::read_to_string(&lines).unwrap();
    assert_eq!(sorted(&of_documents), sorted(&of_file));

    // What was edited is taken over, and given back by the next.
    of_documents = of_documents.replace("\"confidence\":0.", "\"confidence\":0.0");
    fs::write(folder.join("edited.jsonl"), of_documents).unwrap();
    let (_, out, _) = tieline(&["import", &file("edited.jsonl"), "-o", &second]);
    assert!(!out.contains(" 0 changed"), "{out}");
    assert!(dump(&first) != dump(&second));
    tieline(&["import", &lines, "-o", &second]);
    assert!(dump(&first) == dump(&second));
}

#[test]
fn extracted_facts_become_a_file_too() {
    let folder = scratch("facts_file");
    let demo = text(root().join("seeds/demo"));
    let (_, lines, _) = tieline(&["extract", "--format", "jsonl", &demo]);
    let (jsonl, file) = (text(folder.join("f.jsonl")), text(folder.join("f.tieline")));
    fs::write(&jsonl, lines).unwrap();
    let (status, out, err) = tieline(&["import", &jsonl, "-o", &file]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.contains("8 added"), "{out}");
    assert_eq!(tieline(&["dot", &file]), tieline(&["dot", &demo]));
    // Nobody said what read them, so they are read again.
    let (_, out, _) = tieline(&["build", &demo, "-o", &file]);
    assert!(out.contains("0 added, 8 changed"), "{out}");
}

#[test]
fn broken_lines_are_named_and_left_out() {
    let folder = scratch("broken_lines");
    let good = r#"{"doc":"a.txt","entities":[{"id":0,"type":"person","name":"Ada Holm","mentions":[]}],"relations":[]}"#;
    let relation = |end: u32, text: &str| {
        format!(
            r#"{{"subject":0,"predicate":"met_with","object":{end},"polarity":"affirmed","modality":"asserted","confidence":1,"evidence":{{"start":0,"end":9,"text":"{text}","trigger":{{"start":1,"end":2}}}}}}"#
        )
    };
    let with = |relations: &str| {
        let line = good.replace("a.txt", "b.txt");
        line.replace("\"relations\":[]", &format!("\"relations\":[{relations}]"))
    };
    let two = format!("{},{}", relation(0, "One"), relation(0, "Two"));
    // line, what is said of it
    let cases: [(&[u8], &str); 9] = [
        (
            &good.as_bytes()[..60],
            "no document of wire format v1, column 60: EOF while parsing",
        ),
        (
            b"{\"doc\": 3}",
            "no document of wire format v1, column 9: invalid type: integer `3`",
        ),
        (
            b"{}",
            "no document of wire format v1, column 2: missing field `doc`",
        ),
        (b"\xff\xfe", "invalid utf-8"),
        (
            good.replace("\"id\":0", "\"id\":5").leak().as_bytes(),
            "entity 0 has the id 5, expected its place",
        ),
        (
            with(&relation(7, "One")).leak().as_bytes(),
            "a relation speaks of entity 7, and there are 1",
        ),
        (
            with(&two).leak().as_bytes(),
            "two texts for the sentence from 0 to 9",
        ),
        (
            good.replace("\"doc\"", "\"signature\":\"12\",\"doc\"")
                .leak()
                .as_bytes(),
            "a signature that is none",
        ),
        (good.as_bytes(), "a.txt was there in "),
    ];
    let mut bytes = format!("{good}\n\n").into_bytes();
    for (line, _) in cases {
        bytes.extend(line);
        bytes.push(b'\n');
    }
    bytes.extend(good.replace("a.txt", "last.txt").bytes());
    let (lines, file) = (text(folder.join("f.jsonl")), text(folder.join("f.tieline")));
    fs::write(&lines, bytes).unwrap();
    let missing = text(folder.join("missing.jsonl"));
    let (status, out, err) = tieline(&["import", &missing, &lines, "-o", &file]);
    assert_eq!(status, 2);
    assert!(
        out.contains("2 added, 0 changed"),
        "the rest is read: {out}"
    );
    for ((line, said), number) in cases.iter().zip(3..) {
        let place = format!("f.jsonl:{number}: ");
        let told = err.lines().find(|told| told.contains(&place));
        let told = told.unwrap_or_else(|| panic!("line {number} is named: {err}"));
        assert!(
            told.contains(said),
            "{:?}: {told}",
            String::from_utf8_lossy(line)
        );
    }
    assert!(err.contains("missing.jsonl: "), "{err}");
    assert_eq!(err.lines().count(), cases.len() + 1, "{err}");
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

#[test]
fn files_of_version_2_are_brought_up_to_date() {
    let folder = scratch("older_2");
    let file = text(folder.join("a.tieline"));
    fs::copy(root().join("tests/fixtures/version2.tieline"), &file).unwrap();
    let (status, out, err) = tieline(&["who", "Ada Holm", "--limit", "0", &file]);
    assert_eq!((status, err.as_str()), (0, ""));
    for said in [
        "Ada Holm, person, 3 mentions in 2 documents",
        "“Holm accused Bo Lindqvist of theft, the Daily Fjord said.”",
        "since 1998",
    ] {
        assert!(out.contains(said), "{said}\n{out}");
    }
    // The reasons are there as in a file of today.
    let (status, out, err) = tieline(&["explain-merge", "Ada Holm", &file]);
    assert_eq!((status, err.as_str()), (0, ""));
    let line = "news/b.txt  “Holm”      a single name that fits this one only";
    assert!(out.contains(line), "{out}");
    // The facts are those that were there: a file made of them today is the same.
    let lines = text(folder.join("a.jsonl"));
    tieline(&["export", "--format", "jsonl", &file, "-o", &lines]);
    let today = text(folder.join("b.tieline"));
    assert_eq!(tieline(&["import", &lines, "-o", &today]).0, 0);
    let dump = |file: &str| {
        let store = tieline_graph::store::Store::open(file.as_ref()).unwrap();
        assert!(store.is_sound().unwrap());
        store.dump().unwrap()
    };
    assert_eq!(dump(&file), dump(&today));
    let amount = "\"Norvik Energy acquired Teleson Group for $3 billion in 2003.\"";
    assert!(dump(&file).contains(amount) && dump(&file).contains("\"$3 billion\"\t3000000000.0"));
}

#[test]
fn decisions_stay_in_the_file() {
    let folder = scratch("kept_decisions");
    let demo = text(root().join("seeds/demo"));
    let file = |name: &str| text(folder.join(name));
    let decisions = |name: &str, body: &str| {
        fs::write(folder.join(name), format!("format = 1\n{body}")).unwrap();
        file(name)
    };
    let some = decisions(
        "some.toml",
        "[[rename]]\nname = \"NATO\"\nto = \"Atlantic Alliance\"\nwhy = \"house style\"\n\
         [[merge]]\nnames = [\"Social Democrats\", \"Social Democratic Party\"]\n\
         type = \"organisation\"\n\
         [[split]]\nname = \"Ada Holm\"\ndocuments = [\"takeover.txt\"]\nas = \"Ada Holm (Norvik)\"\n\
         [[rename]]\nname = \"Nobody Atall\"\nto = \"Somebody\"\n",
    );
    let (kept, plain) = (file("kept.tieline"), file("plain.tieline"));
    let (status, out, err) = tieline(&["build", &demo, "--decisions", &some, "-o", &kept]);
    assert_eq!(status, 0, "{out}");
    let told = "some.toml:13: rename had no effect: nothing here is called “Nobody Atall”";
    assert!(err.contains(told), "{err}");
    tieline(&["build", &demo, "-o", &plain]);

    // The file answers as documents with the decisions do, and as a file without is asked with them.
    for question in [
        &["entities", "--format", "jsonl"][..],
        &["explain-merge", "Social Democrats"],
        &["explain-merge", "Ada Holm (Norvik)", "--format", "csv"],
        &["explain-merge", "Trump", "--format", "json"],
        &["dot", "--max-nodes", "0"],
    ] {
        let (_, from_file, err) = tieline(&[question, &[&kept]].concat());
        assert_eq!(err, "", "{question:?}");
        for other in [&demo, &plain] {
            let with = tieline(&[question, &[other, "--decisions", &some]].concat());
            assert_eq!(with.1, from_file, "{question:?} of {other}");
        }
    }
    let (_, out, _) = tieline(&["entities", "--like", "alliance", &kept]);
    assert!(out.contains("Atlantic Alliance"), "{out}");

    // They go along with the lines.
    let (lines, again) = (file("kept.jsonl"), file("again.tieline"));
    tieline(&["export", "--format", "jsonl", &kept, "-o", &lines]);
    assert_eq!(tieline(&["import", &lines, "-o", &again]).0, 0);
    let dump = |file: &str| {
        let store = tieline_graph::store::Store::open(file.as_ref()).unwrap();
        store.dump().unwrap()
    };
    assert!(dump(&again) == dump(&kept));
    let dot = |args: &[&str]| tieline(&[&["dot", "--max-nodes", "0"], args].concat()).1;
    assert_eq!(dot(&[&kept]), dot(&["--facts", &lines]));

    // Without others given they stay; so do they when documents go and come.
    let before = (fs::read(&kept).unwrap(), dump(&kept));
    tieline(&["build", &demo, "-o", &kept]);
    assert!(
        fs::read(&kept).unwrap() == before.0,
        "the file is untouched"
    );
    tieline(&["remove", &format!("{demo}/takeover.txt"), "-o", &kept]);
    assert!(dump(&kept) != before.1);
    tieline(&["build", &demo, "-o", &kept]);
    assert!(dump(&kept) == before.1);

    // Others take their place; none, too.
    let none = decisions("none.toml", "");
    tieline(&["build", &demo, "--decisions", &none, "-o", &kept]);
    assert!(dump(&kept) == dump(&plain));
}
