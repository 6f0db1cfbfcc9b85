//! How probable it is that a match states its relation: a logistic regression over a few signs.
//!
//! The weights are fitted by `cargo lab confidence` on matches that annotators judged, and stand
//! in a small file (`crates/data/models/confidence.tsv`). Without weights the confidence is the
//! rule's own estimate times the certainty of both ends.

use std::error::Error;
use std::fmt;

use super::language::{Class, Rule};
use super::syntax::{Arg, NONE, Tree};

/// Newest version of the weights' format. History: 1 - first layout.
pub const CONFIDENCE_FORMAT: u32 = 1;

/// What is looked at, in order. `rule` is the log-odds of the rule's own estimate; `subject` and
/// `object` the natural log of how certain it is whom the ends refer to (0 is certain); `arcs` the
/// smallest margin of an arc on the way to an end, up to 8; `distance` the log of the tokens to
/// the farther end, `length` that of the sentence's; `hedged` 1 if the statement is not plainly
/// asserted; the classes 1 for rules of that class.
pub const FACTORS: [&str; 11] = [
    "bias", "rule", "subject", "object", "arcs", "distance", "length", "hedged", "event", "role",
    "link",
];

/// One value a factor.
pub type Factors = [f32; FACTORS.len()];

/// Weights of the factors.
#[derive(Clone, Debug, Default)]
pub struct Confidence {
    weights: Option<Factors>,
}

/// A file of weights that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfidenceError {
    /// Line, counted from 1; 0 for the whole file.
    pub line: u32,
    /// What is wrong with it.
    pub kind: ConfidenceErrorKind,
}

/// The kind of a [`ConfidenceError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfidenceErrorKind {
    /// The first line is not `#! confidence 1`.
    Header,
    /// A row is no `factor<TAB>weight` with a known factor and a finite number.
    Row,
    /// A factor has no row.
    Missing(&'static str),
}

impl fmt::Display for ConfidenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "confidence, line {}: ", self.line)?;
        match self.kind {
            ConfidenceErrorKind::Header => {
                write!(f, "expected the header `#! confidence {CONFIDENCE_FORMAT}`")
            }
            ConfidenceErrorKind::Row => write!(f, "expected a factor and its weight"),
            ConfidenceErrorKind::Missing(name) => write!(f, "no weight of `{name}`"),
        }
    }
}

impl Error for ConfidenceError {}

impl Confidence {
    /// Reads weights: a `#! confidence 1` line, then `factor<TAB>weight` rows, one for each of
    /// [`FACTORS`]. Blank lines and lines that start with `#` are skipped.
    pub fn parse(text: &str) -> Result<Confidence, ConfidenceError> {
        let fault = |line, kind| Err(ConfidenceError { line, kind });
        let mut lines = text.lines().zip(1u32..);
        if lines.next().map(|(line, _)| line.trim_end()) != Some("#! confidence 1") {
            return fault(1, ConfidenceErrorKind::Header);
        }
        let mut weights = [f32::NAN; FACTORS.len()];
        for (row, line) in lines {
            if row.trim().is_empty() || row.starts_with('#') {
                continue;
            }
            let cells = row.split_once('\t');
            let place = cells.and_then(|(name, _)| FACTORS.iter().position(|f| *f == name));
            let weight = cells.and_then(|(_, weight)| weight.trim().parse::<f32>().ok());
            match (place, weight.filter(|weight| weight.is_finite())) {
                (Some(place), Some(weight)) => weights[place] = weight,
                _ => return fault(line, ConfidenceErrorKind::Row),
            }
        }
        match FACTORS.iter().zip(weights).find(|(_, w)| w.is_nan()) {
            Some((name, _)) => fault(0, ConfidenceErrorKind::Missing(name)),
            None => Ok(Confidence {
                weights: Some(weights),
            }),
        }
    }

    /// The probability of a clause of the open layer, `product` where there are no weights.
    pub fn open(&self, product: f32, factors: &Factors) -> f32 {
        match &self.weights {
            None => product,
            Some(weights) => probability(weights, factors),
        }
    }

    /// The probability, 0 to 1.
    pub fn of(&self, rule: &Rule, subject: &Arg, object: &Arg, factors: &Factors) -> f32 {
        match &self.weights {
            None => rule.confidence * subject.certainty * object.certainty,
            Some(weights) => probability(weights, factors),
        }
    }
}

/// The logistic function of the weighted sum. The same bits on every machine: logarithm and
/// exponential are our own sums of products, not the system's.
pub fn probability(weights: &Factors, factors: &Factors) -> f32 {
    let products = weights.iter().zip(factors);
    let sum = products.fold(0.0, |sum, (w, x)| sum + f64::from(*w) * f64::from(*x));
    (1.0 / (1.0 + exp(-sum))) as f32
}

/// The exponential function by its series, for -700 to 700.
fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let doublings = (x / std::f64::consts::LN_2).round();
    let rest = x - doublings * std::f64::consts::LN_2;
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..16 {
        term *= rest / f64::from(n);
        sum += term;
    }
    let factor = if doublings < 0.0 { 0.5 } else { 2.0 };
    (0..doublings.abs() as u32).fold(sum, |value, _| value * factor)
}

