//! Inputs of a command: which documents, read by whom, in which order they come out.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use tieline_ingest::{IngestError, read_path, walk};
use tieline_text::Document;

use crate::terminal;

/// Arguments that all commands over documents share.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct InputArgs {
    /// Files, folders (read recursively, in order of names), or - for standard input
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Date of publication of the documents, YYYY-MM-DD: "yesterday" is counted from it [default:
    /// what the head of a text says]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub date: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub threads: ThreadArgs,
}

fn day(text: &str) -> Result<String, String> {
    match tieline_extract::time::parse_day(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err("no day of the calendar, written YYYY-MM-DD".to_owned()),
    }
}

/// How many threads to use.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ThreadArgs {
    /// Documents analysed at the same time [default: all cores]; any number gives the same output
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

impl ThreadArgs {
    /// The number asked for, or the number of cores.
    pub fn count(&self) -> NonZeroUsize {
        self.threads
            .or_else(|| thread::available_parallelism().ok())
            .unwrap_or(NonZeroUsize::MIN)
    }
}

/// A file that could not be read or analysed.
#[derive(Debug)]
enum InputError<'a> {
    /// A folder could not be listed.
    Listed(&'a IngestError),
    /// No document came out of it.
    Ingest(IngestError),
    /// A bug: the analysis of a document broke off.
    BrokeOff(String),
}

impl fmt::Display for InputError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InputError::Listed(error) => error.fmt(f),
            InputError::Ingest(error) => error.fmt(f),
            InputError::BrokeOff(uri) => write!(
                f,
                "{uri}: the analysis broke off; this is a bug in tieline, please report it"
            ),
        }
    }
}

impl Error for InputError<'_> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            InputError::Listed(error) => error.source(),
            InputError::Ingest(error) => error.source(),
            InputError::BrokeOff(_) => None,
        }
    }
}

/// Reads and analyses every document under the paths, several at a time, and hands the results to
/// `emit` **in input order**, as soon as they are complete. At most two documents a thread are in
/// flight, so memory follows the largest documents and not the whole input.
///
/// Files that fail are named on `err`; their number is returned.
pub fn for_each_document<R: Send>(
    args: &InputArgs,
    err: &mut dyn Write,
    work: impl Fn(&Document) -> R + Sync,
    mut emit: impl FnMut(R) -> io::Result<()>,
) -> io::Result<u32> {
    let mut failed = 0;
    let files: Vec<_> = walk(&args.paths).collect();
    let analyse = |file| -> Result<Vec<R>, InputError<'_>> {
        let file: &Result<PathBuf, IngestError> = file;
        let path = file.as_ref().map_err(InputError::Listed)?;
        let mut documents = read_path(path).map_err(InputError::Ingest)?;
        for document in &mut documents {
            document.date = document.date.take().or_else(|| args.date.clone());
        }
        documents
            .iter()
            .map(|document| {
                catch_unwind(AssertUnwindSafe(|| work(document)))
                    .map_err(|_| InputError::BrokeOff(document.uri.clone()))
            })
            .collect()
    };
    in_order(&files, args.threads.count(), analyse, |results| {
        match results {
            Ok(results) => results.into_iter().try_for_each(&mut emit),
            Err(error) => {
                failed += 1;
                // A closed standard error must not stop the work.
                let _ = writeln!(err, "tieline: {}", terminal::chain(&error));
                Ok(())
            }
        }
    })?;
    Ok(failed)
}

/// What the threads share.
struct Queue<R> {
    /// Next item to take.
    next: usize,
    /// Results that wait for their turn.
    done: BTreeMap<usize, R>,
    /// Results handed out so far.
    emitted: usize,
    /// Set when nobody wants more results.
    stop: bool,
}

/// Runs `work` over `items` on `threads` threads and `emit` on the calling thread, in the order of
/// the items.
fn in_order<'a, T: Sync, R: Send>(
    items: &'a [T],
    threads: NonZeroUsize,
    work: impl Fn(&'a T) -> R + Sync,
    mut emit: impl FnMut(R) -> io::Result<()>,
) -> io::Result<()> {
    let threads = threads.get().min(items.len());
    if threads <= 1 {
        return items.iter().try_for_each(|item| emit(work(item)));
    }
    let queue = Mutex::new(Queue {
        next: 0,
        done: BTreeMap::new(),
        emitted: 0,
        stop: false,
    });
    let changed = Condvar::new();
    let worker = || {
        let mut state = lock(&queue);
        loop {
            while !state.stop
                && state.next < items.len()
                && state.next >= state.emitted + 2 * threads
            {
                state = wait(&changed, state);
            }
            let index = state.next;
            let Some(item) = items.get(index).filter(|_| !state.stop) else {
                return;
            };
            state.next += 1;
            drop(state);
            let result = work(item);
            state = lock(&queue);
            state.done.insert(index, result);
            changed.notify_all();
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(worker);
        }
        let mut outcome = Ok(());
        let mut state = lock(&queue);
        for index in 0..items.len() {
            let result = loop {
                match state.done.remove(&index) {
                    Some(result) => break result,
                    None => state = wait(&changed, state),
                }
            };
            drop(state);
            outcome = emit(result);
            state = lock(&queue);
            state.emitted += 1;
            changed.notify_all();
            if outcome.is_err() {
                break;
            }
        }
        state.stop = true;
        drop(state);
        changed.notify_all();
        outcome
    })
}

fn lock<R>(queue: &Mutex<Queue<R>>) -> MutexGuard<'_, Queue<R>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wait<'a, R>(changed: &Condvar, state: MutexGuard<'a, Queue<R>>) -> MutexGuard<'a, Queue<R>> {
    changed.wait(state).unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_input_order() {
        let items: Vec<u64> = (0..200).collect();
        // name, threads
        for (name, threads) in [
            ("one", 1),
            ("two", 2),
            ("many", 16),
            ("more than items", 500),
        ] {
            let threads = NonZeroUsize::new(threads).unwrap();
            let mut seen = Vec::new();
            let slow_first = |n: &u64| {
                thread::sleep(std::time::Duration::from_micros((200 - n) % 7 * 50));
                *n
            };
            in_order(&items, threads, slow_first, |n| {
                seen.push(n);
                Ok(())
            })
            .unwrap();
            assert_eq!(seen, items, "{name}");
        }
    }

    #[test]
    fn a_closed_output_ends_the_work() {
        let items = [0; 1000];
        let worked = std::sync::atomic::AtomicUsize::new(0);
        let work = |_: &i32| worked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let error = in_order(&items, NonZeroUsize::new(4).unwrap(), work, |_| {
            Err(io::Error::from(io::ErrorKind::BrokenPipe))
        });
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert!(worked.into_inner() <= 16, "work went on without a reader");
    }
}
