//! How much a relation is about: "£12.8bn", "a 12% stake", "2,000 troops".

use tieline_facts::Amount;
use tieline_text::{DepRel, Upos, Xpos};

use super::syntax::Tree;

/// Money changes hands, or is owed.
const MONEY: u8 = 1;
/// A share of a whole.
const SHARE: u8 = 2;
/// Things or people that are counted.
const COUNT: u8 = 4;
/// A stretch of time, as of a sentence.
const TERM: u8 = 8;

/// The relations that have an amount, and of which sort; sorted.
const RELATIONS: &[(&str, u8)] = &[
    ("acquired", MONEY | SHARE),
    ("agreed_with", MONEY),
    ("convicted", TERM),
    ("deployed_to", COUNT),
    ("fined", MONEY),
    ("funded", MONEY),
    ("gave_aid_to", MONEY | COUNT),
    ("invested_in", MONEY | SHARE),
    ("merged_with", MONEY),
    ("owns", SHARE),
    ("signed_deal_with", MONEY),
    ("sued", MONEY),
    ("supplied_arms_to", MONEY | COUNT),
    ("supplies", MONEY | COUNT),
    ("withdrew_from", COUNT),
];

/// Steps from an amount to its predicate.
const STEPS: usize = 5;

/// The amount that belongs to a predicate, if its relation has amounts and the clause gives one:
/// the nearest. Linear in the length of the sentence.
pub fn amount(tree: &Tree<'_>, relation: &str, predicate: u32) -> Option<Amount> {
    let at = RELATIONS
        .binary_search_by(|(name, _)| (*name).cmp(relation))
        .ok()?;
    let (_, sorts) = RELATIONS.get(at)?;
    let sentence = tree
        .parsed
        .sentences()
        .get(tree.parsed.sentence_of(predicate)?)?;
    let range = sentence.tokens.clone();
    let mut best: Option<(usize, Found)> = None;
    let mut token = range.start;
    while token < range.end {
        let Some(found) = read(tree, token, range.end) else {
            token += 1;
            continue;
        };
        token = found.end.max(token + 1);
        if found.sort & sorts == 0 {
            continue;
        }
        if let Some(distance) = distance(tree, &found, predicate)
            && best.as_ref().is_none_or(|(old, _)| distance < *old)
        {
            best = Some((distance, found));
        }
    }
    let (_, found) = best?;
    let span = tree.parsed.span_of(found.start..found.end);
    Some(Amount {
        text: span.slice(&tree.document.text)?.to_owned(),
        value: found.value,
        unit: found.unit,
    })
}

struct Found {
    start: u32,
    end: u32,
    value: f64,
    unit: String,
    sort: u8,
}

/// Steps from the amount up to the predicate, over what may carry an amount.
fn distance(tree: &Tree<'_>, found: &Found, predicate: u32) -> Option<usize> {
    let inside = |token: u32| (found.start..found.end).contains(&token);
    if inside(predicate) {
        return Some(0);
    }
    let mut at = (found.start..found.end).find(|&token| {
        let head = tree.head(token);
        !inside(head) && !matches!(tree.upos(token), Upos::Punct | Upos::Adp | Upos::Det)
    })?;
    let mut carrier = predicate;
    if let Some(verb) = tree.carrier(predicate) {
        carrier = verb; // "made an investment of 3bn"
    }
    for step in 1..=STEPS {
        let head = tree.head(at);
        if head == at {
            return None;
        }
        let rel = tree.rel(at);
        let carried = matches!(
            rel,
            DepRel::Obj
                | DepRel::Iobj
                | DepRel::Obl
                | DepRel::OblUnmarked
                | DepRel::Nmod
                | DepRel::NmodUnmarked
                | DepRel::NmodPoss
                | DepRel::NmodDesc
                | DepRel::Nummod
                | DepRel::Compound
                | DepRel::Amod
                | DepRel::Appos
                | DepRel::NsubjPass
                | DepRel::Xcomp
        ) || (rel == DepRel::Nsubj && found.sort == COUNT)
            || (rel == DepRel::Acl && matches!(tree.lemma(at), "value" | "worth" | "estimate"));
        if !carried {
            return None;
        }
        if head == predicate || head == carrier {
            return Some(step);
        }
        if tree.upos(head) == Upos::Verb && !matches!(tree.lemma(head), "value" | "estimate") {
            return None;
        }
        at = head;
    }
    None
}

