//! From matches to relations: status, evidence, one relation for each thing said.

use rustc_hash::{FxHashMap, FxHashSet};
use tieline_facts::{Evidence, Modality, Ontology, Polarity, Relation, TriggerSpan};
use tieline_text::{DepRel, Span, Xpos};

use super::Match;
use super::amount::amount;
use super::confidence::{self, Factors};
use super::language::{Class, Rule, RuleSet};
use super::quotes::Speakers;
use super::status::{self, Turned};
use super::syntax::{NONE, Tree};
use super::when::{Calendar, Dates};
use super::words;

/// A general relation, and those that say more: of two between the same ends only the latter is
/// kept, as the annotation guidelines ask.
const SAY_MORE: &[(&str, &[&str])] = &[
    (
        "leads",
        &[
            "ceo_of",
            "chair_of",
            "head_of_government_of",
            "head_of_state_of",
        ],
    ),
    (
        "holds_office_in",
        &[
            "ceo_of",
            "chair_of",
            "head_of_government_of",
            "head_of_state_of",
            "leads",
        ],
    ),
    (
        "works_for",
        &[
            "board_member_of",
            "ceo_of",
            "chair_of",
            "holds_office_in",
            "leads",
            "represents",
        ],
    ),
    ("located_in", &["capital_of", "headquartered_in"]),
    ("attacked", &["killed"]),
    ("supplies", &["supplied_arms_to"]),
    ("demanded_from", &["fined", "expelled"]),
    ("signed_deal_with", &["ceasefire_with"]),
    ("agreed_with", &["ceasefire_with"]),
];

/// Drops relations that another one between the same ends makes superfluous.
fn keep_the_specific(found: &mut Vec<(Relation, Match)>) {
    let key = |r: &Relation, predicate: &str| {
        SAY_MORE
            .iter()
            .position(|(general, _)| *general == predicate)
            .map(|general| (r.subject, general, r.object, r.polarity, r.modality))
    };
    let mut superfluous = FxHashSet::default();
    for (relation, _) in found.iter() {
        for (general, specific) in SAY_MORE {
            if specific.contains(&relation.predicate.as_str()) {
                superfluous.extend(key(relation, general));
            }
        }
    }
    found.retain(|(r, _)| key(r, &r.predicate).is_none_or(|key| !superfluous.contains(&key)));
}

/// Of what one sentence says of the same ends both as a fact and as a plan, by two of its words,
/// keeps the surer: "agreed to a truce".
fn keep_the_surer(found: &mut Vec<(Relation, Match)>) {
    let key = |r: &Relation| (r.evidence.start, r.subject, r.object, r.polarity);
    let plan = |r: &Relation| matches!(r.modality, Modality::Asserted | Modality::Planned);
    let mut best: FxHashMap<_, Vec<(usize, f32)>> = FxHashMap::default();
    for (at, (relation, _)) in found.iter().enumerate() {
        if plan(relation) {
            let entry = best.entry(key(relation)).or_default();
            entry.push((at, relation.confidence));
        }
    }
    let mut drop = FxHashSet::default();
    for alike in best.values() {
        for &(at, confidence) in alike {
            let lesser = alike.iter().any(|&(other, surer)| {
                let (one, two) = (&found[at], &found[other]);
                one.0.predicate == two.0.predicate
                    && one.0.modality != two.0.modality
                    && one.1.rule != two.1.rule
                    && (confidence, other) < (surer, at)
            });
            if lesser {
                drop.insert(at);
            }
        }
    }
    let mut at = 0;
    found.retain(|_| {
        at += 1;
        !drop.contains(&(at - 1))
    });
}

/// Key of a relation within a document: subject, relation, object, polarity, modality.
type Key<'r> = (u32, &'r str, u32, Polarity, Modality);

