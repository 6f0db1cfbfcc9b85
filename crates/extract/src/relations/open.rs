//! The open layer: clauses between two entities that no relation type covers.
//!
//! Off unless asked for, and kept apart from relations: nothing says what the label means. What is
//! taken is narrow: the subject of a verb with its object, or, where the verb has no entity as
//! object, with the argument of a preposition ("travelled to", "opened a plant in"). Arguments
//! are found as for rules, so voice, control, relative clauses and coordination are resolved.

use tieline_facts::{Evidence, OpenClause, TriggerSpan};
use tieline_text::{DepRel, Document, Parsed, Span, Upos};

use super::quotes::Speakers;
use super::syntax::{Arg, NONE, Tree};
use super::{Match, RelationResources, all_matches, confidence, status, words};
use crate::EntityLayer;

/// Prepositions that may lead to an end of a clause; others place it in time or give reasons.
const PREPOSITIONS: [&str; 22] = [
    "with", "to", "for", "in", "at", "from", "against", "on", "into", "of", "about", "over",
    "through", "near", "under", "towards", "toward", "across", "around", "among", "inside",
    "behind",
];

/// Verbs that say nothing by themselves.
const EMPTY: [&str; 6] = ["be", "have", "do", "become", "remain", "seem"];

/// How often such a clause is read rightly, before anything is known of it.
const ESTIMATE: f32 = 0.7;

/// Finds clauses between two entities that no rule joins in the same sentence, in text order.
/// Cost: a run of the rules, and work per verb.
pub fn find_open(
    resources: &RelationResources,
    document: &Document,
    parsed: &Parsed,
    entities: &EntityLayer,
) -> Vec<OpenClause> {
    if entities.entities.len() < 2 {
        return Vec::new();
    }
    let tree = Tree::new(&resources.rules.words, document, parsed, entities);
    let speakers = Speakers::new(&tree);
    let matches = all_matches(&resources.rules, &tree);
    let mut found = Vec::new();
    for sentence in parsed.sentences() {
        let span = parsed.span_of(sentence.tokens.clone());
        let here: Vec<&Match> = matches
            .iter()
            .filter(|one| sentence.tokens.contains(&one.trigger.0))
            .collect();
        let length = sentence.tokens.len() as u32;
        let first = found.len();
        for verb in sentence.tokens.clone() {
            let Some(clause) = Clause::at(&tree, verb) else {
                continue;
            };
            let status = status::status(&tree, &speakers, verb);
            let hedged = super::assemble::is_hedged(status.polarity, status.modality);
            let quote = |span: Span| span.slice(&document.text).map(str::to_owned);
            for (subject, object) in clause.pairs() {
                let ends = [subject.entity, object.entity];
                let covered = here.iter().any(|one| {
                    ends.contains(&one.subject.entity) && ends.contains(&one.object.entity)
                });
                let repeated = found.iter().skip(first).any(|other: &OpenClause| {
                    [other.subject, other.object] == ends && other.label == clause.label
                });
                if covered || repeated || ends[0] == ends[1] {
                    continue;
                }
                let factors = confidence::open_factors(
                    ESTIMATE,
                    &tree,
                    verb,
                    [&subject, &object],
                    length,
                    hedged,
                );
                let certainty = subject.certainty * object.certainty;
                let weights = &resources.rules.confidence;
                let trigger = parsed.span_of(verb..verb + 1);
                found.push(OpenClause {
                    subject: subject.entity,
                    label: clause.label.clone(),
                    object: object.entity,
                    polarity: status.polarity,
                    modality: status.modality,
                    source: status.source,
                    source_text: status.source_span.and_then(quote),
                    confidence: super::assemble::round(
                        weights.open(ESTIMATE * certainty, &factors),
                    ),
                    evidence: Evidence {
                        start: span.start(),
                        end: span.end(),
                        text: quote(span).unwrap_or_default(),
                        trigger: TriggerSpan {
                            start: trigger.start(),
                            end: trigger.end(),
                        },
                    },
                });
            }
        }
    }
    found
}

/// A verb with entities at both ends.
struct Clause {
    subjects: Vec<Arg>,
    objects: Vec<Arg>,
    label: String,
}

impl Clause {
    fn at(tree: &Tree<'_>, verb: u32) -> Option<Clause> {
        let lemma = tree.lemma(verb);
        if tree.upos(verb) != Upos::Verb
            || EMPTY.contains(&lemma)
            || tree.name_mention[verb as usize] != NONE
            || tree.rel(verb) == DepRel::Amod
        {
            return None;
        }
        let refer = |tokens: &[u32]| {
            let mut args = Vec::new();
            tokens
                .iter()
                .for_each(|&token| tree.refer(token, &mut args));
            args
        };
        let passive = tree.is_passive(verb);
        let mut tokens = Vec::new();
        tree.agents(verb, &mut tokens);
        let agents = refer(&tokens);
        tokens.clear();
        tree.patients(verb, &mut tokens);
        let patients = refer(&tokens);
        let mut label = lemma.to_lowercase();
        for &child in tree.children(verb) {
            if tree.rel(child) == DepRel::CompoundPrt {
                label.push(' ');
                label.push_str(&tree.text(child).to_lowercase());
            }
        }
        if !agents.is_empty() && !patients.is_empty() {
            return Some(Clause {
                subjects: agents,
                objects: patients,
                label,
            });
        }
        // "was seen in": the sufferer is the subject; "opened a plant in": the noun is the label's
        let subjects = if passive {
            label = format!("be {}", tree.text(verb).to_lowercase());
            patients
        } else {
            agents
        };
        let noun = tokens.first().filter(|_| !passive).copied();
        if subjects.is_empty() || tree.is(verb, words::REPORT) {
            return None;
        }
        if let Some(noun) = noun {
            if !matches!(tree.upos(noun), Upos::Noun) {
                return None;
            }
            label.push(' ');
            label.push_str(&tree.lemma(noun).to_lowercase());
        }
        let hosts = [Some(verb), noun].into_iter().flatten();
        for child in hosts.flat_map(|host| tree.children(host)).copied() {
            let Some(case) = tree.child(child, &[DepRel::Case]) else {
                continue;
            };
            let marked = matches!(tree.rel(child), DepRel::Obl | DepRel::Nmod);
            let preposition = tree.text(case).to_lowercase();
            if !marked || !PREPOSITIONS.contains(&preposition.as_str()) {
                continue;
            }
            let objects = refer(&[child]);
            if !objects.is_empty() {
                return Some(Clause {
                    subjects,
                    objects,
                    label: format!("{label} {preposition}"),
                });
            }
        }
        None
    }

    fn pairs(&self) -> impl Iterator<Item = (Arg, Arg)> {
        let objects = &self.objects;
        self.subjects
            .iter()
            .flat_map(move |subject| objects.iter().map(move |object| (*subject, *object)))
    }
}
