//! The pattern language: text to [`Query`].
//!
//! ```text
//! query    = [ head ":" ] clause { "." clause }
//! head     = "select" var { var }
//!          | "count" [ var { var } ] [ "by" var { var } ]
//! clause   = term relation term [ "[" filter { filter } "]" ]
//!          | var "is" type { "|" type }
//!          | var ( "=" | "!=" ) term
//! term     = var | name
//! relation = id { "|" id } | "*"
//! filter   = key ( "=" | ">=" | "<=" ) value { "|" value }
//! var      = "?" letters
//! ```
//!
//! Words are separated by blanks; a lone `.` or `;` ends a clause. A name may have several words
//! (`Angela Merkel visited ?y`): it goes up to the relation, or to the end of the clause. Quotes
//! are needed only where a name holds a word of the language. An id is one of the ontology's, or
//! the name of an inverse (`hosted`), which turns the pattern round.

use std::error::Error;
use std::fmt;

use tieline_facts::{EntityType, Modality, Ontology, Polarity, Symmetry};

use crate::Date;

/// A parsed query.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Names of the variables, without `?`, in order of first use.
    pub vars: Vec<String>,
    /// What is asked of the matches.
    pub head: Head,
    /// Patterns over edges, all of which must hold.
    pub patterns: Vec<Pattern>,
    /// Conditions on single variables.
    pub tests: Vec<Test>,
}

/// What is asked of the matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// The values of these variables, each row once.
    Select(Vec<usize>),
    /// How many different rows of `of` there are for each row of `by`.
    Count {
        /// Variables counted over.
        of: Vec<usize>,
        /// Variables that group the count; empty for one total.
        by: Vec<usize>,
    },
}

/// One end of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A variable, as index into [`Query::vars`].
    Var(usize),
    /// A name, and where it stands.
    Name {
        /// As written, without quotes.
        name: String,
        /// Column of its first character, from 1.
        column: usize,
    },
}

/// Two ends and what must join them.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// Where the pattern starts.
    pub subject: Term,
    /// Relations of which one must hold; empty for any.
    pub relations: Vec<RelationTest>,
    /// Where the pattern ends.
    pub object: Term,
    /// What else the edge must be.
    pub filter: EdgeTest,
    /// Column of the first word, from 1.
    pub column: usize,
}

/// A relation that a pattern allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationTest {
    /// Id of the ontology.
    pub id: String,
    /// Whether the edge runs from object to subject.
    pub turned: bool,
}

/// Conditions on an edge; the default admits every one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EdgeTest {
    /// Admitted modalities; empty for all.
    pub modalities: Vec<Modality>,
    /// Admitted polarity.
    pub polarity: Option<Polarity>,
    /// Happened on or after.
    pub since: Option<Date>,
    /// Happened on or before.
    pub until: Option<Date>,
    /// Valid on this day.
    pub as_of: Option<Date>,
    /// At least so many documents.
    pub support: u32,
    /// At least this confidence, 0 to 1.
    pub confidence: f32,
    /// Said by an entity of this name, which stands in this column.
    pub by: Option<(String, usize)>,
}

/// A condition on a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Its entity is of one of these types.
    Is(usize, Vec<EntityType>),
    /// It is (`true`) or is not (`false`) the same entity as the term.
    Same(usize, Term, bool),
}

/// Why a query could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub kind: QueryErrorKind,
}

