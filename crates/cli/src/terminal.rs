//! Text for a terminal: colours, and strings from articles made harmless.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use tieline_graph::is_hostile;

/// Whether and how output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    colour: bool,
}

impl Style {
    /// Never any colour: files, pipes, tests.
    pub const PLAIN: Style = Style { colour: false };

    /// Colour on a terminal, unless `NO_COLOR` is set to something or `TERM` is `dumb`.
    pub fn detect(is_terminal: bool) -> Style {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Style {
            colour: is_terminal && !no_color && !dumb,
        }
    }

    /// Whether there is any colour.
    pub fn is_coloured(self) -> bool {
        self.colour
    }

    /// Headings and names.
    pub fn bold(self, text: &str) -> Painted<'_> {
        self.paint("1", text)
    }

    /// What matters less: offsets, counts.
    pub fn dim(self, text: &str) -> Painted<'_> {
        self.paint("2", text)
    }

    /// Relations.
    pub fn relation(self, text: &str) -> Painted<'_> {
        self.paint("36", text)
    }

    /// Status marks: denied, alleged, planned.
    pub fn mark(self, text: &str) -> Painted<'_> {
        self.paint("33", text)
    }

    fn paint<'a>(self, code: &'static str, text: &'a str) -> Painted<'a> {
        Painted {
            code: if self.colour { code } else { "" },
            text: clean(text),
        }
    }
}

/// A piece of text that displays in its colour; already made harmless.
#[derive(Clone, Debug)]
pub struct Painted<'a> {
    code: &'static str,
    text: Cow<'a, str>,
}

impl fmt::Display for Painted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code.is_empty() {
            f.pad(&self.text)
        } else {
            write!(f, "\x1b[{}m", self.code)?;
            f.pad(&self.text)?;
            f.write_str("\x1b[0m")
        }
    }
}

/// One line of text without anything that a terminal would obey: white space of any kind becomes
/// a space, runs of it one space; control characters, escape sequences' first byte, marks that
/// turn the direction of writing, and invisible tag characters become U+FFFD.
pub fn clean(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| !is_hostile(c) && (c == ' ' || !c.is_whitespace());
    if text.chars().all(harmless) && !text.contains("  ") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_hostile(c) {
            out.push('\u{fffd}');
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// An error with all its causes, on one line.
pub fn chain(error: &dyn Error) -> String {
    let mut line = clean(&error.to_string()).into_owned();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&clean(&error.to_string()));
        cause = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_made_harmless() {
        // name, text, expected
        let cases = [
            ("plain", "Ada Holm said no.", "Ada Holm said no."),
            ("escape sequence", "a\x1b[2Jb", "a\u{fffd}[2Jb"),
            ("new lines and tabs", "a\n\n\tb", "a b"),
            ("delete and bell", "a\x7f\x07", "a\u{fffd}\u{fffd}"),
            ("right-to-left override", "a\u{202e}b", "a\u{fffd}b"),
            ("one-byte CSI of C1", "a\u{9b}b", "a\u{fffd}b"),
            ("line separator", "a\u{2028}b", "a b"),
            ("accents stay", "Kyïv Zürich", "Kyïv Zürich"),
            ("Arabic stays", "كييف", "كييف"),
        ];
        for (name, text, want) in cases {
            assert_eq!(clean(text), want, "{name}");
        }
    }

    #[test]
    fn colour_only_where_asked() {
        assert_eq!(Style::PLAIN.bold("x").to_string(), "x");
        assert_eq!(
            Style { colour: true }.bold("x\x1b").to_string(),
            "\x1b[1mx\u{fffd}\x1b[0m"
        );
        assert_eq!(format!("{:4}|", Style::PLAIN.dim("x")), "x   |");
    }
}