/// The amount whose first word is at `token`.
fn read(tree: &Tree<'_>, token: u32, end: u32) -> Option<Found> {
    let start = token;
    let article = tree.says(token, "a") || tree.says(token, "an");
    let mut at = token + u32::from(article);
    // "$3bn", "US$ 3bn", "EUR 3m"
    let (currency, glued) = split_currency(tree.text(at));
    let mut unit = currency;
    let mut text = glued;
    if unit.is_some() && text.is_empty() {
        at += 1;
        text = tree.text(at);
        if let (Some(second), rest) = split_currency(text) {
            // "US" "$3bn"
            unit = Some(second);
            text = rest;
            if text.is_empty() {
                at += 1;
                text = tree.text(at);
            }
        }
    }
    if end <= at {
        return None;
    }
    let (mut value, rest) = number(text)?;
    at += 1;
    let mut rest = rest;
    let mut percent = rest == "%";
    if !rest.is_empty() && !percent {
        let (glued, foreign) = match magnitude(rest) {
            Some(factor) => (factor, false),
            None => (1.0, true),
        };
        if foreign {
            return None;
        }
        value *= glued;
        rest = "";
    }
    if rest.is_empty() {
        let hyphen = u32::from(tree.says(at, "-"));
        if at + hyphen < end
            && let Some(factor) = magnitude(tree.text(at + hyphen))
            && (unit.is_some() || tree.text(at + hyphen).len() > 1)
        {
            value *= factor;
            at += hyphen + 1;
        }
    }
    let hyphen = u32::from(tree.says(at, "-"));
    let next = at + hyphen;
    if let Some(unit) = unit {
        return Some(money(start, at, value, unit, article));
    }
    if next < end && !percent {
        if let Some((unit, length)) = currency_words(tree, next) {
            return Some(money(start, next + length, value, unit, article));
        }
        if tree.says(next, "%") || tree.says(next, "percent") || tree.says(next, "pct") {
            percent = true;
            at = next + 1;
        } else if tree.says(next, "per") && tree.says(next + 1, "cent") {
            percent = true;
            at = next + 2;
        }
    }
    if percent {
        let noun = ["stake", "share", "interest", "holding"];
        if noun.iter().any(|word| tree.says(at, word)) {
            at += 1;
        }
        return Some(Found {
            start,
            end: at,
            value,
            unit: "%".to_owned(),
            sort: SHARE,
        });
    }
    if article || value < 1.0 {
        return None;
    }
    // "2,000 soldiers", "30 armoured vehicles"
    let mut noun = at;
    for _ in 0..3 {
        if end <= noun {
            return None;
        }
        match (tree.upos(noun), tree.xpos(noun)) {
            (Upos::Noun, Xpos::Nns) => {
                let lemma = tree.lemma(noun);
                let years = ["year", "month", "week", "day", "hour", "minute"];
                let sort = match years.contains(&lemma) {
                    true => TERM,
                    false => COUNT,
                };
                return Some(Found {
                    start,
                    end: noun + 1,
                    value,
                    unit: if lemma == "troops" { "troop" } else { lemma }.to_owned(),
                    sort,
                });
            }
            (Upos::Adj | Upos::Noun, _) | (_, Xpos::Vbn) => noun += 1,
            _ => return None,
        }
    }
    None
}

fn money(start: u32, end: u32, value: f64, unit: &'static str, article: bool) -> Found {
    Found {
        start: start + u32::from(article),
        end,
        value,
        unit: unit.to_owned(),
        sort: MONEY,
    }
}

/// The currency that a word starts with, and the rest of the word.
fn split_currency(word: &str) -> (Option<&'static str>, &str) {
    const SIGNS: [(&str, &str); 22] = [
        ("US$", "USD"),
        ("A$", "AUD"),
        ("C$", "CAD"),
        ("NZ$", "NZD"),
        ("HK$", "HKD"),
        ("S$", "SGD"),
        ("R$", "BRL"),
        ("$", "USD"),
        ("£", "GBP"),
        ("€", "EUR"),
        ("¥", "JPY"),
        ("₹", "INR"),
        ("₽", "RUB"),
        ("₩", "KRW"),
        ("₺", "TRY"),
        ("₴", "UAH"),
        ("USD", "USD"),
        ("EUR", "EUR"),
        ("GBP", "GBP"),
        ("CHF", "CHF"),
        ("JPY", "JPY"),
        ("US", "USD"),
    ];
    let found = SIGNS.iter().find_map(|(sign, code)| {
        let rest = word.strip_prefix(sign)?;
        let number = rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit() || c == '$');
        number.then_some((*code, rest))
    });
    match found {
        // "US" alone is a country unless a sign follows; `read` looks at the next word
        Some((code, rest)) => (Some(code), rest.trim_start_matches('$')),
        None => (None, word),
    }
}

