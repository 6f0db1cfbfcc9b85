//! The grammar of time expressions, over words.

use jiff::civil::{Date, Weekday};

use super::{Bound, Expression, Period, Point, Turn, Unit, Value, season};

/// Words with a look-up that never fails.
struct Words<'a>(&'a [&'a str]);

impl<'a> Words<'a> {
    fn at(&self, index: usize) -> &'a str {
        self.0.get(index).copied().unwrap_or("")
    }

    /// Whether the word is this one, in any case.
    fn is(&self, index: usize, word: &str) -> bool {
        self.at(index).eq_ignore_ascii_case(word)
    }

    fn one_of(&self, index: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(index, word))
    }

    fn before(&self, index: usize) -> &'a str {
        index.checked_sub(1).map_or("", |index| self.at(index))
    }
}

/// Finds the expressions of time in a sentence's words, in order, none inside another.
pub fn find(words: &[&str]) -> Vec<Expression> {
    let words = Words(words);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.0.len() {
        match expression(&words, at) {
            Some((bound, value, end)) if at < end => {
                found.push(Expression {
                    words: at..end,
                    bound,
                    value,
                });
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

fn expression(words: &Words<'_>, at: usize) -> Option<(Bound, Value, usize)> {
    let opens = words.one_of(at, &["from", "between", "on"]);
    if let Some((value, end)) = days(words, at + usize::from(opens)) {
        return Some((Bound::At, value, end));
    }
    let bound = |index: usize| {
        let index = index + usize::from(words.one_of(index, &["at", "about", "around"]));
        value(words, index, true)
    };
    if words.one_of(at, &["since", "until", "till", "through"]) {
        let (value, end) = bound(at + 1)?;
        let kind = if words.is(at, "since") {
            Bound::Since
        } else {
            Bound::Until
        };
        return Some((kind, value, end));
    }
    if words.one_of(at, &["from", "between"]) {
        let (first, end) = bound(at + 1)?;
        let to = ["to", "until", "till", "through", "and", "-", "–"];
        if words.one_of(end, &to)
            && let Some((last, end)) = bound(end + 1)
        {
            return Some(range(first, last, end));
        }
        if words.is(at, "from") && words.one_of(end, &["on", "onwards", "onward"]) {
            return Some((Bound::Since, first, end + 1));
        }
        if words.is(at, "from") {
            return Some((Bound::Since, first, end));
        }
        return None;
    }
    if words.one_of(at, &["before", "after", "by"]) {
        let (value, end) = value(words, at + 1, true)?;
        return Some((Bound::Loose, value, end));
    }
    if words.is(at, "as") && words.is(at + 1, "of") {
        let (value, end) = value(words, at + 2, true)?;
        return Some((Bound::Since, value, end));
    }
    let prepositions = [
        "in", "on", "during", "of", "for", "at", "within", "(", "back",
    ];
    if words.one_of(at, &prepositions) {
        let in_ = words.is(at, "in");
        if in_ && let Some((value, end)) = from_now(words, at + 1) {
            return Some((Bound::At, value, end));
        }
        let (value, end) = value(words, at + 1, true)?;
        return Some(spread(words, value, end));
    }
    let (value, end) = value(words, at, false)?;
    Some(spread(words, value, end))
}

/// "1998 to 2004", "1998–2004".
fn spread(words: &Words<'_>, first: Value, end: usize) -> (Bound, Value, usize) {
    let dash = words.one_of(end, &["-", "–", "—"]);
    let year = matches!(
        first,
        Value::Fixed(Period {
            from: Point::Year(_),
            to: None
        })
    );
    if (dash || (words.is(end, "to") && year))
        && let Some((last, end)) = value(words, end + 1, true)
        && matches!(last, Value::Fixed(_))
    {
        return range(first, last, end);
    }
    (Bound::At, first, end)
}

fn range(first: Value, last: Value, end: usize) -> (Bound, Value, usize) {
    let first = match (first, last) {
        // "from 12 to 16 January 2025", "from March to June 2003"
        (Value::MonthDay(month, day), Value::Fixed(period)) => match period.last() {
            Point::Day(until) => Date::new(until.year(), month, day)
                .map_or(first, |date| Value::Fixed(Period::point(Point::Day(date)))),
            _ => first,
        },
        _ => first,
    };
    (Bound::Range(last), first, end)
}

/// "in three years' time", "in two weeks' time".
fn from_now(words: &Words<'_>, at: usize) -> Option<(Value, usize)> {
    let (n, next) = count(words, at)?;
    let unit = unit(words.at(next))?;
    let mut end = next + 1;
    if words.one_of(end, &["'", "’", "'s", "’s"]) {
        end += 1;
    }
    if words.is(end, "time") {
        return Some((Value::Shift(unit, n), end + 1));
    }
    None
}

/// A value that starts at a word; `bound`: a preposition stands in front, so that a bare year or
/// month is one.
fn value(words: &Words<'_>, at: usize, bound: bool) -> Option<(Value, usize)> {
    let (start, vague) = vague(words, at);
    let bound = bound || vague;
    relative(words, start)
        .or_else(|| weekday(words, start))
        .or_else(|| day(words, start))
        .or_else(|| part_of_year(words, start, bound))
        .or_else(|| month(words, start, bound))
        .or_else(|| decade(words, start))
        .or_else(|| year(words, start, bound))
}

/// Behind "early", "the end of", "mid-".
fn vague(words: &Words<'_>, at: usize) -> (usize, bool) {
    let mut start = at;
    let the = usize::from(words.is(start, "the"));
    let parts = [
        "end",
        "beginning",
        "start",
        "middle",
        "course",
        "night",
        "morning",
        "evening",
    ];
    if words.one_of(start + the, &parts) && words.is(start + the + 1, "of") {
        start += the + 2;
        return (start + usize::from(words.is(start, "the")), true);
    }
    if words.one_of(
        start + the,
        &["early", "late", "mid", "mid-", "earlier", "later"],
    ) {
        start += the + 1;
        let hyphen = usize::from(words.one_of(start, &["-", "in", "on"]));
        return (start + hyphen, true);
    }
    (start, false)
}

/// "yesterday", "last week", "three years ago".
fn relative(words: &Words<'_>, at: usize) -> Option<(Value, usize)> {
    const PLAIN: [(&str, i32); 5] = [
        ("today", 0),
        ("tonight", 0),
        ("yesterday", -1),
        ("tomorrow", 1),
        ("nowadays", 0),
    ];
    if let Some((_, n)) = PLAIN.iter().find(|(word, _)| words.is(at, word)) {
        return Some((Value::Shift(Unit::Day, *n), time_of_day(words, at + 1)));
    }
    if words.is(at, "the") && words.is(at + 1, "day") {
        let n = match words.at(at + 3).to_ascii_lowercase().as_str() {
            "yesterday" if words.is(at + 2, "before") => -2,
            "tomorrow" if words.is(at + 2, "after") => 2,
            _ => return None,
        };
        return Some((Value::Shift(Unit::Day, n), at + 4));
    }
    if let Some((n, next)) = count(words, at)
        && let Some(unit) = unit(words.at(next))
        && words.is(next + 1, "ago")
    {
        return Some((Value::Shift(unit, -n), next + 2));
    }
    let turn = turn(words, at)?;
    // "the last year" is a stretch of time
    let duration = words.before(at).eq_ignore_ascii_case("the") && turn != Turn::This;
    let next = at + 1 + usize::from(words.is(at + 1, "coming"));
    let n = match turn {
        Turn::Last => -1,
        Turn::Next => 1,
        _ => 0,
    };
    if words.is(at, "last") && words.is(next, "night") {
        return Some((Value::Shift(Unit::Day, -1), next + 1));
    }
    if turn == Turn::This && words.one_of(next, &["morning", "afternoon", "evening"]) {
        return Some((Value::Shift(Unit::Day, 0), next + 1));
    }
    let unit = unit(words.at(next))?;
    let one = matches!(
        unit,
        Unit::Week | Unit::Weekend | Unit::Month | Unit::Quarter | Unit::Year
    ) && !words.at(next).ends_with('s');
    (one && !duration).then_some((Value::Shift(unit, n), next + 1))
}

fn turn(words: &Words<'_>, at: usize) -> Option<Turn> {
    Some(match words.at(at).to_ascii_lowercase().as_str() {
        "last" | "previous" => Turn::Last,
        "this" | "current" => Turn::This,
        "next" | "coming" | "following" => Turn::Next,
        _ => return None,
    })
}

/// "three", "3", "a", "a couple of" is not one.
fn count(words: &Words<'_>, at: usize) -> Option<(i32, usize)> {
    const NUMBERS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    let word = words.at(at);
    if let Some(n) = NUMBERS
        .iter()
        .position(|number| word.eq_ignore_ascii_case(number))
    {
        return Some((n as i32, at + 1));
    }
    const TENS: [(&str, i32); 5] = [
        ("fifteen", 15),
        ("twenty", 20),
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
    ];
    if let Some((_, n)) = TENS
        .iter()
        .find(|(number, _)| word.eq_ignore_ascii_case(number))
    {
        return Some((*n, at + 1));
    }
    if word.eq_ignore_ascii_case("a") || word.eq_ignore_ascii_case("an") {
        return Some((1, at + 1));
    }
    let n: i32 = word.parse().ok().filter(|n| (1..=999).contains(n))?;
    Some((n, at + 1))
}

fn unit(word: &str) -> Option<Unit> {
    Some(match word.to_ascii_lowercase().as_str() {
        "minute" | "minutes" | "hour" | "hours" => Unit::Hour,
        "day" | "days" => Unit::Day,
        "week" | "weeks" => Unit::Week,
        "weekend" => Unit::Weekend,
        "month" | "months" => Unit::Month,
        "quarter" => Unit::Quarter,
        "year" | "years" => Unit::Year,
        "decade" | "decades" => Unit::Decade,
        _ => return None,
    })
}

fn time_of_day(words: &Words<'_>, at: usize) -> usize {
    at + usize::from(words.one_of(
        at,
        &["morning", "afternoon", "evening", "night", "lunchtime"],
    ))
}

/// "Thursday", "last Thursday night", "Thursday, 16 January 2025".
fn weekday(words: &Words<'_>, at: usize) -> Option<(Value, usize)> {
    let (turn, start) = match turn(words, at) {
        Some(turn) => (turn, at + 1 + usize::from(words.is(at + 1, "coming"))),
        None => (Turn::Bare, at),
    };
    let day = weekday_name(words.at(start))?;
    let mut end = start + 1;
    end += usize::from(words.is(end, "."));
    if turn == Turn::Bare {
        let comma = end + usize::from(words.is(end, ","));
        if let Some(exact) = self::day(words, comma) {
            return Some(exact);
        }
    }
    Some((Value::Weekday(day, turn), time_of_day(words, end)))
}

fn weekday_name(word: &str) -> Option<Weekday> {
    if !word.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    Some(
        match word.trim_end_matches('.').to_ascii_lowercase().as_str() {
            "monday" | "mon" => Weekday::Monday,
            "tuesday" | "tue" | "tues" => Weekday::Tuesday,
            "wednesday" | "wed" | "weds" => Weekday::Wednesday,
            "thursday" | "thu" | "thur" | "thurs" => Weekday::Thursday,
            "friday" | "fri" => Weekday::Friday,
            "saturday" => Weekday::Saturday,
            "sunday" => Weekday::Sunday,
            _ => return None,
        },
    )
}

/// A day with its month: "16 January 2025", "Jan. 16", "the 16th of January", "2025-01-16".
fn day(words: &Words<'_>, at: usize) -> Option<(Value, usize)> {
    if let Some(found) = numeric(words, at) {
        return Some(found);
    }
    if let Some((month, end)) = month_name(words, at) {
        // "January 16, 2025", "January the 16th"
        let start = end + usize::from(words.is(end, "the"));
        let day = day_number(words.at(start))?;
        let end = start + 1;
        let comma = end + usize::from(words.is(end, ","));
        if let Some(year) = year_number(words.at(comma)) {
            return Some((fixed_day(year, month, day)?, comma + 1));
        }
        return Some((Value::MonthDay(month, day), end));
    }
    if let Some(found) = holiday(words, at) {
        return Some(found);
    }
    let start = at + usize::from(words.is(at, "the"));
    let day = day_number(words.at(start))?;
    let mut end = start + 1;
    end += usize::from(words.is(end, "of"));
    let (month, end) = month_name(words, end)?;
    let comma = end + usize::from(words.one_of(end, &[",", "of"]));
    match year_number(words.at(comma)) {
        Some(year) => Some((fixed_day(year, month, day)?, comma + 1)),
        None => Some((Value::MonthDay(month, day), end)),
    }
}

/// Several days of one month: "12–16 January 2025", "from January 12 to 16, 2025".
fn days(words: &Words<'_>, at: usize) -> Option<(Value, usize)> {
    let pair = |at: usize| {
        if let Some((first, last)) = words.at(at).split_once(['-', '–']) {
            return Some((day_number(first)?, day_number(last)?, at + 1));
        }
        let first = day_number(words.at(at))?;
        let joined = words.one_of(at + 1, &["-", "–", "to", "and", "through"]);
        let last = day_number(words.at(at + 2)).filter(|_| joined)?;
        Some((first, last, at + 3))
    };
    let (month, first, last, end) = match month_name(words, at) {
        Some((month, next)) => {
            let (first, last, end) = pair(next)?;
            (month, first, last, end)
        }
        None => {
            let (first, last, next) = pair(at)?;
            let (month, end) = month_name(words, next)?;
            (month, first, last, end)
        }
    };
    let comma = end + usize::from(words.is(end, ","));
    let Some(year) = year_number(words.at(comma)) else {
        return Some((Value::MonthDay(month, first), end));
    };
    let from = Point::Day(Date::new(year, month, first).ok()?);
    let to = Point::Day(Date::new(year, month, last).ok()?);
    Some((Value::Fixed(Period::interval(from, to)), comma + 1))
}

fn holiday(words: &Words<'_>, at: usize) -> Option<(Value, usize)> {
    let (month, day, end) = if words.is(at, "Christmas") && words.is(at + 1, "Day") {
        (12, 25, at + 2)
    } else if words.is(at, "Christmas") && words.is(at + 1, "Eve") {
        (12, 24, at + 2)
    } else if words.is(at, "New") && words.one_of(at + 1, &["Year", "Year's", "Year’s"]) {
        let next = at + 2 + usize::from(words.one_of(at + 2, &["'s", "’s"]));
        match words.at(next).to_ascii_lowercase().as_str() {
            "day" => (1, 1, next + 1),
            "eve" => (12, 31, next + 1),
            _ => return None,
        }
    } else {
        return None;
    };
    match year_number(words.at(end)) {
        Some(year) => Some((fixed_day(year, month, day)?, end + 1)),
        None => Some((Value::MonthDay(month, day), end)),
    }
}

fn fixed_day(year: i16, month: i8, day: i8) -> Option<Value> {
    let date = Date::new(year, month, day).ok()?;
    Some(Value::Fixed(Period::point(Point::Day(date))))
}

/// "2025-01-16", "16.01.2025", "16/01/2025" where only one reading is a date.
fn numeric(words: &Words<'_>, at: usize) -> Option<(Value, usize)> {
    let word = words.at(at);
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Some(date) = super::parse_day(word) {
        return Some((Value::Fixed(Period::point(Point::Day(date))), at + 1));
    }
    // the same over five words
    if word.len() == 4 && words.is(at + 1, "-") && words.is(at + 3, "-") {
        let (month, day) = (words.at(at + 2), words.at(at + 4));
        if month.len() == 2 && day.len() == 2 {
            let value = fixed_day(year_number(word)?, month.parse().ok()?, day.parse().ok()?)?;
            return Some((value, at + 5));
        }
    }
    for separator in ['.', '/'] {
        let mut parts = word.split(separator);
        if let (Some(first), Some(second), Some(year), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        {
            let (first, second): (i8, i8) = (first.parse().ok()?, second.parse().ok()?);
            let year = year_number(year)?;
            let (day, month) = match separator {
                '.' => (first, second),
                _ if first == second || 12 < first => (first, second),
                _ if 12 < second => (second, first),
                _ => return None,
            };
            return Some((fixed_day(year, month, day)?, at + 1));
        }
    }
    None
}

/// "January 2025", "last March", "in March".
fn month(words: &Words<'_>, at: usize, bound: bool) -> Option<(Value, usize)> {
    let (turn, start) = match turn(words, at) {
        Some(turn) => (turn, at + 1),
        None => (Turn::Bare, at),
    };
    let (month, end) = month_name(words, start)?;
    let next = end + usize::from(words.one_of(end, &[",", "of"]));
    if turn == Turn::Bare
        && let Some(year) = year_number(words.at(next))
    {
        let point = Point::Month(year, month);
        return Some((Value::Fixed(Period::point(point)), next + 1));
    }
    // "March on" is a verb, "May" mostly too
    (bound || turn != Turn::Bare).then_some((Value::Month(month, turn), end))
}

fn month_name(words: &Words<'_>, at: usize) -> Option<(i8, usize)> {
    const MONTHS: [(&str, &str); 12] = [
        ("january", "jan"),
        ("february", "feb"),
        ("march", "mar"),
        ("april", "apr"),
        ("may", "may"),
        ("june", "jun"),
        ("july", "jul"),
        ("august", "aug"),
        ("september", "sep"),
        ("october", "oct"),
        ("november", "nov"),
        ("december", "dec"),
    ];
    let word = words.at(at);
    if !word.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let name = word.trim_end_matches('.');
    let index = MONTHS.iter().position(|(full, short)| {
        name.eq_ignore_ascii_case(full)
            || name.eq_ignore_ascii_case(short)
            || (*short == "sep" && name.eq_ignore_ascii_case("sept"))
    })?;
    let dot = usize::from(name.len() <= 4 && words.is(at + 1, "."));
    Some((index as i8 + 1, at + 1 + dot))
}

/// Seasons, quarters and halves.
fn part_of_year(words: &Words<'_>, at: usize, bound: bool) -> Option<(Value, usize)> {
    let the = usize::from(words.is(at, "the"));
    let start = at + the;
    let (turn, name) = match turn(words, start) {
        Some(turn) => (turn, start + 1),
        None => (Turn::Bare, start),
    };
    let first = match words.at(name).to_ascii_lowercase().as_str() {
        "spring" => Some(3),
        "summer" => Some(6),
        "autumn" | "fall" => Some(9),
        "winter" => Some(12),
        _ => None,
    };
    if let Some(first) = first {
        let end = name + 1;
        let next = end + usize::from(words.is(end, "of"));
        if let Some(year) = year_number(words.at(next)) {
            return Some((Value::Fixed(season(year, first)), next + 1));
        }
        // "fall" and "spring" are verbs too
        let named = turn != Turn::Bare || (bound && the == 1) || (bound && !words.is(name, "fall"));
        return named.then_some((Value::Season(first, turn), end));
    }
    const ORDINALS: [&str; 4] = ["first", "second", "third", "fourth"];
    let ordinal = ORDINALS.iter().position(|word| words.is(start, word));
    let (length, index, end) = match ordinal {
        Some(index) if words.is(start + 1, "quarter") => (3, index as i8, start + 2),
        Some(index) if index < 2 && words.is(start + 1, "half") => (6, index as i8, start + 2),
        _ => {
            let word = words.at(start);
            let digit = word.strip_prefix(['Q', 'q']).and_then(|n| n.parse().ok());
            let index: i8 = digit.filter(|n| (1..=4).contains(n))?;
            (3, index - 1, start + 1)
        }
    };
    let end = end + usize::from(words.is(end, "of"));
    let year = year_number(words.at(end))?;
    let first = index * length + 1;
    let from = Point::Month(year, first);
    let to = Point::Month(year, first + length - 1);
    Some((Value::Fixed(Period::interval(from, to)), end + 1))
}

/// "the 1990s".
fn decade(words: &Words<'_>, at: usize) -> Option<(Value, usize)> {
    let start = at + usize::from(words.is(at, "the"));
    let word = words.at(start);
    let digits = word.strip_suffix('s').unwrap_or(word);
    let digits = digits.strip_suffix(['\'', '’']).unwrap_or(digits);
    let apart = digits.len() == word.len() && words.one_of(start + 1, &["s", "'s", "’s"]);
    if digits.len() == word.len() && !(apart && start > at) {
        return None;
    }
    let year = year_number(digits).filter(|year| year % 10 == 0)?;
    let from = Point::Year(year);
    let to = Point::Year(year + 9);
    let end = start + 1 + usize::from(apart);
    Some((Value::Fixed(Period::interval(from, to)), end))
}

/// "2003" behind a preposition, or as an attribute: "the 2003 invasion".
fn year(words: &Words<'_>, at: usize, bound: bool) -> Option<(Value, usize)> {
    let word = words.at(at);
    // "1998-2004" as one word is left to the caller's tokens; it is read here as a range's years
    if let Some((first, last)) = word.split_once(['-', '–'])
        && let (Some(first), Some(last)) = (year_number(first), year_number(last))
    {
        let interval = Period::interval(Point::Year(first), Point::Year(last));
        return Some((Value::Fixed(interval), at + 1));
    }
    if let Some(year) = word.strip_prefix("mid-").and_then(year_number) {
        return Some((Value::Fixed(Period::point(Point::Year(year))), at + 1));
    }
    let year = year_number(word)?;
    let attribute = |before: &str| {
        ["the", "its", "his", "her", "their", "a", "'s", "’s"]
            .iter()
            .any(|word| before.eq_ignore_ascii_case(word))
    };
    let next = words.at(at + 1);
    let noun = next.starts_with(|c: char| c.is_alphabetic());
    let plural = next.ends_with('s') && next.starts_with(|c: char| c.is_lowercase());
    let counts = plural || next.starts_with('%') || words.one_of(at + 1, &["percent", "per"]);
    let prepositions = [
        "in", "since", "until", "till", "from", "during", "through", "between", "by", "before",
        "after",
    ];
    let sure = (1900..2050).contains(&year)
        && at
            .checked_sub(1)
            .is_some_and(|before| words.one_of(before, &prepositions));
    let named =
        (bound && (sure || !counts)) || (attribute(words.before(at)) && noun && year >= 1900);
    named.then_some((Value::Fixed(Period::point(Point::Year(year))), at + 1))
}

fn year_number(word: &str) -> Option<i16> {
    let number: i16 = word.parse().ok()?;
    (word.len() == 4 && (1000..=2100).contains(&number)).then_some(number)
}

fn day_number(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| word.strip_suffix(suffix))
        .unwrap_or(word);
    if 2 < digits.len() {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}
