//! The program as a user meets it: exit status, streams, bad input, any number of threads.

use std::fs;

use crate::{root, scratch, tieline};

fn demo() -> String {
    root().join("seeds/demo").to_string_lossy().into_owned()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let demo = demo();
    let run = |threads| tieline(&["extract", "--format", "jsonl", "--threads", threads, &demo]);
    let one = run("1");
    assert_eq!(
        one.1.lines().count(),
        fs::read_dir(&demo).unwrap().count(),
        "a line a document"
    );
    for threads in ["2", "3", "16"] {
        assert!(run(threads) == one, "{threads} threads differ from one");
    }
}

#[test]
fn the_wire_format_reads_back() {
    let (_, out, _) = tieline(&["extract", "--format", "jsonl", &demo()]);
    for line in out.lines() {
        let facts: tieline_facts::Facts = serde_json::from_str(line).expect("wire format v1");
        let text = fs::read_to_string(&facts.doc).expect("`doc` is the path as given");
        for mention in facts.entities.iter().flat_map(|entity| &entity.mentions) {
            let range = mention.start as usize..mention.end as usize;
            assert_eq!(
                text.get(range),
                Some(mention.text.as_str()),
                "{}",
                facts.doc
            );
        }
        for relation in &facts.relations {
            let evidence = &relation.evidence;
            let range = evidence.start as usize..evidence.end as usize;
            assert_eq!(
                text.get(range),
                Some(evidence.text.as_str()),
                "{}",
                facts.doc
            );
            let trigger = &evidence.trigger;
            assert!(evidence.start <= trigger.start && trigger.end <= evidence.end);
            let n = facts.entities.len() as u32;
            assert!(relation.subject < n && relation.object < n);
        }
    }
}

#[test]
fn exit_status_and_messages() {
    let folder = scratch("exit_status");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path.to_string_lossy().into_owned()
    };
    let good = file("good.txt", b"Angela Merkel visited Paris on Monday.\n");
    let empty = file("empty.txt", b"");
    let plain = file("plain.txt", b"it rained and rained.\n");
    let missing = folder.join("missing.txt").to_string_lossy().into_owned();
    // name, arguments, status, what standard error says
    let cases: [(&str, &[&str], u8, &str); 9] = [
        ("found", &["inspect", "tokens", &good], 0, ""),
        (
            "nothing in an empty file",
            &["inspect", "tokens", &empty],
            1,
            "",
        ),
        ("nothing to extract", &["extract", &plain], 1, ""),
        ("no such file", &["extract", &missing], 2, "missing.txt"),
        (
            "the rest is read",
            &["inspect", "tokens", &missing, &good],
            2,
            "missing.txt",
        ),
        ("no such command", &["draw", &good], 2, "draw"),
        ("no path", &["extract"], 2, "PATH"),
        ("no such stage", &["inspect", "dreams", &good], 2, "dreams"),
        (
            "odd picture",
            &["dot", "-o", "ties.bmp", &good],
            2,
            "ties.bmp",
        ),
    ];
    for (name, args, status, message) in cases {
        let (got, out, err) = tieline(args);
        assert_eq!(got, status, "{name}: {err}");
        assert!(err.contains(message), "{name}: {err}");
        assert_eq!(err.is_empty(), message.is_empty(), "{name}: {err}");
        if name == "the rest is read" {
            assert!(out.contains("Merkel"), "{name}");
        }
    }
    for args in [
        &["--help"][..],
        &["extract", "--help"],
        &["dot", "--help"],
        &["who", "--help"],
    ] {
        let (status, out, _) = tieline(args);
        assert_eq!(status, 0);
        assert!(out.contains("Example"), "{args:?} teaches by example");
    }
}

#[test]
fn bad_input_is_survived() {
    let folder = scratch("bad_input");
    let long = "Ada Holm met Lars Friis in Oslo ".repeat(500);
    let deep = format!("{} Ada Holm {}", "(".repeat(20_000), ")".repeat(20_000));
    let emoji = "😀🎉 👩‍👩‍👧‍👦 ".repeat(500);
    let quotes = "“‘\"'".repeat(1000);
    let capitals = "A".repeat(50_000);
    let cases: [(&str, &[u8]); 11] = [
        ("a_one_line", long.as_bytes()),
        ("b_brackets", deep.as_bytes()),
        ("c_emoji", emoji.as_bytes()),
        ("d_quotes", quotes.as_bytes()),
        ("e_one_word", capitals.as_bytes()),
        ("f_not_utf8", b"Ada \xff\xfe Holm \xc3( met \xe2\x82 Lars."),
        ("g_nul", b"Ada\0Holm\0met\0Lars."),
        (
            "h_binary",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01",
        ),
        (
            "i_marks",
            "a\u{301}\u{301}\u{301} \u{202e}evil\u{200b}".as_bytes(),
        ),
        ("j_white_space", b"\n\n \t \r\n\x0b\x0c\n"),
        ("k_good", b"Angela Merkel visited Paris."),
    ];
    for (name, bytes) in cases {
        fs::write(folder.join(format!("{name}.txt")), bytes).unwrap();
    }
    let folder = folder.to_string_lossy().into_owned();
    for command in [
        &["extract"][..],
        &["inspect", "deps"],
        &["inspect", "tokens"],
        &["dot"],
    ] {
        let mut args = command.to_vec();
        args.push(&folder);
        let (status, out, err) = tieline(&args);
        assert!(status <= 2, "{args:?}");
        assert!(!err.contains("broke off"), "{args:?}: {err}");
        assert!(
            !out.contains('\u{202e}') && !out.contains('\0'),
            "{args:?}: hostile bytes"
        );
    }
    let (_, out, _) = tieline(&["inspect", "tokens", &folder]);
    assert!(out.contains("Merkel"), "the good one is read among the bad");
}
