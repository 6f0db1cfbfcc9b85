//! `tieline dot`: documents to a diagram.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fmt, fs, thread};

use clap::ValueEnum;
use tieline_facts::{Ontology, Polarity};
use tieline_graph::DotOptions;
use tieline_graph::ask::{Scheme, Ways};
use tieline_graph::draw::{self, Engine, Grouping, Theme};
use tieline_graph::{Graph, NodeId};

use crate::answers::FilterArgs;
use crate::graph::{GraphArgs, Loaded};
use crate::who::find_node;
use crate::{Outcome, Streams};

/// Draw who relates to whom, as Graphviz DOT or as a picture.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline dot seeds/demo                   print DOT
  tieline dot seeds/demo -o ties.svg       a picture with the sentences as tooltips
  tieline dot news/ --max-nodes 80 -o big.pdf
  tieline dot news.tieline --about Starmer --depth 2 --only-facts -o starmer.svg
  tieline dot news.tieline --path Starmer Putin --theme dark -o way.svg
  tieline dot new.tieline --diff old.tieline -o changes.svg

Shapes and fills tell types apart; solid lines are stated, dashed ones planned or possible, dotted
ones alleged, a bar instead of an arrowhead means denied. PNG and PDF need Graphviz's `dot`; without
it, SVG is drawn by a layout of our own.")]
pub struct DotArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub graph: GraphArgs,
    /// Where to write: a .dot, .svg, .png or .pdf file; - or nothing prints DOT
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Draw at most N nodes, those that matter most; 0 draws all
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub max_nodes: usize,
    /// Draw at most N lines between them, those that matter most [default: one and a half times as
    /// many as nodes]; 0 draws all
    #[arg(long, value_name = "N")]
    pub max_lines: Option<usize>,
    /// Draw what is near NAME; may be given several times
    #[arg(long, value_name = "NAME")]
    pub about: Vec<String>,
    /// How many steps away from --about
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub depth: usize,
    /// Draw the three best ways from A to B
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["about", "diff"])]
    pub path: Vec<String>,
    /// Draw what is new, gone or changed since this graph: a graph file, a document or a folder
    #[arg(long, value_name = "OLD", conflicts_with = "about", value_hint = clap::ValueHint::AnyPath)]
    pub diff: Option<PathBuf>,
    /// Frames around nodes that belong together
    #[arg(long, value_enum)]
    pub cluster: Option<Cluster>,
    /// Colours
    #[arg(long, value_enum, default_value_t = ThemeArg::Light)]
    pub theme: ThemeArg,
    /// What finds the places: a program of Graphviz, or builtin
    #[arg(long, value_enum, default_value_t = LayoutArg::Dot)]
    pub layout: LayoutArg,
    /// Heading of the picture
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Leave the legend out
    #[arg(long)]
    pub no_legend: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub filter: FilterArgs,
}

/// What nodes are framed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // each is what it is named after
pub enum Cluster {
    Country,
    Community,
}

/// Colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ThemeArg {
    /// Dark on white
    Light,
    /// Light on near black
    Dark,
    /// Black and greys, for printers
    Print,
}

/// What finds the places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LayoutArg {
    /// In layers, from left to right
    Dot,
    /// By springs
    Neato,
    /// By springs, for large graphs
    Sfdp,
    /// In circles
    Circo,
    /// In rings
    Twopi,
    /// In layers, by a layout of our own; SVG only
    Builtin,
}

impl LayoutArg {
    fn engine(self) -> Engine {
        match self {
            LayoutArg::Dot | LayoutArg::Builtin => Engine::Layers,
            LayoutArg::Neato => Engine::Springs,
            LayoutArg::Sfdp => Engine::LargeSprings,
            LayoutArg::Circo => Engine::Circles,
            LayoutArg::Twopi => Engine::Rings,
        }
    }
}

/// Runs the command.
pub fn run(args: &DotArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    // A wrong ending is told before the work, not after.
    let target = Target::of(args.output.as_deref())?;
    let Loaded {
        graph,
        mut ontology,
        mut failed,
        ..
    } = Loaded::of(&args.graph, streams.err)?;
    let Some(options) = options(args, &graph, &ontology, streams)? else {
        return Ok(Outcome {
            found: false,
            failed,
        });
    };
    let scene = match &args.diff {
        None => draw::scene(&graph, &ontology, &options),
        Some(old) => {
            let input = GraphArgs::of(std::slice::from_ref(old), &args.graph.documents.analysis);
            let read = Loaded::of(&input, streams.err)?;
            let old = read.graph;
            failed += read.failed;
            ontology.join(&read.ontology);
            let Some(filter) = args.filter.filter(&old, &ontology, streams.err)? else {
                return Ok(Outcome {
                    found: false,
                    failed,
                });
            };
            draw::scene_of_changes(
                (&old, &filter),
                (&graph, &options.filter),
                &ontology,
                &options,
            )
        }
    };
    let scene = scene.map_err(io::Error::other)?;
    let dot = || draw::write_dot(&scene, options.engine);
    match target {
        Target::Print => streams.out.write_all(dot().as_bytes())?,
        Target::Dot(path) => write_file(path, dot().as_bytes())?,
        Target::Picture(path, "svg") if args.layout == LayoutArg::Builtin => {
            write_file(path, draw::to_svg(&scene).as_bytes())?;
        }
        Target::Picture(path, format) => match render(&dot(), format) {
            Ok(picture) => write_file(path, &picture)?,
            Err(RenderFailure::Missing) if format == "svg" => {
                writeln!(
                    streams.err,
                    "tieline: Graphviz was not found; the picture is drawn by the built-in layout"
                )?;
                write_file(path, draw::to_svg(&scene).as_bytes())?;
            }
            Err(RenderFailure::Missing) => return Err(io::Error::other(RenderError::Missing)),
            Err(RenderFailure::Failed(error)) => return Err(error),
        },
    }
    Ok(Outcome {
        found: !scene.lines.is_empty(),
        failed,
    })
}

