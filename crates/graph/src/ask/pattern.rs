//! Answers to pattern queries.
//!
//! The planner starts from the pattern with the fewest edges to look at (those at a bound node, or
//! of the rarest relation) and goes on with the one that is cheapest once that is bound, again and
//! again. Each step extends rows by one pattern (a nested-loop join over adjacency lists).

use std::collections::{BTreeMap, BTreeSet};

use super::syntax::{EdgeTest, Head, Query, QueryError, QueryErrorKind, Term, Test};
use super::{EdgeFilter, Scheme};
use crate::{EdgeId, Graph, NodeId, RelationId, Resolution};

/// A match: values of the asked variables, and the edges that made the first match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// One for each column.
    pub values: Vec<NodeId>,
    /// For each pattern of the query, in its order, the edge that matched.
    pub edges: Vec<EdgeId>,
    /// The count, where the query asks for one.
    pub count: Option<u64>,
}

/// What a query found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Names of the columns, without `?`.
    pub columns: Vec<String>,
    /// Rows, ordered by their nodes; counts by number, the greatest first.
    pub rows: Vec<Row>,
    /// Whether more rows were found than asked for.
    pub cut: bool,
}

/// A pattern whose names are nodes.
struct Plan {
    subject: End,
    object: End,
    /// Relations and whether the pattern reads them backwards; `None` for any.
    relations: Option<Vec<(RelationId, bool)>>,
    filter: EdgeFilter,
    /// Place of the pattern in the query.
    place: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Var(usize),
    Node(NodeId),
}

/// Finds the node of a name.
fn node(graph: &Graph, name: &str, column: usize) -> Result<NodeId, QueryError> {
    let error = |kind| Err(QueryError { column, kind });
    match graph.resolve(name, None) {
        Resolution::One(id) => Ok(id),
        Resolution::Near(all) => {
            let names = all.iter().take(5).map(|id| graph.name(*id).to_owned());
            error(QueryErrorKind::NearName(name.to_owned(), names.collect()))
        }
        Resolution::Nothing => error(QueryErrorKind::UnknownName(name.to_owned())),
        Resolution::Several(all) => {
            let keys = all.iter().take(5).map(|id| graph.node(*id).key.to_owned());
            error(QueryErrorKind::AmbiguousName(
                name.to_owned(),
                keys.collect(),
            ))
        }
    }
}

fn edge_filter(graph: &Graph, test: &EdgeTest) -> Result<EdgeFilter, QueryError> {
    let by = match &test.by {
        Some((name, column)) => Some(node(graph, name, *column)?),
        None => None,
    };
    Ok(EdgeFilter {
        modalities: test.modalities.clone(),
        polarity: test.polarity,
        since: test.since,
        until: test.until,
        as_of: test.as_of,
        min_support: test.support,
        min_confidence: test.confidence,
        by,
        ..EdgeFilter::default()
    })
}

