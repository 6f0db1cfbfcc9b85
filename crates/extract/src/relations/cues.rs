//! Words and constructions that change the status of what they govern, one question each.

use tieline_facts::Modality;
use tieline_text::{DepRel, Upos, Xpos};

use super::syntax::Tree;
use super::words::{self, Classes};

/// Governors that change the status of their arguments, but not of what stands beside them.
pub(super) const TURNING: Classes = words::PLAN
    | words::POSSIBLE
    | words::ALLEGE
    | words::FAIL
    | words::ORDER
    | words::REFUSE
    | words::DENY;

/// A phrase that says when or why: "agreed **after talks with X**".
pub(super) fn aside(tree: &Tree<'_>, at: u32, rel: DepRel) -> bool {
    const BESIDE: [&str; 12] = [
        "after",
        "following",
        "since",
        "despite",
        "because of",
        "amid",
        "during",
        "in response to",
        "as a result of",
        "in retaliation for",
        "thanks to",
        "in the wake of",
    ];
    rel == DepRel::Obl
        && (BESIDE.iter().any(|case| tree.has_case(at, case))
            || (tree.is(at, words::OCCASION) && tree.has_case(at, "in")))
}

/// "offered an apology": said, not only planned.
pub(super) fn offered(tree: &Tree<'_>, at: u32, verb: u32) -> bool {
    matches!(tree.lemma(verb), "offer")
        && matches!(
            tree.lemma(at),
            "apology" | "support" | "praise" | "criticism" | "solidarity" | "backing" | "assurance"
        )
}

/// "warned **against** X".
pub(super) fn warns(tree: &Tree<'_>, verb: u32) -> bool {
    matches!(tree.lemma(verb), "warn" | "caution")
}

/// What a governor makes of its argument, where that takes more than its class.
pub(super) fn of_governor(tree: &Tree<'_>, at: u32, head: u32) -> Option<Modality> {
    let rel = tree.rel(at);
    let lemma = tree.lemma(head);
    let argument = matches!(
        rel,
        DepRel::Obj | DepRel::NsubjPass | DepRel::Nmod | DepRel::Xcomp | DepRel::Acl
    );
    match lemma {
        "postpone" | "delay" | "defer" | "reschedule" | "postponement" if argument => {
            Some(Modality::Planned)
        }
        "appear" | "seem" if rel == DepRel::Xcomp && tree.has_mark_to(at) => {
            Some(Modality::Alleged)
        }
        "vote" if rel == DepRel::Xcomp || tree.has_case(at, "for") => Some(Modality::Planned),
        "prevent" | "avert" | "avoid" | "thwart" | "foil" if tree.has_mark_to(head) => {
            Some(Modality::Possible)
        }
        // "talks are due to resume", "a meeting is likely to take place"
        _ if matches!(rel, DepRel::Nsubj | DepRel::NsubjPass)
            && tree.is(head, words::PLAN | words::POSSIBLE)
            && tree
                .child(head, &[DepRel::Xcomp])
                .is_some_and(|happens| tree.is(happens, words::OCCUR | words::LIGHT)) =>
        {
            let planned = tree.is(head, words::PLAN);
            Some(if planned {
                Modality::Planned
            } else {
                Modality::Possible
            })
        }
        "warn" | "caution" if rel == DepRel::Obl && tree.has_case(at, "against") => {
            Some(Modality::Possible)
        }
        "close" | "near"
            if tree.upos(head) == Upos::Adj
                && matches!(rel, DepRel::Advcl | DepRel::Xcomp | DepRel::Obl)
                && tree.has_case(at, "to") =>
        {
            Some(Modality::Possible)
        }
        _ => None,
    }
}

/// Adjectives of conviction: "is convinced that".
pub(super) fn sure(tree: &Tree<'_>, word: u32) -> bool {
    let adjective = matches!(
        tree.lemma(word),
        "certain"
            | "sure"
            | "confident"
            | "adamant"
            | "convinced"
            | "aware"
            | "clear"
            | "hopeful"
            | "optimistic"
            | "plain"
    );
    let state = tree.lemma(word) == "convince" && tree.xpos(word) == Xpos::Vbn;
    (adjective && tree.upos(word) != Upos::Noun) || state
}

/// "it was reported that": nobody says it.
pub(super) fn hearsay(tree: &Tree<'_>, verb: u32) -> bool {
    let vague = matches!(
        tree.lemma(verb),
        "report" | "believe" | "say" | "think" | "suggest" | "speculate" | "understand" | "rumour"
    );
    let subject = [DepRel::NsubjPass, DepRel::Expl, DepRel::Nsubj];
    vague
        && tree.is_passive(verb)
        && tree
            .child(verb, &subject)
            .is_some_and(|subject| tree.says(subject, "it"))
}

