//! Which files to read.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Format, IngestError, IngestErrorKind};

/// The files under some paths, one after the other.
///
/// A path that is no folder is always an item, whatever it is called, and so is `-`. Folders are
/// entered recursively, their files in byte order of the whole path; hidden files, unknown
/// extensions and what is no regular file (pipes, devices) are passed over. Symbolic links are
/// followed, but no folder is entered twice under one path, so that loops end.
///
/// A folder that cannot be listed is an error at its place. Whether a file can be read is seen
/// when it is read.
#[derive(Debug)]
pub struct Walk {
    /// What is still to do, the next at the end.
    stack: Vec<Step>,
    /// Folders that were entered under the path that is being walked, as canonical paths.
    entered: BTreeSet<PathBuf>,
}

#[derive(Debug)]
enum Step {
    /// As given: a new root.
    Root(PathBuf),
    Folder(PathBuf),
    File(PathBuf),
}

/// Walks over paths in the order given.
pub fn walk<P: AsRef<Path>>(paths: &[P]) -> Walk {
    let roots = paths
        .iter()
        .rev()
        .map(|path| Step::Root(path.as_ref().to_owned()));
    Walk {
        stack: roots.collect(),
        entered: BTreeSet::new(),
    }
}

impl Iterator for Walk {
    type Item = Result<PathBuf, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let folder = match self.stack.pop()? {
                Step::File(path) => return Some(Ok(path)),
                Step::Root(path) => {
                    self.entered.clear();
                    if path == Path::new("-") || !path.is_dir() {
                        return Some(Ok(path));
                    }
                    path
                }
                Step::Folder(path) => path,
            };
            if let Err(error) = self.enter(&folder) {
                return Some(Err(IngestError::new(&folder, IngestErrorKind::Io(error))));
            }
        }
    }
}

impl Walk {
    fn enter(&mut self, folder: &Path) -> io::Result<()> {
        if !self.entered.insert(fs::canonicalize(folder)?) {
            return Ok(());
        }
        let mut steps = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            // Follows links; a dangling link is left to the reader, who names it.
            let kind = fs::metadata(&path);
            if kind.as_ref().is_ok_and(fs::Metadata::is_dir) {
                steps.push(Step::Folder(path));
            } else if Format::of(&path).is_some()
                && kind.as_ref().map_or(true, |kind| kind.is_file())
            {
                steps.push(Step::File(path));
            }
        }
        steps.sort_by_cached_key(|step| std::cmp::Reverse(step.key()));
        self.stack.append(&mut steps);
        Ok(())
    }
}

impl Step {
    /// Sorts a folder where the paths of its files belong.
    fn key(&self) -> Vec<u8> {
        let (Step::Root(path) | Step::Folder(path) | Step::File(path)) = self;
        let mut key = path.as_os_str().as_encoded_bytes().to_vec();
        if !matches!(self, Step::File(_)) {
            key.push(b'/');
        }
        key
    }
}
