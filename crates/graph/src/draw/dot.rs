//! The picture as Graphviz DOT, written by hand so that everything in it is escaped and stable.

use std::fmt::Write as _;

use tieline_facts::EntityType;

use crate::hostile::harmless;

use super::scene::{Head, LegendRow, Scene, SceneLine, SceneNode, Stroke, WRAP, safe_url, wrap};

/// The program of Graphviz that is to find places, when it is not `dot`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// In layers, from left to right: `dot`.
    #[default]
    Layers,
    /// By springs: `neato`, `fdp`.
    Springs,
    /// By springs, for large graphs: `sfdp`.
    LargeSprings,
    /// In circles: `circo`.
    Circles,
    /// In rings around one node: `twopi`.
    Rings,
}

impl Engine {
    /// Name of the program.
    pub fn as_str(self) -> &'static str {
        match self {
            Engine::Layers => "dot",
            Engine::Springs => "neato",
            Engine::LargeSprings => "sfdp",
            Engine::Circles => "circo",
            Engine::Rings => "twopi",
        }
    }
}

/// Writes a scene as DOT. The same scene gives the same bytes; one statement a line, so a small
/// change is a small difference.
pub fn write_dot(scene: &Scene, engine: Engine) -> String {
    let theme = scene.theme;
    let mut out = String::new();
    out.push_str("digraph tieline {\n");
    out.push_str("  graph [charset=\"UTF-8\", rankdir=LR, splines=true, overlap=false,\n");
    let _ = writeln!(
        out,
        "    nodesep=0.25, ranksep=0.6, pad=0.3, bgcolor=\"{}\", outputorder=edgesfirst,",
        theme.background()
    );
    if engine != Engine::Layers {
        let _ = writeln!(out, "    layout={}, sep=\"+12\",", engine.as_str());
    }
    let _ = write!(
        out,
        "    fontname=\"Helvetica,Arial,sans-serif\", fontsize=18, fontcolor=\"{}\", labelloc=t",
        theme.ink()
    );
    if let Some(title) = &scene.title {
        let _ = write!(out, ", label=\"{}\"", escape(title));
    }
    out.push_str("];\n");
    let _ = writeln!(
        out,
        "  node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, style=filled,\n    \
         fontcolor=\"{}\", penwidth=1.4, margin=\"0.12,0.06\"];",
        theme.ink()
    );
    out.push_str(
        "  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=10, arrowsize=0.8];\n\n",
    );
    for node in scene.nodes.iter().filter(|node| node.group.is_none()) {
        write_node(scene, node, "  ", &mut out);
    }
    for (group, name) in scene.groups.iter().enumerate() {
        let _ = writeln!(
            out,
            "  subgraph \"cluster_{}\" {{\n    graph [label=\"{}\", labelloc=t, fontsize=13, \
             color=\"{}\", style=rounded, margin=12];",
            escape(name),
            escape(name),
            theme.frame(),
        );
        for node in scene.nodes.iter().filter(|node| node.group == Some(group)) {
            write_node(scene, node, "    ", &mut out);
        }
        out.push_str("  }\n");
    }
    out.push('\n');
    for line in &scene.lines {
        write_line(scene, line, &mut out);
    }
    if scene.legend {
        write_legend(scene, &mut out);
    }
    out.push_str("}\n");
    out
}

/// Graphviz's name of the shape of a type.
fn shape(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Person => "ellipse",
        EntityType::Organisation => "box",
        EntityType::Country => "hexagon",
        EntityType::Place => "house",
        EntityType::Other => "note",
    }
}

fn write_node(scene: &Scene, node: &SceneNode, indent: &str, out: &mut String) {
    let paint = scene.theme.paint(node.kind);
    let border = node.change.map_or(paint.border, |change| change.colour());
    let _ = write!(
        out,
        "{indent}\"{}\" [label=\"{}\", shape={}, fillcolor=\"{}\", color=\"{border}\", tooltip=\"{}\"",
        escape(&node.id),
        escape(&wrap(&node.label, WRAP.0)),
        shape(node.kind),
        paint.fill,
        escape(&node.tooltip),
    );
    if node.asked || node.change.is_some() {
        out.push_str(", penwidth=3");
    }
    if let Some(url) = node.url.as_deref().and_then(safe_url) {
        let _ = write!(out, ", URL=\"{}\"", escape(url));
    }
    out.push_str("];\n");
}

fn write_line(scene: &Scene, line: &SceneLine, out: &mut String) {
    let id = |index: usize| scene.nodes.get(index).map_or("", |node| &node.id);
    let style = match line.stroke() {
        Stroke::Solid => "solid",
        Stroke::Dashed => "dashed",
        Stroke::Dotted => "dotted",
    };
    let head = match line.head() {
        Head::Arrow if line.open => "vee",
        Head::Arrow => "normal",
        Head::None => "none",
        Head::Bar => "tee",
        Head::ArrowAndBar => "normaltee",
        Head::NoneAndBar => "nonetee",
    };
    let colour = scene.theme.line(line);
    let tooltip = escape(&line.tooltip);
    let _ = write!(
        out,
        "  \"{}\" -> \"{}\" [label=\"{}\", style={style}, color=\"{colour}\", fontcolor=\"{colour}\", \
         arrowhead={head}, penwidth={:.1}, tooltip=\"{tooltip}\", labeltooltip=\"{tooltip}\"",
        escape(id(line.from)),
        escape(id(line.to)),
        escape(&wrap(&line.label, WRAP.1)),
        line.width(),
    );
    if let Some(url) = line.url.as_deref().and_then(safe_url) {
        let _ = write!(out, ", URL=\"{}\"", escape(url));
    }
    out.push_str("];\n");
}

/// What shapes and lines mean, those that occur, and what was left out.
fn write_legend(scene: &Scene, out: &mut String) {
    let theme = scene.theme;
    let mut rows = String::new();
    let row = |sample: &str, meaning: &str| {
        format!("<tr><td>{sample}</td><td align=\"left\">{meaning}</td></tr>")
    };
    for legend in scene.legend_rows() {
        let shown = match legend {
            LegendRow::Kind(kind) => {
                let paint = theme.paint(kind);
                format!(
                    "<tr><td bgcolor=\"{}\" color=\"{}\" border=\"1\">{}</td>\
                     <td align=\"left\">{}</td></tr>",
                    paint.fill,
                    paint.border,
                    kind.as_str(),
                    shape(kind),
                )
            }
            LegendRow::Stroke(Stroke::Solid, meaning) => row("───", meaning),
            LegendRow::Stroke(Stroke::Dashed, meaning) => row("– – –", meaning),
            LegendRow::Stroke(Stroke::Dotted, meaning) => row("· · · ·", meaning),
            LegendRow::Denied => row("───┤", "denied"),
            LegendRow::Colour(colour, meaning) => {
                row(&format!("<font color=\"{colour}\">───</font>"), meaning)
            }
            LegendRow::Support => row("×3", "number of statements"),
            LegendRow::Remark(words) => {
                format!(
                    "<tr><td colspan=\"2\" align=\"left\"><i>{}</i></td></tr>",
                    super::svg::escape_xml(&words)
                )
            }
        };
        rows.push_str(&shown);
    }
    let _ = writeln!(
        out,
        "\n  \"legend\" [shape=plain, style=\"\", fontsize=10, tooltip=\"legend\", label=<\
         <table border=\"1\" color=\"{}\" cellborder=\"0\" cellspacing=\"2\" cellpadding=\"2\">{rows}</table>>];",
        theme.frame(),
    );
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
    for c in text.chars().map(harmless) {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out
}
