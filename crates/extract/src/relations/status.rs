//! How a relation is said: polarity, modality, who says it, when.
//!
//! The classes follow the FactBank scheme of event factuality, cut down to what a news graph
//! needs. From the predicate the tree is walked upwards; every governor may change the status, and
//! the nearest cue decides.

use tieline_facts::{Modality, Polarity};
use tieline_text::{DepRel, Span, Upos, Xpos};

use super::cues;
use super::negation::{
    circumstantial, is_negation, negated_at, no_longer, short_of, subject_denies, yet,
};
use super::quotes::Speakers;
use super::syntax::Tree;
use super::words;

/// The status of one statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// Whether it is denied.
    pub polarity: Polarity,
    /// Nearest modality cue.
    pub modality: Modality,
    /// Entity of who says it.
    pub source: Option<u32>,
    /// Bytes of the words that name who says it.
    pub source_span: Option<Span>,
    /// What the statement turns into: a refusal to do it, or a threat to do it.
    pub turned: Option<Turned>,
    /// The words that decided, for whoever asks why.
    pub cues: Cues,
}

/// Tokens that decided on a status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cues {
    /// The negation or denial.
    pub polarity: Option<u32>,
    /// The nearest modality cue.
    pub modality: Option<u32>,
    /// The reporting verb or preposition.
    pub source: Option<u32>,
}

/// Governors that make another statement of what they govern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// "refused to meet X": a rejection.
    Refused,
    /// "threatened to attack X": a threat.
    Threatened,
}

/// Steps up the tree at most.
const STEPS: u32 = 10;

/// Finds the status of the statement whose predicate is `predicate`.
pub fn status(tree: &Tree<'_>, speakers: &Speakers, predicate: u32) -> Status {
    let mut walk = Walk::new(tree);
    let mut at = predicate;
    // "had no ties", "signed no treaty"
    if let Some(object) = tree.child(predicate, &[DepRel::Obj])
        && tree.upos(predicate) == Upos::Verb
        && tree.upos(object) == Upos::Noun
        && let Some(no) = tree.child(object, &[DepRel::Det])
        && tree.says(no, "no")
    {
        walk.negate(no);
    }
    for _ in 0..STEPS {
        walk.children(at);
        let head = tree.head(at);
        if head == at {
            walk.top(at);
            break;
        }
        walk.governor(at, head);
        at = head;
    }
    if walk.modality == Some(Modality::Planned)
        && let Some(mark) = walk.condition
    {
        walk.modality = Some(Modality::Possible);
        walk.cues.modality = Some(mark);
    }
    if walk.source.is_none()
        && let Some(speaker) = speakers.of(predicate)
    {
        walk.say(speaker, speaker);
    }
    Status {
        polarity: if walk.negated {
            Polarity::Negated
        } else {
            Polarity::Affirmed
        },
        modality: walk.modality.unwrap_or_default(),
        source: walk.source.and_then(|(entity, _)| entity),
        source_span: walk.source.map(|(_, span)| span),
        turned: walk.turned,
        cues: walk.cues,
    }
}

/// The status of what has no predicate, such as a title: plain, but the speaker's if it is quoted.
pub fn quoted(tree: &Tree<'_>, speakers: &Speakers, token: u32) -> Status {
    let mut walk = Walk::new(tree);
    if let Some(speaker) = speakers.of(token) {
        walk.say(speaker, speaker);
    }
    Status {
        source: walk.source.and_then(|(entity, _)| entity),
        source_span: walk.source.map(|(_, span)| span),
        cues: walk.cues,
        ..Status::default()
    }
}

struct Walk<'t, 'a> {
    tree: &'t Tree<'a>,
    negated: bool,
    modality: Option<Modality>,
    /// The modality is a mere "will": what makes the clause possible wins over it.
    weak: bool,
    /// The "if" of a condition under which it holds.
    condition: Option<u32>,
    source: Option<(Option<u32>, Span)>,
    /// Whether what stands above still says something about the predicate's status. Behind a
    /// relative clause or an event that is taken for granted it does not.
    open: bool,
    /// Whether what stands above no longer denies it.
    firm: bool,
    /// The journey that the predicate is what for: no surer than it.
    journey: Option<u32>,
    turned: Option<Turned>,
    cues: Cues,
}

