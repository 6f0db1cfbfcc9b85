//! From a graph to what its picture shows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use tieline_facts::{EntityType, Modality, OPEN_PREFIX, Ontology, Polarity, Symmetry};

use super::dot::{Engine, write_dot};
use super::scene::{Change, Scene, SceneLine, SceneNode, Theme, count, shorten};
use crate::ask::{EdgeChange, EdgeFilter, Scheme, Ways, changes, communities};
use crate::{Edge, EdgeId, EvidenceError, Graph, NodeId, RelationId};

/// How a graph is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct DotOptions {
    /// Draw at most so many nodes, those that matter most; `None` draws all that have an edge.
    pub max_nodes: Option<usize>,
    /// Draw at most so many lines between them, those that matter most, but enough to keep together
    /// what hangs together; `None` draws all.
    pub max_lines: Option<usize>,
    /// Heading of the picture.
    pub title: Option<String>,
    /// Whether to draw the legend.
    pub legend: bool,
    /// Colours.
    pub theme: Theme,
    /// What finds places in DOT.
    pub engine: Engine,
    /// Frames around nodes that belong together.
    pub groups: Grouping,
    /// Edges to draw.
    pub filter: EdgeFilter,
    /// Draw only what is near these, which are never left out; empty for the whole graph.
    pub about: Vec<NodeId>,
    /// How many hops away from `about`.
    pub depth: usize,
    /// Draw only these nodes, all of them.
    pub only: Option<BTreeSet<NodeId>>,
    /// Further rows of the legend.
    pub remarks: Vec<String>,
}

/// Frames around nodes that belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// None.
    #[default]
    None,
    /// By the country that a node is, stands for, lies in or belongs to.
    Country,
    /// By community (see [`communities`]).
    Community,
}

impl Default for DotOptions {
    /// At most 40 nodes and 60 lines, with legend, without title.
    fn default() -> DotOptions {
        DotOptions {
            max_nodes: Some(40),
            max_lines: Some(60),
            title: None,
            legend: true,
            theme: Theme::Light,
            engine: Engine::Layers,
            groups: Grouping::None,
            filter: EdgeFilter::default(),
            about: Vec::new(),
            depth: 1,
            only: None,
            remarks: Vec::new(),
        }
    }
}

/// Writes the graph as DOT. The same graph gives the same bytes; nodes and edges stand in the
/// order of their keys, one statement a line, so a small change is a small difference. Fails only
/// where evidence cannot be read.
pub fn to_dot(
    graph: &Graph,
    ontology: &Ontology,
    options: &DotOptions,
) -> Result<String, EvidenceError> {
    Ok(write_dot(&scene(graph, ontology, options)?, options.engine))
}

/// Sentences in one tooltip.
const TOOLTIP_SENTENCES: usize = 3;

/// What the picture of a graph shows.
pub fn scene(
    graph: &Graph,
    ontology: &Ontology,
    options: &DotOptions,
) -> Result<Scene, EvidenceError> {
    let scheme = Scheme::of(graph, ontology);
    let choice = Choice::new(graph, &scheme, options);
    let kept = choice.select(options.max_nodes);
    let lines = strongest(choice.lines(&kept), options.max_lines);
    let places: BTreeMap<NodeId, usize> = kept.iter().copied().zip(0..).collect();
    let mut scene = Scene {
        title: options.title.clone(),
        theme: options.theme,
        legend: options.legend,
        nodes: kept.iter().map(|id| node(graph, *id, options)).collect(),
        ..Scene::default()
    };
    for line in &lines {
        scene
            .lines
            .push(line.draw(graph, ontology, &scheme, &places)?);
    }
    group(graph, &scheme, options, &kept, &mut scene);
    let all = choice.select(None);
    let (nodes, others) = (
        all.len() - kept.len(),
        choice.lines(&all).len() - lines.len(),
    );
    if 0 < nodes + others {
        let (nodes, others) = (count(nodes, "node"), count(others, "line"));
        scene
            .remarks
            .push(format!("left out: {nodes} and {others}"));
    }
    scene.remarks.extend(options.remarks.iter().cloned());
    Ok(scene)
}

