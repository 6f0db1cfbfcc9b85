//! What happened when.

use std::collections::{BTreeMap, BTreeSet};

use tieline_facts::Polarity;

use super::{EdgeFilter, Scheme, paths::Ways};
use crate::{Date, EdgeId, Evidence, EvidenceError, Graph, NodeId};

/// A statement with its day.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When it happened, or when it was published.
    pub date: Date,
    /// Whether the date is that of the event; if not, that of the document.
    pub of_event: bool,
    /// The edge.
    pub edge: EdgeId,
    /// The statement.
    pub evidence: Evidence,
}

/// All dated statements about a node, the earliest first. Of several statements of one edge on one
/// date the surest stands for all.
pub fn timeline(
    graph: &Graph,
    scheme: &Scheme,
    node: NodeId,
    filter: &EdgeFilter,
) -> Result<Vec<Moment>, EvidenceError> {
    let mut found = Vec::new();
    for step in graph.steps(node) {
        if filter.admits_step(graph, scheme, step.edge, step.node) {
            found.extend(moments(graph, step.edge)?);
        }
    }
    found.sort_by(|a, b| {
        let rank = |m: &Moment| (m.date.first_day(), m.date, !m.of_event, m.edge);
        rank(a).cmp(&rank(b))
    });
    Ok(found)
}

/// When a statement is placed: where what it tells happened or began, else where it was published;
/// and whether it is the former. Of a week or an interval the first day counts.
fn dated(graph: &Graph, one: &Evidence) -> Option<(Date, bool)> {
    let first = |text: &Option<String>| Date::span(text.as_deref()?).map(|(first, _)| first);
    let own = first(&one.date).or_else(|| first(&one.from));
    let published = || first(&graph.document(one.document).date).map(|date| (date, false));
    own.map(|date| (date, true)).or_else(published)
}

/// The dated statements of an edge.
fn moments(graph: &Graph, edge: EdgeId) -> Result<Vec<Moment>, EvidenceError> {
    let mut by_date: BTreeMap<(Date, bool), Evidence> = BTreeMap::new();
    for one in graph.evidence(edge)?.iter() {
        let Some((date, of_event)) = dated(graph, one) else {
            continue;
        };
        let kept = by_date
            .entry((date, of_event))
            .or_insert_with(|| one.clone());
        if kept.confidence < one.confidence {
            *kept = one.clone();
        }
    }
    let moment = |((date, of_event), evidence)| Moment {
        date,
        of_event,
        edge,
        evidence,
    };
    Ok(by_date.into_iter().map(moment).collect())
}

/// Length of the periods of a [`Balance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A year.
    Year,
    /// A month; statements whose month is not known stand under their year.
    Month,
    /// A day.
    Day,
}

impl Period {
    fn of(self, date: Date) -> Date {
        let (month, day) = (date.month().unwrap_or(0), date.day().unwrap_or(0));
        let cut = match self {
            Period::Year => Date::new(date.year(), 0, 0),
            Period::Month => Date::new(date.year(), month, 0),
            Period::Day => Date::new(date.year(), month, day),
        };
        cut.unwrap_or(date)
    }
}

/// Cooperation against conflict in one period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// The period; `None` for statements without any date.
    pub period: Option<Date>,
    /// Statements of cooperation.
    pub cooperation: u32,
    /// Statements of conflict.
    pub conflict: u32,
    /// Edges that they belong to, in order.
    pub edges: Vec<EdgeId>,
}

impl Balance {
    /// From -1 (conflict only) to 1 (cooperation only); 0 where there is neither.
    pub fn share(&self) -> f64 {
        let (plus, minus) = (f64::from(self.cooperation), f64::from(self.conflict));
        if plus + minus == 0.0 {
            0.0
        } else {
            (plus - minus) / (plus + minus)
        }
    }
}

/// How two nodes get on, by period: affirmed statements whose relation has a sign (that of its
/// PLOVER class). Statements without any date come last.
pub fn balance(
    graph: &Graph,
    scheme: &Scheme,
    a: NodeId,
    b: NodeId,
    period: Period,
    filter: &EdgeFilter,
) -> Result<Vec<Balance>, EvidenceError> {
    let mut periods: BTreeMap<Date, (u32, u32, BTreeSet<EdgeId>)> = BTreeMap::new();
    let mut undated: (u32, u32, BTreeSet<EdgeId>) = Default::default();
    for id in Ways::new(graph, scheme, filter).edges(a, b) {
        let edge = graph.edge(id);
        let sign = scheme.sign(edge.relation);
        if sign == 0 || edge.polarity != Polarity::Affirmed {
            continue;
        }
        for one in graph.evidence(id)?.iter() {
            let slot = match dated(graph, one) {
                Some((date, _)) => periods.entry(period.of(date)).or_default(),
                None => &mut undated,
            };
            if sign > 0 {
                slot.0 += 1;
            } else {
                slot.1 += 1;
            }
            slot.2.insert(id);
        }
    }
    let row =
        |(period, (cooperation, conflict, edges)): (Option<Date>, (u32, u32, BTreeSet<_>))| {
            Balance {
                period,
                cooperation,
                conflict,
                edges: edges.into_iter().collect(),
            }
        };
    let mut rows: Vec<Balance> = periods
        .into_iter()
        .map(|(period, sums)| row((Some(period), sums)))
        .collect();
    if !undated.2.is_empty() {
        rows.push(row((None, undated)));
    }
    Ok(rows)
}
