//! Features of tokens, as hashes.
//!
//! A feature belongs either to one word seen from a fixed distance ([`word_features`]), so that
//! its scores can be added up once for each word form of a document, or to the place in the
//! sentence ([`place_features`]).

use crate::words::{UsualCase, WordInfo, WordTable, hash, join};

use super::gazetteer::{self as gaz, Classes, Gazetteer};

/// How a form is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Case {
    /// No letter and no digit.
    #[default]
    None,
    /// First letter in lower case.
    Lower,
    /// Capital, then lower case.
    Title,
    /// Two capitals or more, nothing in lower case.
    Upper,
    /// Capital first, more capitals and lower case after it.
    Camel,
    /// One capital letter, maybe with a full stop.
    Initial,
    /// Starts with a digit.
    Digit,
}

impl Case {
    /// Whether the form starts with a capital.
    pub fn is_capital(self) -> bool {
        matches!(
            self,
            Case::Title | Case::Upper | Case::Camel | Case::Initial
        )
    }
}

/// What is known of a form, whatever its context.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordFacts {
    /// Clusters, hashes of the form and of the lower-case form.
    pub info: WordInfo,
    /// Letters as X, x, 9; runs shortened to two.
    pub shape: u64,
    /// As `shape`, runs shortened to one.
    pub short: u64,
    /// Hashes of the first one to five letters.
    pub prefixes: [u64; 5],
    /// Hashes of the last one to five letters.
    pub suffixes: [u64; 5],
    /// Number of letters, at most 255.
    pub len: u8,
    /// Classes from the lists.
    pub classes: Classes,
    /// How it is written.
    pub case: Case,
    /// Words that often stand inside names in lower case: "of", "for", "and".
    pub joins: bool,
    /// A hyphen or a dash that stands alone.
    pub is_dash: bool,
    /// Role of the word as a neighbour.
    pub cue: Cue,
}

/// Words whose company says something of a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Cue {
    /// None of the others.
    #[default]
    None,
    /// "in", "at", "near", "from".
    In,
    /// "the".
    The,
    /// "said", "told".
    Said,
    /// "'s".
    Genitive,
    /// Opening bracket.
    Bracket,
}

/// Puts a form into the shape in which all tables know it: straight quotes.
pub fn normalise(form: &str, buffer: &mut String) {
    buffer.clear();
    buffer.extend(form.chars().map(|c| match c {
        '\u{2018}' | '\u{2019}' | '`' | '\u{b4}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2013}' | '\u{2014}' | '\u{2011}' => '-',
        _ => c,
    }));
}

/// Buffers for [`word_facts`].
#[derive(Clone, Debug, Default)]
pub struct Buffers {
    form: String,
    lower: String,
}

/// Looks up and computes all that depends on the form alone.
pub fn word_facts(
    form: &str,
    words: &WordTable,
    lists: &Gazetteer,
    buffers: &mut Buffers,
) -> WordFacts {
    normalise(form, &mut buffers.form);
    let form = buffers.form.as_str();
    let info = words.look_up(form, &mut buffers.lower);
    let lower = buffers.lower.as_str();
    let (shape, short) = shapes(form);
    let mut prefixes = [0; 5];
    let mut suffixes = [0; 5];
    for (slot, (end, letter)) in prefixes.iter_mut().zip(form.char_indices()) {
        *slot = hash(
            form.get(..end + letter.len_utf8())
                .unwrap_or(form)
                .as_bytes(),
        );
    }
    for (slot, (start, _)) in suffixes.iter_mut().zip(lower.char_indices().rev()) {
        *slot = hash(lower.get(start..).unwrap_or(lower).as_bytes());
    }
    let cue = match lower {
        "in" | "at" | "near" | "from" | "across" | "outside" => Cue::In,
        "the" => Cue::The,
        "said" | "says" | "told" | "added" | "asked" | "tweeted" | "wrote" => Cue::Said,
        "'s" | "'" => Cue::Genitive,
        "(" => Cue::Bracket,
        _ => Cue::None,
    };
    WordFacts {
        classes: lists.word(info.lower),
        info,
        shape,
        short,
        prefixes,
        suffixes,
        len: form.chars().count().min(255) as u8,
        case: case_of(form),
        joins: matches!(
            form,
            "of" | "for" | "and" | "&" | "-" | "de" | "al" | "the" | "du" | "on"
        ),
        is_dash: form == "-",
        cue,
    }
}