/// The relations of all matches with the match that each comes from, in order of evidence.
pub(super) fn relations(
    ontology: &Ontology,
    rules: &RuleSet,
    tree: &Tree<'_>,
    matches: Vec<Match>,
) -> Vec<(Relation, Match)> {
    let mut found: Vec<(Relation, Match)> = Vec::with_capacity(matches.len());
    let mut known: FxHashMap<Key<'_>, usize> = FxHashMap::default();
    let mut statuses = Statuses {
        speakers: Speakers::new(tree),
        known: FxHashMap::default(),
        calendar: Calendar::new(tree),
    };
    for one in matches {
        let Some(rule) = rules.rules.get(one.rule as usize) else {
            continue;
        };
        let Some(mut relation) = build(rules, ontology, rule, tree, &one, &mut statuses) else {
            continue;
        };
        let turned = statuses
            .known
            .get(&one.predicate)
            .and_then(|status| status.turned);
        let own = rule.relation == "resigned_from"; // "threatened to resign" threatens nobody
        let predicate = match turned {
            Some(Turned::Refused) if own => continue,
            Some(Turned::Threatened) if own => {
                relation.modality = Modality::Possible;
                rule.relation.as_str()
            }
            Some(Turned::Refused) if rule.class != Class::Role => "rejected",
            Some(Turned::Threatened) if rule.class != Class::Role => "threatened",
            _ => rule.relation.as_str(),
        };
        if predicate != rule.relation {
            let kind = ontology.get(predicate);
            let fits = kind.is_some_and(|kind| {
                kind.subject.contains(&tree.kind(relation.subject))
                    && kind.object.contains(&tree.kind(relation.object))
            });
            if !fits {
                continue;
            }
            relation.predicate = predicate.to_owned();
        }
        let (mut a, mut b) = (relation.subject, relation.object);
        if rule.symmetric && predicate == rule.relation && a > b {
            (a, b) = (b, a);
        }
        let key = (a, predicate, b, relation.polarity, relation.modality);
        match known.get(&key) {
            Some(&at) => {
                let old = &mut found[at];
                if relation.confidence > old.0.confidence {
                    complete(&mut relation, &old.0);
                    *old = (relation, one);
                } else {
                    complete(&mut old.0, &relation);
                }
            }
            None => {
                known.insert(key, found.len());
                found.push((relation, one));
            }
        }
    }
    keep_the_specific(&mut found);
    keep_the_surer(&mut found);
    found.sort_by(|(a, _), (b, _)| {
        let key = |r: &Relation| {
            (
                r.evidence.start,
                r.evidence.trigger.start,
                r.subject,
                r.object,
            )
        };
        key(a)
            .cmp(&key(b))
            .then_with(|| a.predicate.cmp(&b.predicate))
    });
    found
}

/// What one statement of a relation leaves open and another one says: who says it, and when.
fn complete(kept: &mut Relation, other: &Relation) {
    if kept.source.is_none() && other.source.is_some() {
        kept.source = other.source;
        kept.source_text.clone_from(&other.source_text);
    }
    if kept.date.is_none() && kept.from.is_none() && kept.until.is_none() {
        kept.date.clone_from(&other.date);
        kept.from.clone_from(&other.from);
        kept.until.clone_from(&other.until);
    }
}

/// The status of each predicate, found once.
struct Statuses {
    speakers: Speakers,
    known: FxHashMap<u32, status::Status>,
    calendar: Calendar,
}