/// Answers a query with at most `limit` rows; 0 gives all.
///
/// # Errors
///
/// A name that no entity or more than one has, with its column.
pub fn answer(
    graph: &Graph,
    scheme: &Scheme,
    query: &Query,
    limit: usize,
) -> Result<Answer, QueryError> {
    let end = |term: &Term| match term {
        Term::Var(var) => Ok(End::Var(*var)),
        Term::Name { name, column } => node(graph, name, *column).map(End::Node),
    };
    let mut plans = Vec::new();
    for (place, pattern) in query.patterns.iter().enumerate() {
        let known = pattern
            .relations
            .iter()
            .filter_map(|relation| Some((graph.find_relation(&relation.id)?, relation.turned)));
        plans.push(Plan {
            subject: end(&pattern.subject)?,
            object: end(&pattern.object)?,
            relations: (!pattern.relations.is_empty()).then(|| known.collect()),
            filter: edge_filter(graph, &pattern.filter)?,
            place,
        });
    }
    let mut tests = Vec::new();
    for test in &query.tests {
        if let Test::Same(var, term, same) = test {
            tests.push((*var, end(term)?, *same));
        }
    }
    let mut search = Search {
        graph,
        scheme,
        query,
        tests,
        values: vec![None; query.vars.len()],
        edges: vec![EdgeId(0); plans.len()],
        asked: Vec::new(),
        limit: usize::MAX,
        rows: BTreeMap::new(),
        cut: false,
    };
    let (columns, by, counts) = match &query.head {
        Head::Select(vars) => (vars.clone(), vars.len(), false),
        Head::Count { of, by } => {
            let all: Vec<usize> = by.iter().chain(of).copied().collect();
            (all, by.len(), true)
        }
    };
    search.asked = columns.clone();
    if !counts && limit > 0 {
        search.limit = limit;
    }
    search.extend(&plans, &mut vec![false; plans.len()]);
    let name = |var: &usize| query.vars.get(*var).cloned().unwrap_or_default();
    let cut = search.cut;
    let found = search.rows;
    if !counts {
        let rows = found.into_iter().map(|(values, edges)| Row {
            values,
            edges,
            count: None,
        });
        return Ok(Answer {
            columns: columns.iter().map(name).collect(),
            rows: rows.collect(),
            cut,
        });
    }
    let mut groups: BTreeMap<Vec<NodeId>, (u64, Vec<EdgeId>)> = BTreeMap::new();
    for (values, edges) in found {
        let key = values.into_iter().take(by).collect();
        groups.entry(key).or_insert((0, edges)).0 += 1;
    }
    let mut rows: Vec<Row> = groups
        .into_iter()
        .map(|(values, (count, edges))| Row {
            values,
            edges,
            count: Some(count),
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    let cut = limit > 0 && limit < rows.len();
    if cut {
        rows.truncate(limit);
    }
    Ok(Answer {
        columns: columns.iter().take(by).map(name).collect(),
        rows,
        cut,
    })
}

struct Search<'a> {
    graph: &'a Graph,
    scheme: &'a Scheme,
    query: &'a Query,
    tests: Vec<(usize, End, bool)>,
    values: Vec<Option<NodeId>>,
    edges: Vec<EdgeId>,
    asked: Vec<usize>,
    limit: usize,
    rows: BTreeMap<Vec<NodeId>, Vec<EdgeId>>,
    cut: bool,
}

impl Search<'_> {
    fn bound(&self, end: End) -> Option<NodeId> {
        match end {
            End::Node(node) => Some(node),
            End::Var(var) => self.values.get(var).copied().flatten(),
        }
    }

    /// How many edges must be looked at for a pattern, with what is bound now.
    fn price(&self, plan: &Plan) -> usize {
        let ends = [plan.subject, plan.object];
        let near = ends.iter().filter_map(|end| self.bound(*end));
        let near = near.map(|node| self.graph.degree(node)).min();
        let all = match &plan.relations {
            Some(relations) => {
                let edges = relations
                    .iter()
                    .map(|(id, _)| self.graph.edges_of(*id).len());
                edges.sum()
            }
            None => self.graph.n_edges(),
        };
        near.map_or(all, |near| near.min(all))
    }

    fn extend(&mut self, plans: &[Plan], used: &mut Vec<bool>) {
        if self.cut {
            return;
        }
        let open = plans.iter().enumerate().filter(|(at, _)| !used[*at]);
        let next = open.min_by_key(|(at, plan)| (self.price(plan), *at));
        let Some((at, plan)) = next else {
            self.take();
            return;
        };
        used[at] = true;
        for (edge, subject, object) in self.candidates(plan) {
            let before = self.values.clone();
            if self.bind(plan.subject, subject)
                && self.bind(plan.object, object)
                && plan.filter.admits(self.graph, self.scheme, edge)
                && self.holds()
            {
                self.edges[plan.place] = edge;
                self.extend(plans, used);
            }
            self.values = before;
        }
        used[at] = false;
    }

    /// Edges that may match, with the nodes that stand for subject and object.
    fn candidates(&self, plan: &Plan) -> Vec<(EdgeId, NodeId, NodeId)> {
        let mut found = Vec::new();
        let mut add = |id: EdgeId| {
            let edge = self.graph.edge(id);
            let symmetric = self.graph.relation(edge.relation).symmetric;
            let turned = match &plan.relations {
                Some(relations) => {
                    let known = relations
                        .iter()
                        .find(|(relation, _)| *relation == edge.relation);
                    match known {
                        Some((_, turned)) => *turned,
                        None => return,
                    }
                }
                None => false,
            };
            let straight = (id, edge.subject, edge.object);
            let back = (id, edge.object, edge.subject);
            if turned {
                found.push(back);
            } else {
                found.push(straight);
            }
            if symmetric {
                found.push(if turned { straight } else { back });
            }
        };
        let ends = [plan.subject, plan.object].map(|end| self.bound(end));
        let cheap = ends
            .into_iter()
            .flatten()
            .min_by_key(|node| self.graph.degree(*node));
        match cheap {
            Some(node) => self.graph.steps(node).for_each(|step| add(step.edge)),
            None => match &plan.relations {
                Some(relations) => {
                    let mut seen = BTreeSet::new();
                    for (relation, _) in relations.iter().filter(|(id, _)| seen.insert(*id)) {
                        self.graph
                            .edges_of(*relation)
                            .iter()
                            .for_each(|id| add(*id));
                    }
                }
                None => self.graph.edge_ids().for_each(&mut add),
            },
        }
        found
    }

    /// Gives an end its node, or looks whether it has that one.
    fn bind(&mut self, end: End, node: NodeId) -> bool {
        match end {
            End::Node(own) => own == node,
            End::Var(var) => match self.values.get_mut(var) {
                Some(Some(own)) => *own == node,
                Some(slot) => {
                    *slot = Some(node);
                    true
                }
                None => false,
            },
        }
    }

    /// Whether every condition on variables that are bound holds.
    fn holds(&self) -> bool {
        let value = |var: usize| self.values.get(var).copied().flatten();
        let types = self.query.tests.iter().all(|test| match test {
            Test::Is(var, kinds) => {
                value(*var).is_none_or(|node| kinds.contains(&self.graph.node(node).kind))
            }
            Test::Same(..) => true,
        });
        types
            && self
                .tests
                .iter()
                .all(|(var, end, same)| match (value(*var), self.bound(*end)) {
                    (Some(a), Some(b)) => (a == b) == *same,
                    _ => true,
                })
    }

    fn take(&mut self) {
        let values: Option<Vec<NodeId>> = self
            .asked
            .iter()
            .map(|var| self.values.get(*var).copied().flatten())
            .collect();
        let Some(values) = values else { return };
        if self.rows.contains_key(&values) {
            return;
        }
        if self.limit <= self.rows.len() {
            self.cut = true;
            return;
        }
        self.rows.insert(values, self.edges.clone());
    }
}
