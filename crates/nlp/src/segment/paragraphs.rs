//! Paragraphs of a plain text: one a line, or hard-wrapped lines with blank lines between.

use std::ops::Range;

use super::tokens::is_space;

/// Lines longer than this many characters are never taken for hard-wrapped ones.
const WIDEST: usize = 200;

/// Calls `found` with the byte range of every paragraph that holds more than white space, in
/// text order. Two passes over the text, both linear.
pub(super) fn paragraphs(text: &str, mut found: impl FnMut(Range<usize>)) {
    let width = wrap_width(text);
    let mut open: Option<Line> = None;
    let mut start = 0;
    for line in lines(text) {
        if line.blank {
            if let Some(last) = open.take() {
                found(start..last.end);
            }
            continue;
        }
        if let Some(last) = &open
            && !continues(last, &line, text, width)
        {
            found(start..last.end);
            start = line.start;
        } else if open.is_none() {
            start = line.start;
        }
        open = Some(line);
    }
    if let Some(last) = open {
        found(start..last.end);
    }
}

/// One line: its bytes without white space at the ends.
struct Line {
    start: usize,
    end: usize,
    /// Characters, those of the indent included.
    width: usize,
    blank: bool,
}

/// Number of characters: bytes that do not continue one.
fn n_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

fn lines(text: &str) -> impl Iterator<Item = Line> {
    let mut at = 0;
    text.split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}'])
        // The second half of a CRLF is no line of its own.
        .filter_map(move |piece| {
            let first = at;
            at += piece.len();
            if piece == "\n" && text.as_bytes().get(first.wrapping_sub(1)) == Some(&b'\r') {
                return None;
            }
            let front = piece.trim_start_matches(is_space);
            let body = front.trim_end_matches(is_space);
            let indent = piece.len() - front.len();
            let start = first + indent;
            Some(Line {
                start,
                end: start + body.len(),
                width: indent + n_chars(body.as_bytes()),
                blank: body.is_empty(),
            })
        })
}

/// The width in characters that the lines of the text are wrapped at; `None` when each line is a
/// paragraph of its own.
///
/// Evidence of wrapping: most lines that another line follows are nearly as wide as the widest
/// of them, and many of those end in the middle of a sentence.
fn wrap_width(text: &str) -> Option<usize> {
    let mut n_by_width = [0u32; WIDEST + 2];
    let mut n_inner = 0;
    let mut last: Option<Line> = None;
    for line in lines(text) {
        if line.blank {
            last = None;
            continue;
        }
        if let Some(last) = &last {
            n_by_width[last.width.min(WIDEST + 1)] += 1;
            n_inner += 1;
        }
        last = Some(line);
    }
    if n_inner < 2 || n_by_width[WIDEST + 1] * 20 > n_inner {
        return None;
    }
    // The width that at most one line in fifty exceeds.
    let mut n_wider = 0;
    let width = (0..=WIDEST).rev().find(|width| {
        n_wider += n_by_width[*width];
        n_wider * 50 > n_inner
    })?;
    if width < 30 {
        return None;
    }
    let mut n_full = 0;
    let mut n_open = 0;
    let mut last: Option<Line> = None;
    for line in lines(text) {
        if line.blank {
            last = None;
            continue;
        }
        if let Some(last) = &last
            && is_full(last, &line, text, width)
        {
            n_full += 1;
            n_open += u32::from(!ends_sentence(text, last) && !is_bullet(text, &line));
        }
        last = Some(line);
    }
    (n_full * 2 > n_inner && n_open * 2 > n_full).then_some(width)
}

/// Whether the first word of `next` would not have fitted behind `line`.
fn is_full(line: &Line, next: &Line, text: &str, width: usize) -> bool {
    let bytes = text
        .as_bytes()
        .get(next.start..next.end)
        .unwrap_or_default();
    let bytes = bytes.get(..WIDEST).unwrap_or(bytes);
    let end = bytes
        .iter()
        .position(u8::is_ascii_whitespace)
        .unwrap_or(bytes.len());
    let first_word = n_chars(&bytes[..end]);
    line.width + 1 + first_word > width
}

fn ends_sentence(text: &str, line: &Line) -> bool {
    text.get(line.start..line.end)
        .unwrap_or_default()
        .trim_end_matches(['"', '\'', '”', '’', ')', ']', '»'])
        .ends_with(['.', '!', '?', '…', ':', '。', '！', '？'])
}

fn is_bullet(text: &str, line: &Line) -> bool {
    let line = text.get(line.start..line.end).unwrap_or_default();
    line.starts_with(['-', '*', '•', '·', '–', '—', '+', '>', '|', '#'])
        && line.chars().nth(1).is_some_and(is_space)
}

/// Whether `next` goes on with the paragraph that `line` is the last line of so far.
fn continues(line: &Line, next: &Line, text: &str, width: Option<usize>) -> bool {
    let full = width.is_some_and(|width| is_full(line, next, text, width));
    if is_bullet(text, next) {
        // A dash may also stand inside a sentence that is wrapped there.
        return full
            && text
                .get(next.start..)
                .is_some_and(|line| line.starts_with(['–', '—']));
    }
    if full {
        return line.width <= WIDEST;
    }
    // Wrapped by hand: not full, but long, and broken off.
    if width.is_some_and(|width| line.width * 4 > width * 3) && !ends_sentence(text, line) {
        return true;
    }
    // A line that breaks off, and one that goes on in lower case.
    line.end - line.start >= 30
        && !ends_sentence(text, line)
        && text
            .get(next.start..next.end)
            .and_then(|line| line.chars().next())
            .is_some_and(char::is_lowercase)
}
