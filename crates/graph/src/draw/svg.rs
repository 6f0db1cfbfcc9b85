//! The picture as SVG, drawn without Graphviz in the same look.

use std::fmt::Write as _;

use tieline_facts::EntityType;

use crate::hostile::harmless;

use super::layout::{Line, Point, Size, Spacing, layered};
use super::scene::{Head, LegendRow, Scene, SceneLine, SceneNode, Stroke, WRAP, safe_url, wrap};

/// Font sizes in points: boxes, lines, title.
const FONT: (f64, f64, f64) = (12.0, 10.0, 18.0);
/// Height of a line of text over its font size.
const LEADING: f64 = 1.2;
/// Around the whole picture.
const MARGIN: f64 = 24.0;

/// Writes a scene as SVG. The same scene gives the same bytes.
pub fn to_svg(scene: &Scene) -> String {
    let texts: Vec<Text> = scene
        .nodes
        .iter()
        .map(|node| Text::new(&wrap(&node.label, WRAP.0), FONT.0))
        .collect();
    let labels: Vec<Text> = scene
        .lines
        .iter()
        .map(|line| Text::new(&wrap(&line.label, WRAP.1), FONT.1))
        .collect();
    let sizes: Vec<Size> = scene
        .nodes
        .iter()
        .zip(&texts)
        .map(|(node, text)| around(node.kind, text.size))
        .collect();
    // Layers run from left to right: width and height change places before and after.
    let turned = |size: Size| Size {
        w: size.h,
        h: size.w,
    };
    let boxes: Vec<Size> = sizes.iter().copied().map(turned).collect();
    let lines: Vec<Line> = scene
        .lines
        .iter()
        .zip(&labels)
        .map(|(line, label)| Line {
            from: line.from,
            to: line.to,
            label: Size {
                w: label.size.h + 2.0,
                h: label.size.w + 8.0,
            },
        })
        .collect();
    let spacing = Spacing {
        boxes: 14.0,
        layers: 22.0,
        parts: 34.0,
    };
    let layout = layered(&boxes, &lines, spacing, 0.7);
    let back = |point: Point| Point {
        x: point.y,
        y: point.x,
    };
    let picture = turned(layout.size);

    let title_height = if scene.title.is_some() {
        FONT.2 * 2.0
    } else {
        0.0
    };
    let legend = if scene.legend {
        scene.legend_rows()
    } else {
        Vec::new()
    };
    let legend_size = legend_size(&legend);
    let title_width = scene
        .title
        .as_deref()
        .map_or(0.0, |title| width(title, FONT.2));
    let w = picture.w.max(legend_size.w).max(title_width) + 2.0 * MARGIN;
    let gap = if legend.is_empty() { 0.0 } else { MARGIN };
    let h = title_height + picture.h + gap + legend_size.h + 2.0 * MARGIN;
    let theme = scene.theme;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w:.0}\" height=\"{h:.0}\" \
         viewBox=\"0 0 {w:.0} {h:.0}\" role=\"img\" \
         font-family=\"Helvetica, Arial, sans-serif\" fill=\"{}\">",
        theme.ink(),
    );
    let title = scene.title.as_deref().unwrap_or("Who relates to whom");
    let _ = writeln!(out, "<title>{}</title>", escape_xml(title));
    let _ = writeln!(
        out,
        "<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>",
        theme.background()
    );
    if let Some(title) = &scene.title {
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{}\" text-anchor=\"middle\">{}</text>",
            w / 2.0,
            MARGIN + FONT.2 * 0.6,
            FONT.2,
            escape_xml(title),
        );
    }
    let left = MARGIN + (w - 2.0 * MARGIN - picture.w) / 2.0;
    let _ = writeln!(
        out,
        "<g transform=\"translate({left:.1} {:.1})\">",
        MARGIN + title_height
    );
    for (index, line) in scene.lines.iter().enumerate() {
        let points: Vec<Point> = layout.lines[index].iter().copied().map(back).collect();
        write_line(
            scene,
            line,
            &points,
            &labels[index],
            back(layout.labels[index]),
            &mut out,
        );
    }
    for (index, node) in scene.nodes.iter().enumerate() {
        write_node(
            scene,
            node,
            back(layout.boxes[index]),
            sizes[index],
            &texts[index],
            &mut out,
        );
    }
    out.push_str("</g>\n");
    if !legend.is_empty() {
        let top = MARGIN + title_height + picture.h + gap;
        write_legend(scene, &legend, legend_size, top, &mut out);
    }
    out.push_str("</svg>\n");
    out
}