impl<'t, 'a> Walk<'t, 'a> {
    fn new(tree: &'t Tree<'a>) -> Self {
        Walk {
            tree,
            negated: false,
            modality: None,
            weak: false,
            condition: None,
            source: None,
            open: true,
            firm: false,
            journey: None,
            turned: None,
            cues: Cues::default(),
        }
    }

    fn cue(&mut self, modality: Modality, token: u32) {
        // what is alleged, planned or not, is alleged
        let alleged = modality == Modality::Alleged
            && matches!(self.modality, Some(Modality::Planned | Modality::Possible))
            && !cues::softly(self.tree, token);
        let free =
            self.modality.is_none() || (self.weak && modality == Modality::Possible) || alleged;
        if self.open && free {
            self.modality = Some(modality);
            self.weak = false;
            self.cues.modality = Some(token);
        }
    }

    /// Turns the polarity round.
    fn negate(&mut self, token: u32) {
        if self.open && !self.firm {
            self.negated = !self.negated;
            self.cues.polarity = Some(token);
        }
    }

    fn children(&mut self, at: u32) {
        let tree = self.tree;
        if let Some(time) = cues::coming(tree, at) {
            self.cue(Modality::Planned, time);
        }
        for &child in tree.children(at) {
            match tree.rel(child) {
                DepRel::Advmod | DepRel::CcPreconj | DepRel::Discourse => {
                    if tree.says(child, "not") && tree.says(child + 1, "only") {
                    } else if is_negation(tree, child) || no_longer(tree, child) {
                        self.negate(child);
                    } else if ["formerly", "previously", "once"]
                        .iter()
                        .any(|word| tree.says(child, word))
                    {
                        self.cue(Modality::Former, child);
                    } else {
                        self.modifier(child);
                    }
                }
                DepRel::Cc if child < at && tree.says(child, "nor") => self.negate(child),
                DepRel::Det if self.open && tree.says(child, "no") => {
                    self.negated = true;
                    self.cues.polarity = Some(child);
                }
                DepRel::Aux if self.open => self.auxiliary(at, child),
                DepRel::Cop | DepRel::AuxPass if self.open => self.is_to(at, child),
                DepRel::Mark
                    if ["if", "unless", "whether"]
                        .iter()
                        .any(|w| tree.says(child, w)) =>
                {
                    self.cue(Modality::Possible, child);
                }
                DepRel::Mark if tree.rel(at) == DepRel::Advcl => self.against(at, child),
                DepRel::Amod | DepRel::Compound => {
                    let longer = |&at: &u32| no_longer(tree, at);
                    if let Some(longer) = tree.children(child).iter().copied().find(longer) {
                        self.negate(longer);
                    }
                    self.modifier(child);
                }
                DepRel::Nsubj | DepRel::NsubjPass if self.open && subject_denies(tree, child) => {
                    self.negated = true;
                    self.cues.polarity = Some(child);
                }
                DepRel::Parataxis if tree.is(child, words::REPORT) => self.report(child),
                DepRel::Conj if cues::said_behind(tree, child) => self.report(child),
                DepRel::Advcl if spoken_by(tree, child) => {
                    self.report(child);
                }
                DepRel::Advcl if self.open => {
                    self.condition = self.condition.or_else(|| cues::condition(tree, child));
                }
                DepRel::Obl | DepRel::Nmod | DepRel::Parataxis
                    if tree.has_case(child, "according to")
                        || tree.has_case(child, "according") =>
                {
                    let case = tree.child(child, &[DepRel::Case]);
                    self.say(child, case.unwrap_or(child));
                }
                DepRel::Obl if tree.is(child, words::VIEW) => {
                    let of = tree.child(child, &[DepRel::NmodPoss, DepRel::Nmod]);
                    if let Some(whose) = of {
                        self.say(whose, child);
                    }
                }
                _ => {}
            }
        }
    }

