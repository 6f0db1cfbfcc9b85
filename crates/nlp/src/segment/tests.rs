//! Tables of cases, and properties over random text.

use super::{Segments, is_space, segment};

fn tokens(text: &str) -> Vec<&str> {
    segment(text)
        .tokens
        .iter()
        .filter_map(|span| span.slice(text))
        .collect()
}

fn sentences(text: &str) -> Vec<&str> {
    let segments = segment(text);
    segments
        .sentences
        .iter()
        .map(|sentence| {
            let first = segments.tokens[sentence.tokens.start as usize];
            let last = segments.tokens[sentence.tokens.end as usize - 1];
            first.cover(last).slice(text).unwrap_or_default()
        })
        .collect()
}

#[test]
fn token_cases() {
    // name, text with the boundaries that no space marks written as `|`
    let cases = [
        ("plain words", "Envoys met in Vienna"),
        ("final period", "Envoys met| ."),
        ("not", "do|n't did|n’t ca|n't wo|n't DO|N'T"),
        ("cannot", "can|not Can|not"),
        ("gonna", "gon|na wan|na got|ta"),
        ("without apostrophe", "do|nt did|nt i|m ca|nt"),
        ("not a contraction", "Cant Im"),
        ("possessive", "Ukraine|'s Ukraine|’s U.S.|'s"),
        ("plural possessive", "workers|' workers|’ rights"),
        ("clitics", "we|'re it|'s I|'ll they|'ve I|'d I|'m he|’ll"),
        ("two clitics", "I|'d|'ve"),
        ("capital clitics", "IT|'S WE|'RE"),
        (
            "name with apostrophe",
            "O'Neill O’Neill d'Estaing Sana'a Qa'ida",
        ),
        ("name with apostrophe and clitic", "O'Neill|'s"),
        ("o'clock", "o'clock"),
        ("clitic of a number", "2008|'s"),
        ("decade", "1990s 90s '90s ’90s 1990's"),
        ("year", "'02 ’72"),
        ("clipped word", "'em 'til"),
        ("quoted word", "'|yes|' ‘|yes|’ \"|yes|\" “|yes|”"),
        ("low quotes", "„|ja|“ «|oui|»"),
        ("doubled quotes", "``|yes|''"),
        (
            "hyphen",
            "100|-|year well|-|known peace|-|keeping state|-|of|-|the|-|art",
        ),
        (
            "prefix",
            "re-elected co-founder non-profit pre-war anti-government ex-husband e-mail",
        ),
        ("prefix and number", "mid-1980s mid-July post-1945"),
        (
            "hyphenated name",
            "Jean|-|Pierre Al|-|Qaeda al|-|Assad Smith|-|Jones",
        ),
        ("suffix", "nutrition-wise Trump-esque"),
        ("letter and number", "F|-|16 M|-|16 COVID-19"),
        ("other hyphens", "well|‐|known well|‑|known"),
        ("range", "10|-|15 3|–|5 2022|-|23"),
        ("telephone", "713-853-3989 345-9945"),
        ("date with hyphens", "2025-01-16 11-20-2000"),
        ("dashes", "peace| — |but war|--|no 1941|–|1945 a|—|b"),
        ("double hyphen", "war -- peace"),
        ("slash", "and|/|or Wednesday|/|Thursday"),
        ("slash kept", "w/o c/o s/he 9/11 1/2 11/28/2000"),
        ("numbers", "1,000 3.5 12,345,678.90 .04 10:30 5|%"),
        ("comma after number", "2|, 3"),
        ("money", "$|5 £|12.8|bn €|3|m US$|5 $|1,000.50"),
        ("units", "12|km 5|pm 7:30|PM 10|k 35|mm"),
        ("ordinals and codes", "20th 1st 4A 3D G20 MH17"),
        ("per cent", "12|% 3.5|%"),
        ("acronym", "U.S. U.N. D.C. e.g. i.e. a.m. U.S.S.R."),
        ("acronym inside", "U.S.|-|led U.S.|,"),
        ("degree", "Ph.D. M.Sc. Lt.Col."),
        ("titles", "Mr. Mrs. Dr. Gen. Sen. Lt. Col. St."),
        ("companies", "Acme Inc. said Acme Corp. said Acme Co. said"),
        ("months", "Jan. Sept. 5"),
        (
            "missing space after an abbreviation",
            "Jan.|16 Mr.|Holm Gen.|Berg",
        ),
        ("several hyphens", "Bourg|-|la|-|Reine Maj.|-|Gen."),
        ("initials", "J. K. Rowling"),
        ("joined initials", "J.|Smith J.K. Rowling"),
        ("number sign", "No. 5"),
        ("no at the end", "He said no|."),
        ("I at the end", "It was I|."),
        ("unknown abbreviation", "glorp|."),
        ("e-mail", "jo.holm@norvik.example.com|,"),
        (
            "web address",
            "(|https://norvik.com/a-b?c=d|)|. www.norvik.com|,",
        ),
        ("host", "norvik.com whitehouse.gov bbc.co.uk/news"),
        ("file", "report.pdf budget_2020.xls"),
        ("missing space", "end|.|The small|.|circles"),
        ("handle", "@norvik #IStandWithAda #|1"),
        ("ellipsis", "well|... well|… so|.... |well"),
        ("marks", "what|?! no|!!! yes|?"),
        ("brackets", "(|a|) [|b|] {|c|}"),
        ("ellipsis in brackets", "[...]"),
        ("treebank brackets", "-LRB- a -RRB-"),
        ("ampersand", "AT&T PG&E B&B"),
        ("spaced ampersand", "Marks & Spencer"),
        ("plural in brackets", "Minister(s)"),
        ("acronym plural", "MPs NGOs"),
        ("pre-tokenised", "said , ' We do n't know . '"),
        ("pre-tokenised clitic", "Kyiv 's Kyiv ’s"),
        ("face", ":) :-("),
        ("emoji", "🙂|🙂 👍🏽 👨‍👩‍👧 🇺🇦|🇬🇧"),
        ("accents", "Zelenský Erdoğan Médecins"),
        ("combining accent", "Me\u{301}decins"),
        ("chinese", "北京|。"),
        ("arabic", "قال الرئيس|."),
        ("space marks", "a\u{a0}b\u{200b}c"),
        ("percent word", "50|percent"),
        ("bullets", "•|One * Two"),
        ("repeated signs", "===== ***** ----"),
        ("degree sign", "20|°|C"),
    ];
    let mut names = std::collections::BTreeSet::new();
    let mut failures = Vec::new();
    for (name, case) in cases {
        assert!(names.insert(name), "two cases are called {name}");
        let text = case.replace('|', "");
        let want: Vec<&str> = case
            .split(|c: char| c == '|' || is_space(c))
            .filter(|token| !token.is_empty())
            .collect();
        let got = tokens(&text);
        if got != want {
            failures.push(format!("{name}\n  want {want:?}\n  got  {got:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(names.len() >= 60);
}

#[test]
fn sentence_cases() {
    // name, text with `‖` between sentences
    let cases = [
        ("two", "He left. ‖She stayed."),
        ("question", "Why? ‖Nobody knows. ‖Stop! ‖Now."),
        ("no stop at the end", "He left. ‖She stayed"),
        ("title", "He met Mr. Holm. ‖Dr. Ada Berg was there."),
        ("general", "It was Gen. Mark Berg who spoke."),
        (
            "initial",
            "J. K. Rowling wrote it. ‖George W. Bush read it.",
        ),
        (
            "initial and opener",
            "He took plan B. ‖The others took plan C.",
        ),
        (
            "U.S. inside",
            "The U.S. Senate met. ‖The U.S. government did not.",
        ),
        ("U.S. at the end", "He flew to the U.S. ‖The others stayed."),
        (
            "company",
            "Norvik Inc. said so. ‖Berg Corp. Chief Ada Holm agreed.",
        ),
        (
            "company at the end",
            "It was bought by Norvik Inc. ‖The price was not named.",
        ),
        ("month", "On Sept. 5 he left. ‖In Jan. she followed."),
        (
            "time",
            "It opened at 9 a.m. Monday. ‖It closed at 5 p.m. ‖Nobody came.",
        ),
        ("time zone", "At 9 a.m. EST it began."),
        ("Latin", "Fruit, e.g. Apples, is good. ‖So is i.e. Bread."),
        ("versus", "Roe vs. Wade was heard."),
        ("number", "It is No. 5 on the list. ‖It rose 3.5 points."),
        ("decimal", "It cost $3.5 million. ‖It fell 2.1%."),
        ("double quotes after the stop", "\"We won.\" ‖He left."),
        ("curly quotes after the stop", "“We won.” ‖He left."),
        ("single quotes after the stop", "‘We won.’ ‖He left."),
        (
            "quote before said",
            "“Who won?” he asked. ‖“We did!” she said.",
        ),
        (
            "quote before a name",
            "“Who won?” Holm asked. ‖Nobody knew.",
        ),
        (
            "quote of two sentences",
            "“We won. ‖It was hard,” he said. ‖“It was.”",
        ),
        (
            "straight quote of two sentences",
            "\"We won. ‖It was hard.\" ‖He left.",
        ),
        ("quote after a sentence", "He left. ‖“We won,” she said."),
        (
            "straight quote after a sentence",
            "He left. ‖\"We won,\" she said.",
        ),
        ("bracket", "He left (she stayed.) ‖They met again."),
        ("sentence in brackets", "He left. ‖(She stayed.) ‖They met."),
        ("reference", "He left in 2014.[4] ‖She stayed."),
        ("ellipsis", "Well... ‖He left. ‖He went on... and on."),
        (
            "lower case goes on",
            "He works at approx. half speed. ‖Yahoo! and AOL merged.",
        ),
        (
            "lower case writer",
            "thanks for that. ‖i will call. ‖are you there? ‖yes.",
        ),
        (
            "headline",
            "Envoys meet in Vienna\n\n‖Envoys of two states met on Monday.",
        ),
        (
            "headline on the line before",
            "Envoys meet in Vienna\n‖Envoys of two states met.",
        ),
        (
            "dateline",
            "KYIV, Ukraine (AP) — ‖Envoys met on Monday. ‖They left.",
        ),
        (
            "dateline with capitals",
            "VIENNA, Jan. 16 (Norvik) -- ‖Envoys met. ‖They left.",
        ),
        ("byline", "By Ada Holm\n‖Envoys met in Vienna.\n‖They left."),
        (
            "one paragraph a line",
            "Envoys met. ‖They left.\n‖A treaty was signed.\n‖It holds.",
        ),
        ("list", "- one thing\n‖- another thing\n‖* a third"),
        ("numbered list", "1. The board met.\n‖2. The board left."),
        (
            "pre-tokenised",
            "He left . ‖She said , ' We won . ' ‖They met .",
        ),
        (
            "pre-tokenised double",
            "He said : \" We won . \" ‖\" So did we , \" she said .",
        ),
        (
            "pre-tokenised treebank",
            "He said `` We won . '' ‖She left .",
        ),
        (
            "pre-tokenised abbreviations",
            "Gen . Berg and J . Holm read No . 5 . ‖They left . ‖He got an A . ‖The others did not .",
        ),
        (
            "pre-tokenised possessive",
            "It is Norvik Co . ’ s plant . ‖They left .",
        ),
        ("name with a mark", "Yahoo! Inc. rose. ‖Jeopardy! is on."),
        ("several marks", "What?! ‖No!!! ‖Yes."),
        (
            "junior",
            "It was Holm Jr. who left. ‖It was Holm Jr. ‖He left.",
        ),
        (
            "et cetera",
            "Bread, milk, etc. are sold. ‖He sold bread, etc. ‖He left.",
        ),
        ("saint", "He lives in St. Louis. ‖She does not."),
        ("chinese", "他走了。‖她留下了。"),
        ("face", "He left :) ‖She stayed."),
        ("CRLF", "He left.\r\n‖She stayed.\r\n\r\n‖They met."),
        ("form feed", "He left\u{c}‖She stayed"),
        (
            "wrapped lines",
            "The ministers of both countries met on Monday in the capital to sign\n\
             a treaty that the parliament of Norvik has now asked for twice. ‖Mr.\n\
             Holm said that the talks had gone well, and that the treaty would\n\
             come into force in May. ‖The opposition did not agree with him and\n\
             said so.\n\n‖It asked for a vote.",
        ),
        (
            "wrapped, break before a capital",
            "The ministers of both countries met on Monday in the city of\n\
             Vienna to sign a treaty which the parliament of the north of\n\
             Norvik had asked for in the year that ended with the talks of\n\
             Geneva.",
        ),
        (
            "lines of a poem are no wrapped lines",
            "Up went the flag\n‖Down went the rain\n‖Nobody came\n‖Nobody came again",
        ),
    ];
    let mut names = std::collections::BTreeSet::new();
    let mut failures = Vec::new();
    for (name, case) in cases {
        assert!(names.insert(name), "two cases are called {name}");
        let text = case.replace('‖', "");
        let want: Vec<&str> = case.split('‖').map(str::trim).collect();
        let got = sentences(&text);
        if got != want {
            failures.push(format!("{name}\n  want {want:?}\n  got  {got:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(names.len() >= 40);
}

#[test]
fn paragraphs_are_counted() {
    let segments = segment("\n\nOne. Two.\n\n \n\nThree.\nFour.\n");
    let numbers: Vec<u32> = segments.sentences.iter().map(|s| s.paragraph).collect();
    assert_eq!(numbers, [0, 0, 1, 2]);
}

/// What must hold of the segments of any text.
fn check(text: &str) {
    let Segments { tokens, sentences } = segment(text);
    let mut covered = 0;
    for span in &tokens {
        let token = span.slice(text);
        let Some(token) = token else {
            panic!("{span} cuts a character of {text:?}")
        };
        assert!(!token.is_empty(), "{text:?}");
        assert!(
            span.start() as usize >= covered,
            "{span} overlaps in {text:?}"
        );
        let gap = &text[covered..span.start() as usize];
        assert!(
            gap.chars().all(is_space),
            "{gap:?} is in no token of {text:?}"
        );
        assert!(
            !token.starts_with(is_space) && !token.ends_with(is_space),
            "{token:?}"
        );
        covered = span.end() as usize;
    }
    assert!(
        text[covered..].chars().all(is_space),
        "the end of {text:?} is in no token"
    );
    let mut next = 0;
    let mut paragraph = 0;
    for sentence in &sentences {
        assert_eq!(sentence.tokens.start, next, "{text:?}");
        assert!(sentence.tokens.end > next, "{text:?}");
        assert!(sentence.paragraph >= paragraph, "{text:?}");
        next = sentence.tokens.end;
        paragraph = sentence.paragraph;
    }
    assert_eq!(next as usize, tokens.len(), "{text:?}");
}

#[test]
fn random_text_holds_the_invariants() {
    let pieces = [
        "a",
        "B",
        "the",
        "U.S",
        ".",
        "..",
        ",",
        "'",
        "’",
        "\"",
        "“",
        "”",
        "-",
        "--",
        "–",
        "—",
        "(",
        ")",
        "[",
        "]",
        "...",
        "…",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "1",
        "23",
        "0",
        "s",
        "n't",
        "'s",
        "/",
        ":",
        "@",
        "www.",
        "http://",
        ".com",
        "#",
        "$",
        "%",
        "&",
        "*",
        "_",
        "+",
        "=",
        "<",
        ">",
        "|",
        "Mr.",
        "Inc",
        "e.g.",
        "é",
        "e\u{301}",
        "北",
        "。",
        "ق",
        "🙂",
        "👍🏽",
        "\u{200d}",
        "\u{200b}",
        "\u{feff}",
        "\u{0}",
        "\u{1f1fa}",
        "\u{1f1e6}",
        "\u{a0}",
        "\u{2028}",
        "\u{85}",
        "-LRB-",
        "``",
        "''",
        "pm",
        "re-",
        "(s)",
        "I",
        "i",
        "?",
        "!",
        "º",
        "½",
        "ﬁ",
        "İ",
        "ß",
    ];
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut random = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % n
    };
    for _ in 0..20_000 {
        let n_pieces = 1 + random(24);
        let text: String = (0..n_pieces)
            .map(|_| pieces[random(pieces.len())])
            .collect();
        check(&text);
    }
}

#[test]
fn every_cut_of_a_text_holds_the_invariants() {
    let text = "KYIV (AP) — “We won’t go,” said J. K. O'Neill’s aide @ www.norvik.com/a?b=c. \
                It cost £12.8bn, i.e. 5% [...] in the ’90s… 北京。 👨‍👩‍👧 e-mail: a.b@c.org!";
    for (at, _) in text.char_indices() {
        check(&text[..at]);
        check(&text[at..]);
    }
}

#[test]
fn long_input_is_cut() {
    let brackets = "(".repeat(100_000);
    check(&brackets);
    assert!(
        segment(&brackets)
            .sentences
            .iter()
            .all(|s| s.tokens.len() <= super::sentences::MAX_SENTENCE + 1)
    );
    let letters = "é".repeat(10_000);
    check(&letters);
    assert!(
        segment(&letters)
            .tokens
            .iter()
            .all(|t| t.len() as usize <= super::tokens::MAX_TOKEN)
    );
}

/// Time grows with length, not with its square: each text repeated to a megabyte would take
/// hours otherwise.
#[test]
fn hostile_repetition_is_linear() {
    let units = [
        "(",
        "\"",
        "'",
        ".",
        "a.",
        "a.b",
        "www.",
        "www.a(",
        "a@",
        "@",
        "http:",
        "http://a<",
        "1-",
        "1,",
        "a/",
        "a-",
        "a&",
        "\n",
        "\r",
        "a\n",
        "\"a. ",
        "[",
        "[1]",
        "! ",
        "…",
        "é",
        "🙂",
        "\u{200d}",
        "a_",
        "' ",
        "''",
        "<<",
        ":",
        "-LRB-",
        "x.com/",
        "-",
        "re-",
        "a'",
    ];
    for unit in units {
        let text = unit.repeat(1_000_000 / unit.len());
        check_fast(&text, unit);
    }
}

fn check_fast(text: &str, unit: &str) {
    let start = std::time::Instant::now();
    let segments = segment(text);
    assert!(segments.tokens.len() <= text.len(), "{unit:?}");
    assert!(
        start.elapsed().as_secs() < 20,
        "{unit:?} took {:?}",
        start.elapsed()
    );
}