/// The natural logarithm of a positive number by the series of its area tangent.
fn ln(x: f32) -> f32 {
    let (mut x, mut doublings) = (f64::from(x.max(f32::MIN_POSITIVE)), 0i32);
    while x > 1.5 {
        x *= 0.5;
        doublings += 1;
    }
    while x < 0.75 {
        x *= 2.0;
        doublings -= 1;
    }
    let t = (x - 1.0) / (x + 1.0);
    let (mut power, mut sum) = (t, 0.0);
    for n in 0..12 {
        sum += power / f64::from(2 * n + 1);
        power *= t * t;
    }
    (2.0 * sum + f64::from(doublings) * std::f64::consts::LN_2) as f32
}

/// What is known about a match. `sentence` is its length in tokens.
pub(super) fn factors(
    rule: &Rule,
    tree: &Tree<'_>,
    trigger: u32,
    ends: [&Arg; 2],
    sentence: u32,
    hedged: bool,
) -> Factors {
    let mut factors = open_factors(rule.confidence, tree, trigger, ends, sentence, hedged);
    let flag = |on: bool| f32::from(u8::from(on));
    factors[8] = flag(rule.class == Class::Event);
    factors[9] = flag(rule.class == Class::Role);
    factors[10] = flag(matches!(rule.class, Class::Link(_)));
    factors
}

/// What is known about a clause of a verb, given how often such are right.
pub(super) fn open_factors(
    estimate: f32,
    tree: &Tree<'_>,
    trigger: u32,
    ends: [&Arg; 2],
    sentence: u32,
    hedged: bool,
) -> Factors {
    let estimate = estimate.clamp(0.02, 0.98);
    let margin = ends.map(|arg| least_margin(tree, trigger, arg.token));
    let distance = ends.map(|arg| arg.token.abs_diff(trigger));
    [
        1.0,
        ln(estimate / (1.0 - estimate)),
        ln(ends[0].certainty.clamp(0.1, 1.0)),
        ln(ends[1].certainty.clamp(0.1, 1.0)),
        margin[0].min(margin[1]),
        ln(1.0 + distance[0].max(distance[1]) as f32),
        ln(sentence.max(1) as f32),
        f32::from(u8::from(hedged)),
        0.0,
        0.0,
        0.0,
    ]
}

/// Steps up the tree at most.
const STEPS: usize = 10;
/// Margins above this are all alike.
const CERTAIN: f32 = 8.0;

/// The smallest margin of an arc on the way between two tokens; [`CERTAIN`] where the trees say
/// nothing about it.
fn least_margin(tree: &Tree<'_>, trigger: u32, end: u32) -> f32 {
    let mut above = [NONE; STEPS];
    let mut at = trigger;
    for slot in &mut above {
        *slot = at;
        if tree.head(at) == at {
            break;
        }
        at = tree.head(at);
    }
    let margin = |token: u32| tree.parsed.margin(token).unwrap_or(CERTAIN);
    let mut least = CERTAIN;
    let mut at = end;
    for _ in 0..STEPS {
        if let Some(meet) = above.iter().position(|token| *token == at) {
            let climbed = above.iter().take(meet);
            return climbed.fold(least, |least, token| least.min(margin(*token)));
        }
        least = least.min(margin(at));
        if tree.head(at) == at {
            break;
        }
        at = tree.head(at);
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(rows: &[(&str, &str)]) -> String {
        let rows: Vec<String> = rows.iter().map(|(n, w)| format!("{n}\t{w}\n")).collect();
        format!("#! confidence 1\n# note\n{}", rows.concat())
    }

    #[test]
    fn weights_are_read_and_faults_named() {
        let all: Vec<(&str, &str)> = FACTORS.iter().map(|name| (*name, "0.5")).collect();
        assert!(Confidence::parse(&file(&all)).is_ok());
        let with = |at: usize, row: (&'static str, &'static str)| {
            let mut rows = all.clone();
            rows[at] = row;
            file(&rows)
        };
        // name, text, line, kind
        let cases = [
            ("empty", String::new(), 1, ConfidenceErrorKind::Header),
            (
                "unknown",
                with(0, ("luck", "1")),
                3,
                ConfidenceErrorKind::Row,
            ),
            (
                "no number",
                with(1, ("rule", "much")),
                4,
                ConfidenceErrorKind::Row,
            ),
            (
                "infinite",
                with(1, ("rule", "inf")),
                4,
                ConfidenceErrorKind::Row,
            ),
            (
                "twice, one missing",
                with(1, ("bias", "1")),
                0,
                ConfidenceErrorKind::Missing("rule"),
            ),
        ];
        for (name, text, line, kind) in cases {
            let got = Confidence::parse(&text).err();
            assert_eq!(got, Some(ConfidenceError { line, kind }), "{name}");
        }
    }

    #[test]
    fn series_agree_with_the_library() {
        for n in -80..=80 {
            let x = f64::from(n) / 4.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12, "exp {x}");
        }
        for x in [
            0.02f32, 0.1, 0.5, 0.75, 0.9999, 1.0, 1.5, 2.0, 7.0, 49.0, 400.0,
        ] {
            assert!((ln(x) - x.ln()).abs() < 1e-6, "ln {x}");
        }
        assert!(exp(-1e9) >= 0.0 && exp(1e9).is_finite());
    }

    #[test]
    fn the_logistic_function() {
        let mut weights = [0.0; FACTORS.len()];
        let mut factors = [0.0; FACTORS.len()];
        assert_eq!(probability(&weights, &factors), 0.5);
        (weights[0], factors[0]) = (3.0, 1.0);
        assert!(probability(&weights, &factors) > 0.95);
        factors[0] = -1.0;
        assert!(probability(&weights, &factors) < 0.05);
    }
}