/// Verbs that carry a statement: "voiced fears that", "released a report that".
pub(super) fn voices(tree: &Tree<'_>, verb: u32) -> bool {
    matches!(
        tree.lemma(verb),
        "express"
            | "voice"
            | "raise"
            | "issue"
            | "make"
            | "release"
            | "publish"
            | "post"
            | "spread"
            | "have"
            | "repeat"
            | "reiterate"
            | "confirm"
            | "acknowledge"
            | "circulate"
            | "send"
            | "hold"
            | "give"
    )
}

/// A subject that stands for nobody.
pub(super) fn empty(tree: &Tree<'_>, subject: u32) -> bool {
    tree.rel(subject) == DepRel::Expl
        || ["it", "there", "this", "that", "which", "what"]
            .iter()
            .any(|word| tree.says(subject, word))
}

/// "X did Y, **said Holm**", which the parse took for a second clause.
pub(super) fn said_behind(tree: &Tree<'_>, clause: u32) -> bool {
    tree.is(clause, words::REPORT)
        && tree.child(clause, &[DepRel::Cc]).is_none()
        && tree
            .child(clause, &[DepRel::Nsubj])
            .is_some_and(|subject| subject > clause)
}

/// ""...," **wrote Holm**": the name behind the verb, which the parse took for its object.
pub(super) fn name_behind(tree: &Tree<'_>, verb: u32) -> Option<u32> {
    let writes = matches!(
        tree.lemma(verb),
        "write" | "tweet" | "post" | "say" | "add" | "declare" | "report" | "comment" | "note"
    );
    let before = verb.checked_sub(1)?;
    let set_off = tree.upos(before) == Upos::Punct;
    (writes && set_off).then(|| tree.name_next_to(verb))?
}

/// "when he **visits** Y": still to come.
pub(super) fn still_to_come(tree: &Tree<'_>, clause: u32) -> bool {
    let present = matches!(tree.xpos(clause), Xpos::Vbz | Xpos::Vbp)
        && tree
            .child(clause, &[DepRel::Aux, DepRel::AuxPass, DepRel::Cop])
            .is_none();
    present
        && tree.children(clause).iter().any(|&child| {
            child < clause
                && ["when", "once", "until"]
                    .iter()
                    .any(|word| tree.says(child, word))
        })
}

/// "before **flying** to Y": comes about if what it belongs to does.
pub(super) fn first_this(tree: &Tree<'_>, clause: u32) -> bool {
    tree.xpos(clause) == Xpos::Vbg && tree.has_case(clause, "before")
}

/// Words by which a text keeps its distance, but accuses nobody.
pub(super) fn softly(tree: &Tree<'_>, word: u32) -> bool {
    matches!(
        tree.lemma(word),
        "reportedly" | "apparently" | "presumably" | "seemingly" | "appear" | "seem" | "believe"
    )
}

/// "arrives on Monday", "is visiting X next week": the present tense of what is to come.
pub(super) fn coming(tree: &Tree<'_>, verb: u32) -> Option<u32> {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    const SPANS: [&str; 7] = [
        "week", "month", "year", "spring", "summer", "autumn", "winter",
    ];
    let children = tree.children(verb);
    let aux = |child: u32| matches!(tree.rel(child), DepRel::Aux | DepRel::AuxPass | DepRel::Cop);
    let present = match tree.xpos(verb) {
        Xpos::Vbz | Xpos::Vbp => !children.iter().any(|&child| aux(child)),
        Xpos::Vbg => children.iter().any(|&child| {
            tree.rel(child) == DepRel::Aux && matches!(tree.xpos(child), Xpos::Vbz | Xpos::Vbp)
        }),
        _ => false,
    };
    if !present || tree.is(verb, words::REPORT) {
        return None;
    }
    let next = |at: u32| {
        let mut inner = tree.children(at).iter();
        inner.any(|&inner| tree.says(inner, "next") || tree.says(inner, "coming"))
    };
    children.iter().copied().find(|&child| {
        let time = matches!(
            tree.rel(child),
            DepRel::Obl | DepRel::Advmod | DepRel::OblUnmarked
        );
        time && (tree.says(child, "tomorrow")
            || (DAYS.iter().any(|day| tree.says(child, day)))
            || (SPANS.contains(&tree.lemma(child)) && next(child)))
    })
}
