//! Graphs of whole articles against gold made by hand: entities and relations, end to end.
//!
//! The measures are those of the scorer that comes with the gold set (`docs/evaluation.md` says
//! where it comes from): a system entity is matched to the gold entity that shares most surface
//! forms with it, one to one and typed; a relation is right when predicate, ends and polarity are,
//! in either direction for symmetric ones; optional gold is neither required nor an error.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tieline_facts::{EntityType, Facts, MentionKind, Ontology, RelationType, Symmetry};

/// One article of the gold set.
#[derive(Debug, Deserialize)]
struct GoldDocument {
    doc: String,
    entities: Vec<GoldEntity>,
    relations: Vec<GoldRelation>,
}

#[derive(Debug, Deserialize)]
struct GoldEntity {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    aliases: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct GoldRelation {
    s: String,
    p: String,
    o: String,
    polarity: String,
    modality: String,
    source: Option<String>,
    #[serde(default)]
    optional: bool,
}

/// Right, wrong and missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found and in the gold set.
    pub tp: usize,
    /// Found and not in the gold set.
    pub fp: usize,
    /// In the gold set and not found.
    pub missed: usize,
}

impl Counts {
    /// Per cent of what was found that is right; 0 where nothing was found.
    pub fn precision(self) -> f64 {
        percent(self.tp, self.tp + self.fp)
    }

    /// Per cent of the gold set that was found.
    pub fn recall(self) -> f64 {
        percent(self.tp, self.tp + self.missed)
    }

    /// Harmonic mean of both.
    pub fn f1(self) -> f64 {
        percent(2 * self.tp, 2 * self.tp + self.fp + self.missed)
    }

