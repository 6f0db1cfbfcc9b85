//! Why a relation was not found: where two entities stand in one sentence, and what stopped an
//! edge between them there.

use serde::Serialize;
use tieline_facts::{EntityType, Relation};
use tieline_text::{Document, Parsed, Sentence};

use super::explain::{RulePlace, Step, Words, key_of, mention_words, path, place, word};
use super::language::{Class, Path, Rule, RuleSet};
use super::roles::{self, RoleNoun};
use super::syntax::{Arg, Tree};
use super::{
    Found, RelationResources, admits, all_matches, assemble, dependents_fit, follow, mask_fits,
    match_rule, settle, trigger_words, triggers_at,
};
use crate::EntityLayer;

/// One sentence that two entities stand in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sighting {
    /// The sentence.
    pub sentence: Words,
    /// A mention of the one.
    pub first: Words,
    /// A mention of the other.
    pub second: Words,
    /// The way over the tree from the one to the other.
    pub path: Vec<Step>,
    /// What stands between them and an edge, the nearest miss first; never empty.
    pub obstacles: Vec<Obstacle>,
}

/// What stopped an edge.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Obstacle {
    /// Nothing: an edge was drawn.
    Edge {
        /// The relation.
        relation: String,
        /// The rule.
        rule: String,
    },
    /// One of the two is of no type that relations take.
    NoType {
        /// Its name.
        name: String,
    },
    /// No word on the path between them triggers a rule.
    NoTrigger,
    /// A rule reached both, but not as the types that it takes.
    Type {
        /// The rule.
        rule: RulePlace,
        /// Its relation.
        relation: String,
        /// The words that triggered it.
        trigger: Words,
        /// The entity of the wrong type.
        name: String,
        /// What it is.
        is: &'static str,
        /// What the rule takes there.
        takes: Vec<&'static str>,
    },
    /// A rule asks for more than the sentence has.
    Condition {
        /// The rule.
        rule: RulePlace,
        /// Its relation.
        relation: String,
        /// The words that triggered it.
        trigger: Words,
        /// `voice`, `with-object`, `without-object`, `has`.
        condition: &'static str,
    },
    /// A rule did not reach one of the two.
    NotReached {
        /// The rule.
        rule: RulePlace,
        /// Its relation.
        relation: String,
        /// The words that triggered it.
        trigger: Words,
        /// `subject` or `object`.
        end: &'static str,
        /// The entity that was not reached.
        name: String,
        /// What stands there instead; may be empty.
        reached: Vec<String>,
    },
    /// The two never stand in one sentence.
    TooFar {
        /// How many sentences the nearest mentions are apart; 1 is the next sentence.
        sentences: u32,
        /// The sentence of the second.
        other: Words,
    },
    /// A rule matched, and its relation gave way to one that says more, or that the status of the
    /// statement turned it into.
    GaveWay {
        /// The rule.
        rule: RulePlace,
        /// Its relation.
        relation: String,
        /// The words that triggered it.
        trigger: Words,
    },
}

/// At most so many obstacles a sentence are told.
const MOST: usize = 3;

/// Every sentence in which entity `a` and entity `b` are both mentioned, with what stopped an edge
/// there; if there is none, the two sentences that are nearest to each other. With `rule`, only what
/// stopped that one. Cost: a run of the engine, and work per trigger in those sentences.
pub fn find_sightings(
    resources: &RelationResources,
    document: &Document,
    parsed: &Parsed,
    entities: &EntityLayer,
    (a, b): (u32, u32),
    rule: Option<&str>,
) -> Vec<Sighting> {
    let rules = &resources.rules;
    let only = rule.map(|id| rules.rules.iter().position(|rule| rule.id == id));
    let tree = Tree::new(&rules.words, document, parsed, entities);
    let relations = drawn(resources, &tree);
    let mut found = Vec::new();
    for sentence in parsed.sentences() {
        let case = Case::new(rules, &tree, &relations, sentence, only, (a, b));
        found.extend(case.sighting(sentence, usize::MAX));
    }
    if found.is_empty() {
        let words = |sentence: &Sentence| sentence_words(&tree, sentence);
        found.extend(far(&tree, a, b, words));
    }
    found
}