/// Text broken into lines, with its size.
struct Text {
    lines: Vec<String>,
    size: Size,
}

impl Text {
    fn new(text: &str, font: f64) -> Text {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let w = lines
            .iter()
            .map(|line| width(line, font))
            .fold(0.0, f64::max);
        let h = lines.len() as f64 * font * LEADING;
        Text {
            lines,
            size: Size { w, h },
        }
    }

    /// Writes the lines centred around a point.
    fn write(&self, centre: Point, font: f64, out: &mut String) {
        let first = centre.y - self.size.h / 2.0 + font * LEADING * 0.78;
        for (index, line) in self.lines.iter().enumerate() {
            let y = first + index as f64 * font * LEADING;
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"{font}\" text-anchor=\"middle\">{}</text>",
                centre.x,
                escape_xml(line),
            );
        }
    }
}

/// Width of a text in points, by the widths of Helvetica in classes.
fn width(text: &str, font: f64) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' | 'I' | ' ' | 'f' | 't' => 0.29,
        'r' | '-' | '(' | ')' | '[' | ']' | '/' | '"' => 0.35,
        'm' | 'M' | 'W' | '@' | '%' => 0.89,
        'w' | 'C' | 'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'R' | 'U' => 0.75,
        'A'..='Z' | '&' => 0.68,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => 1.0,
        '\u{1f000}'.. => 1.2,
        _ => 0.56,
    };
    text.chars().map(em).sum::<f64>() * font
}

/// Size of a box that holds a text.
fn around(kind: EntityType, text: Size) -> Size {
    let (w, h) = match kind {
        EntityType::Person => (text.w * 1.25 + 22.0, text.h * 1.35 + 12.0),
        EntityType::Organisation | EntityType::Other => (text.w + 20.0, text.h + 14.0),
        EntityType::Country => (text.w + 40.0, text.h + 18.0),
        EntityType::Place => (text.w + 20.0, text.h + 28.0),
    };
    Size { w: w.max(48.0), h }
}

/// The outline of a box as an SVG element without its end.
fn outline(kind: EntityType, centre: Point, size: Size) -> String {
    let (x, y) = (centre.x, centre.y);
    let (l, r) = (x - size.w / 2.0, x + size.w / 2.0);
    let (t, b) = (y - size.h / 2.0, y + size.h / 2.0);
    match kind {
        EntityType::Person => format!(
            "<ellipse cx=\"{x:.1}\" cy=\"{y:.1}\" rx=\"{:.1}\" ry=\"{:.1}\"",
            size.w / 2.0,
            size.h / 2.0
        ),
        EntityType::Organisation => format!(
            "<rect x=\"{l:.1}\" y=\"{t:.1}\" width=\"{:.1}\" height=\"{:.1}\"",
            size.w, size.h
        ),
        EntityType::Country => format!(
            "<polygon points=\"{l:.1},{y:.1} {:.1},{t:.1} {:.1},{t:.1} {r:.1},{y:.1} {:.1},{b:.1} {:.1},{b:.1}\"",
            l + 12.0,
            r - 12.0,
            r - 12.0,
            l + 12.0
        ),
        EntityType::Place => format!(
            "<polygon points=\"{l:.1},{b:.1} {l:.1},{:.1} {x:.1},{t:.1} {r:.1},{:.1} {r:.1},{b:.1}\"",
            t + 12.0,
            t + 12.0
        ),
        EntityType::Other => format!(
            "<polygon points=\"{l:.1},{t:.1} {:.1},{t:.1} {r:.1},{:.1} {r:.1},{b:.1} {l:.1},{b:.1}\"",
            r - 8.0,
            t + 8.0
        ),
    }
}

