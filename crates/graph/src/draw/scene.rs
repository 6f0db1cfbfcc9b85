//! What a picture shows, before anybody writes it down as DOT or SVG.
//!
//! Conventions (also in `docs/formats.md`): shape and fill by type; line style by status; colour
//! by sign; an arrowhead unless the relation is symmetric; thickness by support; the sentences in
//! tooltips. Colours are those of Okabe and Ito, which people with any form of colour blindness
//! can tell apart; shapes and styles say the same again in grey.

use tieline_facts::{EntityType, Modality};

/// A picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Heading.
    pub title: Option<String>,
    /// Colours.
    pub theme: Theme,
    /// Whether to draw the legend.
    pub legend: bool,
    /// Boxes, in the order of their ids.
    pub nodes: Vec<SceneNode>,
    /// Lines, in the order of their ends and labels.
    pub lines: Vec<SceneLine>,
    /// Names of the groups that [`SceneNode::group`] points into.
    pub groups: Vec<String>,
    /// Last rows of the legend: what was left out, what was filtered.
    pub remarks: Vec<String>,
}

/// Colours of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white.
    #[default]
    Light,
    /// Light on near black.
    Dark,
    /// Black and greys on white, for printers: shapes and line styles alone tell things apart.
    Print,
}

/// What became of a thing between two graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only in the new one.
    New,
    /// Only in the old one.
    Gone,
    /// In both, in another status or with other support.
    Changed,
}

impl Change {
    /// Colour that stands for it in every theme.
    pub fn colour(self) -> &'static str {
        match self {
            Change::New => "#009E73",
            Change::Gone => "#D55E00",
            Change::Changed => "#CC79A7",
        }
    }

    /// Word for the legend.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Gone => "gone",
            Change::Changed => "changed",
        }
    }
}

/// A box.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneNode {
    /// Key of the node in the graph; unique in the picture.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Decides shape and fill.
    pub kind: EntityType,
    /// Lines of text shown when the pointer rests on it.
    pub tooltip: String,
    /// A page about it.
    pub url: Option<String>,
    /// Whether it was asked about; drawn with a thick border.
    pub asked: bool,
    /// Against an older graph.
    pub change: Option<Change>,
    /// Index into [`Scene::groups`].
    pub group: Option<usize>,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneLine {
    /// Index of the box it leaves.
    pub from: usize,
    /// Index of the box it enters.
    pub to: usize,
    /// Words on it.
    pub label: String,
    /// The firmest status among its statements.
    pub modality: Modality,
    /// Whether some statement affirms it.
    pub affirmed: bool,
    /// Whether some statement denies it.
    pub denied: bool,
    /// Whether it means the same both ways.
    pub symmetric: bool,
    /// +1 cooperation, -1 conflict, 0 neither.
    pub sign: i8,
    /// Number of statements.
    pub support: u32,
    /// A clause without a type of relation, in words of the text.
    pub open: bool,
    /// Lines of text shown when the pointer rests on it.
    pub tooltip: String,
    /// Where it is written.
    pub url: Option<String>,
    /// Against an older graph.
    pub change: Option<Change>,
}

/// How a line is stroked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Asserted, or former.
    Solid,
    /// Planned or possible.
    Dashed,
    /// Alleged.
    Dotted,
}

/// What stands at the end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// From subject to object.
    Arrow,
    /// Symmetric.
    None,
    /// Denied.
    Bar,
    /// Affirmed by some, denied by others.
    ArrowAndBar,
    /// The same of a symmetric relation.
    NoneAndBar,
}

impl SceneLine {
    /// How it is stroked.
    pub fn stroke(&self) -> Stroke {
        match self.modality {
            Modality::Asserted | Modality::Former => Stroke::Solid,
            Modality::Planned | Modality::Possible => Stroke::Dashed,
            Modality::Alleged => Stroke::Dotted,
        }
    }