    /// "without meeting X", "decided against meeting X", "refrained from meeting X".
    fn against(&mut self, at: u32, mark: u32) {
        let tree = self.tree;
        let head = tree.head(at);
        let negates = ["without", "against"].iter().any(|w| tree.says(mark, w))
            || (tree.says(mark, "of") && short_of(tree, head))
            || (tree.says(mark, "of") && mark > 0 && tree.says(mark - 1, "instead"))
            || (tree.says(mark, "instead") && tree.says(mark + 1, "of"))
            || (tree.says(mark, "rather") && tree.says(mark + 1, "than"))
            || (tree.says(mark, "from") && tree.is(head, words::FAIL));
        if cues::warns(tree, head) {
            self.cue(Modality::Possible, head);
        } else if negates && !tree.is(head, words::DENY) {
            self.negate(mark);
            self.open = false;
        }
    }

    /// "is to meet X".
    fn is_to(&mut self, at: u32, be: u32) {
        let tree = self.tree;
        let to = |&child: &u32| tree.rel(child) == DepRel::Mark && tree.says(child, "to");
        let marked = tree.children(at).iter().copied().find(to);
        let present = ["is", "are", "was", "were", "'s"];
        if marked.is_some_and(|to| be < to && to - be <= 2)
            && tree.upos(at) == Upos::Verb
            && present.iter().any(|word| tree.says(be, word))
        {
            self.cue(Modality::Planned, be);
        }
    }

    fn modifier(&mut self, word: u32) {
        let tree = self.tree;
        if tree.is(word, words::ALLEGE) {
            self.cue(Modality::Alleged, word);
        } else if tree.upos(word) != Upos::Noun && tree.is(word, words::POSSIBLE) {
            self.cue(Modality::Possible, word);
        } else if tree.upos(word) != Upos::Noun
            && tree.is(word, words::PLAN)
            // "a straight-set win"
            && !(tree.says(word, "set") && word > 0 && tree.says(word - 1, "-"))
        {
            self.cue(Modality::Planned, word);
        } else if tree.is(word, words::FORMER)
            && !matches!(tree.upos(word), Upos::Adv)
            && !matches!(tree.xpos(word), Xpos::Jjr | Xpos::Jjs)
        {
            self.cue(Modality::Former, word);
        }
    }

    fn auxiliary(&mut self, at: u32, aux: u32) {
        let tree = self.tree;
        let word = tree.lemma(aux);
        match word {
            "will" | "shall" | "'ll" | "wo" => {
                let free = self.open && self.modality.is_none();
                self.cue(Modality::Planned, aux);
                self.weak |= free;
            }
            "would" | "'d" if tree.xpos(aux) == Xpos::Md => {
                let speech = |head: u32| {
                    tree.is(
                        head,
                        words::REPORT | words::PLAN | words::DENY | words::ALLEGE,
                    )
                };
                let says = |&child: &u32| {
                    matches!(tree.rel(child), DepRel::Parataxis | DepRel::Advcl) && speech(child)
                };
                let head = tree.head(at);
                let reported = tree.rel(at) == DepRel::Ccomp && speech(head)
                    || tree.rel(at) == DepRel::Conj
                        && tree.rel(head) == DepRel::Ccomp
                        && speech(tree.head(head))
                    || tree.children(at).iter().any(says);
                let free = self.open && self.modality.is_none();
                let modality = if reported {
                    Modality::Planned
                } else {
                    Modality::Possible
                };
                self.cue(modality, aux);
                self.weak |= free && reported;
            }
            "may" | "might" | "could" | "can" | "should" | "must" | "ca" | "ought" => {
                self.cue(Modality::Possible, aux);
            }
            "be" => self.is_to(at, aux),
            _ => {}
        }
    }

