//! Words that deny a clause, and phrases that only tell its circumstances.

use tieline_text::{DepRel, Upos};

use super::syntax::Tree;

/// "no longer", "not any more".
pub(super) fn no_longer(tree: &Tree<'_>, token: u32) -> bool {
    tree.says(token, "longer") && token > 0 && tree.says(token - 1, "no")
}

/// "stopped short of".
pub(super) fn short_of(tree: &Tree<'_>, verb: u32) -> bool {
    tree.children(verb)
        .iter()
        .any(|&child| tree.says(child, "short"))
}

/// "has yet to".
pub(super) fn yet(tree: &Tree<'_>, clause: u32, have: u32) -> bool {
    (have + 1..clause.min(have + 3)).any(|at| tree.says(at, "yet"))
}

/// "**On a visit to Oslo**, Holm promised", "agreed **during talks**": the verb says nothing of
/// what only tells its circumstances.
pub(super) fn circumstantial(tree: &Tree<'_>, at: u32, head: u32) -> bool {
    let cases = ["during", "since", "amid", "despite"];
    cases.iter().any(|case| tree.has_case(at, case))
        || (at < head
            && tree.upos(head) == Upos::Verb
            && ["on", "in", "at"]
                .iter()
                .any(|case| tree.has_case(at, case)))
}

/// Whether a word of the verb's own negates it.
pub(super) fn negated_at(tree: &Tree<'_>, verb: u32) -> bool {
    let children = tree.children(verb);
    children
        .iter()
        .any(|&child| tree.rel(child) == DepRel::Advmod && is_negation(tree, child))
}

pub(super) fn is_negation(tree: &Tree<'_>, token: u32) -> bool {
    matches!(
        tree.lemma(token),
        "not" | "n't" | "never" | "neither" | "nor"
    ) || ["not", "n't", "n’t", "never"]
        .iter()
        .any(|word| tree.says(token, word))
}

pub(super) fn subject_denies(tree: &Tree<'_>, subject: u32) -> bool {
    if tree
        .children(subject)
        .iter()
        .any(|&c| tree.rel(c) == DepRel::CcPreconj && tree.says(c, "neither"))
    {
        return true;
    }
    ["none", "nobody", "neither"]
        .iter()
        .any(|word| tree.says(subject, word))
        || tree
            .children(subject)
            .iter()
            .any(|&c| tree.rel(c) == DepRel::Det && (tree.says(c, "no") || tree.says(c, "neither")))
}
