//! The picture: Graphviz DOT, written by hand so that everything in it is escaped and stable.
//!
//! Conventions (also in `docs/formats.md`): shape and fill by type; line style by status; colour
//! by sign; an arrowhead unless the relation is symmetric; thickness by support; the sentences in
//! tooltips. Colours are those of Okabe and Ito, which people with any form of colour blindness
//! can tell apart; shapes and styles say the same again in grey.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use tieline_facts::{EntityType, Modality, OPEN_PREFIX, Ontology, Polarity, Symmetry};

use crate::select::select;
use crate::{Edge, EdgeId, Evidence, EvidenceError, Graph, Node, NodeId, RelationId};

/// How a graph is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DotOptions {
    /// Draw at most so many nodes, those that matter most; `None` draws all that have an edge.
    pub max_nodes: Option<usize>,
    /// Heading of the picture.
    pub title: Option<String>,
    /// Whether to draw the legend.
    pub legend: bool,
}

impl Default for DotOptions {
    /// At most 40 nodes, with legend, without title.
    fn default() -> DotOptions {
        DotOptions {
            max_nodes: Some(40),
            title: None,
            legend: true,
        }
    }
}

/// Letters to a line in node labels, and in edge labels.
const WRAP: (usize, usize) = (18, 24);

/// Sentences in one tooltip.
const TOOLTIP_SENTENCES: usize = 3;

/// Writes the graph as DOT. The same graph gives the same bytes; nodes and edges stand in the
/// order of their keys, one statement a line, so a small change is a small difference. Fails only
/// where evidence cannot be read.
pub fn to_dot(
    graph: &Graph,
    ontology: &Ontology,
    options: &DotOptions,
) -> Result<String, EvidenceError> {
    let kept = select(graph, options.max_nodes);
    let lines = lines(graph, &kept);
    let mut out = String::new();
    out.push_str("digraph tieline {\n");
    out.push_str("  graph [charset=\"UTF-8\", rankdir=LR, splines=true, overlap=false,\n");
    out.push_str(
        "    nodesep=0.25, ranksep=0.6, pad=0.3, bgcolor=\"white\", outputorder=edgesfirst,\n",
    );
    out.push_str("    fontname=\"Helvetica,Arial,sans-serif\", fontsize=18, labelloc=t");
    if let Some(title) = &options.title {
        let _ = write!(out, ", label=\"{}\"", escape(title));
    }
    out.push_str("];\n");
    out.push_str("  node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, style=filled,\n");
    out.push_str("    fontcolor=\"#1A1A1A\", penwidth=1.4, margin=\"0.12,0.06\"];\n");
    out.push_str(
        "  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=10, arrowsize=0.8];\n\n",
    );
    for &index in &kept {
        write_node(graph, &graph.node(index), &mut out);
    }
    out.push('\n');
    for line in &lines {
        write_line(graph, ontology, line, &mut out)?;
    }
    if options.legend {
        write_legend(graph, &kept, &lines, &mut out);
    }
    out.push_str("}\n");
    Ok(out)
}

/// What is drawn as one line: all edges of one relation from one node to another.
struct Line<'a> {
    from: NodeId,
    to: NodeId,
    predicate: &'a str,
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
        let edges = self.edges.iter();
        edges
            .map(|(_, edge)| edge)
            .filter(|edge| !affirmed || edge.polarity == Polarity::Affirmed)
            .map(|edge| edge.modality)
            .min_by_key(|modality| firmness(*modality))
            .unwrap_or_default()
    }

    fn n_statements(&self) -> usize {
        self.edges
            .iter()
            .map(|(_, edge)| edge.n_statements as usize)
            .sum()
    }
}

/// Lines between kept nodes, ordered by their ends and relation.
fn lines<'a>(graph: &'a Graph, kept: &BTreeSet<NodeId>) -> Vec<Line<'a>> {
    let mut grouped: BTreeMap<(NodeId, NodeId, RelationId), Vec<_>> = BTreeMap::new();
    for (id, edge) in kept.iter().flat_map(|node| graph.out_edges(*node)) {
        if kept.contains(&edge.object) {
            let key = (edge.subject, edge.object, edge.relation);
            grouped.entry(key).or_default().push((id, edge));
        }
    }
    let line = |((from, to, relation), edges)| Line {
        from,
        to,
        predicate: &graph.relation(relation).name,
        edges,
    };
    grouped.into_iter().map(line).collect()
}

