//! How documents are analysed: arguments that all commands over documents share.

use std::path::PathBuf;
use std::{fmt, fs, io};

use tieline_data::CONFIDENCE;
use tieline_data::rules::{RELATIONS, RULES};
use tieline_extract::{Known, RelationResources, RuleError};
use tieline_facts::Facts;

/// How documents are analysed.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AnalysisArgs {
    /// Relation types and rules of your own, beside the built-in ones (docs/formats.md, "Rules");
    /// may be given several times
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub rules: Vec<PathBuf>,
    /// Things that you know, in CSV (id,name,aliases,type,country) or FollowTheMoney JSON lines
    /// (docs/formats.md, "Known entities"); may be given several times
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub known: Vec<PathBuf>,
    /// Leave out relations that are less probable than X, from 0 to 1
    #[arg(long, value_name = "X", value_parser = probability)]
    pub min_confidence: Option<f32>,
}

impl AnalysisArgs {
    /// Drops relations that the user does not want to see.
    pub fn filter(&self, facts: &mut Facts) {
        if let Some(least) = self.min_confidence {
            facts
                .relations
                .retain(|relation| least <= relation.confidence);
        }
    }
}

/// A number from 0 to 1.
fn probability(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("not a number from 0 to 1".to_owned()),
    }
}

/// The user's lists of known entities. An error names the file and the line.
pub fn load_known(paths: &[PathBuf]) -> io::Result<Known> {
    let mut known = Known::default();
    for path in paths {
        let name = path.display().to_string();
        let text = fs::read_to_string(path)
            .map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
        known
            .read(&text, &name)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    }
    Ok(known)
}

/// The faults of rule files.
#[derive(Debug)]
pub struct RuleFaults(pub Vec<RuleError>);

impl fmt::Display for RuleFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.0.first() else {
            return f.write_str("no fault");
        };
        write!(f, "{first}")?;
        match self.0.len() {
            1 => Ok(()),
            n => write!(
                f,
                " (and {} more: `tieline rules check {}`)",
                n - 1,
                first.file
            ),
        }
    }
}

impl std::error::Error for RuleFaults {}

/// The built-in rules and the user's. An error names the file that could not be read, or holds
/// [`RuleFaults`].
pub fn load_rules(paths: &[PathBuf]) -> io::Result<RelationResources> {
    let mut texts = Vec::with_capacity(paths.len());
    for path in paths {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| {
            let message = format!("{name}: {error}");
            io::Error::new(error.kind(), message)
        })?;
        texts.push((name, text));
    }
    let own = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let files: Vec<(&str, &str)> = RULES.iter().copied().chain(own).collect();
    RelationResources::check(RELATIONS, &files)
        .map_err(|faults| io::Error::new(io::ErrorKind::InvalidData, RuleFaults(faults)))?
        .with_confidence(CONFIDENCE)
        .map_err(io::Error::other)
}
