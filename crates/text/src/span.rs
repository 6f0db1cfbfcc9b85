//! A half-open range of bytes.

use std::fmt;
use std::ops::Range;

/// A half-open range of **bytes** in the text of one document.
///
/// Units: UTF-8 byte offsets; never `char`s, UTF-16 units or token indices. `start` is included
/// and `end` is not, so an empty span has `start == end`.
///
/// Invariant: `start <= end`. Whether both ends sit on `char` boundaries depends on the text, so
/// that is checked where a text is at hand: [`Span::slice`].
///
/// ```
/// use tieline_text::Span;
/// let span = Span::new(4, 9);
/// assert_eq!(span.slice("The Hague ruled."), Some("Hague"));
/// assert_eq!(span.slice("Genf"), None); // past the end: no panic
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span of the bytes `start..end`.
    ///
    /// # Panics
    /// If `start > end`: that is a bug of the caller, not of a document.
    pub fn new(start: u32, end: u32) -> Span {
        assert!(start <= end, "span {start}..{end} runs backwards");
        Span { start, end }
    }

    /// First byte, included.
    pub fn start(self) -> u32 {
        self.start
    }

    /// One past the last byte.
    pub fn end(self) -> u32 {
        self.end
    }

    /// Length in bytes.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether no byte is covered.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same range for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The covered text; `None` past the end or inside a `char`.
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }

    /// Whether at least one byte is in both.
    pub fn overlaps(self, other: Span) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// Whether every byte of `other` is in `self`; an empty span is held by any span that
    /// touches it.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both.
    pub fn cover(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps() {
        // name, a, b, expected
        let cases = [
            ("touching is not overlapping", (0, 5), (5, 9), false),
            ("one byte shared", (0, 6), (5, 9), true),
            ("nested", (0, 9), (3, 4), true),
            ("empty shares no byte", (4, 4), (0, 9), false),
        ];
        for (name, a, b, want) in cases {
            let (a, b) = (Span::new(a.0, a.1), Span::new(b.0, b.1));
            assert_eq!(a.overlaps(b), want, "{name}");
            assert_eq!(b.overlaps(a), want, "{name} (swapped)");
        }
    }

    #[test]
    fn slice_never_panics() {
        let text = "Kyïv";
        for start in 0..8 {
            for end in start..8 {
                let _ = Span::new(start, end).slice(text);
            }
        }
        assert_eq!(Span::new(0, 3).slice(text), None, "inside a char");
    }
}