fn write_node(
    scene: &Scene,
    node: &SceneNode,
    centre: Point,
    size: Size,
    text: &Text,
    out: &mut String,
) {
    let paint = scene.theme.paint(node.kind);
    let border = node.change.map_or(paint.border, |change| change.colour());
    let thick = if node.asked || node.change.is_some() {
        3.0
    } else {
        1.4
    };
    let link = node.url.as_deref().and_then(safe_url);
    open(link, &node.tooltip, out);
    let _ = write!(
        out,
        "{} fill=\"{}\" stroke=\"{border}\" stroke-width=\"{thick}\"/>",
        outline(node.kind, centre, size),
        paint.fill,
    );
    // The roof of a house is no place for words.
    let down = if node.kind == EntityType::Place {
        5.0
    } else {
        0.0
    };
    let middle = Point {
        x: centre.x,
        y: centre.y + down,
    };
    text.write(middle, FONT.0, out);
    close(link, out);
}

fn write_line(
    scene: &Scene,
    line: &SceneLine,
    points: &[Point],
    label: &Text,
    label_at: Point,
    out: &mut String,
) {
    let [first, middle @ .., last] = points else {
        return;
    };
    let colour = scene.theme.line(line);
    let link = line.url.as_deref().and_then(safe_url);
    open(link, &line.tooltip, out);
    let width = line.width();
    // Heads need room: the stroke ends where they begin.
    let before = middle.last().unwrap_or(first);
    let side = if before.x <= last.x { 1.0 } else { -1.0 };
    let head = line.head();
    let room = match head {
        Head::None => 0.0,
        Head::Bar => 1.0,
        Head::NoneAndBar => 3.0,
        Head::Arrow | Head::ArrowAndBar => 7.0 + width,
    };
    let end = Point {
        x: last.x - side * room,
        y: last.y,
    };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    let mut from = *first;
    for to in middle.iter().chain([&end]) {
        if (from.y - to.y).abs() < 0.05 {
            let _ = write!(path, " L{:.1} {:.1}", to.x, to.y);
        } else {
            let half = (from.x + to.x) / 2.0;
            let _ = write!(
                path,
                " C{half:.1} {:.1} {half:.1} {:.1} {:.1} {:.1}",
                from.y, to.y, to.x, to.y
            );
        }
        from = *to;
    }
    let dashes = match line.stroke() {
        Stroke::Solid => "",
        Stroke::Dashed => " stroke-dasharray=\"7 4\"",
        Stroke::Dotted => " stroke-dasharray=\"1.5 4\" stroke-linecap=\"round\"",
    };
    let _ = write!(
        out,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width:.1}\"{dashes}/>",
    );
    let (tip, y) = (last.x, last.y);
    if matches!(head, Head::Arrow | Head::ArrowAndBar) {
        let back = tip - side * room;
        let half = 3.2 + width * 0.6;
        let _ = write!(
            out,
            "<polygon points=\"{tip:.1},{y:.1} {back:.1},{:.1} {back:.1},{:.1}\" fill=\"{colour}\"/>",
            y - half,
            y + half,
        );
    }
    let bar = match head {
        Head::Bar | Head::NoneAndBar => Some(tip - side * 2.0),
        Head::ArrowAndBar => Some(tip - side * (room + 3.0)),
        _ => None,
    };
    if let Some(x) = bar {
        let _ = write!(
            out,
            "<path d=\"M{x:.1} {:.1} L{x:.1} {:.1}\" stroke=\"{colour}\" stroke-width=\"2.4\"/>",
            y - 6.0,
            y + 6.0,
        );
    }
    // Words on the line: the background behind them keeps the stroke away.
    let _ = write!(
        out,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
        label_at.x - label.size.w / 2.0 - 2.0,
        label_at.y - label.size.h / 2.0,
        label.size.w + 4.0,
        label.size.h,
        scene.theme.background(),
    );
    let _ = write!(out, "<g fill=\"{colour}\">");
    label.write(label_at, FONT.1, out);
    out.push_str("</g>");
    close(link, out);
}

