//! `tieline dot`: documents to a diagram.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fmt, fs, thread};

use tieline_graph::{DotOptions, to_dot};

use crate::graph::{self, GraphArgs};
use crate::{Outcome, Streams, load};

/// Draw who relates to whom, as Graphviz DOT or as a picture.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tieline dot seeds/demo                   print DOT
  tieline dot seeds/demo -o ties.svg       a picture with the sentences as tooltips
  tieline dot news/ --max-nodes 80 -o big.pdf

Shapes and fills tell types apart; solid lines are stated, dashed ones planned or possible, dotted
ones alleged, a bar instead of an arrowhead means denied. Pictures need Graphviz's `dot`.")]
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
    /// Heading of the picture
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Leave the legend out
    #[arg(long)]
    pub no_legend: bool,
}

/// Runs the command.
pub fn run(args: &DotArgs, streams: &mut Streams<'_>) -> io::Result<Outcome> {
    // A wrong ending is told before the work, not after.
    let target = Target::of(args.output.as_deref())?;
    let ontology = load::load_types(&args.graph.analysis)?;
    let (graph, failed) = graph::read_graph(&args.graph, &ontology, streams.err)?;
    let options = DotOptions {
        max_nodes: Some(args.max_nodes).filter(|n| *n > 0),
        title: args.title.clone(),
        legend: !args.no_legend,
    };
    let dot = to_dot(&graph, &ontology, &options).map_err(io::Error::other)?;
    match target {
        Target::Print => streams.out.write_all(dot.as_bytes())?,
        Target::Dot(path) => write_file(path, dot.as_bytes())?,
        Target::Picture(path, format) => write_file(path, &render(&dot, format)?)?,
    }
    Ok(Outcome {
        found: graph.n_edges() > 0,
        failed,
    })
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

/// Hands DOT to Graphviz and takes the picture back.
fn render(dot: &str, format: &str) -> io::Result<Vec<u8>> {
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
        io::ErrorKind::NotFound => io::Error::other(RenderError::Missing),
        _ => error,
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
        return Err(io::Error::other(RenderError::Refused(message)));
    }
    Ok(picture)
}