/// What the picture of the difference between two graphs shows: new, gone and changed edges in
/// their colours. `filters` are those of the old and of the new graph.
pub fn scene_of_changes(
    old: (&Graph, &EdgeFilter),
    new: (&Graph, &EdgeFilter),
    ontology: &Ontology,
    options: &DotOptions,
) -> Result<Scene, EvidenceError> {
    let schemes = (Scheme::of(old.0, ontology), Scheme::of(new.0, ontology));
    let found = changes((old.0, &schemes.0, old.1), (new.0, &schemes.1, new.1));
    // Both graphs as one list of lines, keyed by names that both know.
    let mut nodes: BTreeMap<String, (SceneNode, f64)> = BTreeMap::new();
    let mut lines: BTreeMap<(String, String, String, Polarity, Modality), SceneLine> =
        BTreeMap::new();
    for change in found {
        let (graph, scheme, id, what) = match change {
            EdgeChange::New(id) => (new.0, &schemes.1, id, Change::New),
            EdgeChange::Gone(id) => (old.0, &schemes.0, id, Change::Gone),
            EdgeChange::Changed(_, id) => (new.0, &schemes.1, id, Change::Changed),
        };
        let edge = graph.edge(id);
        let line = Line {
            from: edge.subject,
            to: edge.object,
            relation: edge.relation,
            edges: vec![(id, edge)],
        };
        let ends = BTreeMap::from([(edge.subject, 0), (edge.object, 0)]);
        let mut drawn = line.draw(graph, ontology, scheme, &ends)?;
        drawn.change = Some(what);
        for end in [edge.subject, edge.object] {
            let key = graph.node(end).key.to_owned();
            let own = nodes.entry(key).or_insert_with(|| {
                let mut node = node(graph, end, options);
                let other = if what == Change::Gone { new.0 } else { old.0 };
                if other.find_key(&node.id).is_none() {
                    node.change = Some(what);
                }
                (node, 0.0)
            });
            own.1 += weight(edge);
        }
        let key = (
            graph.node(edge.subject).key.to_owned(),
            graph.node(edge.object).key.to_owned(),
            graph.relation(edge.relation).name.clone(),
            edge.polarity,
            edge.modality,
        );
        lines.insert(key, drawn);
    }
    let n_all = nodes.len();
    let mut order: Vec<(&String, f64)> = nodes.iter().map(|(key, own)| (key, own.1)).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let budget = options.max_nodes.unwrap_or(usize::MAX);
    let kept: BTreeSet<String> = order
        .into_iter()
        .take(budget)
        .map(|(key, _)| key.clone())
        .collect();
    let places: BTreeMap<&String, usize> = kept.iter().zip(0..).collect();
    let mut scene = Scene {
        title: options.title.clone(),
        theme: options.theme,
        legend: options.legend,
        nodes: nodes
            .iter()
            .filter(|(key, _)| kept.contains(*key))
            .map(|(_, (node, _))| node.clone())
            .collect(),
        remarks: options.remarks.clone(),
        ..Scene::default()
    };
    for ((from, to, ..), mut line) in lines {
        if let (Some(from), Some(to)) = (places.get(&from), places.get(&to)) {
            (line.from, line.to) = (*from, *to);
            scene.lines.push(line);
        }
    }
    if kept.len() < n_all {
        scene
            .remarks
            .push(format!("left out: {}", count(n_all - kept.len(), "node")));
    }
    Ok(scene)
}

/// How much an edge counts: more with more evidence, less and less so; plain assertions count
/// double.
fn weight(edge: &Edge) -> f64 {
    let support = f64::from(edge.support).ln_1p() + f64::from(edge.n_statements).ln_1p();
    if edge.is_fact() {
        2.0 * support
    } else {
        support
    }
}

