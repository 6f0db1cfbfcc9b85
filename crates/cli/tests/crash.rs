//! A graph file outlives what happens to the program that writes it: killed at any moment, out of
//! space, a second writer, a folder that is read-only.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tieline_graph::store::Store;

/// A folder of its own for one test, emptied first.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// Random numbers (xorshift), the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
}

fn path_of(n: u64) -> String {
    format!("news/{n:05}.txt")
}

/// Facts of many small documents, as `extract --format jsonl` writes them.
fn facts(n_documents: u64) -> String {
    let mut random = Random(88_172_645_463_325_252);
    let mut lines = String::new();
    for n in 0..n_documents {
        let doc = path_of(n);
        let _ = write!(
            lines,
            r#"{{"doc":"{doc}","date":"2025-01-{:02}","entities":["#,
            1 + n % 28
        );
        for id in 0..4 {
            let comma = if id == 0 { "" } else { "," };
            let name = format!("Ada{} Holm{}", random.below(40), random.below(40));
            let _ = write!(
                lines,
                r#"{comma}{{"id":{id},"type":"person","name":"{name}","mentions":[{{"start":0,"end":9,"text":"{name}","kind":"name"}}]}}"#
            );
        }
        lines.push_str(r#"],"relations":["#);
        for at in 1..7 {
            let comma = if at == 1 { "" } else { "," };
            let (s, o) = (random.below(4), random.below(4));
            let _ = write!(
                lines,
                r#"{comma}{{"subject":{s},"predicate":"met_with","object":{o},"polarity":"affirmed","modality":"asserted","source":null,"source_text":null,"date":null,"confidence":0.5,"evidence":{{"start":{at}0,"end":{at}9,"text":"Sentence {at} of {n}.","trigger":{{"start":{at}1,"end":{at}2}}}}}}"#
            );
        }
        lines.push_str("],\"notes\":[]}\n");
    }
    lines
}

fn import(input: &Path, output: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tieline"));
    command.arg("import").arg(input).arg("-o").arg(output);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(mut command: Command) -> Output {
    command.output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn dump(file: &Path) -> String {
    let store = Store::open(file).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        store.is_sound().expect("the check runs"),
        "{}",
        file.display()
    );
    store.dump().expect("the file can be read")
}

/// How many points to kill at: `TIELINE_KILLS`, or a few.
fn n_kills() -> u64 {
    let asked = std::env::var("TIELINE_KILLS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(8)
}

/// Starts an import and kills it: after it was handed some of the lines, or, if `n_lines` is more
/// than there are, at some moment of what comes after the last. Whether it was alive until then.
fn kill_after(lines: &str, n_lines: u64, wait: Duration, file: &Path) -> bool {
    let mut child = import(Path::new("-"), file)
        .stdin(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take();
    let (mut n_left, mut lines) = (n_lines, lines.split_inclusive('\n'));
    while let (Some(pipe), 1..) = (&mut input, n_left) {
        n_left -= 1;
        match lines.next() {
            Some(line) => pipe
                .write_all(line.as_bytes())
                .expect("it reads what it is given"),
            None => input = None,
        }
    }
    std::thread::sleep(wait);
    child.kill().expect("a process can be killed");
    !child.wait().expect("it ends").success()
}

#[test]
fn killed_at_any_moment() {
    let folder = scratch("killed");
    let n_documents = 1200;
    let lines = facts(n_documents);
    let input = folder.join("facts.jsonl");
    fs::write(&input, &lines).expect("the corpus is written");
    let whole = folder.join("whole.tieline");
    let start = Instant::now();
    let done = run(import(&input, &whole));
    let lasts = start.elapsed().as_micros() as u64;
    assert!(done.status.success(), "{}", text(&done.stderr));
    let want = dump(&whole);

    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let (mut n_killed, mut n_partial) = (0, 0);
    for kill in 0..n_kills() {
        let file = folder.join(format!("{kill}.tieline"));
        // Some are killed twice, the second time while they go on. One of six is killed after the
        // last document, while nodes and edges are derived.
        for _ in 0..1 + kill % 2 {
            let n_lines = random.below(n_documents * 6 / 5);
            let wait = match n_lines < n_documents {
                true => random.below(3_000),
                false => random.below(lasts),
            };
            let wait = Duration::from_micros(wait);
            n_killed += u64::from(kill_after(&lines, n_lines, wait, &file));
        }
        let before = held(&file);
        n_partial += u64::from(0 < before && before < n_documents);
        let done = run(import(&input, &file));
        assert!(done.status.success(), "kill {kill}: {}", text(&done.stderr));
        let said = format!(
            "{} added, 0 changed, {before} known before",
            n_documents - before
        );
        assert!(
            text(&done.stdout).contains(&said),
            "kill {kill}: {}",
            text(&done.stdout)
        );
        assert!(
            dump(&file) == want,
            "kill {kill}: another file than without"
        );
        fs::remove_file(&file).expect("the file can be removed");
    }
    println!(
        "{n_killed} killed, {n_partial} files of {} with a part of the documents",
        n_kills()
    );
    assert!(
        n_killed >= n_kills() / 2,
        "only {n_killed} were alive to be killed"
    );
    // Of 50 points some 30 do: a batch holds 256 documents, and what is in a pipe is not read yet.
    assert!(
        n_partial >= n_kills() / 3,
        "only {n_partial} left a part of the documents"
    );
}

/// Opens what a killed run left: it must be sound and hold the first documents; their number.
fn held(file: &Path) -> u64 {
    // Killed before anything was written.
    if fs::metadata(file).map_or(0, |about| about.len()) == 0 {
        return 0;
    }
    let store = match Store::open(file) {
        Ok(store) => store,
        // The very first write was cut short and has been undone: an empty file.
        Err(error) => {
            assert_eq!(
                fs::metadata(file).map_or(0, |about| about.len()),
                0,
                "{error}"
            );
            return 0;
        }
    };
    assert!(store.is_sound().expect("the check runs"));
    let (facts, _) = store.facts().expect("the facts can be read");
    for (one, n) in facts.iter().zip(0..) {
        assert_eq!(one.doc, path_of(n), "a prefix of the documents");
    }
    facts.len() as u64
}

#[test]
fn a_second_writer_is_told() {
    let folder = scratch("second_writer");
    let (input, file) = (folder.join("facts.jsonl"), folder.join("a.tieline"));
    fs::write(&input, facts(3)).expect("the corpus is written");
    assert!(run(import(&input, &file)).status.success());
    let before = dump(&file);
    let mut first = Store::open_to_change(&file).expect("the file opens");
    first.remove(&path_of(1)).expect("it is there");
    let second = run(import(&input, &file));
    assert_eq!(second.status.code(), Some(2));
    let said = text(&second.stderr);
    assert!(
        said.contains("a.tieline: another tieline is writing to it"),
        "{said}"
    );
    // The first has not committed; reading goes on meanwhile.
    assert_eq!(dump(&file), before);
    drop(first);
    assert!(run(import(&input, &file)).status.success());
    assert_eq!(dump(&file), before);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow() {
    let folder = scratch("no_space");
    let (input, file) = (folder.join("facts.jsonl"), folder.join("a.tieline"));
    fs::write(&input, facts(600)).expect("the corpus is written");
    // A limit on the size of files, in blocks of 512 bytes or of 1024.
    let mut limited = Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\"";
    limited.args(["-c", script, env!("CARGO_BIN_EXE_tieline"), "import"]);
    limited.arg(&input).arg("-o").arg(&file);
    let full = run(limited);
    assert_eq!(full.status.code(), Some(2));
    let said = text(&full.stderr);
    assert!(said.contains("a.tieline: no space left to write"), "{said}");
    held(&file);
    let done = run(import(&input, &file));
    assert!(done.status.success(), "{}", text(&done.stderr));
    let fresh = folder.join("b.tieline");
    assert!(run(import(&input, &fresh)).status.success());
    assert!(dump(&file) == dump(&fresh), "nothing is lost");
}

#[cfg(unix)]
#[test]
fn read_only_folders_can_be_asked() {
    use std::os::unix::fs::PermissionsExt;
    let folder = scratch("read_only");
    let (input, file) = (folder.join("facts.jsonl"), folder.join("in/a.tieline"));
    fs::create_dir(folder.join("in")).expect("a folder");
    fs::write(&input, facts(3)).expect("the corpus is written");
    assert!(run(import(&input, &file)).status.success());
    let before = fs::read(&file).expect("the file is there");
    let allow = |mode| {
        fs::set_permissions(folder.join("in"), PermissionsExt::from_mode(mode)).expect("modes");
        fs::set_permissions(&file, PermissionsExt::from_mode(mode & 0o666)).expect("modes");
    };
    allow(0o555);
    // Permissions do not bind the superuser.
    let bound = fs::write(folder.join("in/probe"), "").is_err();
    fs::write(&input, facts(4)).expect("the corpus is written");
    let refused = run(import(&input, &file));
    let mut who = Command::new(env!("CARGO_BIN_EXE_tieline"));
    let asked = run({
        who.args(["who", "Holm"]).arg(&file);
        who
    });
    allow(0o755);
    if bound {
        assert_eq!(refused.status.code(), Some(2));
        let said = text(&refused.stderr);
        assert!(said.contains("a.tieline: cannot be written"), "{said}");
        assert!(
            fs::read(&file).expect("the file is there") == before,
            "nothing changed"
        );
    }
    assert_ne!(asked.status.code(), Some(2), "{}", text(&asked.stderr));
}