/// The pairs of entities that stand in one sentence, at most `steps` steps of the tree apart, and
/// that no edge joins there: what the rules may lack. In text order, each pair once a sentence.
/// Cost: a run of the rules, and work per pair and trigger of a sentence.
pub fn find_unjoined(
    resources: &RelationResources,
    document: &Document,
    parsed: &Parsed,
    entities: &EntityLayer,
    steps: usize,
) -> Vec<Sighting> {
    let rules = &resources.rules;
    let tree = Tree::new(&rules.words, document, parsed, entities);
    let relations = drawn(resources, &tree);
    let mut found = Vec::new();
    for sentence in parsed.sentences() {
        let heads = entities.mentions.iter();
        let mut here: Vec<u32> = heads
            .filter(|mention| sentence.tokens.contains(&mention.head))
            .map(|mention| mention.entity)
            .filter(|&entity| tree.kind(entity) != EntityType::Other)
            .collect();
        here.sort_unstable();
        here.dedup();
        for (at, &a) in here.iter().enumerate() {
            for &b in here.iter().skip(at + 1) {
                let case = Case::new(rules, &tree, &relations, sentence, None, (a, b));
                found.extend(case.sighting(sentence, steps));
            }
        }
    }
    let joined = |one: &Sighting| matches!(one.obstacles.first(), Some(Obstacle::Edge { .. }));
    found.retain(|one| !joined(one));
    found
}

fn drawn(resources: &RelationResources, tree: &Tree<'_>) -> Vec<Relation> {
    let matches = all_matches(&resources.rules, tree);
    assemble::relations(&resources.ontology, &resources.rules, tree, matches)
        .into_iter()
        .map(|(relation, _)| relation)
        .collect()
}

fn sentence_words(tree: &Tree<'_>, sentence: &Sentence) -> Words {
    let span = tree.parsed.span_of(sentence.tokens.clone());
    Words {
        start: span.start(),
        end: span.end(),
        text: span
            .slice(&tree.document.text)
            .unwrap_or_default()
            .to_owned(),
    }
}

/// The mentions of two entities that are fewest sentences apart.
fn far(
    tree: &Tree<'_>,
    a: u32,
    b: u32,
    sentence_words: impl Fn(&Sentence) -> Words,
) -> Option<Sighting> {
    let places = |entity: u32| {
        let own = tree.layer.mentions.iter();
        own.filter(move |mention| mention.entity == entity)
            .filter_map(|mention| Some((tree.parsed.sentence_of(mention.head)?, mention)))
            .collect::<Vec<_>>()
    };
    let (of_a, of_b) = (places(a), places(b));
    // both in text order: of all pairs the nearest is one of neighbours in the merged order
    let (mut i, mut j) = (0, 0);
    let mut best = None;
    while let (Some(x), Some(y)) = (of_a.get(i), of_b.get(j)) {
        let apart = x.0.abs_diff(y.0);
        if best.is_none_or(|(least, _, _)| apart < least) {
            best = Some((apart, *x, *y));
        }
        if x.0 <= y.0 {
            i += 1;
        } else {
            j += 1;
        }
    }
    let (apart, x, y) = best?;
    let sentences = tree.parsed.sentences();
    Some(Sighting {
        sentence: sentence_words(sentences.get(x.0)?),
        first: mention_words(tree, x.1),
        second: mention_words(tree, y.1),
        path: Vec::new(),
        obstacles: vec![Obstacle::TooFar {
            sentences: apart as u32,
            other: sentence_words(sentences.get(y.0)?),
        }],
    })
}

/// One sentence with both entities in it.
struct Case<'c, 'a> {
    rules: &'c RuleSet,
    tree: &'c Tree<'a>,
    relations: &'c [Relation],
    sentence: (u32, u32),
    /// Whether to look at one rule only, and at which.
    only: Option<Option<usize>>,
    a: u32,
    b: u32,
}

impl<'c, 'a> Case<'c, 'a> {
    fn new(
        rules: &'c RuleSet,
        tree: &'c Tree<'a>,
        relations: &'c [Relation],
        sentence: &Sentence,
        only: Option<Option<usize>>,
        (a, b): (u32, u32),
    ) -> Self {
        let span = tree.parsed.span_of(sentence.tokens.clone());
        Case {
            rules,
            tree,
            relations,
            sentence: (span.start(), span.end()),
            only,
            a,
            b,
        }
    }

