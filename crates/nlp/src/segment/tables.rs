//! Word lists of the tokeniser and the sentence splitter.
//!
//! Written by hand for this program and checked against the training parts of the English Web
//! Treebank and GUM. Every list is sorted by bytes and lower case where it says so.

/// Whether `word`, lowered, is in a sorted list of lower-case ASCII words.
pub(super) fn has(list: &[&str], word: &str) -> bool {
    let mut buffer = [0u8; 16];
    match lower(word, &mut buffer) {
        Some(lowered) => list.binary_search(&lowered).is_ok(),
        None => false,
    }
}

/// `word` in ASCII lower case; `None` when it is longer than the buffer.
pub(super) fn lower<'a>(word: &str, buffer: &'a mut [u8; 16]) -> Option<&'a str> {
    let target = buffer.get_mut(..word.len())?;
    target.copy_from_slice(word.as_bytes());
    target.make_ascii_lowercase();
    std::str::from_utf8(target).ok()
}

/// Abbreviations that keep their period wherever they stand. Lower case.
pub(super) const ABBREVIATIONS: &[&str] = &[
    "abp", "adj", "adm", "aka", "amb", "approx", "apr", "assn", "assoc", "asst", "attn", "atty",
    "aug", "ave", "bldg", "blvd", "bp", "brig", "bros", "ca", "capt", "cf", "cllr", "cmdr", "col",
    "comdr", "conf", "cpl", "cpt", "dept", "dr", "eds", "eg", "esp", "esq", "est", "feb", "fr",
    "ft", "gen", "gov", "govt", "hon", "hwy", "ie", "inc", "insp", "jan", "jr", "lieut", "lt",
    "ltd", "maj", "messrs", "mlle", "mme", "mr", "mrs", "ms", "mt", "mx", "nov", "oct", "ofc",
    "op", "oz", "pfc", "pp", "pres", "prof", "pte", "pty", "pvt", "rd", "ref", "rep", "reps",
    "ret", "rev", "rt", "sec", "sen", "sens", "sept", "sgt", "sr", "st", "supt", "tel", "treas",
    "tues", "univ", "viz", "vol", "vols", "vs",
];

/// Abbreviations that are words too: they keep their period when capitalised and followed by a
/// digit, a comma, a closing bracket or a lower-case word. Lower case.
pub(super) const CAPITAL_ABBREVIATIONS: &[&str] = &[
    "ala", "ariz", "ark", "art", "cal", "calif", "cie", "co", "colo", "conn", "corp", "dec", "del",
    "ed", "fig", "fla", "fri", "ga", "ill", "ind", "kan", "ky", "la", "mar", "mass", "md", "mich",
    "minn", "miss", "mo", "mon", "mont", "neb", "nev", "okla", "ore", "pa", "para", "penn", "que",
    "sat", "sun", "tenn", "tex", "thu", "thur", "thurs", "tue", "va", "vt", "wash", "wed", "wis",
    "wyo",
];

/// Of the list above, those that keep the period even in front of a capital. Lower case.
pub(super) const FIRM_CAPITAL_ABBREVIATIONS: &[&str] = &["ariz", "co", "corp", "dec", "tue"];

/// Abbreviations that keep their period in front of a digit only. Lower case.
pub(super) const NUMBER_ABBREVIATIONS: &[&str] = &[
    "art", "b", "c", "ch", "chap", "d", "ed", "eq", "fig", "figs", "no", "nos", "nr", "p", "par",
    "para", "pt", "r", "sect", "tab",
];

/// Lower-case abbreviations that keep their period unless the sentence seems to end. Lower case.
pub(super) const SOFT_ABBREVIATIONS: &[&str] = &[
    "al", "art", "co", "corp", "dist", "div", "etc", "ext", "hrs", "lb", "lbs", "max", "min",
    "mins", "misc", "ps", "secs", "v", "yr", "yrs",
];

/// Titles: abbreviations after which no sentence ends. Lower case, without the period.
pub(super) const TITLES: &[&str] = &[
    "abp", "adm", "amb", "atty", "bp", "brig", "capt", "cllr", "cmdr", "col", "cpl", "cpt", "dr",
    "fr", "ft", "gen", "gov", "hon", "insp", "lieut", "lt", "maj", "messrs", "mlle", "mme", "mr",
    "mrs", "ms", "mt", "mx", "pfc", "pres", "prof", "pte", "pvt", "rep", "reps", "rev", "rt",
    "sen", "sens", "sgt", "sr", "st", "supt", "vs",
];

