//! Expressions with what they name, as tables.

use super::document::split;
use super::*;

fn show(when: &When) -> String {
    match (when.at, when.from, when.until) {
        (Some(at), _, _) => at.to_string(),
        (None, Some(from), Some(until)) => format!("{from} to {until}"),
        (None, Some(from), None) => format!("since {from}"),
        (None, None, Some(until)) => format!("until {until}"),
        (None, None, None) => "-".to_owned(),
    }
}

/// The first expression of a text, counted out.
fn first(text: &str, now: Option<Date>, tense: Tense) -> String {
    let words = split(text);
    match find(&words).first() {
        Some(expression) => show(&resolve(expression, now, tense)),
        None => "none".to_owned(),
    }
}

/// A Thursday in January.
const NOW: Date = jiff::civil::date(2025, 1, 16);

#[test]
fn absolute_expressions() {
    // text, expected with and without a date of the document
    let cases = [
        ("on 16 January 2025", "2025-01-16"),
        ("on January 16, 2025", "2025-01-16"),
        ("on Jan. 16, 2025", "2025-01-16"),
        ("on the 16th of January 2025", "2025-01-16"),
        ("on January 16th, 2025", "2025-01-16"),
        ("on Thursday, 16 January 2025", "2025-01-16"),
        ("on Thursday, January 16, 2025", "2025-01-16"),
        ("Friday 8 May 2009", "2009-05-08"),
        ("Friday, May 8, 2009", "2009-05-08"),
        ("on 2025-01-16", "2025-01-16"),
        ("on 16.01.2025", "2025-01-16"),
        ("on 16/01/2025", "2025-01-16"),
        ("on 01/16/2025", "2025-01-16"),
        ("on 29 February 2024", "2024-02-29"),
        ("on 1 September 1939", "1939-09-01"),
        ("on 3rd October 1990", "1990-10-03"),
        ("on Sept 11, 2001", "2001-09-11"),
        ("in January 2025", "2025-01"),
        ("in May of 2003", "2003-05"),
        ("in May 2003", "2003-05"),
        ("in March, 1998", "1998-03"),
        ("May 2003", "2003-05"),
        ("in early May 2003", "2003-05"),
        ("at the end of May 2003", "2003-05"),
        ("in mid-May 2003", "none"),
        ("in 2003", "2003"),
        ("during 1848", "1848"),
        ("back in 1848", "1848"),
        ("in late 2003", "2003"),
        ("at the end of 2003", "2003"),
        ("in mid-2003", "2003"),
        ("early in 2003", "2003"),
        ("the 2003 invasion", "2003"),
        ("its 1998 merger", "1998"),
        ("in the 1990s", "1990/1999"),
        ("in the early 1990s", "1990/1999"),
        ("the 1930s", "1930/1939"),
        ("in the summer of 2003", "2003-06/2003-08"),
        ("in summer 2003", "2003-06/2003-08"),
        ("in spring 2011", "2011-03/2011-05"),
        ("in the autumn of 1989", "1989-09/1989-11"),
        ("in the fall of 1989", "1989-09/1989-11"),
        ("in winter 2003", "2003-12/2004-02"),
        ("in the third quarter of 2004", "2004-07/2004-09"),
        ("in Q1 2004", "2004-01/2004-03"),
        ("in the first half of 2004", "2004-01/2004-06"),
        ("in the second half of 2004", "2004-07/2004-12"),
        ("on Christmas Day 1991", "1991-12-25"),
        ("on New Year's Eve 1999", "1999-12-31"),
        ("from 1998 to 2004", "1998 to 2004"),
        ("from 1998 until 2004", "1998 to 2004"),
        ("between 1998 and 2004", "1998 to 2004"),
        ("1998 to 2004", "none"),
        ("(1998–2004)", "1998/2004"),
        ("in 1998-2004", "1998/2004"),
        ("from March 1998 to June 2004", "1998-03 to 2004-06"),
        (
            "from 12 March 1998 to 3 June 2004",
            "1998-03-12 to 2004-06-03",
        ),
        ("from 12 to 16 January 2025", "2025-01-12/2025-01-16"),
        ("on January 12-16, 2025", "2025-01-12/2025-01-16"),
        ("between 3 and 5 May 2003", "2003-05-03/2003-05-05"),
        ("since 1998", "since 1998"),
        ("since March 1998", "since 1998-03"),
        ("since 3 March 1998", "since 1998-03-03"),
        ("from 1998 onwards", "since 1998"),
        ("as of 2003", "since 2003"),
        ("until 2004", "until 2004"),
        ("until May 2004", "until 2004-05"),
        ("till 2004", "until 2004"),
        ("through 2004", "until 2004"),
        ("until the end of 2004", "until 2004"),
        ("by 2030", "-"),
        ("before 2004", "-"),
        ("after May 2004", "-"),
        // nothing to find
        ("sent 2000 troops", "none"),
        ("of 1500 soldiers", "none"),
        ("in 30 countries", "none"),
        ("they may march on", "none"),
        ("May called an election", "none"),
        ("for three years", "none"),
        ("room 2003", "none"),
        ("on 31 February 2003", "2003-02"),
        ("at 1500 dollars", "none"),
    ];
    for (text, want) in cases {
        assert_eq!(first(text, Some(NOW), Tense::Past), want, "{text}");
        assert_eq!(first(text, None, Tense::Future), want, "{text}, no date");
    }
}

