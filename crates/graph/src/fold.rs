//! Names brought to one form, so that writing differences do not matter.

use tieline_facts::names::plain_letter;

/// A name in lower case, without diacritics, punctuation, a leading article or a final `'s`;
/// words stand one space apart. Two names that fold alike are written the same way but for that.
///
/// ```
/// assert_eq!(tieline_graph::fold("The Société  Générale’s"), "societe generale");
/// assert_eq!(tieline_graph::fold("U.S."), "us");
/// ```
pub fn fold(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        // Dots, apostrophes (after a final 's is cut) and diacritics written as marks of their own
        // vanish: U.S., O'Neill; everything else that is no letter or digit parts words.
        match c {
            '.' | '\u{300}'..='\u{36f}' => continue,
            '\'' | '’' | '‘' => {
                out.push('\'');
                continue;
            }
            _ => {}
        }
        if !c.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        for lower in c.to_lowercase() {
            match plain_letter(lower) {
                Some(letters) => out.push_str(letters),
                None => out.push(lower),
            }
        }
    }
    let trimmed = out.trim_end_matches('\'');
    let trimmed = trimmed.strip_suffix("'s").unwrap_or(trimmed);
    let trimmed = trimmed.strip_prefix("the ").unwrap_or(trimmed);
    trimmed.replace('\'', "")
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn names_fold() {
        // name, written, folded
        let cases = [
            ("case", "NATO", "nato"),
            ("diacritics", "Håkon Ørsted", "hakon orsted"),
            ("possessive, curly", "Ukraine’s", "ukraine"),
            ("possessive of a plural", "Commons'", "commons"),
            ("article", "The Hague", "hague"),
            ("initials", "J. R. Holm", "j r holm"),
            ("apostrophe inside", "Rosie O’Neill", "rosie oneill"),
            ("hyphen parts words", "Anglo-Dutch", "anglo dutch"),
            ("other scripts stay", "Київ", "київ"),
            ("marks of their own", "Andra\u{301}s", "andras"),
            ("nothing but marks", "—", ""),
            ("white space", " a\n b ", "a b"),
        ];
        for (name, written, want) in cases {
            assert_eq!(fold(written), want, "{name}");
            assert_eq!(fold(want), want, "{name}: folding twice changes nothing");
        }
    }
}
