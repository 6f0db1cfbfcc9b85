//! Characters that no format and no terminal should be handed from an article.

/// Whether a character is invisible and does something: a control character that is no white space, a
/// mark that turns the direction of writing, a byte order mark, a tag, a noncharacter.
///
/// ```
/// use tieline_graph::is_hostile;
///
/// assert!(is_hostile('\u{1b}') && is_hostile('\u{202e}'));
/// assert!(!is_hostile('\n') && !is_hostile('é') && !is_hostile('א'));
/// ```
pub fn is_hostile(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(
            c,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
                | '\u{fffe}'
                | '\u{ffff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// What stands for a character in a label or value: itself, a space for any white space but a
/// newline, U+FFFD for what [`is_hostile`].
pub(crate) fn harmless(c: char) -> char {
    match c {
        '\n' | '\u{a0}' | '\u{3000}' => c,
        c if c.is_whitespace() => ' ',
        c if is_hostile(c) => '\u{fffd}',
        c => c,
    }
}
