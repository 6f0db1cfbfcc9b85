//! Sentences of one paragraph.

use std::ops::Range;

use tieline_text::Span;

use super::tables as t;

/// Longest sentence in tokens; a longer one is cut, at a comma or the like where there is one.
pub(super) const MAX_SENTENCE: usize = 400;

/// Calls `found` with the token indices of every sentence of the paragraph `range`, in order.
/// Linear: every token is looked at a bounded number of times.
pub(super) fn split(
    text: &str,
    tokens: &[Span],
    range: Range<usize>,
    mut found: impl FnMut(Range<usize>),
) {
    let paragraph = Paragraph {
        text,
        tokens: tokens.get(..range.end).unwrap_or_default(),
    };
    let mut start = range.start;
    // Whether the writer spares capitals: then a sentence may start without one.
    let lower = paragraph.str(start).starts_with(char::is_lowercase);
    // Whether a straight quotation mark is open.
    let mut double_open = false;
    let mut single_open = false;
    let mut at = range.start;
    while at < range.end {
        if at - start >= MAX_SENTENCE {
            let cut = paragraph.soft_cut(start, at);
            found(start..cut);
            start = cut;
        }
        let token = paragraph.str(at);
        match token {
            "\"" => {
                double_open =
                    paragraph.space_before(at) && !(double_open && paragraph.space_before(at + 1))
            }
            "'" if paragraph.space_before(at) => single_open = true,
            "'" => single_open = false,
            _ => {}
        }
        let Some(stop) = paragraph.stop(at) else {
            at += 1;
            continue;
        };
        // Closing quotes and brackets belong to the sentence that ends.
        let mut next = at + 1;
        let mut quoted = false;
        while next < range.end {
            let closes = match paragraph.str(next) {
                ")" | "]" | "}" | "-RRB-" => true,
                "”" | "''" | "»" | "›" => {
                    quoted = true;
                    true
                }
                "’" => {
                    quoted = true;
                    !paragraph.space_before(next)
                }
                "\"" => {
                    let closes = !paragraph.space_before(next)
                        || double_open && paragraph.space_before(next + 1);
                    double_open &= !closes;
                    quoted |= closes;
                    closes
                }
                "'" => {
                    let closes = !paragraph.space_before(next) || single_open;
                    single_open &= !closes;
                    quoted |= closes;
                    closes
                }
                _ => false,
            };
            if closes {
                next += 1;
                continue;
            }
            // Numbers of references: "in 2014.[4]".
            let reference = stop != Stop::Abbreviation
                && paragraph.str(next) == "["
                && next + 2 < range.end
                && paragraph.str(next + 2) == "]"
                && paragraph
                    .str(next + 1)
                    .bytes()
                    .all(|byte| byte.is_ascii_digit());
            if !reference {
                break;
            }
            next += 3;
        }
        if next < range.end && paragraph.ends(start, at, next, stop, quoted, lower) {
            found(start..next);
            start = next;
        }
        at = next;
    }
    if start < range.end {
        found(start..range.end);
    }
}

/// What kind of token a sentence may end with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// A lone period.
    Period,
    /// A question or exclamation mark, also several.
    Mark,
    /// Three periods or more.
    Ellipsis,
    /// A word that keeps its period.
    Abbreviation,
    /// A face drawn with punctuation.
    Face,
    /// The full stop of Chinese and Japanese.
    Ideographic,
}

struct Paragraph<'a> {
    text: &'a str,
    /// Tokens up to the end of the paragraph.
    tokens: &'a [Span],
}

