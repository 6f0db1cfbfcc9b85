//! The clauses above a token: what binds a pronoun, and what cannot.

use tieline_text::{DepRel, Xpos};

use crate::entities::view::View;

/// No token.
const NONE: u32 = u32::MAX;
/// Most governors that are followed upwards.
const DEPTH: usize = 24;

/// The subject and object of each predicate of a document.
#[derive(Debug, Default)]
pub struct Clauses {
    subjects: Vec<u32>,
    objects: Vec<u32>,
}

/// A predicate above a token, with a subject that is not the token's own phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// The predicate.
    pub verb: u32,
    /// Head of its subject.
    pub subject: u32,
    /// Relation of the phrase or clause below, by which the predicate was reached.
    pub via: DepRel,
    /// Whether the token's own predicate shares this subject: the same clause, a second verb of
    /// it ("came and saw"), or an infinitive whose doer it is ("wanted to see").
    pub own: bool,
}

impl Clauses {
    /// One pass over the tokens.
    pub fn find(view: &View<'_>) -> Clauses {
        let n = view.tokens.len();
        let mut clauses = Clauses {
            subjects: vec![NONE; n],
            objects: vec![NONE; n],
        };
        for token in 0..n as u32 {
            let Some(verb) = view.governor(token) else {
                continue;
            };
            match view.deprel(token) {
                DepRel::Nsubj | DepRel::NsubjPass | DepRel::NsubjOuter => {
                    let slot = &mut clauses.subjects[verb as usize];
                    if *slot == NONE {
                        *slot = token;
                    }
                }
                DepRel::Obj | DepRel::Iobj => {
                    let slot = &mut clauses.objects[verb as usize];
                    if *slot == NONE {
                        *slot = token;
                    }
                }
                _ => {}
            }
        }
        clauses
    }

    /// Head of the subject of a predicate.
    pub fn subject(&self, verb: u32) -> Option<u32> {
        let subject = self.subjects.get(verb as usize).copied();
        subject.filter(|&subject| subject != NONE)
    }

    /// Head of the object of a predicate.
    pub fn object(&self, verb: u32) -> Option<u32> {
        let object = self.objects.get(verb as usize).copied();
        object.filter(|&object| object != NONE)
    }

    /// Head of what a predicate is said of, seen from a token below it: its subject; the noun that
    /// "who", a participle or a relative clause hangs on; the object of the verb above an
    /// infinitive ("helped **Ada** to find her").
    fn doer(&self, view: &View<'_>, verb: u32) -> Option<u32> {
        let relation = view.deprel(verb);
        let above = view.governor(verb);
        match self.subject(verb) {
            Some(subject) => {
                let relative = matches!(
                    view.tokens.get(subject as usize).map(|token| token.xpos),
                    Some(Xpos::Wp | Xpos::Wdt)
                );
                if relative && relation == DepRel::AclRelcl {
                    above
                } else {
                    Some(subject)
                }
            }
            None if relation == DepRel::Acl => above,
            None if relation == DepRel::Xcomp => self.object(above?),
            None => None,
        }
    }

    /// The predicates above a token with whom they are said of, the nearest first; without those
    /// of whose subject the token is itself a part.
    pub fn levels(&self, view: &View<'_>, token: u32) -> Vec<Level> {
        let mut levels = Vec::new();
        let (mut at, mut own) = (token, true);
        for _ in 0..DEPTH {
            let Some(verb) = view.governor(at) else { break };
            let via = view.deprel(at);
            let clause = matches!(
                via,
                DepRel::Ccomp
                    | DepRel::Advcl
                    | DepRel::AdvclRelcl
                    | DepRel::Acl
                    | DepRel::AclRelcl
                    | DepRel::Parataxis
                    | DepRel::Csubj
                    | DepRel::Appos
            );
            // into another clause, unless that one lends its subject
            let lends = via == DepRel::Advcl && self.subject(at).is_none();
            own &= !clause || lends;
            if let Some(subject) = self.doer(view, verb)
                && subject != at
            {
                if subject != token {
                    levels.push(Level {
                        verb,
                        subject,
                        via,
                        own,
                    });
                }
                own = false;
            } else if self.subject(verb).is_some() {
                own = false;
            }
            at = verb;
        }
        levels
    }
}
