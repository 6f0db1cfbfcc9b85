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
}
