//! Descriptions and pronouns that refer back to what was named.

use super::cluster::Build;
use super::view::View;

/// Adds mentions without a name to the entities they refer to, where that is sure.
pub fn resolve(_view: &View<'_>, _build: &mut Build) {}