/// The kind of a [`QueryError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryErrorKind {
    /// Nothing to look for.
    Empty,
    /// A quote without its end.
    OpenQuote,
    /// `[` without `]`.
    OpenBracket,
    /// A clause without a known relation; the nearest id, if one is near.
    NoRelation(Option<String>),
    /// A word looks like a relation and is none.
    UnknownRelation(String, Option<String>),
    /// A name or variable is missing before or after the relation.
    NoTerm(&'static str),
    /// `?` without letters, or a word where a variable belongs.
    NoVariable(String),
    /// A variable of the head that no clause has.
    Unbound(String),
    /// Not a type of entity.
    UnknownType(String),
    /// Not a filter.
    UnknownFilter(String),
    /// A filter cannot have this value; what it can have.
    BadValue(String, &'static str),
    /// A name that no entity has.
    UnknownName(String),
    /// A name that no entity has, and names that are nearly it.
    NearName(String, Vec<String>),
    /// A name that several entities have.
    AmbiguousName(String, Vec<String>),
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: ", self.column)?;
        let nearest = |f: &mut fmt::Formatter<'_>, near: &Option<String>| match near {
            Some(near) => write!(f, "; did you mean {near}?"),
            None => write!(f, "; `tieline relations` lists them"),
        };
        match &self.kind {
            QueryErrorKind::Empty => f.write_str("a clause is missing, such as ?x visited ?y"),
            QueryErrorKind::OpenQuote => f.write_str("this quote has no end"),
            QueryErrorKind::OpenBracket => f.write_str("this [ has no ]"),
            QueryErrorKind::NoRelation(near) => {
                f.write_str("no relation in this clause")?;
                nearest(f, near)
            }
            QueryErrorKind::UnknownRelation(word, near) => {
                write!(f, "no relation is called {word}")?;
                nearest(f, near)
            }
            QueryErrorKind::NoTerm(place) => {
                write!(f, "a name or a ?variable is missing {place} the relation")
            }
            QueryErrorKind::NoVariable(word) => {
                write!(f, "expected a variable such as ?x, found {word}")
            }
            QueryErrorKind::Unbound(var) => write!(f, "no clause says what ?{var} is"),
            QueryErrorKind::UnknownType(word) => write!(
                f,
                "no type is called {word}; there are person, organisation, country, place, other"
            ),
            QueryErrorKind::UnknownFilter(word) => write!(
                f,
                "no filter is called {word}; there are facts, modality, polarity, since, until, \
                 as-of, support, confidence, by"
            ),
            QueryErrorKind::BadValue(value, allowed) => {
                write!(f, "bad value {value}; expected {allowed}")
            }
            QueryErrorKind::UnknownName(name) => write!(f, "no entity is called {name}"),
            QueryErrorKind::NearName(name, all) => write!(
                f,
                "no entity is called {name}; did you mean {}?",
                all.join(" or ")
            ),
            QueryErrorKind::AmbiguousName(name, all) => write!(
                f,
                "{name} may mean {}; write more of the name, or its key in quotes",
                all.join(", ")
            ),
        }
    }
}

impl Error for QueryError {}

fn error(column: usize, kind: QueryErrorKind) -> QueryError {
    QueryError { column, kind }
}

/// A word of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    column: usize,
    quoted: bool,
}

impl Word {
    fn is(&self, text: &str) -> bool {
        !self.quoted && self.text == text
    }
}

fn words(text: &str) -> Result<Vec<Word>, QueryError> {
    let mut found: Vec<Word> = Vec::new();
    let mut chars = (1..).zip(text.chars()).peekable();
    while let Some((column, c)) = chars.next() {
        let word = |text: String, quoted| Word {
            text,
            column,
            quoted,
        };
        match c {
            c if c.is_whitespace() => {}
            '"' | '“' | '”' => {
                let mut name = String::new();
                loop {
                    match chars.next() {
                        Some((_, '"' | '”' | '“')) => break,
                        Some((_, c)) => name.push(c),
                        None => return Err(error(column, QueryErrorKind::OpenQuote)),
                    }
                }
                found.push(word(name, true));
            }
            '[' | ']' | ';' | ',' => found.push(word(c.to_string(), false)),
            _ => {
                let mut plain = c.to_string();
                while let Some((_, c)) = chars.next_if(|(_, c)| {
                    !c.is_whitespace() && !matches!(c, '[' | ']' | '"' | '“' | '”' | ';')
                }) {
                    plain.push(c);
                }
                found.push(word(plain, false));
            }
        }
    }
    Ok(found)
}

