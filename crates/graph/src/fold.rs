//! Names brought to one form, so that writing differences do not matter.

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
            match plain(lower) {
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

/// A lower-case Latin letter without its diacritics; `None` where nothing changes.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ'..='ặ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ỉ' | 'ị' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ọ'..='ợ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ'..='ự' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ'..='ỹ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
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