    fn governor(&mut self, at: u32, head: u32) {
        let tree = self.tree;
        let rel = tree.rel(at);
        match rel {
            DepRel::AclRelcl if self.content_clause(at, head) => {}
            // "ahead of a visit to X"
            DepRel::Obl | DepRel::Nmod | DepRel::Advcl if tree.has_case(at, "ahead of") => {
                self.cue(Modality::Planned, at);
                self.open = false;
            }
            DepRel::Xcomp
            | DepRel::Ccomp
            | DepRel::Csubj
            | DepRel::CsubjPass
            | DepRel::Advcl
            | DepRel::Acl
            | DepRel::Obj
            | DepRel::Obl
            | DepRel::Nmod
            | DepRel::NsubjPass
            | DepRel::Nsubj => self.governed(at, head, rel),
            // "its withdrawal **plan**"
            DepRel::Compound if at < head && tree.is(head, words::PLAN) => {
                self.cue(Modality::Planned, head);
            }
            DepRel::Conj => {
                let own = [DepRel::Nsubj, DepRel::NsubjPass, DepRel::Aux];
                if tree.upos(at) == Upos::Verb && tree.upos(head) == Upos::Noun {
                    self.open = false; // "is a former minister and heads the party"
                } else if tree.child(at, &own).is_some() {
                    // what somebody says may be two clauses long
                    self.open &= tree.rel(head) == DepRel::Ccomp
                        && tree.is(tree.head(head), words::REPORT | words::ALLEGE);
                }
            }
            // "Holm: 'Norvik bought Teleson.'"
            DepRel::Parataxis => {
                if at > 0 && self.tree.upos(head) == Upos::Propn && cues::colon_before(tree, at) {
                    self.say(head, head);
                }
                self.open = false;
            }
            // what an attribute says ("warring") holds whatever becomes of its noun
            DepRel::Amod
            | DepRel::AclRelcl
            | DepRel::Appos
            | DepRel::NmodPoss
            | DepRel::List
            | DepRel::Dislocated => self.open = false,
            _ => {}
        }
    }

