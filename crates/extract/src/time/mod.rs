//! When something happened: expressions of time in the words, normalised to ISO 8601.
//!
//! The grammar of expressions is in `grammar`; this module holds the values and counts them out
//! against the date of the document. The notions follow TimeML (ISO 24617-1), cut down to dates: no
//! times of day, no durations, no sets. Nothing here reads a clock or a time zone.

mod document;
mod grammar;

use std::fmt;
use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use tieline_text::Document;

pub use document::document_date;
pub use grammar::find;

/// A stretch of the calendar as exact as it was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// One day: "2025-01-16".
    Day(Date),
    /// One week from Monday to Sunday, ISO year and week: "2025-W03".
    Week(i16, i8),
    /// Year and month: "2025-01".
    Month(i16, i8),
    /// "2025".
    Year(i16),
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Point::Day(date) => {
                write!(
                    f,
                    "{:04}-{:02}-{:02}",
                    date.year(),
                    date.month(),
                    date.day()
                )
            }
            Point::Week(year, week) => write!(f, "{year:04}-W{week:02}"),
            Point::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Point::Year(year) => write!(f, "{year:04}"),
        }
    }
}

/// A point, or an interval from one point to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The point, or the first of the interval.
    pub from: Point,
    /// The last point of an interval.
    pub to: Option<Point>,
}

impl Period {
    fn point(point: Point) -> Period {
        Period {
            from: point,
            to: None,
        }
    }

    fn interval(from: Point, to: Point) -> Period {
        Period { from, to: Some(to) }
    }

    fn last(&self) -> Point {
        self.to.unwrap_or(self.from)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.from.fmt(f)?;
        match self.to {
            Some(to) => write!(f, "/{to}"),
            None => Ok(()),
        }
    }
}

/// Which one of several that bear the name: "last Thursday", "Thursday".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The one before now.
    Last,
    /// The one around now.
    This,
    /// The one after now.
    Next,
    /// The tense decides.
    Bare,
}

/// Units that are counted: "three weeks ago".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Hours, minutes: the same day.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Saturday and Sunday.
    Weekend,
    /// Months.
    Month,
    /// Quarters of a year.
    Quarter,
    /// Years.
    Year,
    /// Ten years.
    Decade,
}

/// What an expression says before the date of the document is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Complete by itself.
    Fixed(Period),
    /// A day of the week.
    Weekday(Weekday, Turn),
    /// Month and day without a year.
    MonthDay(i8, i8),
    /// A month without a year.
    Month(i8, Turn),
    /// First and last month of a season without a year; winter runs over New Year.
    Season(i8, Turn),
    /// So many units from now; negative: ago.
    Shift(Unit, i32),
}

/// How an expression bounds what it dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// It happened then.
    At,
    /// It began then.
    Since,
    /// It ended then.
    Until,
    /// It began then, and ended at the second value.
    Range(Value),
    /// Before, after, by: no date that could be given.
    Loose,
}

/// An expression of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// The words, as indices into what [`find`] was given.
    pub words: Range<usize>,
    /// How it bounds.
    pub bound: Bound,
    /// What it names.
    pub value: Value,
}

/// The time that the verb speaks of; decides which Thursday is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tense {
    /// Before now.
    #[default]
    Past,
    /// After now.
    Future,
}

/// Date, beginning and end of what an expression dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// When it happened.
    pub at: Option<Period>,
    /// When it began.
    pub from: Option<Period>,
    /// When it ended.
    pub until: Option<Period>,
}

/// Counts an expression out against the date of the document. Relative ones stay unknown without
/// it.
pub fn resolve(expression: &Expression, now: Option<Date>, tense: Tense) -> When {
    let value = |value, tense| period(value, now, tense);
    let mut when = When::default();
    match expression.bound {
        Bound::At => when.at = value(expression.value, tense),
        // what began has begun
        Bound::Since => when.from = value(expression.value, Tense::Past),
        Bound::Until => when.until = value(expression.value, tense),
        Bound::Range(end) => {
            when.from = value(expression.value, tense);
            when.until = value(end, tense);
            if let (Some(Value::Month(..)), Some(until)) = (Some(expression.value), when.until)
                && let Value::Month(month, _) = expression.value
                && let Point::Month(year, last) = until.from
            {
                // "from March to June 2003"
                let year = if month <= last { year } else { year - 1 };
                when.from = Some(Period::point(Point::Month(year, month)));
            }
        }
        Bound::Loose => {}
    }
    when
}