fn currency_words(tree: &Tree<'_>, at: u32) -> Option<(&'static str, u32)> {
    const NAMES: [(&str, &str); 26] = [
        ("dollar", "USD"),
        ("dollars", "USD"),
        ("euro", "EUR"),
        ("euros", "EUR"),
        ("pound", "GBP"),
        ("pounds", "GBP"),
        ("yen", "JPY"),
        ("yuan", "CNY"),
        ("renminbi", "CNY"),
        ("rupees", "INR"),
        ("roubles", "RUB"),
        ("rubles", "RUB"),
        ("francs", "CHF"),
        ("won", "KRW"),
        ("lira", "TRY"),
        ("rand", "ZAR"),
        ("rands", "ZAR"),
        ("zlotys", "PLN"),
        ("zloty", "PLN"),
        ("hryvnia", "UAH"),
        ("shekels", "ILS"),
        ("kroner", "NOK"),
        ("kronor", "SEK"),
        ("usd", "USD"),
        ("eur", "EUR"),
        ("gbp", "GBP"),
    ];
    const NATIONS: [(&str, &str, &str); 12] = [
        ("us", "dollars", "USD"),
        ("u.s.", "dollars", "USD"),
        ("american", "dollars", "USD"),
        ("australian", "dollars", "AUD"),
        ("canadian", "dollars", "CAD"),
        ("british", "pounds", "GBP"),
        ("swiss", "francs", "CHF"),
        ("egyptian", "pounds", "EGP"),
        ("norwegian", "kroner", "NOK"),
        ("danish", "kroner", "DKK"),
        ("swedish", "kronor", "SEK"),
        ("pakistani", "rupees", "PKR"),
    ];
    let nation = NATIONS
        .iter()
        .find(|(nation, name, _)| tree.says(at, nation) && tree.says(at + 1, name));
    if let Some((_, _, code)) = nation {
        return Some((code, 2));
    }
    let name = NAMES.iter().find(|(name, _)| tree.says(at, name))?;
    Some((name.1, 1))
}

/// The number that a word starts with, and what follows it: "12.8bn" is 12.8 and "bn".
fn number(word: &str) -> Option<(f64, &str)> {
    const WORDS: [(&str, f64); 20] = [
        ("one", 1.0),
        ("two", 2.0),
        ("three", 3.0),
        ("four", 4.0),
        ("five", 5.0),
        ("six", 6.0),
        ("seven", 7.0),
        ("eight", 8.0),
        ("nine", 9.0),
        ("ten", 10.0),
        ("eleven", 11.0),
        ("twelve", 12.0),
        ("fifteen", 15.0),
        ("twenty", 20.0),
        ("thirty", 30.0),
        ("forty", 40.0),
        ("fifty", 50.0),
        ("sixty", 60.0),
        ("eighty", 80.0),
        ("ninety", 90.0),
    ];
    if let Some((_, value)) = WORDS
        .iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name))
    {
        return Some((*value, ""));
    }
    let end = word
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
        .unwrap_or(word.len());
    let digits = word.get(..end)?.trim_end_matches(['.', ',']);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let plain: String = digits.chars().filter(|c| *c != ',').collect();
    let rest = word.get(digits.len()..)?;
    Some((plain.parse().ok()?, rest))
}

fn magnitude(word: &str) -> Option<f64> {
    Some(match word.to_ascii_lowercase().trim_end_matches('.') {
        "hundred" => 100.0,
        "k" | "thousand" => 1e3,
        "m" | "mn" | "mln" | "million" | "mio" => 1e6,
        "b" | "bn" | "bln" | "billion" => 1e9,
        "t" | "tn" | "trillion" => 1e12,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_with_amounts_are_sorted() {
        assert!(RELATIONS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn numbers() {
        // word, value, rest
        let cases = [
            ("12.8bn", Some((12.8, "bn"))),
            ("2,000", Some((2000.0, ""))),
            ("12%", Some((12.0, "%"))),
            ("three", Some((3.0, ""))),
            ("1,000,000.", Some((1_000_000.0, "."))),
            ("3.", Some((3.0, "."))),
            ("100m", Some((100.0, "m"))),
            ("bn", None),
            (".5", None),
            ("1.2.3", None),
            ("", None),
            ("–", None),
        ];
        for (word, want) in cases {
            assert_eq!(number(word), want, "{word}");
        }
    }

    #[test]
    fn currencies_in_front() {
        // word, code, rest
        let cases = [
            ("$3bn", Some("USD"), "3bn"),
            ("US$3bn", Some("USD"), "3bn"),
            ("A$4m", Some("AUD"), "4m"),
            ("£", Some("GBP"), ""),
            ("EUR", Some("EUR"), ""),
            ("EUROPE", None, "EUROPE"),
            ("€5", Some("EUR"), "5"),
            ("5", None, "5"),
        ];
        for (word, code, rest) in cases {
            assert_eq!(split_currency(word), (code, rest), "{word}");
        }
    }

    #[test]
    fn magnitudes() {
        for (word, want) in [
            ("bn", Some(1e9)),
            ("Million", Some(1e6)),
            ("tn", Some(1e12)),
            ("thousand", Some(1e3)),
            ("troops", None),
        ] {
            assert_eq!(magnitude(word), want, "{word}");
        }
    }
}