    fn add(&mut self, other: Counts) {
        self.tp += other.tp;
        self.fp += other.fp;
        self.missed += other.missed;
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// Scores over a set of articles, or of one.
#[derive(Clone, Debug, Default)]
pub struct GraphScores {
    /// Entities, typed, one to one.
    pub entities: Counts,
    /// System entities that fell on a gold entity already taken.
    pub splits: usize,
    /// System entities that alone hold several gold entities.
    pub merges: usize,
    /// Relations of all types of the ontology.
    pub relations: Counts,
    /// Wrong relations that hold the other way round.
    pub reversed: usize,
    /// Pairs of entities with any relation.
    pub pairs: Counts,
    /// Relations by type.
    pub by_predicate: BTreeMap<String, Counts>,
    /// Right relations, and those of them whose modality is right too.
    pub modality: (usize, usize),
    /// Right relations that the gold set attributes to a source, and those with a source.
    pub attribution: (usize, usize),
    /// System relations, and those whose evidence stands in the text.
    pub evidence: (usize, usize),
    /// Of one article: each system relation, whether it is right; `None` if it repeats another.
    pub verdicts: Vec<Option<bool>>,
}

impl GraphScores {
    fn add(&mut self, other: &GraphScores) {
        self.entities.add(other.entities);
        self.splits += other.splits;
        self.merges += other.merges;
        self.relations.add(other.relations);
        self.reversed += other.reversed;
        self.pairs.add(other.pairs);
        for (predicate, counts) in &other.by_predicate {
            self.by_predicate
                .entry(predicate.clone())
                .or_default()
                .add(*counts);
        }
        for (sum, one) in [
            (&mut self.modality, other.modality),
            (&mut self.attribution, other.attribution),
            (&mut self.evidence, other.evidence),
        ] {
            *sum = (sum.0 + one.0, sum.1 + one.1);
        }
    }

    /// Relations of some types only.
    pub fn of<'a>(&self, types: impl Iterator<Item = &'a RelationType>) -> Counts {
        let mut sum = Counts::default();
        for kind in types {
            sum.add(self.by_predicate.get(&kind.id).copied().unwrap_or_default());
        }
        sum
    }

    /// Per cent of right relations with the right modality.
    pub fn modality_percent(&self) -> f64 {
        percent(self.modality.1, self.modality.0)
    }

    /// Per cent of attributed relations with a source.
    pub fn attribution_percent(&self) -> f64 {
        percent(self.attribution.1, self.attribution.0)
    }

    /// Per cent of relations whose evidence is verbatim.
    pub fn evidence_percent(&self) -> f64 {
        percent(self.evidence.1, self.evidence.0)
    }
}

/// All articles: the sum, each one, and a line for every relation that is wrong or missed.
pub struct GraphReport {
    /// The sum.
    pub total: GraphScores,
    /// Each article by name.
    pub documents: Vec<(String, GraphScores)>,
    /// `article, verdict, subject, predicate, object`, separated by tabs.
    pub cases: Vec<String>,
}

/// Scores what `analyse` makes of the articles under `gold` (`texts/*.txt`, `ann/*.json`).
pub fn eval_graph(
    gold: &Path,
    ontology: &Ontology,
    mut analyse: impl FnMut(&Path, &str) -> Facts,
) -> Result<GraphReport, Box<dyn Error>> {
    let mut report = GraphReport {
        total: GraphScores::default(),
        documents: Vec::new(),
        cases: Vec::new(),
    };
    let mut paths: Vec<PathBuf> = fs::read_dir(gold.join("ann"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    for path in paths {
        let document: GoldDocument = serde_json::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let text_path = gold.join("texts").join(format!("{}.txt", document.doc));
        let text = fs::read_to_string(&text_path)?;
        let facts = analyse(&text_path, &text);
        let scores = Scorer::new(&document, &facts, &text, ontology).score(&mut report.cases);
        report.total.add(&scores);
        report.documents.push((document.doc, scores));
    }
    Ok(report)
}

/// One end of a relation: a gold entity by index, or a system entity that matches none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Gold(usize),
    Unknown(u32),
}

type Key<'a> = (End, &'a str, End, &'a str);

struct Scorer<'a> {
    gold: &'a GoldDocument,
    facts: &'a Facts,
    /// The text with single spaces.
    text: String,
    ontology: &'a Ontology,
    /// By system entity that counts: votes for gold entities.
    votes: Vec<(u32, BTreeMap<usize, usize>)>,
}

impl<'a> Scorer<'a> {
    fn new(
        gold: &'a GoldDocument,
        facts: &'a Facts,
        text: &str,
        ontology: &'a Ontology,
    ) -> Scorer<'a> {
        let mut forms: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (index, entity) in gold.entities.iter().enumerate() {
            for form in entity.aliases.iter().chain([&entity.name]) {
                forms.entry(normalise(form)).or_default().insert(index);
            }
        }
        let counted = facts
            .entities
            .iter()
            .filter(|entity| entity.kind != EntityType::Other);
        let votes = counted.map(|entity| {
            let named = |kind| matches!(kind, MentionKind::Name | MentionKind::Demonym);
            let mut own: BTreeSet<String> = entity
                .mentions
                .iter()
                .filter(|mention| named(mention.kind))
                .map(|mention| normalise(&mention.text))
                .collect();
            own.insert(normalise(&entity.name));
            let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
            for index in own.iter().filter_map(|form| forms.get(form)).flatten() {
                let same_type = gold.entities[*index].kind == entity.kind.as_str();
                *votes.entry(*index).or_default() += 1 + usize::from(same_type);
            }
            (entity.id, votes)
        });
        Scorer {
            gold,
            facts,
            text: single_spaced(text),
            ontology,
            votes: votes.collect(),
        }
    }

    fn score(&self, cases: &mut Vec<String>) -> GraphScores {
        let mut scores = GraphScores::default();
        self.score_entities(&mut scores);
        self.score_relations(&mut scores, cases);
        scores
    }

    /// The gold entity that most forms speak for; of equals, that with the greatest id.
    fn choice(&self, votes: &BTreeMap<usize, usize>) -> Option<usize> {
        let rank = |(index, n): &(&usize, &usize)| (**n, &self.gold.entities[**index].id);
        votes.iter().max_by_key(rank).map(|(index, _)| *index)
    }

