//! Days, months and years in four bytes.

use std::fmt;
use std::num::NonZeroU32;

/// A date as exact as a text gives it: a day, a month or a year of the years 1 to 9999.
///
/// Order: by year, then month, then day; a year stands before its months and a month before its
/// days. To compare with a bound use [`Date::first_day`] and [`Date::last_day`].
///
/// ```
/// use tieline_graph::Date;
///
/// let may = Date::parse("2003-05").unwrap();
/// assert_eq!(may.to_string(), "2003-05");
/// assert_eq!(may.last_day(), Date::parse("2003-05-31").unwrap());
/// assert!(Date::parse("2003").unwrap() < may);
/// assert_eq!(Date::parse("last May"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(
    /// `year << 9 | month << 5 | day`; month and day are 0 where not known.
    NonZeroU32,
);

impl Date {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; what follows a `T` (a time) is passed over.
    /// `None` for anything else and for days that do not exist.
    pub fn parse(text: &str) -> Option<Date> {
        let text = text.split('T').next().unwrap_or_default();
        let mut parts = text.split('-');
        let mut number = |length: usize| {
            let part = parts.next()?;
            let digits = part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
            Some(part.parse::<u32>().ok().filter(|_| digits))
        };
        let year = number(4)??;
        let (month, day) = match (number(2), number(2)) {
            (None, _) => (0, 0),
            (Some(month), None) => (month.filter(|m| *m > 0)?, 0),
            (Some(month), Some(day)) => (month?, day.filter(|d| *d > 0)?),
        };
        if parts.next().is_some() {
            return None;
        }
        Date::new(year, month, day)
    }

    /// First and last date of a date, an ISO week (`2025-W03`) or an interval (`2003-06/2003-08`,
    /// `1998/..`); `None` for anything else, and for an interval that ends before it begins.
    ///
    /// ```
    /// use tieline_graph::Date;
    ///
    /// let week = Date::span("2025-W01").unwrap();
    /// assert_eq!(format!("{week:?}"), "(2024-12-30, 2025-01-05)");
    /// ```
    pub fn span(text: &str) -> Option<(Date, Date)> {
        let Some((first, last)) = text.split_once('/') else {
            return Date::parse(text)
                .map(|date| (date, date))
                .or_else(|| week(text));
        };
        let end = |text: &str| {
            if text.contains('/') {
                None
            } else {
                Date::span(text)
            }
        };
        let (first, last) = match (first, last) {
            ("..", last) => (end(last)?.0, end(last)?.1),
            (first, "..") => (end(first)?.0, end(first)?.1),
            (first, last) => (end(first)?.0, end(last)?.1),
        };
        (first.first_day() <= last.last_day()).then_some((first, last))
    }

