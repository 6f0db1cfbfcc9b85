//! Datelines: "KYIV, 16 January 2025 –", "AMMAN, Jordan (AP) --".

use tieline_text::Span;

/// Most tokens of a dateline, the dash included.
const LONGEST: usize = 14;

/// The number of tokens of the dateline that a paragraph starts with; 0 if there is none.
///
/// A dateline starts with a place in capitals, goes on with names, numbers, commas and brackets
/// and ends with a dash that stands by itself. It says where and when a report was written; as a
/// sentence of its own it does not lend its place to the first verb of the report.
pub fn dateline(text: &str, tokens: &[Span]) -> usize {
    let word = |at: usize| {
        tokens
            .get(at)
            .and_then(|span| span.slice(text))
            .unwrap_or_default()
    };
    let place = word(0);
    let in_capitals = place.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && place.chars().all(|c| !c.is_lowercase());
    if !in_capitals {
        return 0;
    }
    let mut apart = false;
    for at in 1..LONGEST.min(tokens.len().saturating_sub(1)) {
        let this = word(at);
        let by_itself = at > 0
            && tokens[at - 1].end() < tokens[at].start()
            && tokens[at].end() < tokens[at + 1].start();
        match this {
            "–" | "—" | "--" if by_itself => return if apart { at + 1 } else { 0 },
            "," | "(" | ")" | "." | "/" => apart = true,
            _ if this.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) => {}
            _ => return 0,
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::segment;

    #[test]
    fn datelines_stand_alone() {
        // text, first sentence
        let cases = [
            (
                "KYIV, 16 January 2025 – Starmer signed a deal.",
                "KYIV, 16 January 2025 –",
            ),
            (
                "AMMAN, Jordan (AP) -- Hall arrived.",
                "AMMAN, Jordan (AP) --",
            ),
            (
                "COSTA NAVARINO, 20 March 2025 — She won.",
                "COSTA NAVARINO, 20 March 2025 —",
            ),
            ("NATO – the alliance – met.", "NATO – the alliance – met."),
            (
                "IBM, the company – a giant – grew.",
                "IBM, the company – a giant – grew.",
            ),
            ("Kyiv, 16 January – calm.", "Kyiv, 16 January – calm."),
            (
                "BREAKING NEWS – Starmer resigns.",
                "BREAKING NEWS – Starmer resigns.",
            ),
            ("PARIS,", "PARIS,"),
        ];
        for (text, want) in cases {
            let segments = segment(text);
            let tokens = &segments.sentences[0].tokens;
            let first = segments.tokens[tokens.start as usize];
            let last = segments.tokens[tokens.end as usize - 1];
            assert_eq!(first.cover(last).slice(text), Some(want));
        }
        assert_eq!(dateline("", &[]), 0);
    }
}