/// Prefixes that stay on their word when a hyphen follows, as the training treebanks write them.
pub(super) const PREFIXES: &[&str] = &[
    "ante", "anti", "arch", "bi", "co", "counter", "cross", "de", "e", "ex", "extra", "hyper",
    "inter", "intra", "macro", "micro", "mid", "mini", "mis", "mono", "multi", "non", "over",
    "poly", "post", "pre", "pro", "proto", "pseudo", "psycho", "quasi", "re", "semi", "socio",
    "sub", "supra", "trans", "tri", "ultra", "un", "under", "uni",
];

/// Endings that stay on their word after a hyphen. Lower case.
pub(super) const SUFFIXES: &[&str] = &["esque", "ette", "fest", "fold", "less", "most", "wise"];

/// Letters that follow a number without a space and are a token of their own. Lower case; `M`
/// and `m` alike.
pub(super) const UNITS: &[&str] = &[
    "am", "b", "billion", "bn", "bps", "cm", "days", "f", "ft", "gb", "ghz", "gw", "ha", "hh",
    "hp", "hrs", "hz", "in", "k", "kb", "kg", "khz", "km", "kph", "kt", "kw", "kwh", "lb", "lbs",
    "lt", "m", "mb", "mg", "mhz", "million", "min", "mins", "ml", "mm", "mn", "mph", "mw", "mwh",
    "nm", "oz", "percent", "pm", "ppm", "rpm", "sec", "sq", "tb", "tn", "trillion", "trn", "x",
    "yrs",
];

/// Words with a slash that are one token. Lower case.
pub(super) const SLASHED: &[&str] = &[
    "a/c", "b/c", "b/t", "b/w", "c/o", "i/c", "i/s", "l/c", "n/a", "s/he", "w/o", "w/out", "y/o",
];

/// Words without an apostrophe that are two tokens, with the length of the first. Lower case;
/// split when written in lower case, in capitals or with a capital first.
pub(super) const CONTRACTIONS: &[(&str, usize)] = &[
    ("aint", 2),
    ("arent", 3),
    ("cannot", 3),
    ("couldnt", 5),
    ("didnt", 3),
    ("doesnt", 4),
    ("dont", 2),
    ("gimme", 3),
    ("gonna", 3),
    ("gotta", 3),
    ("hadnt", 3),
    ("hasnt", 3),
    ("havent", 4),
    ("isnt", 2),
    ("lemme", 3),
    ("shouldnt", 6),
    ("thats", 4),
    ("theyre", 4),
    ("wanna", 3),
    ("wasnt", 3),
    ("werent", 4),
    ("wouldnt", 5),
    ("youre", 3),
];

/// Contractions that would be names or words of their own when capitalised: lower case only.
pub(super) const LOWER_CONTRACTIONS: &[(&str, usize)] =
    &[("cant", 2), ("im", 1), ("ive", 1), ("wont", 2)];

/// Words that begin with an apostrophe, without it. Lower case.
pub(super) const APOSTROPHE_WORDS: &[&str] = &[
    "bout", "cause", "em", "n", "round", "til", "till", "tis", "twas",
];

/// Last labels of host names. Lower case.
pub(super) const DOMAINS: &[&str] = &[
    "au", "biz", "ca", "ch", "cn", "com", "de", "edu", "eu", "fr", "gov", "info", "int", "io",
    "jp", "kr", "mil", "net", "nl", "nz", "org", "pl", "ru", "se", "tv", "tw", "ua", "uk",
];

/// Endings of file names. Lower case.
pub(super) const EXTENSIONS: &[&str] = &[
    "csv", "doc", "docx", "exe", "gif", "htm", "html", "jpeg", "jpg", "js", "mp3", "mp4", "pdf",
    "php", "png", "ppt", "pptx", "py", "txt", "url", "xls", "xlsx", "xml", "zip",
];

/// Faces drawn with punctuation that end a chunk of text.
pub(super) const EMOTICONS: &[&str] = &[
    "(:", "(;", ":(", ":)", ":*", ":-(", ":-)", ":-/", ":-D", ":-P", ":-p", ":/", ":D", ":P", ":p",
    ";)", ";-)", "<3", "=(", "=)", "=D", "^^", "^_^",
];

