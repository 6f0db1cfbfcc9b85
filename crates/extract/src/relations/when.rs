//! When a relation holds: which expression of time belongs to which predicate.
//!
//! An expression dates the clause that it stands in. It is followed up the tree to its verb; on
//! the way it may pass a name or the verb's own object, which parses take for its host ("imposed
//! sanctions in March"), but no other clause.

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use tieline_facts::Modality;
use tieline_text::{DepRel, Upos, Xpos};

use super::status::Status;
use super::syntax::{NONE, Tree};
use super::words;
use crate::time::{self, Bound, Expression, Period, Tense};

/// Steps from an expression to its verb, and from a predicate to the verb that carries it.
const STEPS: usize = 4;

/// An expression with its place in the tree.
#[derive(Debug)]
struct Dated {
    expression: Expression,
    /// First token and the one behind the last.
    tokens: (u32, u32),
    /// The token that hangs on something outside.
    head: u32,
}

/// The expressions of time of a document, sentence by sentence as they are asked for.
#[derive(Debug)]
pub struct Calendar {
    now: Option<Date>,
    sentences: FxHashMap<usize, Vec<Dated>>,
}

/// When something happened, or a state began and ended: ISO 8601.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// When it happened.
    pub date: Option<String>,
    /// When it began.
    pub from: Option<String>,
    /// When it ended.
    pub until: Option<String>,
    /// The words say that it is over.
    pub over: bool,
}

impl Calendar {
    /// For one document.
    pub fn new(tree: &Tree<'_>) -> Calendar {
        Calendar {
            now: time::date_of(tree.document),
            sentences: FxHashMap::default(),
        }
    }

    /// The dates of what `predicate` says; `state`: it is a state and no event.
    pub fn dates(
        &mut self,
        tree: &Tree<'_>,
        predicate: u32,
        status: &Status,
        state: bool,
    ) -> Dates {
        let mut dates = Dates::default();
        let Some(sentence) = tree.parsed.sentence_of(predicate) else {
            return dates;
        };
        let past = is_past(tree, predicate);
        dates.over = state && past && tree.lemma(predicate) == "serve";
        let all = self
            .sentences
            .entry(sentence)
            .or_insert_with(|| expressions(tree, sentence));
        if all.is_empty() {
            return dates;
        }
        let targets = targets(tree, predicate);
        let best = all
            .iter()
            .filter_map(|dated| attached(tree, dated, &targets).map(|rank| (rank, dated)))
            .min_by_key(|(rank, dated)| (*rank, dated.tokens.0.abs_diff(predicate)));
        let Some((_, dated)) = best else {
            return dates;
        };
        let tense = tense(tree, predicate, status);
        let when = time::resolve(&dated.expression, self.now, tense);
        let text = |period: Option<Period>| period.map(|period| period.to_string());
        let (at, from, until) = (text(when.at), text(when.from), text(when.until));
        let verb = turning_verb(tree, &targets);
        match (state, at) {
            (true, Some(at)) if verb.is_some_and(|verb| ENDS.contains(&verb)) => {
                dates.until = Some(at);
            }
            (true, Some(at)) if verb.is_some_and(|verb| STARTS.contains(&verb)) => {
                dates.from = Some(at);
            }
            (_, Some(at)) => dates.date = Some(at),
            (true, None) => {
                let ended = matches!(dated.expression.bound, Bound::Until | Bound::Range(_));
                dates.over |= ended && past && tense == Tense::Past;
                dates.from = from;
                dates.until = until;
            }
            (false, None) => match (from, until) {
                (Some(from), Some(until)) => dates.date = Some(format!("{from}/{until}")),
                (from, until) => {
                    dates.from = from;
                    dates.until = until;
                }
            },
        }
        dates
    }
}

/// Verbs and nouns with which a state begins.
const STARTS: &[&str] = &[
    "become",
    "appoint",
    "elect",
    "name",
    "join",
    "take",
    "marry",
    "found",
    "move",
    "hire",
    "start",
    "begin",
    "establish",
    "open",
    "wed",
    "enter",
    "succeed",
    "crown",
    "install",
    "nominate",
    "promote",
    "settle",
    "launch",
    "assume",
    "swear",
    "buy",
    "acquire",
    "sign",
    "choose",
    "pick",
    "admit",
    "accede",
];

/// Verbs with which it ends.
const ENDS: &[&str] = &[
    "resign", "leave", "quit", "retire", "step", "divorce", "end", "dissolve", "dismiss", "sack",
    "oust", "depose", "fire", "separate", "sell", "split", "withdraw", "stand",
];

/// The verb that starts or ends something, among the predicate and what carries it.
fn turning_verb<'a>(tree: &Tree<'a>, targets: &[u32]) -> Option<&'a str> {
    let mut lemmas = targets.iter().map(|&target| tree.lemma(target));
    lemmas.find(|lemma| STARTS.contains(lemma) || ENDS.contains(lemma))
}

fn expressions(tree: &Tree<'_>, sentence: usize) -> Vec<Dated> {
    let Some(sentence) = tree.parsed.sentences().get(sentence) else {
        return Vec::new();
    };
    let range = sentence.tokens.clone();
    let words: Vec<&str> = range.clone().map(|token| tree.text(token)).collect();
    let place = |expression: Expression| {
        let start = range.start + expression.words.start as u32;
        let end = range.start + expression.words.end as u32;
        let outside = |&token: &u32| {
            let head = tree.head(token);
            head == token || head < start || end <= head
        };
        // "the 2003 invasion": a preposition may hang outside, the year counts
        let inside = (start..end).rev().find(|token| {
            outside(token) && !matches!(tree.upos(*token), Upos::Adp | Upos::Punct | Upos::Sconj)
        });
        let head = inside.or_else(|| (start..end).find(outside))?;
        Some(Dated {
            expression,
            tokens: (start, end),
            head,
        })
    };
    time::find(&words).into_iter().filter_map(place).collect()
}