impl Query {
    /// Reads a query. Names are looked up later, relations now.
    ///
    /// # Errors
    ///
    /// The first word that does not fit, with its column.
    pub fn parse(text: &str, ontology: &Ontology) -> Result<Query, QueryError> {
        let words = words(text)?;
        let mut query = Query {
            vars: Vec::new(),
            head: Head::Select(Vec::new()),
            patterns: Vec::new(),
            tests: Vec::new(),
        };
        let (head, body) = split_head(&words);
        for clause in body.split(|word| word.is(".") || word.is(";")) {
            if !clause.is_empty() {
                query.clause(clause, ontology)?;
            }
        }
        if query.patterns.is_empty() {
            let column = body.first().map_or(1, |word| word.column);
            return Err(error(column, QueryErrorKind::Empty));
        }
        query.head = query.read_head(head)?;
        let bound = |var: usize| {
            let is = |term: &Term| *term == Term::Var(var);
            let mut patterns = query.patterns.iter();
            patterns.any(|pattern| is(&pattern.subject) || is(&pattern.object))
        };
        if let Some(var) = (0..query.vars.len()).find(|var| !bound(*var)) {
            let name = query.vars.get(var).cloned().unwrap_or_default();
            let asked = format!("?{name}");
            let column = words.iter().find(|word| word.is(&asked));
            let column = column.map_or(1, |word| word.column);
            return Err(error(column, QueryErrorKind::Unbound(name)));
        }
        Ok(query)
    }

    fn clause(&mut self, clause: &[Word], ontology: &Ontology) -> Result<(), QueryError> {
        let Some(first) = clause.first() else {
            return Ok(());
        };
        let open = clause.iter().position(|word| word.is("["));
        let (clause, filters) = clause.split_at(open.unwrap_or(clause.len()));
        if let [var, verb, rest @ ..] = clause
            && var.text.starts_with('?')
            && !var.quoted
        {
            if verb.is("is") {
                let types = types(rest, verb)?;
                let var = self.var(var)?;
                self.tests.push(Test::Is(var, types));
                return Ok(());
            }
            if verb.is("=") || verb.is("!=") {
                let var = self.var(var)?;
                let same = verb.is("=");
                let term = self.term(rest, "after", verb)?;
                self.tests.push(Test::Same(var, term, same));
                return Ok(());
            }
        }
        let place = clause
            .iter()
            .position(|word| relations(word, ontology).is_some_and(|found| found.is_ok()));
        let Some(place) = place else {
            // The word most likely meant as a relation is the one with an underscore, or the
            // second one after a variable.
            let meant = clause
                .iter()
                .find(|word| !word.quoted && (word.text.contains('_') || word.text.contains('|')));
            let second = clause.get(1).filter(|_| first.text.starts_with('?'));
            return Err(match meant.or(second) {
                Some(word) => error(
                    word.column,
                    QueryErrorKind::UnknownRelation(
                        word.text.clone(),
                        nearest(&word.text, ontology),
                    ),
                ),
                None => error(first.column, QueryErrorKind::NoRelation(None)),
            });
        };
        let (before, rest) = clause.split_at(place);
        let [relation, after @ ..] = rest else {
            return Ok(());
        };
        let relations = match relations(relation, ontology) {
            Some(found) => found?,
            None => Vec::new(),
        };
        let subject = self.term(before, "before", relation)?;
        let object = self.term(after, "after", relation)?;
        let filter = match filters {
            [] => EdgeTest::default(),
            [open, inside @ .., close] if close.is("]") => filter(inside, open)?,
            [open, ..] => return Err(error(open.column, QueryErrorKind::OpenBracket)),
        };
        self.patterns.push(Pattern {
            subject,
            relations,
            object,
            filter,
            column: first.column,
        });
        Ok(())
    }