/// The part of a graph that may be drawn.
struct Choice<'a> {
    graph: &'a Graph,
    scheme: &'a Scheme,
    options: &'a DotOptions,
    /// `None` for all nodes.
    inside: Option<BTreeSet<NodeId>>,
}

impl<'a> Choice<'a> {
    fn new(graph: &'a Graph, scheme: &'a Scheme, options: &'a DotOptions) -> Choice<'a> {
        let inside = match &options.only {
            Some(only) => Some(only.clone()),
            None if options.about.is_empty() => None,
            None => {
                let ways = Ways::new(graph, scheme, &options.filter);
                Some(ways.around(&options.about, options.depth))
            }
        };
        Choice {
            graph,
            scheme,
            options,
            inside,
        }
    }

    fn holds(&self, node: NodeId) -> bool {
        self.inside
            .as_ref()
            .is_none_or(|inside| inside.contains(&node))
    }

    /// The admitted edges that leave a node and stay inside.
    fn leaving(&self, node: NodeId) -> impl Iterator<Item = (EdgeId, &'a Edge)> {
        let (graph, scheme, filter) = (self.graph, self.scheme, &self.options.filter);
        let edges = graph
            .out_edges(node)
            .filter(|(_, edge)| self.holds(edge.object));
        edges.filter(move |(id, _)| filter.admits(graph, scheme, *id))
    }

    /// The nodes to draw: those with edges; if more than `budget`, the node that matters least
    /// (sum of the weights of its remaining edges, then mentions) is taken away again and again.
    /// What is cut off from everything by this goes first, so what stays hangs together as far as
    /// it can. Nodes asked about stay.
    ///
    /// Cost: O((nodes + edges) log nodes).
    fn select(&self, budget: Option<usize>) -> BTreeSet<NodeId> {
        if let (Some(only), None) = (&self.options.only, budget) {
            return only.clone();
        }
        let starts: Vec<NodeId> = match &self.inside {
            Some(inside) => inside.iter().copied().collect(),
            None => self.graph.node_ids().collect(),
        };
        let mut near: BTreeMap<NodeId, Vec<(NodeId, f64)>> = BTreeMap::new();
        for start in starts {
            for (_, edge) in self.leaving(start) {
                let weight = weight(edge);
                near.entry(edge.subject)
                    .or_default()
                    .push((edge.object, weight));
                near.entry(edge.object)
                    .or_default()
                    .push((edge.subject, weight));
            }
        }
        let mut scores: BTreeMap<NodeId, f64> = near
            .iter()
            .map(|(node, near)| (*node, near.iter().map(|(_, weight)| weight).sum()))
            .collect();
        let fixed = |node: &NodeId| {
            let only = self.options.only.as_ref();
            self.options.about.contains(node) || only.is_some_and(|only| only.contains(node))
        };
        // Scores as whole thousandths: ordered, and the same whatever order sums are taken in.
        let rank = |node: NodeId, score: f64| {
            (
                (score * 1000.0).round() as i64,
                self.graph.node(node).n_mentions,
                std::cmp::Reverse(node),
            )
        };
        let mut queue: BTreeSet<_> = scores
            .iter()
            .filter(|(node, _)| !fixed(node))
            .map(|(node, score)| rank(*node, *score))
            .collect();
        let mut kept: BTreeSet<NodeId> = scores.keys().copied().collect();
        kept.extend(self.options.about.iter().copied());
        while budget.is_some_and(|budget| kept.len() > budget)
            || queue.first().is_some_and(|least| least.0 <= 0)
        {
            let Some((_, _, std::cmp::Reverse(least))) = queue.pop_first() else {
                break;
            };
            kept.remove(&least);
            for (other, weight) in near.get(&least).into_iter().flatten() {
                if !kept.contains(other) {
                    continue;
                }
                if let Some(score) = scores.get_mut(other) {
                    queue.remove(&rank(*other, *score));
                    *score -= weight;
                    if !fixed(other) {
                        queue.insert(rank(*other, *score));
                    }
                }
            }
        }
        kept
    }

    /// Lines between kept nodes, ordered by their ends and relation.
    fn lines(&self, kept: &BTreeSet<NodeId>) -> Vec<Line<'a>> {
        let mut grouped: BTreeMap<(NodeId, NodeId, RelationId), Vec<_>> = BTreeMap::new();
        for (id, edge) in kept.iter().flat_map(|node| self.leaving(*node)) {
            if kept.contains(&edge.object) {
                let key = (edge.subject, edge.object, edge.relation);
                grouped.entry(key).or_default().push((id, edge));
            }
        }
        let line = |((from, to, relation), edges)| Line {
            from,
            to,
            relation,
            edges,
        };
        grouped.into_iter().map(line).collect()
    }
}

