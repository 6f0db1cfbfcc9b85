//! Pictures: what they show ([`Scene`]), written as DOT for Graphviz or drawn as SVG by a layout
//! of our own.

mod build;
mod dot;
pub mod layout;
mod scene;
mod svg;

pub use build::{DotOptions, Grouping, scene, scene_of_changes, to_dot};
pub use dot::{Engine, escape, write_dot};
pub use scene::{Change, Head, LegendRow, Paint, Scene, SceneLine, SceneNode, Stroke, Theme};
pub use svg::{escape_xml, to_svg};