    fn term(
        &mut self,
        words: &[Word],
        place: &'static str,
        beside: &Word,
    ) -> Result<Term, QueryError> {
        match words {
            [] => Err(error(beside.column, QueryErrorKind::NoTerm(place))),
            [one] if one.text.starts_with('?') && !one.quoted => self.var(one).map(Term::Var),
            [first, ..] => {
                let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
                Ok(Term::Name {
                    name: texts.join(" "),
                    column: first.column,
                })
            }
        }
    }

    /// The index of a variable, which is made if it is new.
    fn var(&mut self, word: &Word) -> Result<usize, QueryError> {
        let name = word.text.strip_prefix('?').filter(|_| !word.quoted);
        let good =
            |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let Some(name) = name.filter(good) else {
            let kind = QueryErrorKind::NoVariable(word.text.clone());
            return Err(error(word.column, kind));
        };
        if let Some(var) = self.vars.iter().position(|known| known == name) {
            return Ok(var);
        }
        self.vars.push(name.to_owned());
        Ok(self.vars.len() - 1)
    }

    fn read_head(&mut self, head: &[Word]) -> Result<Head, QueryError> {
        let n_vars = self.vars.len();
        let all: Vec<usize> = (0..n_vars).collect();
        let mut vars = |words: &[Word]| -> Result<Vec<usize>, QueryError> {
            words
                .iter()
                .filter(|word| !word.is(",") && !word.is("*"))
                .map(|word| self.var(word))
                .collect()
        };
        match head {
            [] => Ok(Head::Select(all)),
            [verb, rest @ ..] if verb.is("count") => {
                let by = rest.iter().position(|word| word.is("by"));
                let (of, by) = rest.split_at(by.unwrap_or(rest.len()));
                let of = vars(of)?;
                let by = vars(by.get(1..).unwrap_or_default())?;
                let of = if of.is_empty() {
                    all.into_iter().filter(|var| !by.contains(var)).collect()
                } else {
                    of
                };
                Ok(Head::Count { of, by })
            }
            [_, rest @ ..] => {
                let chosen = vars(rest)?;
                Ok(Head::Select(if chosen.is_empty() { all } else { chosen }))
            }
        }
    }
}

/// The words before and after the `:` of a head, if there is one.
fn split_head(words: &[Word]) -> (&[Word], &[Word]) {
    let starts = words
        .first()
        .is_some_and(|word| word.is("select") || word.is("count"));
    let colon = words.iter().position(|word| word.is(":"));
    match colon {
        Some(colon) if starts => {
            let (head, body) = words.split_at(colon);
            (head, body.get(1..).unwrap_or_default())
        }
        _ => (&[], words),
    }
}

/// What a word says as a relation: nothing, ids, or an error in a list of ids.
fn relations(word: &Word, ontology: &Ontology) -> Option<Result<Vec<RelationTest>, QueryError>> {
    if word.quoted {
        return None;
    }
    if word.text == "*" {
        return Some(Ok(Vec::new()));
    }
    let mut found = Vec::new();
    for id in word.text.split('|') {
        match relation(id, ontology) {
            Some(one) => found.push(one),
            // A list with one good member was meant as a list of relations.
            None if !found.is_empty() => {
                return Some(Err(error(
                    word.column,
                    QueryErrorKind::UnknownRelation(id.to_owned(), nearest(id, ontology)),
                )));
            }
            None => return None,
        }
    }
    Some(Ok(found))
}

fn relation(name: &str, ontology: &Ontology) -> Option<RelationTest> {
    let (kind, turned) = ontology.find(name)?;
    let id = kind.id.clone();
    Some(RelationTest { id, turned })
}

