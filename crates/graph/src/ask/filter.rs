//! Which edges count.

use tieline_facts::{EntityType, Modality, OPEN_PREFIX, Ontology, Polarity};

use crate::{Date, Edge, EdgeId, Graph, NodeId, RelationId};

/// What the ontology says of the relations of one graph, by [`RelationId`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scheme {
    rows: Vec<SchemeRow>,
}

#[derive(Clone, Debug, PartialEq)]
struct SchemeRow {
    label: String,
    sign: i8,
    is_state: bool,
}

impl Scheme {
    /// Looks up every relation of the graph; one that the ontology does not know is an event
    /// without sign, labelled by its id; an open clause is labelled by its words.
    pub fn of(graph: &Graph, ontology: &Ontology) -> Scheme {
        let row = |name: &str| match ontology.get(name) {
            Some(kind) => SchemeRow {
                label: kind.label.clone(),
                sign: kind.sign,
                is_state: kind.is_state,
            },
            None => SchemeRow {
                label: match name.strip_prefix(OPEN_PREFIX) {
                    Some(phrase) => format!("“{phrase}”"),
                    None => name.replace('_', " "),
                },
                sign: 0,
                is_state: false,
            },
        };
        Scheme {
            rows: graph
                .relations()
                .iter()
                .map(|relation| row(&relation.name))
                .collect(),
        }
    }

    /// Readable words of a relation.
    pub fn label(&self, id: RelationId) -> &str {
        self.rows.get(id.index()).map_or("", |row| &row.label)
    }

    /// +1 cooperation, -1 conflict, 0 neither.
    pub fn sign(&self, id: RelationId) -> i8 {
        self.rows.get(id.index()).map_or(0, |row| row.sign)
    }

    /// Whether the relation is a state that lasts.
    pub fn is_state(&self, id: RelationId) -> bool {
        self.rows.get(id.index()).is_some_and(|row| row.is_state)
    }
}

/// Conditions on edges; the default admits every one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EdgeFilter {
    /// Relations of which the edge must have one; empty for any.
    pub relations: Vec<RelationId>,
    /// Types of which the node at the other end must have one; empty for any. Looked at only where
    /// an edge is seen from one end ([`EdgeFilter::admits_step`]).
    pub types: Vec<EntityType>,
    /// Modalities of which the edge must have one; empty for any.
    pub modalities: Vec<Modality>,
    /// Polarity that the edge must have.
    pub polarity: Option<Polarity>,
    /// It happened, or was published where the text says no date, on this date or later.
    pub since: Option<Date>,
    /// The same, on this date or before.
    pub until: Option<Date>,
    /// Only states, and only those that held on this date as far as the texts say.
    pub as_of: Option<Date>,
    /// Some statement of it is attributed to this entity.
    pub by: Option<NodeId>,
    /// At least so many documents, copies counted once.
    pub min_support: u32,
    /// At least this confidence.
    pub min_confidence: f32,
    /// Cooperation (+1) or conflict (-1) only.
    pub sign: Option<i8>,
}

/// First and last date of an edge: of the event, or of publication where no event is dated.
pub fn when(edge: &Edge) -> Option<(Date, Date)> {
    edge.happened.or(edge.published)
}

impl EdgeFilter {
    /// Whether an edge counts.
    pub fn admits(&self, graph: &Graph, scheme: &Scheme, id: EdgeId) -> bool {
        let edge = graph.edge(id);
        let dated = |test: &dyn Fn((Date, Date)) -> bool| when(edge).is_some_and(test);
        (self.relations.is_empty() || self.relations.contains(&edge.relation))
            && (self.modalities.is_empty() || self.modalities.contains(&edge.modality))
            && self
                .polarity
                .is_none_or(|polarity| polarity == edge.polarity)
            && self.min_support <= edge.support
            && self.min_confidence <= edge.confidence
            && self
                .sign
                .is_none_or(|sign| sign == scheme.sign(edge.relation))
            && self
                .since
                .is_none_or(|since| dated(&|(_, last)| since.first_day() <= last.last_day()))
            && self
                .until
                .is_none_or(|until| dated(&|(first, _)| first.first_day() <= until.last_day()))
            && self.as_of.is_none_or(|day| held_on(edge, scheme, day))
            && self
                .by
                .is_none_or(|source| graph.sources(id).contains(&source))
    }

    /// Whether an edge counts that leads to `other`.
    pub fn admits_step(&self, graph: &Graph, scheme: &Scheme, id: EdgeId, other: NodeId) -> bool {
        let fits = self.types.is_empty() || self.types.contains(&graph.node(other).kind);
        fits && self.admits(graph, scheme, id)
    }

    /// Whether everything is admitted.
    pub fn is_empty(&self) -> bool {
        *self == EdgeFilter::default()
    }
}

/// Whether a state held on a day, as far as the texts say: not before its beginning, not after its
/// end, and a state called former only up to a stated end. Denied states never held.
fn held_on(edge: &Edge, scheme: &Scheme, day: Date) -> bool {
    let begun = edge
        .from
        .is_none_or(|from| from.first_day() <= day.last_day());
    let lasting = match (edge.until, edge.modality) {
        (Some(until), _) => day.first_day() <= until.last_day(),
        (None, Modality::Former) => false,
        (None, _) => true,
    };
    let real = matches!(edge.modality, Modality::Asserted | Modality::Former);
    scheme.is_state(edge.relation)
        && edge.polarity == Polarity::Affirmed
        && real
        && begun
        && lasting
}