    /// What stands at its end.
    pub fn head(&self) -> Head {
        match (self.symmetric, self.affirmed, self.denied) {
            (false, _, false) => Head::Arrow,
            (true, _, false) => Head::None,
            (_, false, true) => Head::Bar,
            (false, true, true) => Head::ArrowAndBar,
            (true, true, true) => Head::NoneAndBar,
        }
    }

    /// Width in points: one statement 1.1, ten 2.3, a hundred 3.5.
    pub fn width(&self) -> f64 {
        (1.1 + 1.2 * f64::from(self.support.max(1)).log10()).min(4.0)
    }
}

/// Colours of one type of box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// Inside.
    pub fill: &'static str,
    /// Border.
    pub border: &'static str,
}

impl Theme {
    /// All themes with their names, for arguments.
    pub const ALL: [(&'static str, Theme); 3] = [
        ("light", Theme::Light),
        ("dark", Theme::Dark),
        ("print", Theme::Print),
    ];

    /// Behind everything.
    pub fn background(self) -> &'static str {
        match self {
            Theme::Light | Theme::Print => "#FFFFFF",
            Theme::Dark => "#16191D",
        }
    }

    /// Words.
    pub fn ink(self) -> &'static str {
        match self {
            Theme::Light => "#1A1A1A",
            Theme::Dark => "#F0F0F0",
            Theme::Print => "#000000",
        }
    }

    /// Frames of legend and groups.
    pub fn frame(self) -> &'static str {
        match self {
            Theme::Light => "#BBBBBB",
            Theme::Dark => "#55595E",
            Theme::Print => "#777777",
        }
    }

    /// Colours of a type.
    pub fn paint(self, kind: EntityType) -> Paint {
        let (fill, border) = match (self, kind) {
            (Theme::Light, EntityType::Person) => ("#FCE5C8", "#B35900"),
            (Theme::Light, EntityType::Organisation) => ("#D3E8F7", "#0072B2"),
            (Theme::Light, EntityType::Country) => ("#CFEDE1", "#00765A"),
            (Theme::Light, EntityType::Place) => ("#F4E1EE", "#A64D83"),
            (Theme::Light, EntityType::Other) => ("#EEEEEE", "#666666"),
            (Theme::Dark, EntityType::Person) => ("#5A3A12", "#E69F00"),
            (Theme::Dark, EntityType::Organisation) => ("#123E5C", "#56B4E9"),
            (Theme::Dark, EntityType::Country) => ("#0E4A3A", "#2FCB9E"),
            (Theme::Dark, EntityType::Place) => ("#4E2A41", "#DB93BC"),
            (Theme::Dark, EntityType::Other) => ("#3A3D41", "#A5A8AB"),
            (Theme::Print, EntityType::Person) => ("#FFFFFF", "#000000"),
            (Theme::Print, EntityType::Organisation) => ("#E8E8E8", "#000000"),
            (Theme::Print, EntityType::Country) => ("#D4D4D4", "#000000"),
            (Theme::Print, EntityType::Place) => ("#F4F4F4", "#555555"),
            (Theme::Print, EntityType::Other) => ("#FFFFFF", "#777777"),
        };
        Paint { fill, border }
    }

    /// Colour of a line.
    pub fn line(self, line: &SceneLine) -> &'static str {
        if let Some(change) = line.change {
            return change.colour();
        }
        if line.open {
            return self.open();
        }
        if line.modality == Modality::Former {
            return self.former();
        }
        self.sign(line.sign)
    }

    /// Colour of clauses without a type of relation.
    pub fn open(self) -> &'static str {
        match self {
            Theme::Light => "#8A6D00",
            Theme::Dark => "#D8BE4A",
            Theme::Print => "#555555",
        }
    }

    /// Colour of states that have ended.
    pub fn former(self) -> &'static str {
        match self {
            Theme::Light => "#8A8A8A",
            Theme::Dark => "#8D9196",
            Theme::Print => "#888888",
        }
    }

    /// Colour of cooperation (+1), conflict (-1) and the rest (0).
    pub fn sign(self, sign: i8) -> &'static str {
        match (self, sign) {
            (Theme::Light, 1) => "#00618F",
            (Theme::Light, -1) => "#B34700",
            (Theme::Light, _) => "#4D4D4D",
            (Theme::Dark, 1) => "#6CC0F0",
            (Theme::Dark, -1) => "#FF9A5C",
            (Theme::Dark, _) => "#C4C7CA",
            (Theme::Print, _) => "#222222",
        }
    }
}

