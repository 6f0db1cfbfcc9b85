//! Rules of one's own, and the page of relation types.

use std::{env, fs};

use crate::{root, scratch, tieline};

#[test]
fn the_page_of_relations_is_up_to_date() {
    let (status, page, err) = tieline(&["relations", "--format", "markdown"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let path = root().join("docs/relations.md");
    let written = fs::read_to_string(&path).unwrap_or_default();
    if written == page {
        return;
    }
    if env::var_os("BLESS").is_some() && env::var_os("CI").is_none() {
        fs::write(&path, page).expect("the page can be written");
        return;
    }
    panic!("docs/relations.md is not what the rules say; BLESS=1 cargo test writes it");
}

#[test]
fn the_page_of_relations_has_every_type() {
    let (_, page, _) = tieline(&["relations", "--format", "markdown"]);
    let written = fs::read_to_string(root().join("docs/relations.md")).expect("the page");
    let heads = |page: &str| -> Vec<String> {
        let lines = page
            .lines()
            .filter(|line| line.starts_with('#') || line.contains(", tier "));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(heads(&written), heads(&page), "types, directions, tiers");
}

#[test]
fn every_type_is_listed_with_its_codes() {
    let (_, json, _) = tieline(&["relations", "--format", "json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("a JSON array");
    assert_eq!(rows.len(), 86);
    for row in &rows {
        let id = row["id"].as_str().expect("an id");
        let inverse = row["inverse"].is_string();
        assert!(!(inverse && row["symmetric"] == true), "{id}");
        assert!(
            row["subject"]
                .as_array()
                .is_some_and(|types| !types.is_empty()),
            "{id}"
        );
        assert!(
            row["rules"]
                .as_array()
                .is_some_and(|rules| !rules.is_empty()),
            "{id}"
        );
    }
    let (_, json, _) = tieline(&["relations", "--format", "json", "hosted"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("a JSON array");
    assert_eq!(rows[0]["id"], "visited", "an inverse name finds its type");
}

#[test]
fn the_example_of_own_rules_holds() {
    let file = root().join("seeds/own/sponsors.toml");
    let (status, out, err) = tieline(&["rules", "check", &file.to_string_lossy()]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(
        out.ends_with("4 rules, 9 examples, all as expected\n"),
        "{out}"
    );
}

#[test]
fn own_rules_are_used_and_checked() {
    let folder = scratch("own_rules");
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).expect("a file for the test");
        path.to_string_lossy().into_owned()
    };
    let head = "format = 1\n[[type]]\nid = \"sponsors\"\nsubject = \"O\"\nobject = \"PO\"\n";
    let rule = "[[rule]]\nid = \"sponsors\"\nrelation = \"sponsors\"\nverb = [\"sponsor\"]\n";
    let good = file("good.toml", &format!("{head}{rule}"));
    let wrong = file(
        "wrong.toml",
        &format!(
            "{head}{rule}yes = [\"Siemens saw Angela Merkel. => Siemens > Angela Merkel\"]\n\
                  no = [\"Siemens sponsored Angela Merkel.\"]\n"
        ),
    );
    let broken = file(
        "broken.toml",
        &format!("{head}[[rule]]\nid = \"x\"\nrelation = \"sponsor\"\nverb = [\"a\"]\n"),
    );
    let text = file("text.txt", "Siemens sponsors Angela Merkel.\n");
    let photograph = file(
        "photograph.txt",
        "Angela Merkel photographed Emmanuel Macron.\n",
    );
    let visit = file("visit.txt", "Angela Merkel visited France.\n");
    let missing = folder.join("missing.toml").to_string_lossy().into_owned();
    // name, arguments, status, part of the output, part of the errors
    let cases: [(&str, &[&str], u8, &str, &str); 16] = [
        ("no clauses", &["extract", &photograph], 0, "Macron", ""),
        (
            "clauses",
            &["extract", "--open", &photograph],
            0,
            "Angela Merkel ···“photograph”··> Emmanuel Macron",
            "",
        ),
        (
            "clauses in a picture",
            &["dot", "--open", &photograph],
            0,
            "label=\"“photograph”\", style=solid, color=\"#8A6D00\"",
            "",
        ),
        (
            "all edges",
            &["extract", "--min-confidence", "0", &visit],
            0,
            "—visited→",
            "",
        ),
        (
            "certain ones only",
            &["who", "--min-confidence", "1", "Merkel", &visit],
            1,
            "no relations",
            "",
        ),
        (
            "no probability",
            &["extract", "--min-confidence", "80", &visit],
            2,
            "",
            "not a number from 0 to 1",
        ),
        ("without them", &["extract", &text], 0, "Siemens", ""),
        (
            "with them",
            &["extract", "--rules", &good, &text],
            0,
            "Siemens —sponsors→ Angela Merkel",
            "",
        ),
        (
            "in a picture",
            &["dot", "--rules", &good, &text],
            0,
            "sponsors",
            "",
        ),
        (
            "in an answer",
            &["who", "--rules", &good, "Merkel", &text],
            0,
            "→ sponsors Angela Merkel",
            "",
        ),
        (
            "listed",
            &["relations", "--rules", &good, "sponsors"],
            0,
            "Own types",
            "",
        ),
        (
            "examples fail",
            &["rules", "check", &wrong],
            1,
            "wrong.toml:10: rule `sponsors`: no edge Siemens > Angela Merkel",
            "",
        ),
        (
            "what was found instead",
            &["rules", "check", &wrong],
            1,
            "found Siemens —sponsors→ Angela Merkel (rule sponsors)",
            "",
        ),
        (
            "what stopped the rule",
            &["rules", "check", &wrong],
            1,
            "    no word of the rule triggers it there (lemmas: sponsor)",
            "",
        ),
        (
            "a fault",
            &["rules", "check", &broken],
            2,
            "",
            "broken.toml:8:12: no relation type `sponsor`; did you mean `sponsors`?",
        ),
        (
            "no such file",
            &["extract", "--rules", &missing, &text],
            2,
            "",
            "missing.toml",
        ),
    ];
    for (name, args, status, out, err) in cases {
        let got = tieline(args);
        assert_eq!(got.0, status, "{name}: {} {}", got.1, got.2);
        assert!(got.1.contains(out), "{name}: {}", got.1);
        assert!(got.2.contains(err), "{name}: {}", got.2);
        assert_eq!(got.2.is_empty(), err.is_empty(), "{name}: {}", got.2);
    }
}
