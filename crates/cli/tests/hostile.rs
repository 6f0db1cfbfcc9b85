//! Input that no one should have to read, through the real program: it ends, names what it could
//! not use, and goes on with the rest.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const GOOD: &str = "Ada Holm, the president of Norvik, met Mark Berg in Vienna on Monday.\n";

/// No single run of the program may take longer, in a build without optimisation on a busy
/// machine.
const LONGEST: Duration = Duration::from_secs(240);

/// A folder that is removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("tieline-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    /// The objects of a `--format jsonl` run.
    fn documents(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// File names of the documents, in order.
    fn names(&self) -> Vec<String> {
        let name = |document: &serde_json::Value| {
            document["doc"]
                .as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned()
        };
        self.documents().iter().map(name).collect()
    }
}

fn tieline(args: &[&str], stdin: &[u8]) -> Run {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tieline"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Dropped at once, so that the program sees the end of its input.
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert!(
        start.elapsed() < LONGEST,
        "{args:?} took {:?}",
        start.elapsed()
    );
    assert!(
        !stderr.contains("panicked") && !stderr.contains("broke off"),
        "{stderr}"
    );
    Run {
        status: status
            .code()
            .unwrap_or_else(|| panic!("{args:?} was killed: {stderr}")),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr,
    }
}

/// Checks what holds of the facts of every document: spans cut the text where they say.
fn check_offsets(document: &serde_json::Value, text: &str) {
    for entity in document["entities"].as_array().unwrap() {
        for mention in entity["mentions"].as_array().unwrap() {
            let start = mention["start"].as_u64().unwrap() as usize;
            let end = mention["end"].as_u64().unwrap() as usize;
            assert_eq!(text.get(start..end), mention["text"].as_str());
        }
    }
}

#[test]
fn the_rest_is_still_processed() {
    let folder = Folder::new("rest");
    folder.write("a-good.txt", GOOD);
    folder.write("b-binary.txt", [0x89, b'P', b'N', b'G', 0, 1, 2, 3]);
    folder.write("c-zeros.txt", [0; 5000]);
    folder.write("d-empty.txt", "");
    folder.write("e-latin.txt", b"Caf\xe9 owner Ada Holm met Mark Berg.\n");
    folder.write("f-nul.txt", b"Ada\0Holm met Mark Berg.\n");
    folder.write("g-good.txt", GOOD);
    let missing = folder.0.join("missing.txt");
    let missing = missing.to_str().unwrap();
    for threads in ["1", "3"] {
        let args = ["extract", "--format", "jsonl", "--threads", threads];
        let run = tieline(&[&args[..], &[missing, folder.path()]].concat(), b"");
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert_eq!(
            run.names(),
            [
                "a-good.txt",
                "d-empty.txt",
                "e-latin.txt",
                "f-nul.txt",
                "g-good.txt"
            ]
        );
        let errors: Vec<&str> = run.stderr.lines().collect();
        assert_eq!(errors.len(), 3, "{}", run.stderr);
        assert!(
            errors[0].contains("missing.txt: cannot be read: "),
            "{}",
            run.stderr
        );
        assert!(
            errors[1].ends_with("b-binary.txt: looks binary (PNG)"),
            "{}",
            run.stderr
        );
        assert!(
            errors[2].ends_with("c-zeros.txt: looks binary"),
            "{}",
            run.stderr
        );
        let documents = run.documents();
        assert_eq!(documents[0]["entities"], documents[4]["entities"]);
        for (index, kind) in [(1, "empty"), (2, "encoding"), (3, "control")] {
            assert_eq!(documents[index]["notes"][0]["kind"], kind);
        }
        check_offsets(&documents[2], "Café owner Ada Holm met Mark Berg.\n");
        check_offsets(&documents[3], "Ada Holm met Mark Berg.\n");
    }
}

#[test]
fn exit_status() {
    let folder = Folder::new("status");
    let good = folder.write("good.txt", GOOD);
    let empty = folder.write("empty.txt", "");
    let blank = folder.write("blank.txt", " \n\n\t\n");
    let binary = folder.write("binary", [0; 64]);
    let nothing = Folder::new("status-nothing");
    // name, path, status, whether standard error is silent
    let cases = [
        ("something found", good.as_str(), 0, true),
        ("empty", &empty, 1, true),
        ("blank", &blank, 1, true),
        ("binary", &binary, 2, false),
        ("missing", "no-such-file.txt", 2, false),
        ("folder without files", nothing.path(), 1, true),
    ];
    for (name, path, status, silent) in cases {
        let run = tieline(&["extract", path], b"");
        assert_eq!(run.status, status, "{name}: {}", run.stderr);
        assert_eq!(run.stderr.is_empty(), silent, "{name}: {}", run.stderr);
        if !silent {
            assert!(run.stderr.contains(path), "{name}: {}", run.stderr);
        }
    }
}

#[test]
fn standard_input() {
    let run = tieline(&["extract", "--format", "jsonl", "-"], GOOD.as_bytes());
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(run.names(), ["-"]);
    let run = tieline(&["extract", "-"], &[0; 100]);
    assert_eq!(run.status, 2);
    assert_eq!(run.stderr, "tieline: -: looks binary\n");
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new("unreadable");
    folder.write("a.txt", GOOD);
    let path = folder.write("b.txt", GOOD);
    folder.write("c.txt", GOOD);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_ok() {
        return; // Root reads everything.
    }
    let run = tieline(&["extract", "--format", "jsonl", folder.path()], b"");
    assert_eq!(run.status, 2);
    assert_eq!(run.names(), ["a.txt", "c.txt"]);
    assert!(
        run.stderr.contains("b.txt: cannot be read: "),
        "{}",
        run.stderr
    );
}

#[test]
fn strange_texts_end() {
    let one_line = GOOD.trim_end().to_owned() + " ";
    // name, text
    let cases = [
        ("one long line", one_line.repeat(1_000)),
        ("no stop", "and then the minister said that ".repeat(1_000)),
        ("one word", "a".repeat(1_000_000)),
        ("open brackets", "(".repeat(100_000)),
        ("open quotes", "“\"‘".repeat(2_000)),
        ("emoji", "🙂👍🏽👨‍👩‍👧🇺🇦 ".repeat(1_000)),
        ("capitals", "Ada ".repeat(5_000)),
        ("surnames", "Mr. Holm and ".repeat(2_000)),
        ("line ends", "\n".repeat(1_000_000)),
        ("short lines", "a\n".repeat(5_000)),
        (
            "marks without a base",
            "\u{301}\u{200d}\u{fe0f}".repeat(20_000),
        ),
        ("right to left", "قال الرئيس. \u{202e}abc ".repeat(1_000)),
        ("without spaces", "总统会见了部长。".repeat(2_000)),
    ];
    let folder = Folder::new("strange");
    for (index, (_, text)) in cases.iter().enumerate() {
        folder.write(&format!("{index:02}.txt"), text);
    }
    let run = tieline(&["extract", "--format", "jsonl", folder.path()], b"");
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    let documents = run.documents();
    assert_eq!(documents.len(), cases.len());
    for (document, (_, text)) in documents.iter().zip(&cases) {
        check_offsets(document, text);
    }
    for window in ["tokens", "deps", "names", "facts"] {
        let path = folder.0.join("05.txt");
        let run = tieline(&["inspect", window, path.to_str().unwrap()], b"");
        assert!(
            run.status < 2 && run.stderr.is_empty(),
            "{window}: {}",
            run.stderr
        );
    }
}
