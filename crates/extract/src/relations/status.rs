//! How a relation is said: polarity, modality, who says it, when.
//!
//! The classes follow the FactBank scheme of event factuality, cut down to what a news graph
//! needs. From the predicate the tree is walked upwards; every governor may change the status, and
//! the nearest cue decides.

use tieline_facts::{Modality, Polarity};
use tieline_text::{DepRel, Span, Upos, Xpos};

use super::syntax::Tree;
use super::words;

/// The status of one statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// Whether it is denied.
    pub polarity: Polarity,
    /// Nearest modality cue.
    pub modality: Modality,
    /// Entity of who says it.
    pub source: Option<u32>,
    /// Bytes of the words that name who says it.
    pub source_span: Option<Span>,
    /// What the statement turns into: a refusal to do it, or a threat to do it.
    pub turned: Option<Turned>,
    /// The words that decided, for whoever asks why.
    pub cues: Cues,
}

/// Tokens that decided on a status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cues {
    /// The negation or denial.
    pub polarity: Option<u32>,
    /// The nearest modality cue.
    pub modality: Option<u32>,
    /// The reporting verb or preposition.
    pub source: Option<u32>,
}

/// Governors that make another statement of what they govern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// "refused to meet X": a rejection.
    Refused,
    /// "threatened to attack X": a threat.
    Threatened,
}

/// Steps up the tree at most.
const STEPS: u32 = 10;

/// Finds the status of the statement whose predicate is `predicate`.
pub fn status(tree: &Tree<'_>, predicate: u32) -> Status {
    let mut walk = Walk {
        tree,
        negated: false,
        modality: None,
        source: None,
        open: true,
        turned: None,
        cues: Cues::default(),
    };
    let mut at = predicate;
    for _ in 0..STEPS {
        walk.children(at);
        let head = tree.head(at);
        if head == at {
            break;
        }
        walk.governor(at, head);
        at = head;
    }
    Status {
        polarity: if walk.negated {
            Polarity::Negated
        } else {
            Polarity::Affirmed
        },
        modality: walk.modality.unwrap_or_default(),
        source: walk.source.and_then(|(entity, _)| entity),
        source_span: walk.source.map(|(_, span)| span),
        turned: walk.turned,
        cues: walk.cues,
    }
}

struct Walk<'t, 'a> {
    tree: &'t Tree<'a>,
    negated: bool,
    modality: Option<Modality>,
    source: Option<(Option<u32>, Span)>,
    /// Whether what stands above still says something about the predicate's status. Behind a
    /// relative clause or an event that is taken for granted it does not.
    open: bool,
    turned: Option<Turned>,
    cues: Cues,
}

impl Walk<'_, '_> {
    fn cue(&mut self, modality: Modality, token: u32) {
        if self.open && self.modality.is_none() {
            self.modality = Some(modality);
            self.cues.modality = Some(token);
        }
    }

    /// Turns the polarity round.
    fn negate(&mut self, token: u32) {
        if self.open {
            self.negated = !self.negated;
            self.cues.polarity = Some(token);
        }
    }

    fn children(&mut self, at: u32) {
        let tree = self.tree;
        for &child in tree.children(at) {
            match tree.rel(child) {
                DepRel::Advmod | DepRel::CcPreconj | DepRel::Discourse => {
                    if is_negation(tree, child) {
                        self.negate(child);
                    } else {
                        self.modifier(child);
                    }
                }
                DepRel::Det if self.open && tree.says(child, "no") => {
                    self.negated = true;
                    self.cues.polarity = Some(child);
                }
                DepRel::Aux if self.open => self.auxiliary(at, child),
                DepRel::Mark
                    if ["if", "unless", "whether"]
                        .iter()
                        .any(|w| tree.says(child, w)) =>
                {
                    self.cue(Modality::Possible, child);
                }
                DepRel::Amod | DepRel::Compound => self.modifier(child),
                DepRel::Nsubj | DepRel::NsubjPass if self.open && subject_denies(tree, child) => {
                    self.negated = true;
                    self.cues.polarity = Some(child);
                }
                DepRel::Parataxis if tree.is(child, words::REPORT) => self.report(child),
                DepRel::Obl | DepRel::Nmod | DepRel::Parataxis
                    if tree.has_case(child, "according to")
                        || tree.has_case(child, "according") =>
                {
                    let case = tree.child(child, &[DepRel::Case]);
                    self.say(child, case.unwrap_or(child));
                }
                _ => {}
            }
        }
    }