/// Shape, fill, border and name in the legend of a type.
fn look(kind: EntityType) -> (&'static str, &'static str, &'static str, &'static str) {
    match kind {
        EntityType::Person => ("ellipse", "#FCE5C8", "#B35900", "person"),
        EntityType::Organisation => ("box", "#D3E8F7", "#0072B2", "organisation"),
        EntityType::Country => ("hexagon", "#CFEDE1", "#00765A", "country"),
        EntityType::Place => ("house", "#F4E1EE", "#A64D83", "place"),
        EntityType::Other => ("note", "#EEEEEE", "#666666", "other"),
    }
}

fn write_node(graph: &Graph, node: &Node<'_>, out: &mut String) {
    let (shape, fill, border, kind) = look(node.kind);
    let mut tooltip = format!("{} ({kind})", node.name);
    let others: Vec<&str> = graph
        .aliases(node.id)
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
    let _ = writeln!(
        out,
        "  \"{}\" [label=\"{}\", shape={shape}, fillcolor=\"{fill}\", color=\"{border}\", tooltip=\"{}\"];",
        escape(node.key),
        escape(&wrap(node.name, WRAP.0)),
        escape(&tooltip),
    );
}

fn write_line(
    graph: &Graph,
    ontology: &Ontology,
    line: &Line<'_>,
    out: &mut String,
) -> Result<(), EvidenceError> {
    let relation = ontology.get(line.predicate);
    let (affirmed, denied) = (line.has(Polarity::Affirmed), line.has(Polarity::Negated));
    let modality = line.modality();
    let n = line.n_statements();

    let open = line.predicate.strip_prefix(OPEN_PREFIX);
    let mut label = match (relation, open) {
        (Some(relation), _) => relation.label.clone(),
        (None, Some(phrase)) => format!("“{phrase}”"),
        (None, None) => line.predicate.replace('_', " "),
    };
    if !affirmed {
        label.insert_str(0, "not ");
    }
    match modality {
        Modality::Asserted | Modality::Planned => {}
        Modality::Possible => label.push_str(" (possible)"),
        Modality::Alleged => label.push_str(" (alleged)"),
        Modality::Former => label.push_str(" (former)"),
    }
    if affirmed && denied {
        label.push_str(" (disputed)");
    }
    if n > 1 {
        let _ = write!(label, " ×{n}");
    }

    let style = match modality {
        Modality::Asserted | Modality::Former => "solid",
        Modality::Planned | Modality::Possible => "dashed",
        Modality::Alleged => "dotted",
    };
    let symmetric = relation.is_some_and(|r| r.symmetry == Symmetry::Symmetric);
    let head = match (symmetric, affirmed, denied) {
        (_, _, false) if open.is_some() => "vee",
        (false, _, false) => "normal",
        (true, _, false) => "none",
        (_, false, true) => "tee",
        (false, true, true) => "normaltee",
        (true, true, true) => "nonetee",
    };
    let colour = match (modality, relation.map_or(0, |relation| relation.sign)) {
        _ if open.is_some() => "#8A6D00",
        (Modality::Former, _) => "#9A9A9A",
        (_, 1) => "#00618F",
        (_, -1) => "#B34700",
        _ => "#4D4D4D",
    };
    // One statement 1.1 pt, ten 2.3, a hundred 3.5.
    let width = (1.1 + 1.2 * (n.max(1) as f64).log10()).min(4.0);
    let key = |id: NodeId| graph.node(id).key;
    let tooltip = escape(&tooltip(graph, line, &label)?);
    let _ = writeln!(
        out,
        "  \"{}\" -> \"{}\" [label=\"{}\", style={style}, color=\"{colour}\", fontcolor=\"{colour}\", \
         arrowhead={head}, penwidth={width:.1}, tooltip=\"{tooltip}\", labeltooltip=\"{tooltip}\"];",
        escape(key(line.from)),
        escape(key(line.to)),
        escape(&wrap(&label, WRAP.1)),
    );
    Ok(())
}

