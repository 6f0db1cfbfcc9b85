//! One writer at a time, also between processes and after a crash.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::error::{StoreError, StoreErrorKind};

/// The right to write to a graph file, held by a lock of the system on a file beside it. The
/// system releases it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct WriteLock {
    path: PathBuf,
    _file: File,
}

impl WriteLock {
    /// Takes the right to write; does not wait.
    pub(super) fn take(store: &Path) -> Result<WriteLock, StoreError> {
        let fail = |kind| StoreError::new(store, kind);
        let path = beside(store);
        loop {
            let file = File::options()
                .create(true)
                .write(true)
                .truncate(false)
                .open(&path);
            let file = file.map_err(|error| {
                fail(match error.kind() {
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                        StoreErrorKind::ReadOnly
                    }
                    io::ErrorKind::StorageFull => StoreErrorKind::Full,
                    _ => StoreErrorKind::Io(error),
                })
            })?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(fail(StoreErrorKind::Busy)),
                Err(TryLockError::Error(error)) => return Err(fail(StoreErrorKind::Io(error))),
            }
            // The writer before may have removed the file between opening and locking; then the
            // lock is on a file that nobody else can find.
            if is_at(&file, &path) {
                return Ok(WriteLock { path, _file: file });
            }
        }
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        // While it is held. What cannot be removed does no harm: only the lock counts.
        let _ = fs::remove_file(&self.path);
    }
}

fn beside(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push("-lock");
    PathBuf::from(name)
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    // An open file cannot be removed.
    true
}