/// Words that open a sentence rather than continue a name: a capital on one of them after an
/// abbreviation or an initial means that a new sentence began. Capitalised.
pub(super) const OPENERS: &[&str] = &[
    "A",
    "About",
    "According",
    "After",
    "All",
    "Also",
    "Although",
    "Among",
    "An",
    "And",
    "Another",
    "Any",
    "Are",
    "As",
    "At",
    "Because",
    "Before",
    "Both",
    "But",
    "By",
    "Can",
    "Critics",
    "Despite",
    "Did",
    "Do",
    "Does",
    "During",
    "Each",
    "Earlier",
    "Even",
    "Every",
    "Experts",
    "Few",
    "For",
    "Four",
    "From",
    "Further",
    "Had",
    "Has",
    "Have",
    "He",
    "Her",
    "Here",
    "His",
    "How",
    "However",
    "I",
    "If",
    "In",
    "Instead",
    "Is",
    "It",
    "Its",
    "Last",
    "Later",
    "Many",
    "Meanwhile",
    "More",
    "Moreover",
    "Most",
    "Mr.",
    "Mrs.",
    "Ms.",
    "My",
    "Nevertheless",
    "No",
    "Nobody",
    "None",
    "Not",
    "Nothing",
    "Now",
    "Of",
    "Officials",
    "On",
    "Once",
    "One",
    "Only",
    "Or",
    "Other",
    "Others",
    "Our",
    "Over",
    "People",
    "Perhaps",
    "Please",
    "Several",
    "She",
    "Since",
    "So",
    "Some",
    "Soon",
    "Still",
    "Such",
    "That",
    "The",
    "Their",
    "Then",
    "There",
    "These",
    "They",
    "This",
    "Those",
    "Though",
    "Three",
    "Through",
    "Thus",
    "To",
    "Today",
    "Two",
    "Under",
    "Unlike",
    "Until",
    "Was",
    "We",
    "Were",
    "What",
    "When",
    "Where",
    "Whether",
    "Which",
    "While",
    "Who",
    "Why",
    "Will",
    "With",
    "Without",
    "Would",
    "Yes",
    "Yesterday",
    "Yet",
    "You",
    "Your",
];

/// Verbs that follow a quotation: `"Why?" Holm asked.` Lower case.
pub(super) const SPEECH: &[&str] = &[
    "added",
    "answered",
    "argued",
    "ask",
    "asked",
    "asks",
    "cried",
    "declared",
    "explained",
    "insisted",
    "joked",
    "noted",
    "recalled",
    "remarked",
    "replied",
    "said",
    "say",
    "says",
    "screamed",
    "shouted",
    "thought",
    "told",
    "tweeted",
    "warned",
    "wondered",
    "writes",
    "wrote",
    "yelled",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_lower() {
        let lists = [
            ("abbreviations", ABBREVIATIONS),
            ("capital abbreviations", CAPITAL_ABBREVIATIONS),
            ("firm capital abbreviations", FIRM_CAPITAL_ABBREVIATIONS),
            ("number abbreviations", NUMBER_ABBREVIATIONS),
            ("soft abbreviations", SOFT_ABBREVIATIONS),
            ("titles", TITLES),
            ("prefixes", PREFIXES),
            ("suffixes", SUFFIXES),
            ("units", UNITS),
            ("slashed", SLASHED),
            ("apostrophe words", APOSTROPHE_WORDS),
            ("domains", DOMAINS),
            ("extensions", EXTENSIONS),
            ("speech", SPEECH),
        ];
        for (name, list) in lists {
            for pair in list.windows(2) {
                assert!(pair[0] < pair[1], "{name}: {pair:?}");
            }
            for word in list {
                assert_eq!(*word, word.to_ascii_lowercase(), "{name}");
                assert!(
                    word.len() <= 16,
                    "{name}: {word} is too long for the look-up"
                );
            }
        }
        for (name, list) in [("openers", OPENERS), ("emoticons", EMOTICONS)] {
            for pair in list.windows(2) {
                assert!(pair[0] < pair[1], "{name}: {pair:?}");
            }
        }
        for list in [CONTRACTIONS, LOWER_CONTRACTIONS] {
            for pair in list.windows(2) {
                assert!(pair[0].0 < pair[1].0, "{pair:?}");
            }
            for (word, split) in list {
                assert!(0 < *split && *split < word.len(), "{word}");
            }
        }
        for title in TITLES {
            assert!(
                ABBREVIATIONS.binary_search(title).is_ok(),
                "{title} is no abbreviation"
            );
        }
    }
}