/// Ends and relation, then the best sentences with who says it, when, and where it is written.
fn tooltip(graph: &Graph, line: &Line<'_>, label: &str) -> Result<String, EvidenceError> {
    let name = |id: NodeId| graph.name(id);
    let mut text = format!("{} – {label} – {}", name(line.from), name(line.to));
    let mut evidence: Vec<Evidence> = Vec::new();
    for (id, _) in &line.edges {
        evidence.extend(graph.evidence(*id)?);
    }
    evidence.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    for one in evidence.iter().take(TOOLTIP_SENTENCES) {
        let _ = write!(text, "\n“{}”", shorten(&one.quote, 300));
        let source = one.source.map(name).or(one.source_text.as_deref());
        if let Some(source) = source {
            let _ = write!(text, " – {source}");
        }
        if let Some(date) = &one.date {
            let _ = write!(text, ", {date}");
        }
        let _ = write!(text, " [{}]", graph.document(one.document).doc);
    }
    if TOOLTIP_SENTENCES < evidence.len() {
        let _ = write!(text, "\nand {} more", evidence.len() - TOOLTIP_SENTENCES);
    }
    Ok(text)
}

/// What shapes and lines mean, those that occur, and what was left out.
fn write_legend(graph: &Graph, kept: &BTreeSet<NodeId>, lines: &[Line<'_>], out: &mut String) {
    let mut rows = String::new();
    for kind in EntityType::ALL {
        if kept.iter().any(|&id| graph.node(id).kind == kind) {
            let (shape, fill, border, name) = look(kind);
            let _ = write!(
                rows,
                "<tr><td bgcolor=\"{fill}\" color=\"{border}\" border=\"1\">{name}</td>\
                 <td align=\"left\">{shape}</td></tr>",
            );
        }
    }
    let any = |test: &dyn Fn(&Line<'_>) -> bool| lines.iter().any(test);
    let samples: [(&str, &str, bool); 7] = [
        (
            "───",
            "stated",
            any(&|l| l.modality() == Modality::Asserted),
        ),
        (
            "– – –",
            "planned or possible",
            any(&|l| matches!(l.modality(), Modality::Planned | Modality::Possible)),
        ),
        (
            "· · · ·",
            "alleged",
            any(&|l| l.modality() == Modality::Alleged),
        ),
        ("───┤", "denied", any(&|l| l.has(Polarity::Negated))),
        ("grey", "former", any(&|l| l.modality() == Modality::Former)),
        (
            "“…”",
            "clause of no relation type",
            any(&|l| l.predicate.starts_with(OPEN_PREFIX)),
        ),
        ("×3", "number of statements", any(&|l| 1 < l.n_statements())),
    ];
    for (sample, meaning, occurs) in samples {
        if occurs {
            let _ = write!(
                rows,
                "<tr><td>{sample}</td><td align=\"left\">{meaning}</td></tr>"
            );
        }
    }
    if !lines.is_empty() {
        rows.push_str(
            "<tr><td><font color=\"#00618F\">blue</font></td><td align=\"left\">cooperation</td></tr>\
             <tr><td><font color=\"#B34700\">red</font></td><td align=\"left\">conflict</td></tr>",
        );
    }
    let all = select(graph, None);
    let edges = |nodes: &BTreeSet<NodeId>| self::lines(graph, nodes).len();
    if kept.len() < all.len() {
        let _ = write!(
            rows,
            "<tr><td colspan=\"2\" align=\"left\"><i>left out: {} and {}</i></td></tr>",
            count(all.len() - kept.len(), "node"),
            count(edges(&all) - lines.len(), "line"),
        );
    }
    if rows.is_empty() {
        rows.push_str("<tr><td>no relations found</td></tr>");
    }
    let _ = writeln!(
        out,
        "\n  \"legend\" [shape=plain, style=\"\", fontsize=10, tooltip=\"legend\", label=<\
         <table border=\"1\" color=\"#BBBBBB\" cellborder=\"0\" cellspacing=\"2\" cellpadding=\"2\">{rows}</table>>];",
    );
}

/// `3 mentions`, `1 mention`.
fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// At most `n` letters, with an ellipsis where some were cut.
fn shorten(text: &str, n: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(n) {
        None => text,
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

/// Breaks a text at spaces into lines of about `width` letters.
fn wrap(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        // A word longer than any line is a thing of URLs and noise: cut it.
        let word = shorten(word, 3 * width);
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(&word);
        column += length;
    }
    out
}

/// The inside of a double-quoted DOT string that shows exactly `text`: quotes and backslashes
/// escaped, `&` written as an entity (Graphviz reads entities in labels), a newline as a line
/// break. Other control characters and marks that turn the direction of writing become U+FFFD.
///
/// ```
/// assert_eq!(tieline_graph::escape("a \"b\" \\N\nAT&T"), r#"a \"b\" \\N\nAT&amp;T"#);
/// ```
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            '\n' => out.push_str("\\n"),
            '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => out.push('\u{fffd}'),
            '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