/// A row of the legend: what is shown, and what it means.
#[derive(Clone, Debug, PartialEq)]
pub enum LegendRow {
    /// A type of box.
    Kind(EntityType),
    /// A kind of line.
    Stroke(Stroke, &'static str),
    /// A bar at the end of a line.
    Denied,
    /// A colour of lines.
    Colour(&'static str, &'static str),
    /// `×3`.
    Support,
    /// Words alone.
    Remark(String),
}

impl Scene {
    /// Rows for everything that occurs in the picture, then the remarks.
    pub fn legend_rows(&self) -> Vec<LegendRow> {
        let any = |test: &dyn Fn(&SceneLine) -> bool| self.lines.iter().any(test);
        let mut rows = Vec::new();
        for kind in EntityType::ALL {
            if self.nodes.iter().any(|node| node.kind == kind) {
                rows.push(LegendRow::Kind(kind));
            }
        }
        let is = |modality| any(&|line: &SceneLine| line.modality == modality);
        if is(Modality::Asserted) {
            rows.push(LegendRow::Stroke(Stroke::Solid, "stated"));
        }
        if is(Modality::Planned) || is(Modality::Possible) {
            rows.push(LegendRow::Stroke(Stroke::Dashed, "planned or possible"));
        }
        if is(Modality::Alleged) {
            rows.push(LegendRow::Stroke(Stroke::Dotted, "alleged"));
        }
        if any(&|line| line.denied) {
            rows.push(LegendRow::Denied);
        }
        let changes: [Change; 3] = [Change::New, Change::Gone, Change::Changed];
        let mut with_changes = false;
        for change in changes {
            let node = self.nodes.iter().any(|node| node.change == Some(change));
            if node || any(&|line| line.change == Some(change)) {
                rows.push(LegendRow::Colour(change.colour(), change.as_str()));
                with_changes = true;
            }
        }
        if !with_changes && self.theme != Theme::Print {
            for (sign, meaning) in [(1, "cooperation"), (-1, "conflict")] {
                if any(&|line| line.sign == sign && line.modality != Modality::Former) {
                    rows.push(LegendRow::Colour(self.theme.sign(sign), meaning));
                }
            }
        }
        if is(Modality::Former) {
            rows.push(LegendRow::Colour(self.theme.former(), "former"));
        }
        if any(&|line| line.open) {
            rows.push(LegendRow::Colour(
                self.theme.open(),
                "clause of no relation type",
            ));
        }
        if any(&|line| 1 < line.support) {
            rows.push(LegendRow::Support);
        }
        if self.lines.is_empty() {
            rows.push(LegendRow::Remark("no relations found".to_owned()));
        }
        rows.extend(self.remarks.iter().cloned().map(LegendRow::Remark));
        rows
    }
}

/// `3 mentions`, `1 mention`.
pub(crate) fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// At most `n` letters, with an ellipsis where some were cut.
pub(crate) fn shorten(text: &str, n: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(n) {
        None => text,
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

/// Breaks a text at spaces into lines of about `width` letters.
pub(crate) fn wrap(text: &str, width: usize) -> String {
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

/// Letters to a line in node labels, and in edge labels.
pub(crate) const WRAP: (usize, usize) = (18, 24);

/// A link that may be followed from a picture: the web, or a file; nothing that runs.
pub(crate) fn safe_url(url: &str) -> Option<&str> {
    let scheme = url
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    let plain = !url.chars().any(|c| c.is_control() || c.is_whitespace());
    match scheme.as_deref() {
        Some("http" | "https") if plain => Some(url),
        _ => None,
    }
}