/// One match as a relation, with the status of its predicate.
fn build(
    rules: &RuleSet,
    ontology: &Ontology,
    rule: &Rule,
    tree: &Tree<'_>,
    one: &Match,
    statuses: &mut Statuses,
) -> Option<Relation> {
    let text = &tree.document.text;
    let sentence = tree
        .parsed
        .sentences()
        .get(tree.parsed.sentence_of(one.trigger.0)?)?;
    let span = tree.parsed.span_of(sentence.tokens.clone());
    let last = one
        .trigger
        .1
        .min(tree.len().saturating_sub(1))
        .max(one.trigger.0);
    let trigger = tree.parsed.span_of(one.trigger.0..last + 1);
    let Statuses {
        speakers, known, ..
    } = statuses;
    let mut status = if one.predicate == NONE {
        // titles and appositions are the text's own, unless somebody is quoted with them
        status::quoted(tree, speakers, one.trigger.0)
    } else {
        known
            .entry(one.predicate)
            .or_insert_with(|| status::status(tree, speakers, one.predicate))
            .clone()
    };
    if let Some((modality, _)) = one.title {
        status.modality = modality;
    }
    if let Some(modality) = rule.modality
        && status.modality == Modality::Asserted
    {
        status.modality = modality;
    }
    if rule.polarity == Polarity::Negated {
        status.polarity = match status.polarity {
            Polarity::Affirmed => Polarity::Negated,
            Polarity::Negated => Polarity::Affirmed,
        };
    }
    let state = ontology
        .get(&rule.relation)
        .is_some_and(|kind| kind.is_state);
    // what happened has happened: only what lasts can be over
    // "he lived in Oslo", "they were based in Oslo"
    let past = one.predicate != NONE
        && rule.relation == "lives_in"
        && lived(tree, one.predicate)
        && status.modality == Modality::Asserted;
    if past {
        status.modality = Modality::Former;
    }
    if !state && status.modality == Modality::Former {
        status.modality = Modality::Asserted;
    }
    // "Holm said that X was responsible": whose words the statement is read from
    if status.source_span.is_none()
        && rule.speaks()
        && one.predicate != NONE
        && tree.is(one.predicate, words::REPORT)
    {
        status.source = Some(one.subject.entity);
        status.source_span = tree
            .layer
            .mentions
            .get(tree.name_mention[one.subject.token as usize] as usize)
            .map(|mention| tree.parsed.span_of(mention.tokens.clone()))
            .or_else(|| {
                let token = one.subject.token;
                Some(tree.parsed.span_of(token..token + 1))
            });
    }
    let mut dates = Dates::default();
    if one.predicate != NONE {
        dates = statuses.calendar.dates(tree, one.predicate, &status, state);
        if dates.over && status.modality == Modality::Asserted {
            status.modality = Modality::Former;
        }
    }
    let quote = |span: Span| span.slice(text).map(str::to_owned);
    let hedged = is_hedged(status.polarity, status.modality);
    let factors = factors_of(rule, tree, one, sentence.tokens.len() as u32, hedged);
    let confidence = &rules.confidence;
    Some(Relation {
        subject: one.subject.entity,
        predicate: rule.relation.clone(),
        object: one.object.entity,
        polarity: status.polarity,
        modality: status.modality,
        source: status.source,
        source_text: status.source_span.and_then(quote),
        date: dates.date,
        from: dates.from,
        until: dates.until,
        amount: amount(tree, &rule.relation, one.predicate),
        confidence: round(confidence.of(rule, &one.subject, &one.object, &factors)),
        evidence: Evidence {
            start: span.start(),
            end: span.end(),
            text: quote(span)?,
            trigger: TriggerSpan {
                start: trigger.start(),
                end: trigger.end(),
            },
        },
        rule: Some(rule.id.clone()),
    })
}

/// Whether a statement is more than plain: denied, planned, possible, alleged.
pub(super) fn is_hedged(polarity: Polarity, modality: Modality) -> bool {
    polarity == Polarity::Negated || !matches!(modality, Modality::Asserted | Modality::Former)
}

/// Whether a verb tells in the past where somebody lived.
fn lived(tree: &Tree<'_>, verb: u32) -> bool {
    let was = |&child: &u32| {
        matches!(tree.rel(child), DepRel::Cop | DepRel::AuxPass | DepRel::Aux)
            && (tree.says(child, "was") || tree.says(child, "were"))
    };
    match tree.lemma(verb) {
        "live" | "reside" | "dwell" => tree.xpos(verb) == Xpos::Vbd,
        "base" | "based" => tree.children(verb).iter().any(was),
        _ => false,
    }
}

/// What the confidence of a match is made of.
pub(super) fn factors_of(
    rule: &Rule,
    tree: &Tree<'_>,
    one: &Match,
    sentence: u32,
    hedged: bool,
) -> Factors {
    let ends = [&one.subject, &one.object];
    confidence::factors(rule, tree, one.trigger.0, ends, sentence, hedged)
}

/// Two decimals, so that the wire does not show digits that mean nothing.
pub(super) fn round(confidence: f32) -> f32 {
    (confidence.clamp(0.0, 1.0) * 100.0).round() / 100.0
}