    fn modifier(&mut self, word: u32) {
        let tree = self.tree;
        if tree.is(word, words::ALLEGE) {
            self.cue(Modality::Alleged, word);
        } else if tree.upos(word) != Upos::Noun && tree.is(word, words::POSSIBLE) {
            self.cue(Modality::Possible, word);
        } else if tree.upos(word) != Upos::Noun && tree.is(word, words::PLAN) {
            self.cue(Modality::Planned, word);
        } else if tree.is(word, words::FORMER) && !matches!(tree.upos(word), Upos::Adv) {
            self.cue(Modality::Former, word);
        }
    }

    fn auxiliary(&mut self, at: u32, aux: u32) {
        let tree = self.tree;
        let word = tree.lemma(aux);
        match word {
            "will" | "shall" | "'ll" | "wo" => self.cue(Modality::Planned, aux),
            "would" | "'d" if tree.xpos(aux) == Xpos::Md => {
                let reported = tree.rel(at) == DepRel::Ccomp
                    && tree.is(tree.head(at), words::REPORT | words::PLAN | words::DENY);
                let modality = if reported {
                    Modality::Planned
                } else {
                    Modality::Possible
                };
                self.cue(modality, aux);
            }
            "may" | "might" | "could" | "can" | "should" | "must" | "ca" | "ought" => {
                self.cue(Modality::Possible, aux);
            }
            _ => {}
        }
    }

    fn governor(&mut self, at: u32, head: u32) {
        let tree = self.tree;
        match tree.rel(at) {
            DepRel::Xcomp
            | DepRel::Ccomp
            | DepRel::Csubj
            | DepRel::CsubjPass
            | DepRel::Advcl
            | DepRel::Acl
            | DepRel::Obj
            | DepRel::Obl
            | DepRel::Nmod
            | DepRel::NsubjPass
            | DepRel::Nsubj => {
                if tree.is(head, words::DENY) {
                    self.negate(head);
                    self.report(head);
                    self.open = false;
                    return;
                }
                let lemma = tree.lemma(head);
                let turns = self.open
                    && self.turned.is_none()
                    && self.modality.is_none()
                    && tree.upos(head) == Upos::Verb
                    && matches!(tree.rel(at), DepRel::Xcomp | DepRel::Obj);
                if turns && matches!(lemma, "refuse" | "decline" | "reject") {
                    self.turned = Some(Turned::Refused);
                } else if turns && lemma == "threaten" && tree.rel(at) == DepRel::Xcomp {
                    self.turned = Some(Turned::Threatened);
                } else if lemma == "rule" && negated_at(tree, head) {
                    // "did not rule out a visit": neither denied nor said
                    self.cue(Modality::Possible, head);
                    self.open = false;
                } else if tree.is(head, words::FAIL) {
                    self.negate(head);
                } else if tree.is(head, words::ALLEGE) {
                    self.cue(Modality::Alleged, head);
                    self.report(head);
                } else if tree.is(head, words::POSSIBLE)
                    || (lemma == "open" && tree.upos(head) == Upos::Adj)
                {
                    self.cue(Modality::Possible, head);
                } else if tree.is(head, words::PLAN) && !matches!(tree.rel(at), DepRel::Nsubj) {
                    self.cue(Modality::Planned, head);
                } else if tree.is(head, words::REPORT) && tree.rel(at) == DepRel::Ccomp {
                    self.report(head);
                    // what the speaker says is the speaker's; whether he said it is not asked here
                    self.open = false;
                } else {
                    self.pass(at, head);
                }
            }
            DepRel::Conj => {
                let own = [DepRel::Nsubj, DepRel::NsubjPass, DepRel::Aux];
                if tree.child(at, &own).is_some() {
                    self.open = false;
                }
            }
            // what an attribute says ("warring") holds whatever becomes of its noun
            DepRel::Amod
            | DepRel::AclRelcl
            | DepRel::Parataxis
            | DepRel::Appos
            | DepRel::NmodPoss
            | DepRel::List
            | DepRel::Dislocated => self.open = false,
            _ => {}
        }
    }

    /// A governor without a class of its own.
    fn pass(&mut self, at: u32, head: u32) {
        let tree = self.tree;
        match tree.rel(at) {
            DepRel::Advcl => {
                let purpose = tree
                    .children(at)
                    .iter()
                    .any(|&child| tree.rel(child) == DepRel::Mark && tree.says(child, "to"));
                if purpose {
                    self.cue(Modality::Planned, at);
                }
                self.open = false;
            }
            DepRel::Acl => {
                let infinitive = tree
                    .children(at)
                    .iter()
                    .any(|&child| tree.rel(child) == DepRel::Mark && tree.says(child, "to"));
                if infinitive {
                    self.cue(Modality::Planned, at);
                } else {
                    self.open = false;
                }
            }
            DepRel::Ccomp | DepRel::Xcomp | DepRel::Csubj => {}
            // an event as argument of another verb is taken for granted, unless the verb only
            // carries it
            _ if tree.is(head, words::LIGHT) => {}
            _ => self.open = false,
        }
    }