    /// The two in this sentence, where they are at most `steps` steps apart.
    fn sighting(&self, sentence: &Sentence, steps: usize) -> Option<Sighting> {
        let mentions = |entity: u32| {
            let all = self.tree.layer.mentions.iter();
            all.filter(move |one| one.entity == entity && sentence.tokens.contains(&one.head))
        };
        // the two that stand nearest to each other
        let (x, y) = mentions(self.a)
            .flat_map(|x| mentions(self.b).map(move |y| (x, y)))
            .min_by_key(|(x, y)| x.head.abs_diff(y.head))?;
        let way = path(self.tree, x.head, y.head);
        (way.len() <= steps).then(|| Sighting {
            sentence: sentence_words(self.tree, sentence),
            first: mention_words(self.tree, x),
            second: mention_words(self.tree, y),
            obstacles: self.obstacles(sentence.tokens.clone(), &way),
            path: way,
        })
    }

    fn obstacles(&self, tokens: std::ops::Range<u32>, way: &[Step]) -> Vec<Obstacle> {
        let drawn = self.relations.iter().filter(|relation| {
            let ends = (relation.subject, relation.object);
            (ends == (self.a, self.b) || ends == (self.b, self.a))
                && relation.evidence.start == self.sentence.0
                && relation.evidence.end == self.sentence.1
        });
        let drawn: Vec<Obstacle> = drawn
            .map(|relation| Obstacle::Edge {
                relation: relation.predicate.clone(),
                rule: relation.rule.clone().unwrap_or_default(),
            })
            .collect();
        if !drawn.is_empty() && self.only.is_none() {
            return drawn;
        }
        for entity in [self.a, self.b] {
            if self.tree.kind(entity) == EntityType::Other {
                let name = self.name(entity);
                return vec![Obstacle::NoType { name }];
            }
        }
        let mut buffer = String::new();
        // how near a miss, and which
        let mut misses: Vec<(u32, Obstacle)> = Vec::new();
        for token in tokens {
            for trigger in triggers_at(self.rules, self.tree, token, &mut buffer) {
                let Some(rule) = self.rules.rules.get(trigger.rule as usize) else {
                    continue;
                };
                let asked = self
                    .only
                    .is_none_or(|only| only == Some(trigger.rule as usize));
                if !asked || !admits(rule.class, self.tree, token) {
                    continue;
                }
                if let Some(words) = trigger_words(self.tree, trigger, rule, token) {
                    misses.extend(self.miss(rule, trigger.rule, token, words, way));
                }
            }
        }
        misses.sort_by_key(|(nearness, _)| std::cmp::Reverse(*nearness));
        let best = misses.first().map_or(0, |(nearness, _)| *nearness);
        misses.retain(|(nearness, _)| *nearness + 1 >= best);
        misses.truncate(MOST);
        if misses.is_empty() {
            return vec![Obstacle::NoTrigger];
        }
        misses.into_iter().map(|(_, obstacle)| obstacle).collect()
    }

    fn name(&self, entity: u32) -> String {
        let entity = self.tree.layer.entities.get(entity as usize);
        entity.map(|entity| entity.name.clone()).unwrap_or_default()
    }