/// Opens a group with a tooltip, and a link around it.
fn open(link: Option<&str>, tooltip: &str, out: &mut String) {
    if let Some(link) = link {
        let _ = write!(out, "<a href=\"{}\">", escape_xml(link));
    }
    let _ = write!(out, "<g><title>{}</title>", escape_xml(tooltip));
}

fn close(link: Option<&str>, out: &mut String) {
    out.push_str(if link.is_some() {
        "</g></a>\n"
    } else {
        "</g>\n"
    });
}

/// Height of a row of the legend.
const ROW: f64 = 16.0;

fn row_text(row: &LegendRow) -> &str {
    match row {
        LegendRow::Kind(kind) => kind.as_str(),
        LegendRow::Stroke(_, meaning) | LegendRow::Colour(_, meaning) => meaning,
        LegendRow::Denied => "denied",
        LegendRow::Support => "number of statements",
        LegendRow::Remark(words) => words,
    }
}

fn legend_size(rows: &[LegendRow]) -> Size {
    if rows.is_empty() {
        return Size::default();
    }
    let widest = rows
        .iter()
        .map(|row| width(row_text(row), FONT.1))
        .fold(0.0, f64::max);
    Size {
        w: widest + 62.0,
        h: rows.len() as f64 * ROW + 10.0,
    }
}

fn write_legend(scene: &Scene, rows: &[LegendRow], size: Size, top: f64, out: &mut String) {
    let theme = scene.theme;
    let _ = writeln!(
        out,
        "<g transform=\"translate({MARGIN:.1} {top:.1})\" font-size=\"{}\">\
         <rect width=\"{:.1}\" height=\"{:.1}\" fill=\"none\" stroke=\"{}\"/>",
        FONT.1,
        size.w,
        size.h,
        theme.frame(),
    );
    for (index, row) in rows.iter().enumerate() {
        let y = 5.0 + (index as f64 + 0.5) * ROW;
        let ink = theme.ink();
        let sample = match row {
            LegendRow::Kind(kind) => {
                let paint = theme.paint(*kind);
                let shape = outline(*kind, Point { x: 26.0, y }, Size { w: 34.0, h: 12.0 });
                format!(
                    "{shape} fill=\"{}\" stroke=\"{}\"/>",
                    paint.fill, paint.border
                )
            }
            LegendRow::Stroke(stroke, _) => {
                let dashes = match stroke {
                    Stroke::Solid => "",
                    Stroke::Dashed => " stroke-dasharray=\"7 4\"",
                    Stroke::Dotted => " stroke-dasharray=\"1.5 4\" stroke-linecap=\"round\"",
                };
                format!("<path d=\"M9 {y} H43\" stroke=\"{ink}\" stroke-width=\"1.3\"{dashes}/>")
            }
            LegendRow::Denied => format!(
                "<path d=\"M9 {y} H41 M41 {} V{}\" stroke=\"{ink}\" stroke-width=\"1.5\"/>",
                y - 5.0,
                y + 5.0
            ),
            LegendRow::Colour(colour, _) => {
                format!("<path d=\"M9 {y} H43\" stroke=\"{colour}\" stroke-width=\"3\"/>")
            }
            LegendRow::Support => {
                format!(
                    "<text x=\"26\" y=\"{:.1}\" text-anchor=\"middle\">×3</text>",
                    y + 3.5
                )
            }
            LegendRow::Remark(_) => String::new(),
        };
        let x = if matches!(row, LegendRow::Remark(_)) {
            9.0
        } else {
            52.0
        };
        let _ = writeln!(
            out,
            "{sample}<text x=\"{x}\" y=\"{:.1}\">{}</text>",
            y + 3.5,
            escape_xml(row_text(row)),
        );
    }
    out.push_str("</g>\n");
}

/// Text for XML content and attribute values: markup escaped; characters that XML 1.0 does not
/// allow, and those that turn the direction of writing, become U+FFFD.
///
/// ```
/// assert_eq!(tieline_graph::escape_xml("a<b> & \"c\"\u{1}"), "a&lt;b&gt; &amp; &quot;c&quot;\u{fffd}");
/// ```
pub fn escape_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars().map(harmless) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            c => out.push(c),
        }
    }
    out
}