    fn report(&mut self, verb: u32) {
        if self.source.is_some() {
            return;
        }
        let mut subjects = Vec::new();
        self.tree.agents(verb, &mut subjects);
        if let Some(&subject) = subjects.first() {
            self.say(subject, verb);
        }
    }

    fn say(&mut self, speaker: u32, cue: u32) {
        if self.source.is_some() {
            return;
        }
        let tree = self.tree;
        let entity = tree.refer_one(speaker).map(|arg| arg.entity);
        self.source = Some((entity, phrase(tree, speaker)));
        self.cues.source = Some(cue);
    }
}

/// The noun phrase around its head, without what follows the name or noun.
fn phrase(tree: &Tree<'_>, head: u32) -> Span {
    let mut start = head;
    for &child in tree.children(head) {
        if child < start
            && !matches!(
                tree.rel(child),
                DepRel::Case | DepRel::Punct | DepRel::Mark | DepRel::Cc
            )
        {
            start = child;
            if let Some(&inner) = tree.children(child).first() {
                start = start.min(inner);
            }
        }
    }
    if head - start > 12 {
        start = head;
    }
    let mention = tree
        .layer
        .mentions
        .get(tree.name_mention[head as usize] as usize);
    let end = mention.map_or(head + 1, |mention| mention.tokens.end.max(head + 1));
    tree.parsed.span_of(start..end)
}

/// Whether a word of the verb's own negates it.
fn negated_at(tree: &Tree<'_>, verb: u32) -> bool {
    let children = tree.children(verb);
    children
        .iter()
        .any(|&child| tree.rel(child) == DepRel::Advmod && is_negation(tree, child))
}

fn is_negation(tree: &Tree<'_>, token: u32) -> bool {
    matches!(
        tree.lemma(token),
        "not" | "n't" | "never" | "neither" | "nor"
    ) || ["not", "n't", "n’t", "never"]
        .iter()
        .any(|word| tree.says(token, word))
}

fn subject_denies(tree: &Tree<'_>, subject: u32) -> bool {
    ["none", "nobody", "neither"]
        .iter()
        .any(|word| tree.says(subject, word))
        || tree
            .children(subject)
            .iter()
            .any(|&c| tree.rel(c) == DepRel::Det && (tree.says(c, "no") || tree.says(c, "neither")))
}

/// The date in the clause of a predicate, where the text gives it in full: ISO day, month or year.
pub fn date(tree: &Tree<'_>, predicate: u32) -> Option<String> {
    for &child in tree.children(predicate) {
        if !matches!(
            tree.rel(child),
            DepRel::Obl | DepRel::OblUnmarked | DepRel::Nmod | DepRel::NmodUnmarked
        ) {
            continue;
        }
        let from = child.saturating_sub(3);
        let to = (child + 5).min(tree.len());
        if tree.has_case(child, "in")
            || tree.has_case(child, "on")
            || tree.rel(child) == DepRel::OblUnmarked
        {
            if let Some(year) = year(tree.text(child)) {
                if child > 0
                    && let Some(month) = month(tree.text(child - 1))
                {
                    return Some(format!("{year:04}-{month:02}"));
                }
                return Some(format!("{year:04}"));
            }
            if let Some(month) = month(tree.text(child)) {
                let mut day = None;
                let mut found = None;
                for at in from..to {
                    let text = tree.text(at);
                    if let Some(number) = year(text)
                        && at > child
                        && at - child <= 3
                    {
                        found = Some(number);
                    } else if at.abs_diff(child) == 1
                        && let Ok(number) = text.parse::<u32>()
                        && (1..=31).contains(&number)
                    {
                        day = Some(number);
                    }
                }
                return match (found, day) {
                    (Some(year), Some(day)) => Some(format!("{year:04}-{month:02}-{day:02}")),
                    (Some(year), None) => Some(format!("{year:04}-{month:02}")),
                    _ => None,
                };
            }
        }
    }
    None
}

fn year(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (text.len() == 4 && (1000..=2100).contains(&number)).then_some(number)
}

fn month(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = text.trim_end_matches('.').to_ascii_lowercase();
    if text.chars().next().is_none_or(|c| !c.is_uppercase()) || name.len() < 3 {
        return None;
    }
    MONTHS
        .iter()
        .position(|month| *month == name || (name.len() <= 4 && month.starts_with(&name)))
        .map(|at| at as u32 + 1)
}
