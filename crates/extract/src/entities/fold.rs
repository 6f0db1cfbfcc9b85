//! Strings made comparable: case, diacritics, transliteration, similarity.

use tieline_facts::names::{plain_letter, sound_into};

/// The first run of letters and digits, or the first character where there is none.
pub fn first_piece(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric());
    match end {
        None => text,
        Some(0) => text.chars().next().map_or("", |c| &text[..c.len_utf8()]),
        Some(end) => &text[..end],
    }
}

/// Lower case without diacritics: "Süddeutsche" becomes "suddeutsche". Letters of other scripts
/// stay; quotes, full stops and brackets go, hyphens and white space become one space.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// As [`fold`], added to a buffer.
pub fn fold_into(text: &str, out: &mut String) {
    let start = out.len();
    for c in text.chars() {
        match c {
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            'a'..='z' | '0'..='9' | '&' => out.push(c),
            '-' | '–' | '‑' | '/' => space(out, start),
            _ if c.is_whitespace() => space(out, start),
            _ if c.is_ascii() => {}
            _ => {
                for lower in c.to_lowercase() {
                    match plain_letter(lower) {
                        Some(plain) => out.push_str(plain),
                        None if lower.is_alphanumeric() => out.push(lower),
                        None => {}
                    }
                }
            }
        }
    }
    while out.len() > start && out.ends_with(' ') {
        out.pop();
    }
}

fn space(out: &mut String, start: usize) {
    if out.len() > start && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// The key of [`sound_into`] alone.
pub fn sound(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    sound_into(word, &mut out);
    out
}

/// Whether two folded words are likely spellings of one: the same [`sound`], or few edits for
/// their length (one from five letters on, two from eight on) with the same first letter.
pub fn similar(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let shorter = a.chars().count().min(b.chars().count());
    if shorter < 4 {
        return false;
    }
    if sound(a) == sound(b) {
        return true;
    }
    let allowed = match shorter {
        0..5 => 0,
        5..8 => 1,
        _ => 2,
    };
    allowed > 0 && a.chars().next() == b.chars().next() && edits(a, b) <= allowed
}

/// Edit distance: insertions, deletions, substitutions. Words longer than 40 letters count as
/// far apart.
fn edits(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(41).collect();
    let b: Vec<char> = b.chars().take(41).collect();
    if a.len() > 40 || b.len() > 40 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, &left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &right) in b.iter().enumerate() {
            let cost = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        let cases = [
            ("Süddeutsche Zeitung", "suddeutsche zeitung"),
            ("Kim Jong-un", "kim jong un"),
            ("L’Équipe", "lequipe"),
            ("J. P. Morgan", "j p morgan"),
            ("  --  ", ""),
        ];
        for (text, want) in cases {
            assert_eq!(fold(text), want, "{text}");
        }
    }

    #[test]
    fn spellings() {
        // name, a, b, expected
        let cases = [
            ("iy for y", "zelenskiy", "zelensky", true),
            ("q for g", "qaddafi", "gaddafi", true),
            ("dh for dd", "gadhafi", "gaddafi", true),
            ("kh and h swapped order", "mohammed", "muhammad", true),
            ("typo", "buchtmann", "bauchtman", true),
            ("one letter", "bashar", "bashir", true),
            ("short words are never alike", "bush", "busk", false),
            ("other first letter", "merkel", "ferkel", false),
            ("other name", "putin", "rutte", false),
        ];
        for (name, a, b, want) in cases {
            assert_eq!(similar(a, b), want, "{name}");
            assert_eq!(similar(b, a), want, "{name} (swapped)");
        }
    }

    #[test]
    fn first_pieces() {
        let cases = [
            ("U.S.", "U"),
            ("al-Qaeda", "al"),
            ("(RUSI)", "("),
            ("", ""),
            ("Élysée", "Élysée"),
        ];
        for (text, want) in cases {
            assert_eq!(first_piece(text), want);
        }
    }
}