    fn governed(&mut self, at: u32, head: u32, rel: DepRel) {
        let tree = self.tree;
        let clause = matches!(rel, DepRel::Xcomp | DepRel::Ccomp);
        if rel == DepRel::Obl && circumstantial(tree, at, head) {
            self.pass(at, head);
            return;
        }
        if tree.is(head, words::DENY) && !matches!(rel, DepRel::Advcl | DepRel::Obl) {
            self.deny(head);
            return;
        }
        if cues::ends_fight(tree, at, head) {
            self.open = false;
            return;
        }
        let lemma = tree.lemma(head);
        if cues::aside(tree, at, rel) && tree.is(head, cues::TURNING) {
            self.open = false;
            return;
        }
        if matches!(rel, DepRel::Obj | DepRel::NsubjPass)
            && tree.is(at, words::ALLEGE | words::REPORT | words::CONTENT)
            && (tree.is(head, words::REFUSE) || lemma == "dismiss")
        {
            // "dismissed reports that": a denial of what they say
            self.deny(head);
            return;
        }
        let turns = self.open
            && self.turned.is_none()
            && self.modality.is_none()
            && tree.upos(head) == Upos::Verb
            && matches!(rel, DepRel::Xcomp | DepRel::Obj);
        if self.open && self.negated && rel == DepRel::Xcomp && tree.is(head, words::REFUSE) {
            // "refused to rule out a visit"
            self.negated = false;
            self.cue(Modality::Possible, head);
            self.open = false;
        } else if turns && tree.is(head, words::REFUSE) {
            self.turned = Some(Turned::Refused);
        } else if turns && lemma == "threaten" && rel == DepRel::Xcomp {
            self.turned = Some(Turned::Threatened);
        } else if lemma == "rule" && rel == DepRel::Ccomp {
            self.report(head);
            self.open = false;
        } else if lemma == "rule" && negated_at(tree, head) {
            // "did not rule out a visit": neither denied nor said
            self.cue(Modality::Possible, head);
            self.open = false;
        } else if tree.is(head, words::ACQUIT) && matches!(rel, DepRel::Advcl | DepRel::Obl) {
            self.negate(head);
            self.open = false;
        } else if matches!(lemma, "prevent" | "avert" | "forestall")
            && matches!(tree.xpos(head), Xpos::Vb | Xpos::Vbg)
            && rel == DepRel::Obj
        {
            // "to prevent a war": it may come to that
            self.cue(Modality::Possible, head);
            self.open = false;
        } else if let Some(modality) = cues::of_governor(tree, at, head) {
            self.cue(modality, head);
        } else if tree.is(head, words::FAIL) && (lemma != "stop" || tree.upos(head) != Upos::Noun) {
            let over = matches!(lemma, "stop" | "cease" | "end");
            if rel == DepRel::Nsubj && (over || tree.is(at, words::OCCASION)) {
                self.open = false; // talks that fail were held
            } else if rel != DepRel::Advcl {
                self.negate(head);
            }
        } else if rel == DepRel::Xcomp && matches!(lemma, "have" | "be") && yet(tree, at, head) {
            self.negate(head);
        } else if rel == DepRel::Xcomp
            && lemma == "use"
            && !tree.is_passive(head)
            && tree.child(head, &[DepRel::Obj]).is_none()
        {
            self.cue(Modality::Former, head);
        } else if rel == DepRel::Xcomp && lemma == "go" && tree.xpos(head) == Xpos::Vbg {
            self.cue(Modality::Planned, head);
        } else if tree.is(head, words::ALLEGE) {
            if rel != DepRel::Advcl || has_mark(tree, at, &["of", "to", "for", "with"]) {
                self.cue(Modality::Alleged, head);
                self.report(head);
            } else {
                self.pass(at, head);
            }
        } else if rel == DepRel::Xcomp && tree.is(head, words::ORDER) {
            self.cue(Modality::Possible, head);
        } else if tree.is(head, words::REPORT) && rel == DepRel::Xcomp && tree.is_passive(head) {
            // "is believed to have", but "is known to have"
            if !matches!(lemma, "know" | "show" | "find" | "confirm" | "reveal") {
                self.cue(Modality::Alleged, head);
            }
        } else if tree.is(head, words::POSSIBLE)
            || (lemma == "open" && tree.upos(head) == Upos::Adj)
        {
            let clause = clause && tree.is(head, words::REPORT);
            let of_what = has_mark(tree, at, &["to", "of", "for"])
                || (tree.upos(head) == Upos::Adj && has_mark(tree, at, &["that"]));
            if rel == DepRel::Advcl && !of_what {
                self.pass(at, head);
            } else if !clause || !cues::plain(tree, at) || lemma == "fear" {
                self.cue(Modality::Possible, head);
            }
            // "floated the idea of", "voiced fears that": whose idea it is
            let above = tree.head(head);
            if rel == DepRel::Acl
                && tree.rel(head) == DepRel::Obj
                && has_mark(tree, at, &["that"])
                && cues::voices(tree, above)
            {
                self.report(above);
            }
            let floats = [
                "float", "moot", "propose", "suggest", "raise", "broach", "voice",
            ];
            if rel == DepRel::Nmod
                && tree.rel(head) == DepRel::Obj
                && floats.contains(&tree.lemma(above))
            {
                self.report(above);
            }
            if clause {
                self.report(head);
                self.open = false;
            }
        } else if rel == DepRel::Ccomp && cues::sure(tree, head) {
            let made = tree.head(head);
            let makes = tree.rel(head) == DepRel::Xcomp && tree.lemma(made) == "make";
            let whose = if makes { made } else { head };
            let own = [DepRel::Nsubj, DepRel::NsubjPass];
            if let Some(subject) = tree.child(whose, &own)
                && !cues::empty(tree, subject)
            {
                self.say(subject, head);
            }
            self.open = false;
        } else if tree.is(head, words::PLAN) && rel != DepRel::Nsubj {
            let wish = rel == DepRel::Xcomp
                && matches!(lemma, "want" | "like" | "wish")
                && tree.child(head, &[DepRel::Obj]).is_some();
            let sought = lemma == "seek" && matches!(rel, DepRel::Obj | DepRel::NsubjPass);
            if rel == DepRel::Advcl && !has_mark(tree, at, &["to", "on"])
                || cues::offered(tree, at, head)
            {
                self.pass(at, head);
            } else if wish || sought {
                self.cue(Modality::Possible, head);
            } else {
                self.cue(Modality::Planned, head);
            }
        } else if tree.is(head, words::REPORT)
            && (rel == DepRel::Ccomp
                || (rel == DepRel::Advcl && cues::quoted_before(tree, at, head)))
        {
            if rel == DepRel::Ccomp && cues::subjunctive(tree, at, lemma) {
                self.cue(Modality::Possible, head);
            } else if cues::hearsay(tree, head) {
                self.cue(Modality::Alleged, head);
            }
            self.report(head);
            // what the speaker says is the speaker's; whether he said it is not asked here
            self.open = false;
        } else {
            self.pass(at, head);
        }
    }

