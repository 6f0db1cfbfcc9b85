//! The date of a document that its own text gives: a line with a date, or a dateline.

use jiff::civil::Date;

use super::{Bound, Period, Point, Value, find};

/// Lines of a document that are looked at.
const LINES: usize = 8;
/// Bytes of a line that may be nothing but a date.
const LONGEST_LINE: usize = 80;
/// Bytes in which a dateline ends.
const LONGEST_DATELINE: usize = 100;

/// The date of publication, where the head of the text gives it: "Published: 16 January 2025",
/// "Friday, May 8, 2009", "KYIV, 16 January 2025 – …".
pub fn document_date(text: &str) -> Option<Date> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.take(LINES).find_map(|line| {
        if line.len() <= LONGEST_LINE
            && let Some(date) = date_line(line)
        {
            return Some(date);
        }
        dateline(line)
    })
}

/// A line that says a date and hardly anything else.
fn date_line(line: &str) -> Option<Date> {
    let words = split(line);
    let (date, rest) = the_day(&words)?;
    let known = [
        "published",
        "updated",
        "posted",
        "date",
        "last",
        "modified",
        "on",
        "at",
        "gmt",
        "utc",
        "by",
        "bst",
        "est",
        "cet",
        "am",
        "pm",
        "first",
        "issued",
        "release",
        "edition",
    ];
    let mut strange = 0;
    for word in rest {
        let letters = word.chars().any(char::is_alphabetic);
        if letters && !known.iter().any(|known| word.eq_ignore_ascii_case(known)) {
            strange += 1;
        }
    }
    (strange == 0).then_some(date)
}

/// The place in capitals, then the date, then a dash.
fn dateline(line: &str) -> Option<Date> {
    let dashes = [" – ", " — ", " -- ", " - ", "–", "—"];
    let end = dashes.iter().filter_map(|dash| line.find(dash)).min()?;
    let head = line.get(..end.min(LONGEST_DATELINE))?;
    let place = head.split([' ', ',']).next()?;
    let capitals = place.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !place.chars().any(char::is_lowercase);
    if !capitals || end > LONGEST_DATELINE {
        return None;
    }
    the_day(&split(head)).map(|(date, _)| date)
}

/// The one full day among the words, and the words outside of it.
fn the_day<'a>(words: &[&'a str]) -> Option<(Date, Vec<&'a str>)> {
    for found in find(words) {
        if let (
            Bound::At,
            Value::Fixed(Period {
                from: Point::Day(date),
                to: None,
            }),
        ) = (found.bound, found.value)
        {
            let outside = words.iter().enumerate();
            let outside = outside.filter(|(at, _)| !found.words.contains(at));
            return Some((date, outside.map(|(_, word)| *word).collect()));
        }
    }
    None
}

/// Words of a line: at spaces, with marks apart.
pub(super) fn split(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for chunk in line.split_whitespace() {
        let mut rest = chunk;
        while let Some(mark) = rest.chars().next().filter(|c| "([\"“'".contains(*c)) {
            words.push(&rest[..mark.len_utf8()]);
            rest = &rest[mark.len_utf8()..];
        }
        let trimmed =
            rest.trim_end_matches([',', ';', ':', ')', ']', '?', '!', '"', '”', '|', '\'', '’']);
        let abbreviated = trimmed.len() <= 5 && trimmed.ends_with('.');
        let word = match trimmed.strip_suffix('.') {
            Some(word) if !abbreviated => word,
            _ => trimmed,
        };
        let (word, possessive) = match word.strip_suffix("'s").or(word.strip_suffix("’s")) {
            Some(bare) => (bare, &word[bare.len()..]),
            None => (word, ""),
        };
        if !word.is_empty() {
            words.push(word);
        }
        if !possessive.is_empty() {
            words.push(possessive);
        }
        let tail = &rest[word.len() + possessive.len()..];
        for (at, c) in tail.char_indices() {
            words.push(&tail[at..at + c.len_utf8()]);
        }
    }
    words
}