fn case_of(form: &str) -> Case {
    let (mut upper, mut lower) = (0, 0);
    let mut first = None;
    for letter in form.chars() {
        if letter.is_uppercase() {
            upper += 1;
        } else if letter.is_lowercase() {
            lower += 1;
        }
        if first.is_none() && letter.is_alphanumeric() {
            first = Some(letter);
        }
    }
    match first {
        None => Case::None,
        Some(first) if first.is_numeric() => Case::Digit,
        Some(first) if !first.is_uppercase() => Case::Lower,
        Some(_) if upper == 1 && lower == 0 => Case::Initial,
        Some(_) if upper == 1 => Case::Title,
        Some(_) if lower == 0 => Case::Upper,
        Some(_) => Case::Camel,
    }
}

fn shapes(form: &str) -> (u64, u64) {
    let (mut shape, mut short) = (1u64, 1u64);
    let mut last = '\0';
    let mut run = 0;
    for letter in form.chars().take(24) {
        let kind = if letter.is_uppercase() {
            'X'
        } else if letter.is_alphabetic() {
            'x'
        } else if letter.is_numeric() {
            '9'
        } else {
            letter
        };
        run = if kind == last { run + 1 } else { 0 };
        last = kind;
        if run < 3 {
            shape = join(shape, u64::from(kind));
        }
        if run < 1 {
            short = join(short, u64::from(kind));
        }
    }
    (shape, short)
}

/// Distances from which a word is seen.
pub const DISTANCES: [isize; 5] = [0, -1, 1, -2, 2];

/// Collects features: joins the number of the template with its values.
pub struct Sink<'a> {
    out: &'a mut Vec<u64>,
    base: u64,
}

impl Sink<'_> {
    #[inline]
    fn add(&mut self, template: u64, value: u64) {
        self.out.push(join(self.base + template, value));
    }

    #[inline]
    fn add2(&mut self, template: u64, a: u64, b: u64) {
        self.out.push(join(join(self.base + template, a), b));
    }
}

/// Features of a word seen from one of the [`DISTANCES`], by its index there.
pub fn word_features(word: &WordFacts, distance: usize, out: &mut Vec<u64>) {
    let mut sink = Sink {
        out,
        base: 1 + 64 * distance as u64,
    };
    let info = &word.info;
    sink.add(0, info.lower);
    sink.add(1, word.short);
    sink.add(2, u64::from(info.brown_prefix(10)));
    sink.add(3, u64::from(info.cluster));
    if 3 <= distance {
        return;
    }
    sink.add(4, info.form);
    sink.add(5, u64::from(info.brown_prefix(4)));
    sink.add(6, u64::from(info.brown_prefix(6)));
    sink.add(7, u64::from(info.brown));
    sink.add(8, u64::from(info.cluster_prefix(1)));
    sink.add(9, u64::from(info.cluster_prefix(2)));
    sink.add(10, word.shape);
    sink.add(11, word.suffixes[2]);
    sink.add(12, u64::from(word.classes & !gaz::STARTS_PHRASE));
    let mut rest = word.classes & !gaz::STARTS_PHRASE;
    while rest != 0 {
        let class = u64::from(rest.trailing_zeros());
        sink.add2(13, class, u64::from(word.case as u8));
        rest &= rest - 1;
    }
    sink.add2(14, info.case as u64, u64::from(word.case as u8));
    if distance != 0 {
        return;
    }
    for (k, (prefix, suffix)) in (0..).zip(word.prefixes.iter().zip(&word.suffixes)) {
        if *prefix != 0 {
            sink.add(20 + k, *prefix);
            sink.add(25 + k, *suffix);
        }
    }
    sink.add2(30, u64::from(info.rarity / 4), u64::from(word.case as u8));
    sink.add2(31, u64::from(word.len.min(12)), word.short);
    sink.add2(32, word.suffixes[1], word.short);
    sink.add2(33, word.suffixes[3], u64::from(word.case as u8));
    sink.add2(34, u64::from(info.brown_prefix(8)), word.short);
    sink.add2(35, u64::from(info.cluster_prefix(2)), word.short);
}

/// One run of capitalised words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Run {
    /// First token in the sentence.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
}

/// A phrase of the lists that covers a token.
#[derive(Clone, Copy, Debug, Default)]
pub struct PhraseHit {
    /// Classes of the phrase; 0 for none.
    pub classes: Classes,
    /// Where the token stands: 0 first, 1 inside, 2 last.
    pub place: u8,
}

/// A sentence with all that its features read.
#[derive(Clone, Debug, Default)]
pub struct SentenceView {
    /// Facts of the words, in order.
    pub words: Vec<WordFacts>,
    /// Run of capitals that each token stands in; empty for none.
    pub runs: Vec<Run>,
    /// Phrase that covers each token.
    pub phrases: Vec<PhraseHit>,
    /// What the document says elsewhere of each token: bits of [`super::memory`].
    pub memory: Vec<u32>,
    /// Whether most letters stand in capitals, or most words have one: 0 neither, 1 words, 2
    /// letters.
    pub headline: u8,
}