    fn score_entities(&self, scores: &mut GraphScores) {
        let mut order: Vec<_> = self.votes.iter().collect();
        order.sort_by_key(|(_, votes)| Reverse(votes.values().sum::<usize>()));
        let mut taken: BTreeMap<usize, u32> = BTreeMap::new();
        for (id, votes) in order {
            match self.choice(votes) {
                Some(index) if taken.contains_key(&index) => scores.splits += 1,
                Some(index) => {
                    taken.insert(index, *id);
                }
                None => {}
            }
        }
        let kind_of = |id: u32| {
            let entity = self.facts.entities.iter().find(|entity| entity.id == id);
            entity.map_or("", |entity| entity.kind.as_str())
        };
        let right = taken
            .iter()
            .filter(|(index, id)| self.gold.entities[**index].kind == kind_of(**id))
            .count();
        scores.entities = Counts {
            tp: right,
            fp: self.votes.len() - right,
            missed: self.gold.entities.len() - right,
        };
        let mut all: BTreeMap<usize, usize> = BTreeMap::new();
        for (_, votes) in &self.votes {
            for (index, n) in votes {
                *all.entry(*index).or_default() += n;
            }
        }
        let alone = |votes: &BTreeMap<usize, usize>| {
            votes
                .iter()
                .filter(|(index, n)| all.get(index) == Some(n))
                .count()
        };
        scores.merges = self
            .votes
            .iter()
            .filter(|(_, votes)| 1 < alone(votes))
            .count();
    }

    fn is_symmetric(&self, predicate: &str) -> bool {
        let kind = self.ontology.get(predicate);
        kind.is_some_and(|kind| kind.symmetry == Symmetry::Symmetric)
    }

    fn score_relations(&self, scores: &mut GraphScores, cases: &mut Vec<String>) {
        let gold_index: BTreeMap<&str, usize> = (self.gold.entities.iter().enumerate())
            .map(|(index, entity)| (entity.id.as_str(), index))
            .collect();
        let gold_end = |id: &str| End::Gold(gold_index.get(id).copied().unwrap_or(usize::MAX));
        // Gold relations that count as one: same ends, predicate and polarity.
        let mut groups: Vec<Vec<&GoldRelation>> = Vec::new();
        let mut group_of: BTreeMap<Key<'_>, usize> = BTreeMap::new();
        for relation in &self.gold.relations {
            let (s, o) = (gold_end(&relation.s), gold_end(&relation.o));
            let (p, polarity) = (relation.p.as_str(), relation.polarity.as_str());
            let group = *group_of.entry((s, p, o, polarity)).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(relation);
            if self.is_symmetric(p) {
                group_of.entry((o, p, s, polarity)).or_insert(group);
            }
        }
        let is_required = |group: usize| groups[group].iter().any(|relation| !relation.optional);
        let pair = |a: End, b: End| (a.min(b), a.max(b));
        let gold_pairs: BTreeSet<_> = group_of.keys().map(|key| pair(key.0, key.2)).collect();
        let required_pairs: BTreeSet<_> = (0..groups.len())
            .filter(|group| is_required(*group))
            .map(|group| pair(gold_end(&groups[group][0].s), gold_end(&groups[group][0].o)))
            .collect();
        let choices: BTreeMap<u32, Option<usize>> = self
            .votes
            .iter()
            .map(|(id, votes)| (*id, self.choice(votes)))
            .collect();
        let end = |id: u32| match choices.get(&id) {
            Some(Some(index)) => End::Gold(*index),
            _ => End::Unknown(id),
        };
        let mut hit = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut pairs = BTreeSet::new();
        for relation in &self.facts.relations {
            scores.verdicts.push(None);
            let p = relation.predicate.as_str();
            if self.ontology.get(p).is_none() {
                continue;
            }
            scores.evidence.0 += 1;
            let quote = single_spaced(&relation.evidence.text);
            scores.evidence.1 += usize::from(!quote.is_empty() && self.text.contains(&quote));
            let symmetric = self.is_symmetric(p);
            let (mut s, mut o) = (end(relation.subject), end(relation.object));
            if symmetric && o < s {
                (s, o) = (o, s);
            }
            let polarity = relation.polarity.as_str();
            if !seen.insert((s, p, o, polarity)) {
                continue;
            }
            pairs.insert(pair(s, o));
            let back = group_of.get(&(o, p, s, polarity)).copied();
            let found = group_of.get(&(s, p, o, polarity)).copied();
            let found = found.or(back.filter(|_| symmetric));
            if let Some(verdict) = scores.verdicts.last_mut() {
                *verdict = Some(found.is_some());
            }
            match found {
                Some(group) => {
                    if !hit.insert(group) {
                        continue;
                    }
                    if is_required(group) {
                        scores.relations.tp += 1;
                        scores.by_predicate.entry(p.to_owned()).or_default().tp += 1;
                    }
                    let members = &groups[group];
                    let modality = relation.modality.as_str();
                    scores.modality.0 += 1;
                    scores.modality.1 +=
                        usize::from(members.iter().any(|g| g.modality == modality));
                    let attributed = members.iter().any(|g| g.source.is_some());
                    scores.attribution.0 += usize::from(attributed);
                    scores.attribution.1 += usize::from(attributed && relation.source.is_some());
                }
                None => {
                    scores.relations.fp += 1;
                    scores.by_predicate.entry(p.to_owned()).or_default().fp += 1;
                    scores.reversed += usize::from(back.is_some());
                    let name = |id: u32| {
                        let entity = self.facts.entities.get(id as usize);
                        entity.map_or("?", |entity| entity.name.as_str())
                    };
                    let (subject, object) = (name(relation.subject), name(relation.object));
                    cases.push(self.case("wrong", subject, p, polarity, object));
                }
            }
        }
        for group in (0..groups.len()).filter(|group| is_required(*group) && !hit.contains(group)) {
            let relation = groups[group][0];
            scores.relations.missed += 1;
            scores
                .by_predicate
                .entry(relation.p.clone())
                .or_default()
                .missed += 1;
            let name = |id: &str| {
                let entity = self.gold.entities.iter().find(|entity| entity.id == id);
                entity.map_or("?", |entity| entity.name.as_str())
            };
            let (subject, object) = (name(&relation.s), name(&relation.o));
            cases.push(self.case("missed", subject, &relation.p, &relation.polarity, object));
        }
        scores.pairs = Counts {
            tp: pairs.intersection(&gold_pairs).count(),
            fp: pairs.difference(&gold_pairs).count(),
            missed: required_pairs.difference(&pairs).count(),
        };
    }