/// The lines to draw of those between kept nodes, in their order: a strongest forest, so that what
/// hangs together still does (Kruskal 1956), then the strongest of the others, up to `budget`.
fn strongest(lines: Vec<Line<'_>>, budget: Option<usize>) -> Vec<Line<'_>> {
    let Some(budget) = budget.filter(|budget| *budget < lines.len()) else {
        return lines;
    };
    let strength = |line: &Line<'_>| line.edges.iter().map(|(_, edge)| weight(edge)).sum::<f64>();
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|a, b| {
        let strengths = (strength(&lines[*b]), strength(&lines[*a]));
        strengths.0.total_cmp(&strengths.1).then(a.cmp(b))
    });
    let mut parts = Parts::default();
    let (forest, others): (Vec<usize>, Vec<usize>) = order
        .into_iter()
        .partition(|at| parts.join(lines[*at].from, lines[*at].to));
    let kept: BTreeSet<usize> = forest.into_iter().chain(others).take(budget).collect();
    let numbered = lines.into_iter().enumerate();
    numbered
        .filter(|(at, _)| kept.contains(at))
        .map(|(_, line)| line)
        .collect()
}

/// Nodes that lines have joined.
#[derive(Default)]
struct Parts(BTreeMap<NodeId, NodeId>);

impl Parts {
    fn root(&self, mut node: NodeId) -> NodeId {
        while let Some(above) = self.0.get(&node) {
            node = *above;
        }
        node
    }

    /// Joins two nodes; false if they were joined before.
    fn join(&mut self, a: NodeId, b: NodeId) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        a != b && self.0.insert(a.max(b), a.min(b)).is_none()
    }
}

/// What is drawn as one line: all edges of one relation from one node to another.
struct Line<'a> {
    from: NodeId,
    to: NodeId,
    relation: RelationId,
    edges: Vec<(EdgeId, &'a Edge)>,
}

