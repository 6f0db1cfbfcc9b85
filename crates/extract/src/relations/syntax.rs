//! The dependency index of one document, and the arguments of predicates.
//!
//! Everything here is about grammar and nothing about single relations: voice, control, relative
//! clauses, coordination, apposition. Trees are Universal Dependencies as the English Web
//! Treebank and GUM annotate them.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;
use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Document, Parsed, Upos, Xpos};

use super::language::type_bit;
use super::roles;
use super::words::{self, Classes, Words};
use crate::EntityLayer;

/// No token, no mention.
pub const NONE: u32 = u32::MAX;

/// How deep subject sharing and antecedents are followed.
pub(super) const DEPTH: u32 = 4;

/// An argument that refers to an entity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arg {
    /// Head token of the phrase.
    pub token: u32,
    /// Entity of the document.
    pub entity: u32,
    /// How certain it is that the phrase refers to the entity, 0 to 1.
    pub certainty: f32,
}

/// One document as the rules see it.
pub struct Tree<'a> {
    /// The text.
    pub document: &'a Document,
    /// Tokens and trees.
    pub parsed: &'a Parsed,
    /// Mentions and entities.
    pub layer: &'a EntityLayer,
    /// Word classes of each token's lemma.
    pub classes: Vec<Classes>,
    /// For each token: the longest mention whose head it is, or [`NONE`].
    pub head_mention: Vec<u32>,
    /// For each token: the longest mention by name or demonym that covers it, or [`NONE`].
    pub name_mention: Vec<u32>,
    /// The country that the document is mostly about, if one stands out.
    pub main_country: Option<u32>,
    /// The country of each person who holds an office of state; set when the offices are known.
    pub offices: OnceCell<FxHashMap<u32, u32>>,
    first_child: Vec<u32>,
    children: Vec<u32>,
}