impl SentenceView {
    /// Computes runs, phrases and the kind of the sentence from its words; the memory is zero.
    pub fn prepare(&mut self, lists: &Gazetteer) {
        let n = self.words.len();
        self.memory.clear();
        self.memory.resize(n, 0);
        self.runs.clear();
        self.runs.resize(n, Run::default());
        self.phrases.clear();
        self.phrases.resize(n, PhraseHit::default());
        self.find_runs();
        self.find_phrases(lists);
        let (mut upper, mut title, mut all) = (0, 0, 0);
        for word in &self.words {
            match word.case {
                Case::Lower if 3 < word.len => all += 1,
                Case::Upper => (upper, title, all) = (upper + 1, title + 1, all + 1),
                Case::Title | Case::Camel => (title, all) = (title + 1, all + 1),
                _ => {}
            }
        }
        self.headline = match () {
            () if 2 <= upper && 3 * all <= 4 * upper => 2,
            () if 4 <= all && 3 * all <= 4 * title => 1,
            () => 0,
        };
    }

    fn find_runs(&mut self) {
        let n = self.words.len();
        let mut at = 0;
        while at < n {
            if !self.words[at].case.is_capital() {
                at += 1;
                continue;
            }
            let start = at;
            let mut end = at + 1;
            while end < n {
                let word = &self.words[end];
                let next_capital = |k: usize| {
                    self.words
                        .get(end + k)
                        .is_some_and(|word| word.case.is_capital())
                };
                if word.case.is_capital() {
                    end += 1;
                } else if word.joins && next_capital(1) {
                    end += 2;
                } else if word.joins
                    && self.words.get(end + 1).is_some_and(|w| w.joins)
                    && next_capital(2)
                {
                    end += 3;
                } else {
                    break;
                }
            }
            for run in &mut self.runs[start..end] {
                *run = Run {
                    start: start as u32,
                    end: end as u32,
                };
            }
            at = end;
        }
    }

    fn find_phrases(&mut self, lists: &Gazetteer) {
        let n = self.words.len();
        let mut at = 0;
        while at < n {
            let word = &self.words[at];
            let mut best = (0, 0);
            if word.classes & gaz::STARTS_PHRASE != 0 && (word.case.is_capital() || word.joins) {
                let mut sum = join(0, word.info.lower);
                for end in at + 1..n.min(at + gaz::MAX_PHRASE) {
                    sum = join(sum, self.words[end].info.lower);
                    let classes = lists.phrase(sum);
                    if classes != 0 && self.words[end].case != Case::Lower {
                        best = (end + 1 - at, classes);
                    }
                }
            }
            let (len, classes) = best;
            for k in 0..len {
                let place = if k == 0 {
                    0
                } else if k + 1 == len {
                    2
                } else {
                    1
                };
                self.phrases[at + k] = PhraseHit { classes, place };
            }
            at += len.max(1);
        }
    }
}

/// Hash that stands for a place outside the sentence.
const EDGE: u64 = 0x0ed6_e000;