#[test]
fn relative_expressions() {
    // text, in a clause of the past, in one of the future; the document is of Thursday, 2025-01-16
    let cases = [
        ("today", "2025-01-16", "2025-01-16"),
        ("yesterday", "2025-01-15", "2025-01-15"),
        ("yesterday evening", "2025-01-15", "2025-01-15"),
        ("tomorrow", "2025-01-17", "2025-01-17"),
        ("tonight", "2025-01-16", "2025-01-16"),
        ("last night", "2025-01-15", "2025-01-15"),
        ("this morning", "2025-01-16", "2025-01-16"),
        ("the day before yesterday", "2025-01-14", "2025-01-14"),
        ("the day after tomorrow", "2025-01-18", "2025-01-18"),
        ("on Thursday", "2025-01-16", "2025-01-16"),
        ("on Wednesday", "2025-01-15", "2025-01-22"),
        ("on Friday", "2025-01-10", "2025-01-17"),
        ("Friday night", "2025-01-10", "2025-01-17"),
        ("late on Monday", "2025-01-13", "2025-01-20"),
        ("last Thursday", "2025-01-09", "2025-01-09"),
        ("last Monday", "2025-01-13", "2025-01-13"),
        ("next Thursday", "2025-01-23", "2025-01-23"),
        ("next Monday", "2025-01-20", "2025-01-20"),
        ("this Saturday", "2025-01-11", "2025-01-18"),
        ("this coming Tuesday", "2025-01-14", "2025-01-21"),
        ("last week", "2025-W02", "2025-W02"),
        ("this week", "2025-W03", "2025-W03"),
        ("next week", "2025-W04", "2025-W04"),
        ("earlier this week", "2025-W03", "2025-W03"),
        ("later this week", "2025-W03", "2025-W03"),
        ("last month", "2024-12", "2024-12"),
        ("this month", "2025-01", "2025-01"),
        ("earlier this month", "2025-01", "2025-01"),
        ("next month", "2025-02", "2025-02"),
        ("last year", "2024", "2024"),
        ("late last year", "2024", "2024"),
        ("this year", "2025", "2025"),
        ("earlier this year", "2025", "2025"),
        ("next year", "2026", "2026"),
        ("early next year", "2026", "2026"),
        (
            "last weekend",
            "2025-01-11/2025-01-12",
            "2025-01-11/2025-01-12",
        ),
        (
            "this weekend",
            "2025-01-11/2025-01-12",
            "2025-01-18/2025-01-19",
        ),
        (
            "next weekend",
            "2025-01-25/2025-01-26",
            "2025-01-25/2025-01-26",
        ),
        ("last quarter", "2024-10/2024-12", "2024-10/2024-12"),
        ("three years ago", "2022", "2022"),
        ("3 years ago", "2022", "2022"),
        ("a year ago", "2024", "2024"),
        ("two months ago", "2024-11", "2024-11"),
        ("a month ago", "2024-12", "2024-12"),
        ("two weeks ago", "2025-W01", "2025-W01"),
        ("three days ago", "2025-01-13", "2025-01-13"),
        ("two hours ago", "2025-01-16", "2025-01-16"),
        ("a decade ago", "2015", "2015"),
        ("two decades ago", "2005", "2005"),
        ("twenty years ago", "2005", "2005"),
        ("in two weeks' time", "2025-W05", "2025-W05"),
        ("in three years' time", "2028", "2028"),
        ("in March", "2024-03", "2025-03"),
        ("in January", "2025-01", "2025-01"),
        ("in December", "2024-12", "2025-12"),
        ("in May", "2024-05", "2025-05"),
        ("in early March", "2024-03", "2025-03"),
        ("last March", "2024-03", "2024-03"),
        ("last January", "2024-01", "2024-01"),
        ("next March", "2025-03", "2025-03"),
        ("next January", "2026-01", "2026-01"),
        ("on 3 March", "2024-03-03", "2025-03-03"),
        ("on March 3", "2024-03-03", "2025-03-03"),
        ("on January 12", "2025-01-12", "2026-01-12"),
        ("on 16 January", "2025-01-16", "2025-01-16"),
        ("on the 20th of January", "2024-01-20", "2025-01-20"),
        ("on Monday, 20 January", "2024-01-20", "2025-01-20"),
        ("on Christmas Day", "2024-12-25", "2025-12-25"),
        ("last summer", "2024-06/2024-08", "2024-06/2024-08"),
        ("this summer", "2025-06/2025-08", "2025-06/2025-08"),
        ("in the spring", "2024-03/2024-05", "2025-03/2025-05"),
        ("since Monday", "since 2025-01-13", "since 2025-01-13"),
        ("since last year", "since 2024", "since 2024"),
        ("since December", "since 2024-12", "since 2024-12"),
        ("until Friday", "until 2025-01-10", "until 2025-01-17"),
        ("until next year", "until 2026", "until 2026"),
        (
            "from Monday to Wednesday",
            "2025-01-13 to 2025-01-15",
            "2025-01-20 to 2025-01-22",
        ),
        (
            "from March to June 2003",
            "2003-03 to 2003-06",
            "2003-03 to 2003-06",
        ),
        (
            "from November to March 2003",
            "2002-11 to 2003-03",
            "2002-11 to 2003-03",
        ),
        ("the last year", "none", "none"),
        ("over the next week", "none", "none"),
        ("the last three years", "none", "none"),
        ("several years ago", "none", "none"),
        ("a week later", "none", "none"),
    ];
    for (text, past, future) in cases {
        assert_eq!(first(text, Some(NOW), Tense::Past), past, "{text}, past");
        assert_eq!(
            first(text, Some(NOW), Tense::Future),
            future,
            "{text}, future"
        );
    }
}