impl<'a> Paragraph<'a> {
    fn str(&self, at: usize) -> &'a str {
        self.tokens
            .get(at)
            .and_then(|span| span.slice(self.text))
            .unwrap_or_default()
    }

    fn space_before(&self, at: usize) -> bool {
        match (
            at.checked_sub(1).and_then(|at| self.tokens.get(at)),
            self.tokens.get(at),
        ) {
            (Some(before), Some(token)) => before.end() < token.start(),
            _ => true,
        }
    }

    fn stop(&self, at: usize) -> Option<Stop> {
        let token = self.str(at);
        match *token.as_bytes().last()? {
            b'.' if token.len() == 1 => Some(Stop::Period),
            b')' | b'D' if (2..4).contains(&token.len()) => t::EMOTICONS
                .binary_search(&token)
                .is_ok()
                .then_some(Stop::Face),
            b'.' | b'!' | b'?' => {
                if token.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
                    token.ends_with('.').then_some(Stop::Abbreviation)
                } else if token.contains(['!', '?']) {
                    Some(Stop::Mark)
                } else if token.ends_with('.') {
                    Some(if token.is_ascii() {
                        Stop::Ellipsis
                    } else {
                        Stop::Abbreviation
                    })
                } else {
                    None
                }
            }
            byte if byte >= 0x80 => match token {
                "…" | "……" => Some(Stop::Ellipsis),
                "。" | "！" | "？" | "؟" | "।" | "۔" => Some(Stop::Ideographic),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the sentence that began at `start` ends before token `next`, `stop` being the kind
    /// of token `at` and only closing marks standing between.
    fn ends(
        &self,
        start: usize,
        at: usize,
        next: usize,
        stop: Stop,
        quoted: bool,
        lower: bool,
    ) -> bool {
        if stop == Stop::Ideographic {
            return true;
        }
        // A list number: "1 . The board".
        if stop == Stop::Period && at == start + 1 {
            let number = self.str(start);
            if number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit())
                || number.len() == 1
            {
                return false;
            }
        }
        if stop == Stop::Period
            && self.space_before(at)
            && self.spaced_abbreviation(start, at, next)
        {
            return false;
        }
        let mut head = next;
        let mut opened = false;
        while matches!(
            self.str(head),
            "\"" | "“" | "„" | "«" | "‘" | "’" | "``" | "'" | "(" | "[" | "-LRB-" | "''" | "*"
        ) && head < next + 3
        {
            head += 1;
            opened = true;
        }
        let word = self.str(head);
        let Some(first) = word.chars().next() else {
            return false;
        };
        if first.is_lowercase() {
            // "thanks . i will call": a lone "i" is a sloppy capital.
            return matches!(stop, Stop::Period | Stop::Mark)
                && !quoted
                && (lower || matches!(word, "i" | "i'm"));
        }
        let capital = first.is_uppercase();
        match stop {
            Stop::Period => {
                if capital || first.is_alphanumeric() {
                    return true;
                }
                !matches!(
                    first,
                    ',' | ';' | ':' | '.' | '?' | '!' | '/' | '%' | '-' | '–' | '—'
                )
            }
            Stop::Mark => {
                if quoted && capital && self.speech_follows(head) {
                    return false;
                }
                // "Yahoo! Inc.": the mark is a part of the name.
                if matches!(
                    word,
                    "Inc." | "Inc" | "Corp." | "Corp" | "Ltd." | "Ltd" | "plc"
                ) {
                    return false;
                }
                capital || opened || first.is_alphanumeric()
            }
            Stop::Face => capital,
            Stop::Ellipsis => capital && (word != "I" || self.str(head + 1) != "...") || opened,
            Stop::Abbreviation => self.abbreviation_ends(at, next, word, first, opened),
            Stop::Ideographic => true,
        }
    }

    /// Whether the lone period `at` was cut off an abbreviation: "Gen . Berg", "No . 5".
    fn spaced_abbreviation(&self, start: usize, at: usize, next: usize) -> bool {
        if at == start || next != at + 1 {
            return false;
        }
        let word = self.str(at - 1);
        let follower = self.str(next);
        let mut chars = word.chars();
        if !chars.next().is_some_and(char::is_uppercase) {
            return false;
        }
        if chars.next().is_none() {
            return word != "I" && t::OPENERS.binary_search(&follower).is_err();
        }
        t::has(t::TITLES, word) && follower.starts_with(char::is_uppercase)
            || t::has(t::NUMBER_ABBREVIATIONS, word)
                && follower.starts_with(|c: char| c.is_ascii_digit())
    }

    fn abbreviation_ends(
        &self,
        at: usize,
        next: usize,
        word: &str,
        first: char,
        opened: bool,
    ) -> bool {
        let token = self.str(at);
        let stem = token.strip_suffix('.').unwrap_or(token);
        let upper = stem.starts_with(char::is_uppercase);
        if upper && t::has(t::TITLES, stem) && !matches!(stem, "Sr" | "St" | "Ft" | "Mt") {
            return false;
        }
        if next > at + 1 {
            // A closing mark came between: ".)" and the like.
            return first.is_uppercase();
        }
        let opener = t::OPENERS.binary_search(&word).is_ok();
        let mut chars = stem.chars();
        let initial = chars.next().is_some_and(char::is_uppercase) && chars.next().is_none();
        if initial {
            return opener && word != "A" && word != "I";
        }
        if matches!(
            stem,
            "a.m" | "p.m" | "A.M" | "P.M" | "etc" | "al" | "Jr" | "Sr" | "Ph.D"
        ) {
            return (first.is_uppercase() || opened) && (opener || !is_zone_or_day(word));
        }
        if matches!(stem, "e.g" | "i.e" | "vs" | "cf" | "v" | "E.g" | "I.e") {
            return false;
        }
        opener && word != "A" || opened && first.is_uppercase() && !self.opens_bracket(next)
    }

    fn opens_bracket(&self, at: usize) -> bool {
        matches!(self.str(at), "(" | "[" | "-LRB-")
    }

    /// Whether `Holm asked` or `the minister said` stands at `at`, after a quotation.
    fn speech_follows(&self, at: usize) -> bool {
        (at + 1..at + 4)
            .map(|at| self.str(at))
            .take_while(|word| !matches!(*word, "," | "." | ":" | ";" | "\"" | "“"))
            .any(|word| t::has(t::SPEECH, word))
    }

    /// Where to cut a sentence that is too long: behind a comma or the like in its last quarter.
    fn soft_cut(&self, start: usize, end: usize) -> usize {
        (start + MAX_SENTENCE * 3 / 4..end)
            .rev()
            .find(|at| matches!(self.str(*at), "," | ";" | ":" | "—" | "–" | "--" | "|"))
            .map_or(end, |at| at + 1)
    }
}

/// Words that go on after a time of day.
fn is_zone_or_day(word: &str) -> bool {
    matches!(
        word,
        "EST"
            | "EDT"
            | "ET"
            | "CST"
            | "CDT"
            | "CT"
            | "PST"
            | "PDT"
            | "PT"
            | "MST"
            | "GMT"
            | "UTC"
            | "BST"
            | "CET"
            | "CEST"
            | "Eastern"
            | "Central"
            | "Pacific"
            | "Monday"
            | "Tuesday"
            | "Wednesday"
            | "Thursday"
            | "Friday"
            | "Saturday"
            | "Sunday"
            | "January"
            | "February"
            | "March"
            | "April"
            | "May"
            | "June"
            | "July"
            | "August"
            | "September"
            | "October"
            | "November"
            | "December"
            | "Greenwich"
            | "Moscow"
            | "Kyiv"
            | "Beijing"
    )
}