/// What a value names, if that can be known.
fn period(value: Value, now: Option<Date>, tense: Tense) -> Option<Period> {
    if let Value::Fixed(period) = value {
        return Some(period);
    }
    let now = now?;
    Some(match value {
        Value::Fixed(period) => period,
        Value::Weekday(weekday, turn) => {
            Period::point(Point::Day(weekday_near(now, weekday, turn, tense)?))
        }
        Value::MonthDay(month, day) => Period::point(Point::Day(day_near(now, month, day, tense)?)),
        Value::Month(month, turn) => {
            Period::point(Point::Month(year_of_month(now, month, turn, tense), month))
        }
        Value::Season(first, turn) => {
            let year = year_of_month(now, first, turn, tense);
            season(year, first)
        }
        Value::Shift(unit, n) => shifted(now, unit, n, tense)?,
    })
}

/// Three months from the first month of a season.
pub(crate) fn season(year: i16, first: i8) -> Period {
    let (to_year, last) = if first + 2 > 12 {
        (year + 1, first - 10)
    } else {
        (year, first + 2)
    };
    Period::interval(Point::Month(year, first), Point::Month(to_year, last))
}

fn weekday_near(now: Date, weekday: Weekday, turn: Turn, tense: Tense) -> Option<Date> {
    let today = now.weekday() == weekday;
    let nth = match (turn, tense) {
        (Turn::Last, _) => -1,
        (Turn::Next, _) => 1,
        _ if today => return Some(now),
        (_, Tense::Past) => -1,
        (_, Tense::Future) => 1,
    };
    now.nth_weekday(nth, weekday).ok()
}

fn day_near(now: Date, month: i8, day: i8, tense: Tense) -> Option<Date> {
    let this = Date::new(now.year(), month, day).ok();
    let year = match (this, tense) {
        (Some(date), Tense::Past) if now < date => now.year() - 1,
        (Some(date), Tense::Future) if date < now => now.year() + 1,
        (Some(date), _) => return Some(date),
        // the 29th of February, in another year
        (None, Tense::Past) => now.year() - 1,
        (None, Tense::Future) => now.year() + 1,
    };
    Date::new(year, month, day).ok()
}

fn year_of_month(now: Date, month: i8, turn: Turn, tense: Tense) -> i16 {
    let year = now.year();
    match (turn, tense) {
        (Turn::This, _) => year,
        (Turn::Last, _) => year - i16::from(now.month() <= month),
        (Turn::Next, _) => year + i16::from(month <= now.month()),
        (Turn::Bare, Tense::Past) => year - i16::from(now.month() < month),
        (Turn::Bare, Tense::Future) => year + i16::from(month < now.month()),
    }
}

fn shifted(now: Date, unit: Unit, n: i32, tense: Tense) -> Option<Period> {
    let n = i64::from(n);
    Some(match unit {
        Unit::Hour => Period::point(Point::Day(now)),
        Unit::Day => Period::point(Point::Day(now.checked_add(n.days()).ok()?)),
        Unit::Week => {
            let week = now.checked_add((7 * n).days()).ok()?.iso_week_date();
            Period::point(Point::Week(week.year(), week.week()))
        }
        Unit::Weekend => {
            let mut week = n;
            if n == 0 && tense == Tense::Past && now.weekday().to_monday_zero_offset() < 5 {
                week = -1; // "this weekend", told on Monday
            }
            let monday = i64::from(now.weekday().to_monday_zero_offset());
            let saturday = now.checked_add((7 * week + 5 - monday).days()).ok()?;
            let sunday = saturday.tomorrow().ok()?;
            Period::interval(Point::Day(saturday), Point::Day(sunday))
        }
        Unit::Month => {
            let month = now.first_of_month().checked_add(n.months()).ok()?;
            Period::point(Point::Month(month.year(), month.month()))
        }
        Unit::Quarter => {
            let first = now.first_of_month().checked_add((3 * n).months()).ok()?;
            season(first.year(), (first.month() - 1) / 3 * 3 + 1)
        }
        Unit::Year => {
            let year = now.checked_add(n.years()).ok()?.year();
            Period::point(Point::Year(year))
        }
        Unit::Decade => {
            let year = now.checked_add((10 * n).years()).ok()?.year();
            Period::point(Point::Year(year))
        }
    })
}

/// The date of a document: from its metadata, or where its own text gives it.
pub fn date_of(document: &Document) -> Option<Date> {
    match &document.date {
        Some(date) => parse_day(date.get(..10).unwrap_or(date)),
        None => document_date(&document.text),
    }
}

/// A day written as `YYYY-MM-DD`; `None` if it is written otherwise, or no day of the calendar.
pub fn parse_day(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let mut number = |len: usize| {
        parts
            .next()
            .filter(|part| part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let year: i16 = number(4)?.parse().ok()?;
    let month: i8 = number(2)?.parse().ok()?;
    let day: i8 = number(2)?.parse().ok()?;
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests;