    /// How a rule at its trigger missed the two, and how nearly: 4 it matched both, 3 both were
    /// reached, 2 one was, 1 none, but the trigger stands on the path between them.
    fn miss(
        &self,
        rule: &Rule,
        index: u32,
        token: u32,
        words: std::ops::Range<u32>,
        way: &[Step],
    ) -> Option<(u32, Obstacle)> {
        let tree = self.tree;
        let span = tree.parsed.span_of(words.clone());
        let trigger = Words {
            start: span.start(),
            end: span.end(),
            text: span
                .slice(&tree.document.text)
                .unwrap_or_default()
                .to_owned(),
        };
        let relation = rule.relation.clone();
        let rule_place = place(self.rules, index)?;
        let mut found = Found::default();
        match_rule(self.rules, tree, index, token, words.clone(), &mut found);
        settle(self.rules, tree, &mut found);
        let both = |x: u32, y: u32| (x, y) == (self.a, self.b) || (x, y) == (self.b, self.a);
        if found
            .matches
            .iter()
            .any(|one| both(one.subject.entity, one.object.entity))
        {
            let rule = rule_place;
            return Some((
                4,
                Obstacle::GaveWay {
                    rule,
                    relation,
                    trigger,
                },
            ));
        }
        let (subjects, objects) = self.reached(rule, token, &words);
        let has = |args: &[Arg], entity: u32| args.iter().any(|arg| arg.entity == entity);
        let score = |x: u32, y: u32| u32::from(has(&subjects, x)) + u32::from(has(&objects, y));
        let (x, y) = if score(self.b, self.a) > score(self.a, self.b) {
            (self.b, self.a)
        } else {
            (self.a, self.b)
        };
        let reached = score(x, y);
        if reached == 0 {
            let key = word(tree, key_of(tree, words.start, words.end.saturating_sub(1)));
            let on_way = way.iter().any(|step| step.from == key || step.to == key);
            if !on_way {
                return None;
            }
        }
        if let Some(condition) = failed_condition(self.rules, tree, rule, token) {
            return Some((
                reached + 1,
                Obstacle::Condition {
                    rule: rule_place,
                    relation,
                    trigger,
                    condition,
                },
            ));
        }
        if reached == 2 {
            for (entity, types) in [(x, rule.subject_types), (y, rule.object_types)] {
                let kind = tree.kind(entity);
                if super::type_bit(kind) & types == 0 {
                    return Some((
                        3,
                        Obstacle::Type {
                            rule: rule_place,
                            relation,
                            trigger,
                            name: self.name(entity),
                            is: kind.as_str(),
                            takes: names_of(types),
                        },
                    ));
                }
            }
        }
        let (end, entity, args, types) = if has(&subjects, x) {
            ("object", y, &objects, rule.object_types)
        } else {
            ("subject", x, &subjects, rule.subject_types)
        };
        let mut reached_names: Vec<String> = Vec::new();
        for arg in args.iter().filter(|arg| mask_fits(tree, types, arg)) {
            let name = self.name(arg.entity);
            if !reached_names.contains(&name) && arg.entity != entity {
                reached_names.push(name);
            }
        }
        Some((
            reached + 1,
            Obstacle::NotReached {
                rule: rule_place,
                relation,
                trigger,
                end,
                name: self.name(entity),
                reached: reached_names,
            },
        ))
    }

    /// What the paths of a rule lead to, whatever its type.
    fn reached(
        &self,
        rule: &Rule,
        token: u32,
        words: &std::ops::Range<u32>,
    ) -> (Vec<Arg>, Vec<Arg>) {
        const ANY: u8 = 0xff;
        let tree = self.tree;
        let along = |paths: &[Path]| -> Vec<Arg> {
            let noun = RoleNoun {
                key: token,
                words: words.clone(),
            };
            let mut args = Vec::new();
            for path in paths {
                match (rule.class, path) {
                    (Class::Role, Path::Holder) => {
                        args.extend(roles::holders(tree, &noun, ANY, 0).args);
                    }
                    (Class::Role, path) => {
                        let path = std::slice::from_ref(path);
                        args.extend(roles::complements(tree, path, ANY, &noun));
                    }
                    (class, path) => {
                        args.extend(follow(tree, path, token, class == Class::Verb, ANY));
                    }
                }
            }
            args
        };
        let (mut subjects, mut objects) = (along(&rule.subject), along(&rule.object));
        if rule.each {
            let mut parties = Vec::new();
            roles::between(tree, token, &mut parties);
            subjects.extend(&parties);
            objects.extend(&parties);
            if objects.is_empty() {
                objects.extend(&subjects);
            }
        }
        (subjects, objects)
    }
}

/// Lifts one condition of a rule.
type Ease = fn(&mut Rule);

/// The first condition of a rule that the sentence does not meet.
fn failed_condition(
    rules: &RuleSet,
    tree: &Tree<'_>,
    rule: &Rule,
    token: u32,
) -> Option<&'static str> {
    if rule.class != Class::Verb || dependents_fit(rules, tree, rule, token) {
        return None;
    }
    let conditions: [(&str, Ease); 5] = [
        ("voice", |rule| rule.passive = None),
        ("with-object", |rule| rule.with_object = None),
        ("without-object", |rule| rule.without_object = None),
        ("has", |rule| rule.has.clear()),
        ("lacks", |rule| rule.lacks.clear()),
    ];
    let without = |ease: Ease| {
        let mut eased = rule.clone();
        ease(&mut eased);
        dependents_fit(rules, tree, &eased, token)
    };
    let one = conditions.iter().find(|(_, ease)| without(*ease));
    Some(one.map_or("several", |(name, _)| name))
}

/// The names of the types of a mask.
fn names_of(types: u8) -> Vec<&'static str> {
    let inside = EntityType::ALL
        .into_iter()
        .filter(|kind| super::type_bit(*kind) & types != 0);
    inside.map(EntityType::as_str).collect()
}