impl Line<'_> {
    fn has(&self, polarity: Polarity) -> bool {
        self.edges.iter().any(|(_, edge)| edge.polarity == polarity)
    }

    /// The firmest way in which it is affirmed, or denied if it never is.
    fn modality(&self) -> Modality {
        let firmness = |modality| match modality {
            Modality::Asserted => 0,
            Modality::Former => 1,
            Modality::Planned => 2,
            Modality::Alleged => 3,
            Modality::Possible => 4,
        };
        let affirmed = self.has(Polarity::Affirmed);
        let edges = self.edges.iter().map(|(_, edge)| edge);
        edges
            .filter(|edge| !affirmed || edge.polarity == Polarity::Affirmed)
            .map(|edge| edge.modality)
            .min_by_key(|modality| firmness(*modality))
            .unwrap_or_default()
    }

    fn draw(
        &self,
        graph: &Graph,
        ontology: &Ontology,
        scheme: &Scheme,
        places: &BTreeMap<NodeId, usize>,
    ) -> Result<SceneLine, EvidenceError> {
        let (affirmed, denied) = (self.has(Polarity::Affirmed), self.has(Polarity::Negated));
        let modality = self.modality();
        let support: u32 = self.edges.iter().map(|(_, edge)| edge.n_statements).sum();
        let mut label = scheme.label(self.relation).to_owned();
        if !affirmed {
            label.insert_str(0, "not ");
        }
        match modality {
            Modality::Asserted | Modality::Planned => {}
            Modality::Possible | Modality::Alleged | Modality::Former => {
                let _ = write!(label, " ({})", modality.as_str());
            }
        }
        if affirmed && denied {
            label.push_str(" (disputed)");
        }
        if support > 1 {
            let _ = write!(label, " ×{support}");
        }
        let relation = graph.relation(self.relation);
        let symmetric = ontology
            .get(&relation.name)
            .map_or(relation.symmetric, |kind| {
                kind.symmetry == Symmetry::Symmetric
            });
        let place = |node: NodeId| places.get(&node).copied().unwrap_or_default();
        let (tooltip, url) = self.tooltip(graph, &label)?;
        Ok(SceneLine {
            from: place(self.from),
            to: place(self.to),
            modality,
            affirmed,
            denied,
            symmetric,
            sign: scheme.sign(self.relation),
            support,
            open: relation.name.starts_with(OPEN_PREFIX),
            tooltip,
            url,
            label,
            change: None,
        })
    }

    /// Ends and relation, then the best sentences with who says it, when, and where it is
    /// written; and the address of the first that has one.
    fn tooltip(
        &self,
        graph: &Graph,
        label: &str,
    ) -> Result<(String, Option<String>), EvidenceError> {
        let name = |node: NodeId| graph.name(node);
        let mut text = format!("{} – {label} – {}", name(self.from), name(self.to));
        let mut all = Vec::new();
        for (id, _) in &self.edges {
            all.extend(graph.evidence(*id)?);
        }
        all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let mut url = None;
        for one in all.iter().take(TOOLTIP_SENTENCES) {
            let _ = write!(text, "\n“{}”", shorten(&one.quote, 300));
            let source = one.source.map(name).or(one.source_text.as_deref());
            if let Some(source) = source {
                let _ = write!(text, " – {source}");
            }
            if let Some(when) = one.when() {
                let _ = write!(text, ", {when}");
            }
            if let Some(amount) = &one.amount {
                let _ = write!(text, ", {}", shorten(&amount.text, 60));
            }
            let doc = &graph.document(one.document).doc;
            let _ = write!(text, " [{doc}]");
            if url.is_none() && (doc.starts_with("http://") || doc.starts_with("https://")) {
                url = Some(doc.clone());
            }
        }
        if TOOLTIP_SENTENCES < all.len() {
            let _ = write!(text, "\nand {} more", all.len() - TOOLTIP_SENTENCES);
        }
        Ok((text, url))
    }
}

fn node(graph: &Graph, id: NodeId, options: &DotOptions) -> SceneNode {
    let node = graph.node(id);
    let mut tooltip = format!("{} ({})", node.name, node.kind.as_str());
    let others: Vec<&str> = graph
        .aliases(id)
        .map(|(alias, _)| alias)
        .filter(|alias| *alias != node.name)
        .take(8)
        .collect();
    if !others.is_empty() {
        let _ = write!(tooltip, "\nalso: {}", others.join(", "));
    }
    let _ = write!(
        tooltip,
        "\n{} in {} of {}",
        count(node.n_mentions as usize, "mention"),
        node.n_documents,
        count(graph.documents().len(), "document"),
    );
    SceneNode {
        id: node.key.to_owned(),
        label: node.name.to_owned(),
        kind: node.kind,
        tooltip,
        url: node
            .wikidata
            .filter(|item| item.bytes().all(|b| b.is_ascii_alphanumeric()))
            .map(|item| format!("https://www.wikidata.org/wiki/{item}")),
        asked: options.about.contains(&id),
        change: None,
        group: None,
    }
}