/// The id or inverse name nearest to a word, if it is near enough to be meant.
fn nearest(word: &str, ontology: &Ontology) -> Option<String> {
    let word = word.to_lowercase().replace('-', "_");
    let names = ontology.iter().flat_map(|kind| {
        let inverse = match &kind.symmetry {
            Symmetry::Inverse(name) => Some(name.as_str()),
            _ => None,
        };
        [Some(kind.id.as_str()), inverse].into_iter().flatten()
    });
    let near = names
        .map(|name| (strsim::jaro_winkler(&word, name), name))
        .filter(|(score, _)| 0.82 <= *score);
    // The first of equals, so that the answer is the same every time.
    let best = near.fold(None, |best: Option<(f64, &str)>, one| match best {
        Some(best) if one.0 <= best.0 => Some(best),
        _ => Some(one),
    });
    best.map(|(_, name)| name.to_owned())
}

fn types(words: &[Word], verb: &Word) -> Result<Vec<EntityType>, QueryError> {
    if words.is_empty() {
        let kind = QueryErrorKind::UnknownType(String::new());
        return Err(error(verb.column, kind));
    }
    let mut found = Vec::new();
    for word in words {
        for name in word.text.split('|').filter(|name| !name.is_empty()) {
            let kind = EntityType::ALL
                .into_iter()
                .find(|kind| kind.as_str() == name.to_lowercase());
            found.push(
                kind.ok_or_else(|| {
                    error(word.column, QueryErrorKind::UnknownType(name.to_owned()))
                })?,
            );
        }
    }
    Ok(found)
}

fn filter(words: &[Word], open: &Word) -> Result<EdgeTest, QueryError> {
    let mut test = EdgeTest::default();
    let mut rest = words.iter().filter(|word| !word.is(",")).peekable();
    while let Some(word) = rest.next() {
        let (key, value) = match word.text.find(['=', '<', '>']) {
            Some(at) => {
                let (key, value) = word.text.split_at(at);
                (key, value.trim_start_matches(['=', '<', '>']))
            }
            None => (word.text.as_str(), ""),
        };
        // A quoted value is a word of its own: by="Angela Merkel".
        let quoted = rest.next_if(|next| next.quoted && value.is_empty());
        let value = quoted.map_or(value, |next| next.text.as_str());
        let bad = |allowed| {
            error(
                word.column,
                QueryErrorKind::BadValue(value.to_owned(), allowed),
            )
        };
        let date = || Date::parse(value).ok_or(bad("a date: 2025, 2025-03 or 2025-03-14"));
        match key {
            "facts" => {
                test.modalities = vec![Modality::Asserted];
                test.polarity = Some(Polarity::Affirmed);
            }
            "modality" => {
                for name in value.split('|') {
                    test.modalities
                        .push(modality(name).ok_or_else(|| {
                            bad("asserted, planned, possible, alleged or former")
                        })?);
                }
            }
            "polarity" => {
                test.polarity = Some(match value {
                    "affirmed" => Polarity::Affirmed,
                    "negated" => Polarity::Negated,
                    _ => return Err(bad("affirmed or negated")),
                });
            }
            "since" => test.since = Some(date()?),
            "until" => test.until = Some(date()?),
            "as-of" => test.as_of = Some(date()?),
            "support" => test.support = value.parse().map_err(|_| bad("a whole number"))?,
            "confidence" => {
                let share = value
                    .parse()
                    .ok()
                    .filter(|share| (0.0..=1.0).contains(share));
                test.confidence = share.ok_or(bad("a number from 0 to 1"))?;
            }
            "by" if !value.is_empty() => test.by = Some((value.to_owned(), word.column)),
            "by" => return Err(bad("a name")),
            _ => {
                let kind = QueryErrorKind::UnknownFilter(word.text.clone());
                return Err(error(word.column, kind));
            }
        }
    }
    if words.is_empty() {
        let kind = QueryErrorKind::UnknownFilter("[]".to_owned());
        return Err(error(open.column, kind));
    }
    Ok(test)
}

/// The modality of this name.
pub fn modality(name: &str) -> Option<Modality> {
    let all = [
        Modality::Asserted,
        Modality::Planned,
        Modality::Possible,
        Modality::Alleged,
        Modality::Former,
    ];
    all.into_iter().find(|one| one.as_str() == name)
}