    /// Builds a date; `month` 0 for a year, `day` 0 for a month. `None` for one that does not exist.
    pub fn new(year: u32, month: u32, day: u32) -> Option<Date> {
        let exists = (1..=9999).contains(&year)
            && month <= 12
            && (day == 0 || (month > 0 && day <= days(year, month)));
        let packed = NonZeroU32::new(year << 9 | month << 5 | day)?;
        exists.then_some(Date(packed))
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> u32 {
        self.0.get() >> 9
    }

    /// The month, 1 to 12, where known.
    pub fn month(self) -> Option<u32> {
        Some(self.0.get() >> 5 & 15).filter(|month| *month > 0)
    }

    /// The day of the month, from 1, where known.
    pub fn day(self) -> Option<u32> {
        Some(self.0.get() & 31).filter(|day| *day > 0)
    }

    /// The first day that the date may mean.
    pub fn first_day(self) -> Date {
        let (month, day) = (self.month().unwrap_or(1), self.day().unwrap_or(1));
        Date::new(self.year(), month, day).unwrap_or(self)
    }

    /// The last day that the date may mean.
    pub fn last_day(self) -> Date {
        let month = self.month().unwrap_or(12);
        let day = self.day().unwrap_or_else(|| days(self.year(), month));
        Date::new(self.year(), month, day).unwrap_or(self)
    }

    /// The date as one number that keeps the order; for files.
    pub fn packed(self) -> u32 {
        self.0.get()
    }

    /// The date of a number that [`Date::packed`] gave; `None` for any other.
    pub fn from_packed(packed: u32) -> Option<Date> {
        Date::new(packed >> 9, packed >> 5 & 15, packed & 31)
    }
}

impl fmt::Display for Date {
    /// ISO 8601, as exact as it is: `2003`, `2003-05`, `2003-05-07`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year())?;
        if let Some(month) = self.month() {
            write!(f, "-{month:02}")?;
        }
        match self.day() {
            Some(day) => write!(f, "-{day:02}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Monday and Sunday of an ISO week, `YYYY-Www`.
fn week(text: &str) -> Option<(Date, Date)> {
    let (year, week) = text.split_once("-W")?;
    let year = Date::parse(year)?.year();
    let week: i64 = week.parse().ok().filter(|_| week.len() == 2)?;
    // The fourth of January is in week 1; day 0 is a Monday (0001-01-01 was one).
    let fourth = day_number(year, 1, 4);
    let monday = fourth - fourth.rem_euclid(7) + 7 * (week - 1);
    let (first, last) = (of_day_number(monday)?, of_day_number(monday + 6)?);
    // The Thursday decides in which year a week is.
    let thursday = of_day_number(monday + 3)?;
    (1 <= week && thursday.year() == year).then_some((first, last))
}

/// Days from 0001-01-01 to a day.
fn day_number(year: u32, month: u32, day: u32) -> i64 {
    let past = i64::from(year) - 1;
    let before: u32 = (1..month).map(|month| days(year, month)).sum();
    past * 365 + past / 4 - past / 100 + past / 400 + i64::from(before) + i64::from(day) - 1
}

fn of_day_number(number: i64) -> Option<Date> {
    // A first guess that is never too late, and at most a year early.
    let mut year = u32::try_from(number * 400 / 146_097).ok()?.max(1);
    while day_number(year + 1, 1, 1) <= number {
        year += 1;
    }
    let mut rest = u32::try_from(number - day_number(year, 1, 1)).ok()?;
    let mut month = 1;
    while days(year, month) <= rest {
        rest -= days(year, month);
        month += 1;
    }
    Date::new(year, month, rest + 1)
}

/// Days of a month; 31 for a month that does not exist.
fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn dates_are_read() {
        // name, written, read and written again, first day, last day
        let cases = [
            (
                "day",
                "2025-01-16",
                Some(("2025-01-16", "2025-01-16", "2025-01-16")),
            ),
            (
                "month",
                "2003-05",
                Some(("2003-05", "2003-05-01", "2003-05-31")),
            ),
            ("year", "2003", Some(("2003", "2003-01-01", "2003-12-31"))),
            (
                "February",
                "2025-02",
                Some(("2025-02", "2025-02-01", "2025-02-28")),
            ),
            (
                "leap year",
                "2024-02",
                Some(("2024-02", "2024-02-01", "2024-02-29")),
            ),
            (
                "century",
                "1900-02",
                Some(("1900-02", "1900-02-01", "1900-02-28")),
            ),
            (
                "time",
                "2025-01-16T10:00",
                Some(("2025-01-16", "2025-01-16", "2025-01-16")),
            ),
            ("no such day", "2025-02-29", None),
            ("month 13", "2025-13", None),
            ("month 0", "2025-00", None),
            ("day 0", "2025-01-00", None),
            ("day of month 0", "2025-00-01", None),
            ("year 0", "0000", None),
            ("words", "yesterday", None),
            ("sign", "+025", None),
            ("one digit", "2025-1", None),
            ("four parts", "2025-01-01-01", None),
            ("empty", "", None),
        ];
        for (name, written, want) in cases {
            let date = Date::parse(written);
            let got = date.map(|date| {
                (
                    date.to_string(),
                    date.first_day().to_string(),
                    date.last_day().to_string(),
                )
            });
            let want = want.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
            assert_eq!(got, want, "{name}");
            if let Some(date) = date {
                assert_eq!(
                    Date::from_packed(date.packed()),
                    Some(date),
                    "{name}: packed"
                );
            }
        }
    }

    #[test]
    fn spans_are_read() {
        // name, written, first, last
        let cases = [
            ("day", "2025-01-16", Some(("2025-01-16", "2025-01-16"))),
            ("year", "2003", Some(("2003", "2003"))),
            ("week", "2025-W03", Some(("2025-01-13", "2025-01-19"))),
            (
                "week that begins in the year before",
                "2026-W01",
                Some(("2025-12-29", "2026-01-04")),
            ),
            ("week 53", "2020-W53", Some(("2020-12-28", "2021-01-03"))),
            ("no week 53", "2021-W53", None),
            ("no week 0", "2021-W00", None),
            ("ends after the last year", "9999-W52", None),
            ("interval", "2003-06/2003-08", Some(("2003-06", "2003-08"))),
            (
                "interval of weeks",
                "2025-W03/2025-W04",
                Some(("2025-01-13", "2025-01-26")),
            ),
            ("open end", "1998/..", Some(("1998", "1998"))),
            ("open beginning", "../2004", Some(("2004", "2004"))),
            ("open both", "../..", None),
            ("backwards", "2004/2003", None),
            ("within", "2003-05/2003", Some(("2003-05", "2003"))),
            ("three", "2003/2004/2005", None),
            ("words", "a/b", None),
        ];
        for (name, written, want) in cases {
            let span = Date::span(written).map(|(a, b)| (a.to_string(), b.to_string()));
            let want = want.map(|(a, b)| (a.to_owned(), b.to_owned()));
            assert_eq!(span, want, "{name}");
        }
    }
}