    /// "reports that X visited Y", "said in a statement that": the noun has a content, which may be
    /// labelled as a relative clause.
    fn content_clause(&mut self, at: u32, head: u32) -> bool {
        let tree = self.tree;
        let that = has_mark(tree, at, &["that"]);
        if that
            && tree.is(head, words::VIEW)
            && tree.child(head, &[DepRel::Cop]).is_some()
            && let Some(subject) = tree.child(head, &[DepRel::Nsubj])
        {
            self.say(subject, head); // "is of the opinion that"
            return true;
        }
        if !that || !tree.is(head, words::CONTENT | words::ALLEGE | words::POSSIBLE) {
            return false;
        }
        self.contents(head);
        true
    }

    /// The predicate is what a noun such as "report", "claim" or "statement" says.
    fn contents(&mut self, noun: u32) {
        let tree = self.tree;
        let above = tree.head(noun);
        let confirmed = tree.rel(noun) == DepRel::Obj
            && matches!(
                tree.lemma(above),
                "confirm" | "acknowledge" | "admit" | "prove"
            );
        if confirmed {
        } else if tree.is(noun, words::POSSIBLE) {
            self.cue(Modality::Possible, noun);
        } else if tree.is(noun, words::ALLEGE)
            || matches!(tree.lemma(noun), "report" | "rumour" | "rumor")
        {
            self.cue(Modality::Alleged, noun);
        }
        let voiced = tree.rel(noun) == DepRel::Obj && cues::voices(tree, above);
        if voiced
            || matches!(tree.rel(noun), DepRel::Obl | DepRel::Obj) && tree.is(above, words::REPORT)
        {
            self.report(above);
        } else if let Some(whose) = tree.child(noun, &[DepRel::NmodPoss]) {
            self.say(whose, noun);
        }
    }

    fn deny(&mut self, head: u32) {
        if self.open && self.modality == Some(Modality::Alleged) {
            self.modality = None;
        }
        self.negate(head);
        self.report(head);
        self.open = false;
    }