    fn case(&self, verdict: &str, s: &str, p: &str, polarity: &str, o: &str) -> String {
        let mut line = format!("{}\t{verdict}\t{}\t", self.gold.doc, single_spaced(s));
        if polarity == "negated" {
            line.push_str("not ");
        }
        let _ = write!(line, "{p}\t{}", single_spaced(o));
        line
    }
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Titles and the article that a form may start with.
const TITLES: [&str; 19] = [
    "the",
    "mr",
    "mrs",
    "ms",
    "dr",
    "sir",
    "dame",
    "lord",
    "lady",
    "president",
    "prime minister",
    "chancellor",
    "king",
    "queen",
    "minister",
    "senator",
    "general",
    "judge",
    "prof",
];

/// A surface form without case, titles, a final 's and marks at its ends.
fn normalise(form: &str) -> String {
    let form = single_spaced(&form.replace('’', "'")).to_lowercase();
    let form = form
        .strip_suffix("'s")
        .or(form.strip_suffix('\''))
        .unwrap_or(&form);
    let mut form = form;
    let titles = || TITLES.iter().chain(&["professor"]);
    while let Some(rest) = titles().find_map(|title| {
        let rest = form.strip_prefix(title)?;
        rest.strip_prefix('.').unwrap_or(rest).strip_prefix(' ')
    }) {
        form = rest;
    }
    form.trim_matches([' ', '.', ',']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_normalised() {
        // name, form, expected
        let cases = [
            (
                "titles fall one after the other",
                "The President Dr. Ada  Holm",
                "ada holm",
            ),
            ("title that is a prefix of another word", "Mrs Holm", "holm"),
            ("possessive", "Holm’s", "holm"),
            ("a title alone stays", "Prime Minister", "prime minister"),
            ("marks at the ends", "U.S.", "u.s"),
        ];
        for (name, form, want) in cases {
            assert_eq!(normalise(form), want, "{name}");
        }
    }

    #[test]
    fn counts_are_percentages() {
        let counts = Counts {
            tp: 3,
            fp: 1,
            missed: 2,
        };
        assert_eq!((counts.precision(), counts.recall()), (75.0, 60.0));
        assert!((counts.f1() - 66.666).abs() < 0.001);
        assert_eq!(Counts::default().f1(), 0.0);
    }
}
