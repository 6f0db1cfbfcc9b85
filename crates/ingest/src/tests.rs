//! Files and folders on a real disk.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Format, IngestErrorKind, read_limited, read_path, walk};

/// A folder that is removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tieline-ingest-{}-{number}", std::process::id());
        let folder = Folder(std::env::temp_dir().join(name));
        fs::create_dir_all(&folder.0).unwrap();
        for (path, bytes) in files {
            let path = folder.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        folder
    }

    /// The files that a walk finds, relative to the folder.
    fn files(&self) -> Vec<String> {
        walk(&[&self.0])
            .map(|item| {
                let path = item.unwrap();
                path.strip_prefix(&self.0)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn folders_in_byte_order() {
    let folder = Folder::new(&[
        ("b.txt", b"b"),
        ("a/z.txt", b"z"),
        ("a/b/c.TXT", b"c"),
        ("a.txt", b"a"),
        ("a-b.txt", b"m"),
        ("é.txt", b"e"),
        ("Z.text", b"z"),
        (".hidden.txt", b"h"),
        (".git/x.txt", b"g"),
        ("picture.png", b"p"),
        ("no-extension", b"n"),
    ]);
    let want = [
        "Z.text",
        "a-b.txt",
        "a.txt",
        "a/b/c.TXT",
        "a/z.txt",
        "b.txt",
        "é.txt",
    ];
    assert_eq!(folder.files(), want);
    let mut sorted: Vec<_> = want.to_vec();
    sorted.sort_unstable();
    assert_eq!(want.to_vec(), sorted);
}

#[test]
fn named_files_are_read_whatever_they_are_called() {
    let folder = Folder::new(&[(".hidden", b"one"), ("a.png", b"two")]);
    let paths = [folder.0.join("a.png"), folder.0.join(".hidden"), "-".into()];
    let found: Vec<_> = walk(&paths).map(Result::unwrap).collect();
    assert_eq!(found, paths);
    let documents = read_path(&paths[0]).unwrap();
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0].text, "two");
    assert_eq!(documents[0].uri, paths[0].to_string_lossy());
}

#[cfg(unix)]
#[test]
fn links_are_followed_once() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new(&[("a/one.txt", b"1"), ("b/two.txt", b"2")]);
    symlink("..", folder.0.join("a/up")).unwrap();
    symlink(".", folder.0.join("b/self")).unwrap();
    symlink("../a/one.txt", folder.0.join("b/link.txt")).unwrap();
    symlink("nowhere", folder.0.join("b/nowhere.txt")).unwrap();
    assert_eq!(
        folder.files(),
        ["a/one.txt", "b/link.txt", "b/nowhere.txt", "b/two.txt"]
    );
    assert!(read_path(&folder.0.join("b/nowhere.txt")).is_err());
}

#[test]
fn errors_name_the_path() {
    let folder = Folder::new(&[("a.pdf", b"%PDF-1.4 x"), ("b/c.txt", b"c")]);
    // name, path, message after the path
    let cases = [
        ("missing", "missing.txt", "cannot be read"),
        ("binary", "a.pdf", "looks binary (PDF)"),
        ("folder", "b", "is a folder, expected a file"),
    ];
    for (name, path, message) in cases {
        let path = folder.0.join(path);
        let error = read_path(&path).unwrap_err();
        assert_eq!(error.path(), path, "{name}");
        assert_eq!(
            error.to_string(),
            format!("{}: {message}", path.display()),
            "{name}"
        );
        let is_io = matches!(error.kind(), IngestErrorKind::Io(_));
        assert_eq!(error.source().is_some(), is_io, "{name}");
    }
}

#[test]
fn a_reader_without_end_is_cut_off() {
    let endless = std::io::repeat(b'a');
    assert!(matches!(
        read_limited(endless, 1000),
        Err(IngestErrorKind::TooLarge { limit: 1000 })
    ));
    assert_eq!(read_limited(&b"abc"[..], 3).unwrap(), b"abc");
}

#[test]
fn formats() {
    // path, format
    let cases = [
        ("a.txt", Some(Format::Text)),
        ("a.TXT", Some(Format::Text)),
        ("a.b.text", Some(Format::Text)),
        ("a.md", None),
        ("a.png", None),
        ("txt", None),
        (".txt", None),
    ];
    for (path, format) in cases {
        assert_eq!(Format::of(Path::new(path)), format, "{path}");
    }
}