    /// A governor without a class of its own.
    fn pass(&mut self, at: u32, head: u32) {
        let tree = self.tree;
        match tree.rel(at) {
            DepRel::Advcl => {
                let to = has_mark(tree, at, &["to"]) && tree.xpos(at) != Xpos::Vbg;
                // "used drones to attack X": it was done
                let done =
                    to && tree.lemma(head) == "use" && tree.child(head, &[DepRel::Obj]).is_some();
                // "came back only to be arrested": so it went
                let outcome = |&child: &u32| {
                    tree.rel(child) == DepRel::Mark && child > 0 && tree.says(child - 1, "only")
                };
                let befell =
                    to && tree.xpos(head) == Xpos::Vbd && tree.children(at).iter().any(outcome);
                if done || befell {
                    return;
                }
                if to || cues::still_to_come(tree, at) {
                    self.cue(Modality::Planned, at);
                }
                // "before flying to Y" is as sure as what comes after; "may lead to X signing Y"
                let first = cues::first_this(tree, at);
                self.firm |= first;
                self.open &= first || tree.is(head, words::RESULT) && tree.xpos(at) == Xpos::Vbg;
            }
            DepRel::Acl if has_mark(tree, at, &["that"]) && tree.is(head, words::CONTENT) => {
                self.contents(head);
            }
            DepRel::Acl => {
                if cues::singled_out(tree, head) {
                } else if has_mark(tree, at, &["to"]) {
                    self.cue(Modality::Planned, at);
                } else {
                    // "may lead to troops being sent"
                    let gerund = tree.xpos(at) == Xpos::Vbg
                        || tree.children(at).iter().any(|&c| tree.says(c, "being"));
                    let above = tree.head(head);
                    self.open &= gerund && tree.is(above, words::RESULT);
                }
            }
            DepRel::Ccomp | DepRel::Xcomp | DepRel::Csubj => {}
            _ if self.journey == Some(head) => {}
            // "will travel to Y **for talks** with X"
            _ if cues::journey(tree, at).is_some() => self.journey = cues::journey(tree, at),
            // an event as argument of another verb is taken for granted, unless the verb only
            // carries it
            // "his coalition with X does not give him a majority": it is there
            DepRel::Nsubj if matches!(tree.lemma(head), "give" | "provide" | "offer" | "bring") => {
                self.firm = true;
            }
            _ if tree.is(head, words::LIGHT) => {}
            DepRel::Nmod if tree.is(head, words::AMOUNT) && tree.has_case(at, "of") => {}
            DepRel::Obl | DepRel::Obj if tree.is(head, words::RESULT) => {}
            DepRel::Nsubj if tree.is(head, words::OCCUR) => {}
            _ => self.open = false,
        }
    }

    /// The main clause: a question of yes or no asserts nothing.
    fn top(&mut self, root: u32) {
        let tree = self.tree;
        if !self.open {
            return;
        }
        let Some(sentence) = tree
            .parsed
            .sentence_of(root)
            .and_then(|at| tree.parsed.sentences().get(at))
        else {
            return;
        };
        let range = sentence.tokens.clone();
        if tree.upos(root) == Upos::Verb && tree.has_mark_to(root) {
            self.cue(Modality::Planned, root); // "Norway to send troops to Mali", a headline
        }
        let asks = range.clone().rev().take(3).any(|at| tree.says(at, "?"));
        let first = range.clone().find(|&at| tree.upos(at) != Upos::Punct);
        let inverted = first.is_some_and(|first| {
            tree.head(first) == root
                && matches!(tree.rel(first), DepRel::Aux | DepRel::AuxPass | DepRel::Cop)
        });
        if asks && inverted {
            self.cue(Modality::Possible, root);
        }
    }

    fn report(&mut self, verb: u32) {
        if self.source.is_some() {
            return;
        }
        let tree = self.tree;
        // "citing Holm, the paper said"
        for &child in tree.children(verb) {
            if tree.rel(child) == DepRel::Advcl
                && matches!(tree.lemma(child), "cite" | "quote")
                && let Some(cited) = tree.child(child, &[DepRel::Obj])
            {
                self.say(cited, child);
                return;
            }
        }
        if tree.rel(verb) == DepRel::Advcl
            && let Some(name) = tree.name_before(verb)
        {
            self.say(name, verb);
            return;
        }
        let mut subjects = Vec::new();
        match cues::quoted_as(tree, verb) {
            Some(quoted) => subjects.push(quoted),
            None => tree.agents(verb, &mut subjects),
        }
        if subjects.is_empty() {
            let name = cues::name_behind(tree, verb);
            subjects.extend(name.or_else(|| cues::name_after_quote(tree, verb)));
        }
        let Some(&first) = subjects.first() else {
            return;
        };
        let subject = match tree.refer_one(first) {
            Some(_) => first,
            None => cues::name_in_commas(tree, verb)
                .or_else(|| cues::name_behind(tree, verb))
                .unwrap_or(first),
        };
        if cues::speaks_itself(tree, subject) || tree.predicates(subject) {
            return;
        }
        if tree.refer_one(subject).is_some() || !cues::empty(tree, subject) {
            self.say(subject, verb);
        }
    }