#[test]
fn relative_expressions_need_a_date() {
    for text in [
        "yesterday",
        "on Thursday",
        "last week",
        "in March",
        "three years ago",
        "since May",
    ] {
        assert_eq!(first(text, None, Tense::Past), "-", "{text}");
    }
}

#[test]
fn ends_of_years_and_short_months() {
    let day = |year, month, day| Date::new(year, month, day).ok();
    let cases = [
        ("last week", day(2025, 1, 2), "2024-W52"),
        ("this week", day(2024, 12, 30), "2025-W01"),
        ("two months ago", day(2025, 4, 30), "2025-02"),
        ("yesterday", day(2024, 3, 1), "2024-02-29"),
        ("three years ago", day(2024, 2, 29), "2021"),
        ("last month", day(2025, 1, 31), "2024-12"),
        ("on 29 February", day(2025, 1, 16), "2024-02-29"),
        ("on 29 February", day(2026, 1, 16), "-"),
        ("last weekend", day(2025, 1, 19), "2025-01-11/2025-01-12"),
        ("at the weekend", day(2025, 1, 20), "none"),
    ];
    for (text, now, want) in cases {
        assert_eq!(first(text, now, Tense::Past), want, "{text}");
    }
}

#[test]
fn several_expressions_do_not_overlap() {
    let words = split("In March 2003 and again last week, on Thursday, 2 January 2025, he left.");
    let found = find(&words);
    assert_eq!(found.len(), 3);
    for pair in found.windows(2) {
        assert!(pair[0].words.end <= pair[1].words.start);
    }
}

#[test]
fn dates_of_documents() {
    // text, expected
    let cases = [
        (
            "Storm hits coast\nFriday, May 8, 2009\nThe storm hit.",
            "2009-05-08",
        ),
        ("Published: 16 January 2025\nThe storm hit.", "2025-01-16"),
        (
            "Last updated on January 16, 2025 at 10:30 GMT\nText.",
            "2025-01-16",
        ),
        ("KYIV, 16 January 2025 – The minister said.", "2025-01-16"),
        (
            "OSLO, Jan. 16, 2025 (Norpress) -- The minister said.",
            "2025-01-16",
        ),
        (
            "Storm hits coast\n\nOSLO, 16 January 2025 — Text.",
            "2025-01-16",
        ),
        ("2025-01-16\nText.", "2025-01-16"),
        ("16.01.2025\nText.", "2025-01-16"),
        ("On 16 January 2025 the minister left Oslo.", "none"),
        ("The minister left.\nHe had come on 3 May 2003.", "none"),
        ("OSLO – On 16 January 2025 the minister left.", "none"),
        ("Thursday\nText.", "none"),
        ("", "none"),
    ];
    for (text, want) in cases {
        let got =
            document_date(text).map_or("none".to_owned(), |date| Point::Day(date).to_string());
        assert_eq!(got, want, "{text}");
    }
}

#[test]
fn days_are_read_strictly() {
    let cases = [
        ("2025-01-16", true),
        ("2025-1-16", false),
        ("2025-02-29", false),
        ("2025-01-16T10", false),
        ("16-01-2025", false),
        ("", false),
        ("2025-01-16-01", false),
        ("२०२५-01-16", false),
    ];
    for (text, is_day) in cases {
        assert_eq!(parse_day(text).is_some(), is_day, "{text}");
    }
}

#[test]
fn nothing_breaks_on_odd_words() {
    for text in [
        "since",
        "from",
        "from to",
        "- - -",
        "in 99999999999999999999",
        "the",
        "Q9 2003",
        "–",
        "31 31 31",
        "last",
        "mid-",
    ] {
        let words = split(text);
        for expression in find(&words) {
            assert!(expression.words.end <= words.len(), "{text}");
            resolve(&expression, Some(NOW), Tense::Future);
        }
    }
}