/// The predicate and the verbs that carry it, nearest first, each with whether it is the
/// governor of a plan ("agreed to"), whose own date stands between the two.
fn targets(tree: &Tree<'_>, predicate: u32) -> Vec<u32> {
    let mut targets = vec![predicate];
    let mut at = predicate;
    for _ in 0..STEPS {
        let head = tree.head(at);
        if head == at {
            break;
        }
        let carries = words::LIGHT | words::OCCUR | words::PLAN;
        let carried = match tree.rel(at) {
            DepRel::Xcomp => true,
            DepRel::Obj | DepRel::NsubjPass | DepRel::Nsubj => {
                tree.is(head, carries) && !matches!(tree.upos(head), Upos::Noun | Upos::Propn)
            }
            DepRel::Obl => tree.is(head, words::LIGHT),
            DepRel::Conj => tree
                .child(at, &[DepRel::Nsubj, DepRel::NsubjPass])
                .is_none(),
            _ => false,
        };
        if !carried {
            break;
        }
        targets.push(head);
        at = head;
    }
    targets
}

/// How far an expression is from a predicate; `None` if it dates something else.
fn attached(tree: &Tree<'_>, dated: &Dated, targets: &[u32]) -> Option<usize> {
    let predicate = *targets.first()?;
    let mut at = dated.head;
    for step in 0..=STEPS {
        let head = tree.head(at);
        if let Some(rank) = targets
            .iter()
            .position(|&target| target == head && at != head)
        {
            let governor = rank > 0;
            // "agreed on Thursday to visit": the date is the agreement's
            let between = head < dated.tokens.0 && dated.tokens.1 <= predicate;
            let own = tree.rel(predicate) == DepRel::Xcomp || tree.rel(predicate) == DepRel::Conj;
            if governor && own && between {
                return None;
            }
            // "met on Monday and visited": of two verbs joined, a date behind the first is its own
            let first = governor && tree.rel(predicate) == DepRel::Conj && head < dated.tokens.0;
            return (!first && dates_clause(tree, at)).then_some(rank + step);
        }
        if head == at || !climbs(tree, at, head) {
            return None;
        }
        at = head;
    }
    None
}

/// Whether a phrase dates what it hangs on, and is not its subject or object.
fn dates_clause(tree: &Tree<'_>, token: u32) -> bool {
    !matches!(tree.rel(token), DepRel::Nsubj | DepRel::NsubjPass)
}

/// Whether the date may belong to what the host belongs to.
fn climbs(tree: &Tree<'_>, at: u32, host: u32) -> bool {
    let hung = matches!(
        tree.rel(at),
        DepRel::Nmod
            | DepRel::NmodUnmarked
            | DepRel::Obl
            | DepRel::OblUnmarked
            | DepRel::Advmod
            | DepRel::Nummod
            | DepRel::Appos
            | DepRel::Obj
    );
    if !hung || matches!(tree.upos(host), Upos::Verb | Upos::Aux) {
        return false;
    }
    if tree.name_mention[host as usize] != NONE {
        return true;
    }
    let plain = matches!(
        tree.rel(at),
        DepRel::Nmod | DepRel::NmodUnmarked | DepRel::Obj
    );
    let object = matches!(
        tree.rel(host),
        DepRel::Obj | DepRel::Obl | DepRel::NsubjPass | DepRel::OblUnmarked
    );
    // "the invasion of Iraq in 2003": the noun is an event of its own
    let eventful = tree
        .children(host)
        .iter()
        .any(|&child| child != at && matches!(tree.rel(child), DepRel::Nmod | DepRel::NmodPoss));
    plain && object && !eventful
}

/// Whether the verb or copula is in the simple past.
fn is_past(tree: &Tree<'_>, predicate: u32) -> bool {
    let aux = [DepRel::Cop, DepRel::AuxPass, DepRel::Aux];
    match tree.child(predicate, &aux) {
        Some(aux) => tree.says(aux, "was") || tree.says(aux, "were"),
        None => tree.xpos(predicate) == Xpos::Vbd,
    }
}

fn tense(tree: &Tree<'_>, predicate: u32, status: &Status) -> Tense {
    let mut have = false;
    let mut progressive = false;
    for &child in tree.children(predicate) {
        if matches!(tree.rel(child), DepRel::Aux | DepRel::AuxPass) {
            have |= ["have", "has", "had", "having", "did"]
                .iter()
                .any(|w| tree.says(child, w));
            progressive |= ["is", "are", "am", "'s", "’s"]
                .iter()
                .any(|w| tree.says(child, w));
        }
    }
    let base = tree.xpos(predicate) == Xpos::Vb || tree.upos(predicate) != Upos::Verb;
    match status.modality {
        _ if have => Tense::Past,
        Modality::Planned => Tense::Future,
        Modality::Possible if base || tree.xpos(predicate) == Xpos::Vbn => Tense::Future,
        _ if progressive && tree.xpos(predicate) == Xpos::Vbg => Tense::Future,
        _ => Tense::Past,
    }
}