    fn say(&mut self, speaker: u32, cue: u32) {
        if self.source.is_some() {
            return;
        }
        let tree = self.tree;
        let mut entity = tree.refer_one(speaker).map(|arg| arg.entity);
        let mut whose = speaker;
        // "a statement from his office said": whose words they are
        for _ in 0..3 {
            if entity.is_some() || !speaks_for(tree, whose) {
                break;
            }
            let owner = tree.child(whose, &[DepRel::NmodPoss]);
            let owner = owner.or_else(|| issuer(tree, whose));
            let Some(owner) = owner.or_else(|| tree.named_modifier(whose)) else {
                break;
            };
            whose = owner;
            entity = tree.refer_one(owner).map(|arg| arg.entity);
        }
        self.source = Some((entity, cues::phrase(tree, speaker)));
        self.cues.source = Some(cue);
    }
}

/// A noun whose words are those of whom it belongs to.
fn speaks_for(tree: &Tree<'_>, noun: u32) -> bool {
    let voices = [
        "office",
        "letter",
        "communique",
        "communiqué",
        "release",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "website",
    ];
    let upos = tree.upos(noun) == Upos::Noun;
    upos && (tree.is(noun, words::CONTENT) || voices.contains(&tree.lemma(noun)))
}

/// "a statement **from the ministry**", "the report by X"; what it is "of" or "on" is not who says it.
fn issuer(tree: &Tree<'_>, noun: u32) -> Option<u32> {
    let from = |&child: &u32| {
        tree.rel(child) == DepRel::Nmod
            && ["from", "by"].iter().any(|case| tree.has_case(child, case))
    };
    let spoken = |&child: &u32| {
        tree.rel(child) == DepRel::Nmod
            && !tree.is(noun, words::CONTENT)
            && ["of", "for"].iter().any(|case| tree.has_case(child, case))
    };
    let children = tree.children(noun);
    let mut released = Vec::new();
    if let Some(clause) = tree.child(noun, &[DepRel::Acl])
        && tree.is_passive(clause)
    {
        tree.agents(clause, &mut released);
    }
    children
        .iter()
        .copied()
        .find(from)
        .or_else(|| released.first().copied())
        .or_else(|| children.iter().copied().find(spoken))
}

fn has_mark(tree: &Tree<'_>, clause: u32, marks: &[&str]) -> bool {
    tree.children(clause).iter().any(|&child| {
        matches!(tree.rel(child), DepRel::Mark | DepRel::Case)
            && marks.iter().any(|mark| tree.says(child, mark))
    })
}

/// A clause of one reporting verb, set off: "..., Holm announced on Monday", "as Holm put it".
fn spoken_by(tree: &Tree<'_>, clause: u32) -> bool {
    let reports = tree.is(clause, words::REPORT);
    match tree.child(clause, &[DepRel::Mark]) {
        Some(mark) => {
            let says = reports || matches!(tree.lemma(clause), "put" | "see");
            let whose = tree.child(clause, &[DepRel::Nsubj]).is_some() || tree.is_passive(clause);
            says && tree.says(mark, "as") && whose
        }
        None => reports && clause > tree.head(clause) && tree.name_before(clause).is_some(),
    }
}

/// A quotation mark, single ones left out for the sake of apostrophes.
pub(super) fn is_quote(tree: &Tree<'_>, token: u32) -> bool {
    matches!(
        tree.text(token),
        "\"" | "“" | "”" | "„" | "«" | "»" | "''" | "``"
    )
}