/// Puts nodes into frames; a frame holds two nodes at least.
fn group(
    graph: &Graph,
    scheme: &Scheme,
    options: &DotOptions,
    kept: &BTreeSet<NodeId>,
    scene: &mut Scene,
) {
    let names: Vec<Option<String>> = match options.groups {
        Grouping::None => return,
        Grouping::Country => kept.iter().map(|id| country(graph, scheme, *id)).collect(),
        Grouping::Community => {
            let filter = &options.filter;
            let groups = communities(graph, |id| {
                filter
                    .admits(graph, scheme, id)
                    .then(|| weight(graph.edge(id)))
            });
            // A community is called after its member with most edges.
            let mut heads: BTreeMap<usize, (usize, NodeId)> = BTreeMap::new();
            for id in kept {
                let group = groups.get(id.index()).copied().unwrap_or_default();
                let head = heads.entry(group).or_insert((0, *id));
                if head.0 < graph.degree(*id) {
                    *head = (graph.degree(*id), *id);
                }
            }
            kept.iter()
                .map(|id| {
                    let group = groups.get(id.index())?;
                    let (_, head) = heads.get(group)?;
                    Some(format!("around {}", graph.name(*head)))
                })
                .collect()
        }
    };
    let mut sizes: BTreeMap<&String, usize> = BTreeMap::new();
    for name in names.iter().flatten() {
        *sizes.entry(name).or_default() += 1;
    }
    scene.groups = sizes
        .iter()
        .filter(|(_, size)| 1 < **size)
        .map(|(name, _)| (*name).clone())
        .collect();
    for (node, name) in scene.nodes.iter_mut().zip(&names) {
        node.group = name
            .as_ref()
            .and_then(|name| scene.groups.iter().position(|group| group == name));
    }
}

/// The one country that a node is or belongs to by its states, if all of them agree.
fn country(graph: &Graph, scheme: &Scheme, id: NodeId) -> Option<String> {
    if graph.node(id).kind == EntityType::Country {
        return Some(graph.name(id).to_owned());
    }
    let mut found: BTreeSet<NodeId> = BTreeSet::new();
    for (_, edge) in graph.out_edges(id) {
        let state = scheme.is_state(edge.relation) && edge.polarity == Polarity::Affirmed;
        let lasting = matches!(edge.modality, Modality::Asserted | Modality::Former);
        let symmetric = graph.relation(edge.relation).symmetric;
        if state && lasting && !symmetric && graph.node(edge.object).kind == EntityType::Country {
            found.insert(edge.object);
        }
    }
    match (found.len(), found.first()) {
        (1, Some(one)) => Some(graph.name(*one).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::tests::{graph, ontology};

    #[test]
    fn few_lines_keep_together_what_hangs_together() {
        // Twelve people who all accuse each other; one has met a thirteenth, twice.
        let people: Vec<char> = ('A'..='L').collect();
        let mut lines = vec!["A met_with Z".to_owned(), "A met_with Z".to_owned()];
        for a in &people {
            for b in people.iter().filter(|b| *b != a) {
                lines.push(format!("{a} accused {b}"));
            }
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let graph = graph(&lines);
        // budget, lines drawn, rows of the legend that say so
        let cases = [
            (Some(12), 12, vec!["left out: 0 nodes and 121 lines"]),
            (Some(20), 20, vec!["left out: 0 nodes and 113 lines"]),
            (Some(500), 133, vec![]),
            (None, 133, vec![]),
        ];
        for (max_lines, n_lines, remarks) in cases {
            let options = DotOptions {
                max_lines,
                ..DotOptions::default()
            };
            let scene = scene(&graph, &ontology(), &options).unwrap();
            assert_eq!(scene.lines.len(), n_lines, "{max_lines:?}");
            assert_eq!(scene.remarks, remarks, "{max_lines:?}");
            assert!(scene.lines.iter().any(|line| line.support == 2));
            let mut seen = BTreeSet::from([0]);
            for _ in 0..scene.nodes.len() {
                for line in &scene.lines {
                    if seen.contains(&line.from) || seen.contains(&line.to) {
                        seen.extend([line.from, line.to]);
                    }
                }
            }
            assert_eq!(seen.len(), 13, "{max_lines:?}: all are still joined");
        }
    }
}