impl<'a> Tree<'a> {
    /// Indexes a document. Linear in tokens and mentions.
    pub fn new(
        words: &Words,
        document: &'a Document,
        parsed: &'a Parsed,
        layer: &'a EntityLayer,
    ) -> Tree<'a> {
        let tokens = parsed.tokens();
        let n = tokens.len();
        let mut first_child = vec![0u32; n + 2];
        for (idx, token) in tokens.iter().enumerate() {
            if token.head as usize != idx {
                first_child[token.head as usize + 2] += 1;
            }
        }
        for idx in 2..n + 2 {
            first_child[idx] += first_child[idx - 1];
        }
        let mut children = vec![0u32; first_child[n + 1] as usize];
        for (idx, token) in tokens.iter().enumerate() {
            if token.head as usize != idx {
                let slot = &mut first_child[token.head as usize + 1];
                children[*slot as usize] = idx as u32;
                *slot += 1;
            }
        }
        let mut head_mention = vec![NONE; n];
        let mut name_mention = vec![NONE; n];
        for (idx, mention) in layer.mentions.iter().enumerate() {
            let len = mention.tokens.len();
            let longer = |old: u32| {
                layer
                    .mentions
                    .get(old as usize)
                    .is_none_or(|old| old.tokens.len() < len)
            };
            if let Some(slot) = head_mention.get_mut(mention.head as usize)
                && longer(*slot)
            {
                *slot = idx as u32;
            }
            if matches!(mention.kind, MentionKind::Name | MentionKind::Demonym) {
                for slot in name_mention
                    .get_mut(mention.tokens.start as usize..mention.tokens.end as usize)
                    .unwrap_or_default()
                {
                    if longer(*slot) {
                        *slot = idx as u32;
                    }
                }
            }
        }
        let mut buffer = String::new();
        let mut classes: Vec<Classes> = (0..n as u32)
            .map(|token| words.of(lower(parsed.lemma(token), &mut buffer)))
            .collect();
        // "call off" is another word than "call"
        let mut phrase = String::new();
        for (at, token) in tokens.iter().enumerate() {
            if token.deprel == DepRel::CompoundPrt {
                phrase.clear();
                phrase.push_str(parsed.lemma(token.head));
                phrase.push(' ');
                phrase.push_str(token.span.slice(&document.text).unwrap_or_default());
                let class = words.of(&phrase);
                if class != 0 && token.head < at as u32 {
                    classes[token.head as usize] = class;
                }
            }
        }
        let mut tree = Tree {
            document,
            parsed,
            layer,
            classes,
            head_mention,
            name_mention,
            main_country: None,
            offices: OnceCell::new(),
            first_child,
            children,
        };
        let country = type_bit(EntityType::Country);
        tree.main_country = roles::main_entity(&tree, country, 0).map(|arg| arg.entity);
        tree
    }

    /// Number of tokens.
    pub fn len(&self) -> u32 {
        self.classes.len() as u32
    }

    /// The tokens that hang on `token`, in text order.
    pub fn children(&self, token: u32) -> &[u32] {
        let at = token as usize;
        match (self.first_child.get(at), self.first_child.get(at + 1)) {
            (Some(&from), Some(&to)) => {
                self.children.get(from as usize..to as usize).unwrap_or(&[])
            }
            _ => &[],
        }
    }

    /// Relation of a token to its head.
    pub fn rel(&self, token: u32) -> DepRel {
        self.parsed.tokens()[token as usize].deprel
    }

    /// Universal part of speech.
    pub fn upos(&self, token: u32) -> Upos {
        self.parsed.tokens()[token as usize].upos
    }

    /// Penn tag.
    pub fn xpos(&self, token: u32) -> Xpos {
        self.parsed.tokens()[token as usize].xpos
    }

    /// The governor; a root gives itself.
    pub fn head(&self, token: u32) -> u32 {
        self.parsed.tokens()[token as usize].head
    }

    /// The token as written.
    pub fn text(&self, token: u32) -> &'a str {
        let span = self.parsed.tokens()[token as usize].span;
        span.slice(&self.document.text).unwrap_or("")
    }

    /// Lemma.
    pub fn lemma(&self, token: u32) -> &'a str {
        self.parsed.lemma(token)
    }

    /// Whether the lemma has one of these classes.
    pub fn is(&self, token: u32, class: Classes) -> bool {
        self.classes[token as usize] & class != 0
    }

    /// Whether the token is written like this, in any case.
    pub fn says(&self, token: u32, word: &str) -> bool {
        token < self.len() && self.text(token).eq_ignore_ascii_case(word)
    }

    /// Whether lemma or text is this word, in any case.
    pub fn is_word(&self, token: u32, word: &str) -> bool {
        self.lemma(token).eq_ignore_ascii_case(word) || self.says(token, word)
    }

    /// Whether the lemma is in a sorted list.
    pub fn is_in(&self, token: u32, set: &[Box<str>]) -> bool {
        let lemma = self.lemma(token);
        let find = |word: &str| set.binary_search_by(|probe| (**probe).cmp(word)).is_ok();
        find(lemma)
            || (lemma.bytes().any(|b| b.is_ascii_uppercase()) && find(&lemma.to_ascii_lowercase()))
    }

    /// Type of an entity.
    pub fn kind(&self, entity: u32) -> EntityType {
        self.layer
            .entities
            .get(entity as usize)
            .map_or(EntityType::Other, |node| node.kind)
    }

    /// First child with one of these relations.
    pub fn child(&self, token: u32, rels: &[DepRel]) -> Option<u32> {
        self.children(token)
            .iter()
            .copied()
            .find(|&child| rels.contains(&self.rel(child)))
    }

    /// Whether a phrase is marked by this preposition, of one word or several.
    pub fn has_case(&self, token: u32, prep: &str) -> bool {
        let Some(case) = self.case_of(token) else {
            return false;
        };
        if !prep
            .split(' ')
            .zip(case..)
            .all(|(word, at)| self.says(at, word))
        {
            return false;
        }
        // "of" is not the "of" of "because of": the first marker decides, and it stands alone
        prep.contains(' ') || self.child(case, &[DepRel::Fixed]).is_none()
    }

    /// Whether a phrase begins behind a comma.
    pub fn is_aside(&self, token: u32) -> bool {
        let before = self.case_of(token).and_then(|case| case.checked_sub(1));
        before.is_some_and(|at| self.says(at, ","))
    }

    /// The first marker of a phrase; where the parse hung it on a word inside the phrase, that.
    fn case_of(&self, token: u32) -> Option<u32> {
        let marks = [DepRel::Case, DepRel::Mark];
        self.child(token, &marks).or_else(|| {
            let first = self.children(token).first().copied()?;
            let inside = matches!(
                self.rel(first),
                DepRel::Compound | DepRel::Amod | DepRel::Nummod | DepRel::NmodDesc
            );
            (first < token && inside).then(|| self.child(first, &marks))?
        })
    }

    /// Whether a verb is passive: by its auxiliary, its subject's label, or as a bare participle.
    pub fn is_passive(&self, verb: u32) -> bool {
        self.passive_at(verb, 0)
    }

    fn passive_at(&self, verb: u32, depth: u32) -> bool {
        let mut has_aux = false;
        let mut has_obj = false;
        let mut has_subj = false;
        for &child in self.children(verb) {
            match self.rel(child) {
                DepRel::NsubjPass | DepRel::AuxPass | DepRel::CsubjPass | DepRel::OblAgent => {
                    return true;
                }
                DepRel::Aux => has_aux = true,
                DepRel::Obj => has_obj = true,
                DepRel::Nsubj => has_subj = true,
                _ => {}
            }
        }
        if self.xpos(verb) != Xpos::Vbn || has_aux || has_obj {
            return false;
        }
        match self.rel(verb) {
            DepRel::Acl | DepRel::Amod | DepRel::Advcl | DepRel::Xcomp => true,
            DepRel::Conj if !has_subj && depth < DEPTH => {
                self.passive_at(self.head(verb), depth + 1)
            }
            DepRel::Root | DepRel::Parataxis | DepRel::Ccomp => has_subj,
            _ => false,
        }
    }

    fn is_relativizer(&self, token: u32) -> bool {
        matches!(self.xpos(token), Xpos::Wdt | Xpos::Wp)
            || (self.upos(token) == Upos::Pron && self.says(token, "that"))
    }

    /// The noun that the relative clause around `verb` describes.
    pub fn antecedent(&self, verb: u32) -> Option<u32> {
        let mut at = verb;
        for _ in 0..=DEPTH {
            match self.rel(at) {
                DepRel::AclRelcl => return Some(self.nearest_part(self.head(at), at)),
                DepRel::Conj | DepRel::Xcomp | DepRel::Ccomp | DepRel::Advcl => at = self.head(at),
                _ => return None,
            }
        }
        None
    }

    /// "A and B, who **was** named": the relative clause in the singular is about the last of them.
    fn nearest_part(&self, head: u32, verb: u32) -> u32 {
        let singular = self.xpos(verb) == Xpos::Vbz
            || self.children(verb).iter().any(|&child| {
                ["was", "is", "has"]
                    .iter()
                    .any(|word| self.says(child, word))
            });
        if !singular {
            return head;
        }
        let parts = self.children(head).iter().rev().copied();
        parts
            .filter(|&child| child < verb && child > head && self.rel(child) == DepRel::Conj)
            .find(|&child| self.mention_of(child).is_some())
            .unwrap_or(head)
    }

    /// The words that the clause of `verb` predicates over, whatever its voice: its own subject,
    /// or the one it shares or is controlled by.
    pub fn surface_subjects(&self, verb: u32, out: &mut Vec<u32>) {
        self.subjects_at(verb, 0, out);
    }

    /// The subject of a verb; where the parse gave it several, as with a headline that runs into
    /// its sentence or a title in front of a name, the one nearest before the verb that refers.
    fn own_subject(&self, verb: u32, rels: &[DepRel]) -> Option<u32> {
        let first = self.child(verb, rels)?;
        let nearer = self.children(verb).iter().rev().copied().find(|&child| {
            child > first && child < verb && rels.contains(&self.rel(child)) && {
                let relative = self.is_relativizer(child);
                relative || self.refer_one(child).is_some()
            }
        });
        Some(nearer.unwrap_or(first))
    }

    /// "**Peru** and Chile's services agreed", with both hung on the verb.
    fn coordinated_before(&self, verb: u32, subject: u32, rels: &[DepRel]) -> Option<u32> {
        let and = self.child(subject, &[DepRel::Cc])?;
        let before = and.checked_sub(1)?;
        // its own relation may have been taken for the coordination's
        let other = self.head(before) == verb && rels.contains(&self.rel(before));
        (other && and < subject).then_some(before)
    }

    pub(super) fn subjects_at(&self, verb: u32, depth: u32, out: &mut Vec<u32>) {
        let own = [DepRel::Nsubj, DepRel::NsubjPass, DepRel::NsubjOuter];
        if let Some(subject) = self.own_subject(verb, &own) {
            if self.is_relativizer(subject) {
                out.extend(self.antecedent(verb));
            } else {
                out.extend(self.coordinated_before(verb, subject, &own));
                out.push(subject);
            }
            return;
        }
        // "says **it** is willing to return": no empty "it"
        if matches!(
            self.lemma(verb),
            "willing" | "ready" | "prepared" | "determined" | "able"
        ) && let Some(it) = self.child(verb, &[DepRel::Expl])
        {
            out.push(it);
            return;
        }
        if depth >= DEPTH {
            return;
        }
        let head = self.head(verb);
        match self.rel(verb) {
            DepRel::Conj if self.predicates(head) => self.subjects_at(head, depth + 1, out),
            DepRel::Xcomp => {
                let object = self.child(head, &[DepRel::Obj, DepRel::Iobj]);
                let object = object.or_else(|| self.called_on(head, verb));
                match object {
                    Some(object) if !self.is(head, words::PROMISE) => out.push(object),
                    _ => self.subjects_at(head, depth + 1, out),
                }
            }
            DepRel::Advcl | DepRel::Acl if self.gerund_subject(verb).is_some() => {
                out.extend(self.gerund_subject(verb));
            }
            // "Berg, called Holm on Friday, his office said": the comma cut it off
            DepRel::Ccomp
                if verb < head && self.split_subject(head).is_some_and(|first| first < verb) =>
            {
                out.extend(self.split_subject(head));
            }
            // "Norway, Holm said, had attacked": what is said begins before who says it
            DepRel::Ccomp if verb > head && self.split_subject(head).is_some() => {
                out.extend(self.split_subject(head));
            }
            DepRel::Ccomp if self.is_nonfinite(verb) => self.subjects_at(head, depth + 1, out),
            DepRel::Advcl => {
                let of = ["of", "from", "for", "against"]
                    .iter()
                    .any(|mark| self.has_case(verb, mark))
                    || (self.has_case(verb, "on")
                        && matches!(self.lemma(head), "congratulate" | "compliment"));
                // "appointed her **to replace** Holm", "named Berg, **replacing** Holm"
                let put = self.is(head, words::INSTALL)
                    && (self.has_mark_to(verb)
                        || matches!(self.lemma(verb), "succeed" | "replace"));
                let called = self
                    .called_on(head, verb)
                    .filter(|_| self.has_mark_to(verb));
                match self.child(head, &[DepRel::Obj]).or(called) {
                    Some(object) if called == Some(object) => out.push(object),
                    Some(object) if (of || put) && !self.is_passive(head) => out.push(object),
                    _ => self.subjects_at(head, depth + 1, out),
                }
            }
            // "denied the leaders permission **to visit** X": not the denier's visit
            DepRel::Acl
                if self.has_mark_to(verb)
                    && matches!(
                        self.lemma(head),
                        "permission" | "visa" | "leave" | "clearance"
                    ) =>
            {
                let giver = self.head(head);
                if matches!(self.lemma(giver), "grant" | "give" | "deny" | "refuse") {
                    out.extend(self.child(giver, &[DepRel::Iobj]));
                    if out.is_empty() {
                        self.prepositional(giver, "to", out);
                    }
                } else {
                    self.subjects_at(giver, depth + 1, out);
                }
            }
            DepRel::Acl => {
                // "a lawsuit accusing X" is what somebody files
                let speaks = self.is(head, words::VENUE | words::PAPER)
                    && self.head_mention[head as usize] == NONE;
                let verb_above = self.head(head);
                if self.has_mark_to(verb)
                    && (self.child(head, &[DepRel::Cop]).is_some()
                        || (self.lemma(verb_above) == "become"
                            && matches!(self.rel(head), DepRel::Xcomp | DepRel::Obj)))
                    && self.name_mention[head as usize] == NONE
                {
                    // "became the first country to leave"
                    let clause = match self.child(head, &[DepRel::Cop]) {
                        Some(_) => head,
                        None => verb_above,
                    };
                    self.subjects_at(clause, depth + 1, out);
                } else if self.has_mark_to(verb) || speaks || self.content_of(verb, head) {
                    let before = out.len();
                    self.event_subjects(head, depth + 1, out);
                    if out.len() == before
                        && self.content_of(verb, head)
                        && matches!(self.rel(head), DepRel::Obj | DepRel::Obl)
                    {
                        // "detained a man on suspicion of plotting": the man's
                        let host = self.head(head);
                        let held = self
                            .child(host, &[DepRel::Obj])
                            .filter(|_| self.rel(head) == DepRel::Obl && !self.is_passive(host));
                        match held {
                            Some(held) => out.push(held),
                            None => self.subjects_at(host, depth + 1, out),
                        }
                    }
                } else {
                    out.push(head);
                }
            }
            // "issued a report critical of X"
            DepRel::Amod | DepRel::AclRelcl => out.push(self.spoken_by(head).unwrap_or(head)),
            DepRel::Obj if self.is_gerund(verb) => self.subjects_at(head, depth + 1, out),
            _ => {}
        }
    }

    /// The first of two subjects of a reporting verb, set off by a comma.
    fn split_subject(&self, verb: u32) -> Option<u32> {
        let mut subjects = self
            .children(verb)
            .iter()
            .copied()
            .filter(|&child| self.rel(child) == DepRel::Nsubj && child < verb);
        let (first, second) = (subjects.next()?, subjects.next()?);
        let comma = (first + 1..second).any(|at| self.says(at, ","));
        (comma && self.is(verb, words::REPORT)).then_some(first)
    }

    /// "faces charges **of murdering** X", "has no intention **of meeting** X".
    fn content_of(&self, verb: u32, noun: u32) -> bool {
        self.is(noun, words::PLAN | words::POSSIBLE | words::ALLEGE)
            && self.xpos(verb) == Xpos::Vbg
            && self.has_case(verb, "of")
    }

    /// "called on **Ghana** to withdraw", "appealed to **Ghana** to".
    fn called_on(&self, verb: u32, clause: u32) -> Option<u32> {
        let calls = ["call", "appeal", "plead", "wait", "rely", "push", "press"];
        if self.is_passive(verb) || !calls.contains(&self.lemma(verb)) {
            return None;
        }
        self.children(verb).iter().copied().find(|&child| {
            let whom = ["on", "upon", "to", "for", "with"];
            // "called **on** X", where the preposition was taken for a part of the verb
            let particle = child > 0
                && self.children(verb).iter().any(|&part| {
                    self.rel(part) == DepRel::CompoundPrt && part < child && self.says(part, "on")
                });
            self.rel(child) == DepRel::Obl
                && child < clause
                && (particle || whom.iter().any(|prep| self.has_case(child, prep)))
        })
    }

    /// A verb that the tagger took for a noun: "denied **meeting** Ada Holm".
    pub fn is_gerund(&self, noun: u32) -> bool {
        let next = self.name_mention.get(noun as usize + 1);
        self.upos(noun) == Upos::Noun
            && self.text(noun).ends_with("ing")
            && self
                .child(noun, &[DepRel::Det, DepRel::NmodPoss, DepRel::Amod])
                .is_none()
            && next
                .and_then(|&mention| self.layer.mentions.get(mention as usize))
                .is_some_and(|mention| {
                    mention.tokens.start == noun + 1 && mention.kind == MentionKind::Name
                })
    }

    /// "lead to **Peru** signing", "the prospect of **Peru** signing": the name right before.
    fn gerund_subject(&self, verb: u32) -> Option<u32> {
        let being = |at: u32| self.says(at, "being") || self.says(at, "having");
        let mut before = verb.checked_sub(1)?;
        if being(before) {
            before = before.checked_sub(1)?;
        } else if self.xpos(verb) != Xpos::Vbg {
            return None;
        }
        let mention = self.name_mention.get(before as usize)?;
        let mention = self.layer.mentions.get(*mention as usize)?;
        let cased = self.child(mention.head, &[DepRel::Case]).is_some();
        (mention.kind == MentionKind::Name && mention.tokens.end == before + 1 && cased)
            .then_some(mention.head)
    }

    /// A clause without a tense of its own: "denied having bought", "whether to sign".
    fn is_nonfinite(&self, verb: u32) -> bool {
        matches!(self.xpos(verb), Xpos::Vbg)
            || self.has_mark_to(verb)
            || self
                .child(verb, &[DepRel::Aux, DepRel::AuxPass])
                .is_some_and(|aux| matches!(self.xpos(aux), Xpos::Vbg))
    }

    /// Whether a clause is an infinitive with "to".
    pub fn has_mark_to(&self, verb: u32) -> bool {
        self.children(verb)
            .iter()
            .any(|&c| self.rel(c) == DepRel::Mark && self.says(c, "to"))
    }

    /// Whether a token heads a clause.
    pub fn predicates(&self, token: u32) -> bool {
        matches!(self.upos(token), Upos::Verb | Upos::Aux)
            || self
                .child(token, &[DepRel::Cop, DepRel::Nsubj, DepRel::NsubjPass])
                .is_some()
    }

    /// Who does it.
    pub fn agents(&self, verb: u32, out: &mut Vec<u32>) {
        if self.is_passive(verb) {
            for &child in self.children(verb) {
                if self.rel(child) == DepRel::OblAgent
                    || (self.rel(child) == DepRel::Obl && self.has_case(child, "by"))
                {
                    out.push(child);
                }
            }
            if out.is_empty() {
                // "was named minister by X", "was found guilty of fraud by X": on the complement
                for &child in self.children(verb) {
                    if matches!(self.rel(child), DepRel::Xcomp | DepRel::Obl | DepRel::Obj) {
                        out.extend(self.by(child));
                        for &inner in self.children(child) {
                            // "was found guilty **of spying** by X"
                            if matches!(self.rel(inner), DepRel::Obl | DepRel::Advcl) {
                                out.extend(self.by(inner));
                            }
                        }
                        // "was criticised in a report by X"
                        if self.rel(child) == DepRel::Obl && self.has_case(child, "in") {
                            out.extend(self.spoken_by(child).filter(|at| !out.contains(at)));
                        }
                    }
                }
            }
            return;
        }
        let before = out.len();
        self.surface_subjects(verb, out);
        for at in before..out.len() {
            if let Some(speaker) = out.get(at).and_then(|&noun| self.spoken_by(noun)) {
                out[at] = speaker;
            }
        }
        if out.len() == before {
            out.extend(self.name_before(verb));
        }
        // "Peru, along with Chile, signed"
        for &child in self.children(verb) {
            let with = ["along with", "together with", "alongside"];
            if self.rel(child) == DepRel::Obl
                && child < verb
                && out.len() > before
                && out.last().is_some_and(|&subject| subject < child)
                && with.iter().any(|prep| self.has_case(child, prep))
            {
                out.push(child);
            }
        }
    }

    /// The name right before a finite verb that the parse left without a subject.
    pub fn name_before(&self, verb: u32) -> Option<u32> {
        if !matches!(
            self.xpos(verb),
            Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Vbn
        ) {
            return None;
        }
        let mut at = verb;
        for _ in 0..4 {
            at = at.checked_sub(1)?;
            let mention = self
                .layer
                .mentions
                .get(self.name_mention[at as usize] as usize);
            if let Some(mention) = mention {
                return (mention.kind == MentionKind::Name && mention.tokens.end == at + 1)
                    .then_some(mention.head);
            }
            if !matches!(self.upos(at), Upos::Aux | Upos::Adv) {
                return None;
            }
        }
        None
    }

    /// To whom it is done.
    pub fn patients(&self, verb: u32, out: &mut Vec<u32>) {
        if self.is_passive(verb) {
            self.surface_subjects(verb, out);
            return;
        }
        if self.upos(verb) == Upos::Adj {
            if self.rel(verb) == DepRel::Amod {
                out.push(self.head(verb));
            } else {
                self.surface_subjects(verb, out);
            }
            return;
        }
        let before = out.len();
        // "refused to respond to **a request**"
        if self.is(verb, words::REFUSE)
            && let Some(answer) = self.child(verb, &[DepRel::Xcomp])
            && matches!(
                self.lemma(answer),
                "accept" | "answer" | "consider" | "grant" | "heed" | "meet" | "respond" | "sign"
            )
        {
            let told = |&at: &u32| {
                self.rel(at) == DepRel::Obj
                    || (self.rel(at) == DepRel::Obl && self.has_case(at, "to"))
            };
            out.extend(self.children(answer).iter().copied().find(told));
            return;
        }
        for &child in self.children(verb) {
            if matches!(self.rel(child), DepRel::Obj | DepRel::Iobj) {
                if self.is_relativizer(child) {
                    out.extend(self.antecedent(verb));
                } else {
                    out.push(child);
                    // "fined **Norvik** two million euros"
                    let amount = self.child(child, &[DepRel::Nummod]);
                    out.extend(
                        self.name_in_object(verb)
                            .filter(|&name| amount.is_some_and(|amount| name < amount)),
                    );
                }
            }
        }
        if out.len() == before
            && self.rel(verb) == DepRel::AclRelcl
            && self
                .child(verb, &[DepRel::Nsubj])
                .is_some_and(|subject| !self.is_relativizer(subject))
        {
            out.push(self.head(verb)); // "the town that they shelled", "the firm he founded"
        }
        if out.len() == before && self.rel(verb) == DepRel::Conj {
            // "bombed and shelled the town": the object stands with the last verb
            let head = self.head(verb);
            if self.upos(head) == Upos::Verb && !self.is_passive(head) {
                out.extend(
                    self.child(head, &[DepRel::Obj])
                        .filter(|&object| object > verb),
                );
            }
        }
        if out.len() == before {
            for &child in self.children(verb) {
                if self.rel(child) == DepRel::Conj
                    && self.upos(child) == Upos::Verb
                    && self.child(child, &[DepRel::Nsubj, DepRel::Mark]).is_none()
                    && self.adjacent_conjunct(verb, child)
                {
                    out.extend(self.child(child, &[DepRel::Obj]));
                }
            }
        }
        if out.len() == before && self.child(verb, &[DepRel::CompoundPrt]).is_some() {
            // "brushed aside X's concerns", with the object taken for an adjunct
            out.extend(self.children(verb).iter().copied().find(|&child| {
                child > verb
                    && self.rel(child) == DepRel::Obl
                    && self.upos(child) == Upos::Noun
                    && self.case_of(child).is_none()
            }));
        }
        if out.len() == before && (self.upos(verb) == Upos::Verb || self.is_gerund(verb)) {
            out.extend(self.name_behind(verb));
        }
    }

    /// The name right behind a verb, whatever the tree makes of it.
    pub fn name_next_to(&self, verb: u32) -> Option<u32> {
        let mention = self.name_mention.get(verb as usize + 1)?;
        let mention = self.layer.mentions.get(*mention as usize)?;
        (mention.tokens.start == verb + 1 && mention.kind == MentionKind::Name)
            .then_some(mention.head)
    }

    /// The name right behind a verb that the parse took for a part of its object: "gave **Ada
    /// Holm** asylum", "fined **Norvik** two million euros".
    pub fn name_in_object(&self, verb: u32) -> Option<u32> {
        let mut objects = self.children(verb).iter().copied();
        let object = objects.find(|&child| self.rel(child) == DepRel::Obj)?;
        // two objects: the first is the indirect one
        if verb < object
            && objects.any(|child| self.rel(child) == DepRel::Obj)
            && self.name_mention[object as usize] != NONE
        {
            return Some(object);
        }
        if object <= verb {
            return None;
        }
        let start = verb + 1 + u32::from(self.upos(verb + 1) == Upos::Det);
        // "granted **the Peruvian government** permission"
        let state = self.children(object).iter().copied().find(|&child| {
            self.rel(child) == DepRel::Compound
                && (start + 1..object).contains(&child)
                && self.is(child, words::STATE)
                && self.refer_one(child).is_some()
        });
        if state.is_some() {
            return state;
        }
        let mention = self.name_mention.get(start as usize)?;
        let mention = self.layer.mentions.get(*mention as usize)?;
        let inside = mention.tokens.start == start
            && mention.kind == MentionKind::Name
            && mention.tokens.end <= object
            && self.head(mention.head) == object
            && self.rel(mention.head) == DepRel::Compound;
        inside.then_some(mention.head)
    }

    /// The name right behind an active verb that the parse left without an object.
    fn name_behind(&self, verb: u32) -> Option<u32> {
        if self.child(verb, &[DepRel::Ccomp, DepRel::Xcomp]).is_some() {
            return None;
        }
        let mut at = verb + 1;
        if at < self.len() && self.upos(at) == Upos::Det {
            at += 1;
        }
        let mention = self.name_mention.get(at as usize)?;
        let mention = self.layer.mentions.get(*mention as usize)?;
        let end = mention.tokens.end;
        let closed = end >= self.len()
            || (self.xpos(end) != Xpos::Hyph
                && !self.says(end, "-")
                && matches!(
                    self.upos(end),
                    Upos::Adp | Upos::Punct | Upos::Cconj | Upos::Adv | Upos::Sconj | Upos::Part
                ));
        (mention.tokens.start == at && mention.kind == MentionKind::Name && closed)
            .then_some(mention.head)
    }

    /// "condemned and rejected X": nothing but the conjunction between the verbs.
    fn adjacent_conjunct(&self, verb: u32, conjunct: u32) -> bool {
        conjunct > verb && conjunct - verb <= 2
    }
}

/// The word in lower case; `buffer` is only used where the word is not lower case already.
pub fn lower<'b>(word: &'b str, buffer: &'b mut String) -> &'b str {
    if !word.bytes().any(|b| b.is_ascii_uppercase() || b >= 0x80) {
        return word;
    }
    buffer.clear();
    buffer.extend(word.chars().flat_map(char::to_lowercase));
    buffer
}