/// How to draw; `None` if a name was not found, which was told.
fn options(
    args: &DotArgs,
    graph: &Graph,
    ontology: &Ontology,
    streams: &mut Streams<'_>,
) -> io::Result<Option<DotOptions>> {
    let Some(filter) = args.filter.filter(graph, ontology, streams.err)? else {
        return Ok(None);
    };
    let mut find = |names: &[String]| -> io::Result<Option<Vec<NodeId>>> {
        let mut found = Vec::new();
        for name in names {
            match find_node(
                graph,
                name,
                None,
                "one of the keys in brackets",
                streams.err,
            )? {
                Some(node) => found.push(node),
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    };
    let (Some(mut about), Some(ends)) = (find(&args.about)?, find(&args.path)?) else {
        return Ok(None);
    };
    let mut only = None;
    if let [from, to] = ends.as_slice() {
        let scheme = Scheme::of(graph, ontology);
        let affirmed = tieline_graph::ask::EdgeFilter {
            polarity: Some(Polarity::Affirmed),
            ..filter.clone()
        };
        let ways = Ways::new(graph, &scheme, &affirmed).best(*from, *to, 3);
        let mut nodes: BTreeSet<NodeId> = ways.into_iter().flat_map(|way| way.nodes).collect();
        nodes.extend(&ends);
        only = Some(nodes);
        about = ends;
    }
    Ok(Some(DotOptions {
        max_nodes: Some(args.max_nodes).filter(|n| *n > 0),
        max_lines: Some(
            args.max_lines
                .unwrap_or(args.max_nodes + args.max_nodes / 2),
        )
        .filter(|n| *n > 0),
        title: args.title.clone(),
        legend: !args.no_legend,
        theme: match args.theme {
            ThemeArg::Light => Theme::Light,
            ThemeArg::Dark => Theme::Dark,
            ThemeArg::Print => Theme::Print,
        },
        engine: args.layout.engine(),
        groups: match args.cluster {
            None => Grouping::None,
            Some(Cluster::Country) => Grouping::Country,
            Some(Cluster::Community) => Grouping::Community,
        },
        filter,
        about,
        depth: args.depth,
        only,
        remarks: Vec::new(),
    }))
}

/// Where the picture goes.
enum Target<'a> {
    Print,
    Dot(&'a Path),
    /// A file and Graphviz's name of its format.
    Picture(&'a Path, &'static str),
}

impl Target<'_> {
    fn of(output: Option<&Path>) -> io::Result<Target<'_>> {
        let Some(path) = output.filter(|path| *path != Path::new("-")) else {
            return Ok(Target::Print);
        };
        let ending = path
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase());
        Ok(match ending.as_deref() {
            Some("dot" | "gv") => Target::Dot(path),
            Some("svg") => Target::Picture(path, "svg"),
            Some("png") => Target::Picture(path, "png"),
            Some("pdf") => Target::Picture(path, "pdf"),
            _ => {
                let path = path.display();
                let message = format!("{path}: the name must end in .dot, .svg, .png or .pdf");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
        })
    }
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes).map_err(|error| {
        let message = format!("{}: {error}", path.display());
        io::Error::new(error.kind(), message)
    })
}

/// Why Graphviz made no picture.
#[derive(Debug)]
enum RenderError {
    Missing,
    Refused(String),
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RenderError::Missing => f.write_str(
                "pictures are drawn by Graphviz, whose program `dot` was not found; install it \
                 (Debian, Ubuntu: apt install graphviz; Fedora: dnf install graphviz; macOS: brew \
                 install graphviz; Windows: winget install graphviz) or write DOT: -o ties.dot",
            ),
            RenderError::Refused(message) => write!(f, "Graphviz made no picture: {message}"),
        }
    }
}

impl std::error::Error for RenderError {}

/// Why there is no picture.
enum RenderFailure {
    /// There is no Graphviz.
    Missing,
    /// Everything else.
    Failed(io::Error),
}

impl From<io::Error> for RenderFailure {
    fn from(error: io::Error) -> RenderFailure {
        RenderFailure::Failed(error)
    }
}

/// Hands DOT to Graphviz and takes the picture back.
fn render(dot: &str, format: &str) -> Result<Vec<u8>, RenderFailure> {
    let mut command = Command::new("dot");
    // 110 dots an inch make letters in a PNG as large as those on a page.
    command.arg(format!("-T{format}")).arg("-Gdpi=110");
    if format != "png" {
        command = Command::new("dot");
        command.arg(format!("-T{format}"));
    }
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => RenderFailure::Missing,
        _ => RenderFailure::Failed(error),
    })?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    // Both pipes at once: Graphviz may begin to write before it has read all.
    let picture = thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(dot.as_bytes())));
        let mut picture = Vec::new();
        if let Some(mut stdout) = stdout {
            stdout.read_to_end(&mut picture)?;
        }
        io::Result::Ok(picture)
    })?;
    let output = child.wait_with_output()?;
    if !output.status.success() || picture.is_empty() {
        let message = String::from_utf8_lossy(&output.stderr);
        let message = message.lines().next().unwrap_or("no message").to_owned();
        return Err(io::Error::other(RenderError::Refused(message)).into());
    }
    Ok(picture)
}