/// Features of a token by its place in the sentence.
///
/// # Panics
/// If there is no such token.
pub fn place_features(view: &SentenceView, idx: usize, out: &mut Vec<u64>) {
    let mut sink = Sink { out, base: 1024 };
    let word = &view.words[idx];
    let before = idx.checked_sub(1).and_then(|i| view.words.get(i));
    let before2 = idx.checked_sub(2).and_then(|i| view.words.get(i));
    let after = view.words.get(idx + 1);
    let after2 = view.words.get(idx + 2);
    let lower = |w: Option<&WordFacts>| w.map_or(EDGE, |w| w.info.lower);
    let short = |w: Option<&WordFacts>| w.map_or(EDGE, |w| w.short);
    let brown =
        |w: Option<&WordFacts>, bits| w.map_or(EDGE, |w| u64::from(w.info.brown_prefix(bits)));
    let cluster = |w: Option<&WordFacts>| w.map_or(EDGE, |w| u64::from(w.info.cluster_prefix(2)));
    let classes = |w: Option<&WordFacts>| {
        w.map_or(EDGE, |w| {
            u64::from(w.classes & !gaz::STARTS_PHRASE) << 8 | w.case as u64
        })
    };
    let this = Some(word);
    if before.is_none() {
        sink.add2(0, word.short, word.info.case as u64);
        sink.add(60, 0);
    }
    if after.is_none() {
        sink.add(61, 0);
    }
    if view.headline != 0 {
        sink.add2(1, u64::from(view.headline), word.short);
        sink.add2(2, u64::from(view.headline), word.info.case as u64);
    }
    sink.add2(3, lower(before), word.info.lower);
    sink.add2(4, word.info.lower, lower(after));
    sink.add2(5, lower(before2), lower(before));
    sink.add2(6, lower(after), lower(after2));
    sink.add2(7, short(before), word.short);
    sink.add2(8, word.short, short(after));
    sink.add2(9, join(short(before), word.short), short(after));
    sink.add2(10, lower(before), word.short);
    sink.add2(11, lower(after), word.short);
    sink.add2(12, brown(before, 6), brown(this, 6));
    sink.add2(13, brown(this, 6), brown(after, 6));
    sink.add2(14, brown(before, 12), brown(this, 12));
    sink.add2(15, brown(this, 12), brown(after, 12));
    sink.add2(16, cluster(before), cluster(this));
    sink.add2(17, cluster(this), cluster(after));
    sink.add2(18, join(brown(before, 8), word.short), brown(after, 8));
    sink.add2(19, classes(before), classes(this));
    sink.add2(20, classes(this), classes(after));
    sink.add2(21, join(short(before2), short(before)), word.short);
    sink.add2(22, word.short, join(short(after), short(after2)));
    let hit = view.phrases[idx];
    let mut rest = hit.classes;
    while rest != 0 {
        sink.add2(23, u64::from(rest.trailing_zeros()), u64::from(hit.place));
        rest &= rest - 1;
    }
    for (template, at) in [(24, idx.wrapping_sub(1)), (25, idx + 1)] {
        if let Some(hit) = view.phrases.get(at).filter(|hit| hit.classes != 0) {
            sink.add2(template, u64::from(hit.classes), u64::from(hit.place));
        }
    }
    let run = view.runs[idx];
    if run.end != 0 {
        run_features(view, idx, run, &mut sink);
    }
    let memory = view.memory[idx];
    let mut rest = memory;
    while rest != 0 {
        sink.add2(
            50,
            u64::from(rest.trailing_zeros()),
            u64::from(word.case as u8),
        );
        rest &= rest - 1;
    }
    if memory != 0 {
        sink.add2(51, u64::from(memory), u64::from(word.case as u8));
    }
}

fn run_features(view: &SentenceView, idx: usize, run: Run, sink: &mut Sink<'_>) {
    let (start, end) = (run.start as usize, run.end as usize);
    let word = &view.words[idx];
    let (first, last) = (&view.words[start], &view.words[end - 1]);
    let before = start.checked_sub(1).and_then(|i| view.words.get(i));
    let after = view.words.get(end);
    let len = (end - start).min(8) as u64;
    let place = (idx - start).min(4) as u64 | ((end - idx).min(5) as u64) << 4;
    let at_start = u64::from(before.is_none());
    sink.add2(30, len, place);
    sink.add2(31, place, first.info.lower);
    sink.add2(32, place, last.info.lower);
    sink.add2(33, place, u64::from(first.classes & !gaz::STARTS_PHRASE));
    sink.add2(34, place, u64::from(last.classes & !gaz::STARTS_PHRASE));
    sink.add2(35, len, before.map_or(EDGE, |w| w.info.lower));
    sink.add2(36, len, after.map_or(EDGE, |w| w.info.lower));
    sink.add2(37, place, u64::from(last.info.brown_prefix(10)));
    sink.add2(38, place, u64::from(first.info.brown_prefix(10)));
    sink.add2(39, word.info.lower, last.info.lower);
    sink.add2(40, word.info.lower, first.info.lower);
    let both = join(
        before.map_or(EDGE, |w| w.info.lower),
        after.map_or(EDGE, |w| w.info.lower),
    );
    sink.add2(41, len.min(3), both);
    sink.add2(42, place, join(at_start, word.classes.into()));
    let (mut any, mut cased) = (0, 0u64);
    for word in &view.words[start..end] {
        any |= word.classes;
        cased |= u64::from(word.info.case == UsualCase::Lower && word.case == Case::Title);
    }
    const TELLING: Classes = gaz::ORG_WORD
        | gaz::ORG_SUFFIX
        | gaz::PLACE_WORD
        | gaz::MISC_WORD
        | gaz::FIRST_NAME
        | gaz::TITLE
        | gaz::COUNTRY
        | gaz::DEMONYM
        | gaz::TEAM;
    sink.add2(43, place, u64::from(any & TELLING));
    sink.add2(44, place, join(cased, at_start));
    sink.add2(45, len, join(brown8(before), brown8(after)));
    sink.add2(46, place, last.suffixes[2]);
    sink.add2(47, place, last.short);
}

fn brown8(word: Option<&WordFacts>) -> u64 {
    word.map_or(EDGE, |w| u64::from(w.info.brown_prefix(8)))
}
