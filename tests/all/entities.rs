//! Which mentions belong together, on names given by hand: tables of clusters.
//!
//! Names stand in square brackets with their class, so that these tables hold whatever the tagger
//! does: `[PER Angela Merkel]`. Trees are flat here; what needs them is in the golden cases.

use tieline_data::LEXICONS;
use tieline_extract::{EntityResources, find_entities};
use tieline_nlp::segment::segment;
use tieline_text::{DepRel, Document, Name, NameKind, Parsed, Span, Upos, Word, Xpos};

/// The text without brackets, and its parse with the bracketed names.
fn read(marked: &str) -> (Document, Parsed) {
    let mut text = String::new();
    let mut spans: Vec<(Span, NameKind)> = Vec::new();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let (inside, after) = after.split_once(']').expect("a closing bracket");
        let (kind, name) = inside.split_once(' ').expect("a class and a name");
        let start = text.len() as u32;
        text.push_str(name);
        let kind = kind.parse().expect("a class of names");
        spans.push((Span::new(start, text.len() as u32), kind));
        rest = after;
    }
    text.push_str(rest);
    let segments = segment(&text);
    let mut parsed = Parsed::default();
    for sentence in &segments.sentences {
        let tokens = &segments.tokens[sentence.tokens.start as usize..sentence.tokens.end as usize];
        let words: Vec<Word<'_>> = tokens
            .iter()
            .map(|&span| Word {
                span,
                upos: Upos::X,
                xpos: Xpos::Fw,
                lemma: "",
                head: 0,
                deprel: DepRel::Dep,
            })
            .collect();
        parsed
            .push_sentence(sentence.paragraph, &words)
            .expect("a flat tree");
    }
    let names = spans
        .iter()
        .map(|(span, kind)| {
            let inside = |token: &&Span| span.contains(**token);
            let first = segments
                .tokens
                .iter()
                .position(|token| inside(&token))
                .expect("a token");
            let count = segments.tokens.iter().filter(inside).count();
            Name {
                tokens: first as u32..(first + count) as u32,
                kind: *kind,
                confidence: 1.0,
            }
        })
        .collect();
    parsed.set_names(names).expect("names in order");
    (Document::from_text("-", text), parsed)
}

/// One line per entity: type, name, key, and its other forms.
fn clusters(resources: &EntityResources, marked: &str) -> Vec<String> {
    let (document, parsed) = read(marked);
    let (layer, _) = find_entities(resources, &document, &parsed);
    let mut lines = Vec::new();
    for (idx, node) in layer.entities.iter().enumerate() {
        let mut forms: Vec<&str> = Vec::new();
        for mention in layer
            .mentions
            .iter()
            .filter(|mention| mention.entity == idx as u32)
        {
            let span = parsed.span_of(mention.tokens.clone());
            let form = span.slice(&document.text).expect("inside the text");
            if form != node.name && !forms.contains(&form) {
                forms.push(form);
            }
        }
        let key = node
            .iso
            .as_ref()
            .map(|iso| format!(" {iso}"))
            .unwrap_or_default();
        let mut line = format!("{}{key} {}", node.kind.as_str(), node.name);
        for form in forms {
            line.push_str(" = ");
            line.push_str(form);
        }
        lines.push(line);
    }
    lines
}

fn check(cases: &[(&str, &str, &[&str])]) {
    let resources = EntityResources::from_tables(LEXICONS).expect("the lexicons parse");
    for (name, text, want) in cases {
        assert_eq!(clusters(&resources, text), *want, "{name}");
    }
}

#[test]
fn people() {
    check(&[
        (
            "title and surname",
            "German Chancellor [PER Angela Merkel] spoke. Mrs [PER Merkel] left.",
            &[
                "country DE Germany = German",
                "person Angela Merkel = Merkel",
            ],
        ),
        (
            "titles inside the name",
            "[PER Prime Minister Ada Holm] met [PER Sir Keir]. [PER Keir Starmer] smiled.",
            &["person Ada Holm", "person Keir Starmer = Keir"],
        ),
        (
            "two spellings",
            "[PER Volodymyr Zelensky] and [PER Volodymyr Zelenskiy] are one.",
            &["person Volodymyr Zelensky = Volodymyr Zelenskiy"],
        ),
        (
            "initials and suffix",
            "[PER George W. Bush] is not [PER George H. W. Bush]. [PER Martin King Jr] is [PER Martin King].",
            &[
                "person George W. Bush",
                "person George H. W. Bush",
                "person Martin King Jr = Martin King",
            ],
        ),
        (
            "nickname",
            "[PER William Clinton] is [PER Bill Clinton].",
            &["person William Clinton = Bill Clinton"],
        ),
        (
            "spouses stay apart, and the title decides",
            "[PER Bill Clinton] and [PER Hillary Clinton] came. Mrs [PER Clinton] spoke.",
            &["person Bill Clinton", "person Hillary Clinton = Clinton"],
        ),
        (
            "she is not he",
            "[PER Bill Clinton] came. Mrs [PER Clinton] spoke.",
            &["person Bill Clinton", "person Clinton"],
        ),
        (
            "family name first",
            "[PER Xi Jinping] arrived. [PER Xi] spoke.",
            &["person Xi Jinping = Xi"],
        ),
        (
            "particle",
            "[PER Bashar al-Assad] stays. [PER Assad] spoke.",
            &["person Bashar al-Assad = Assad"],
        ),
        (
            "a family is nobody",
            "[PER Thomas Holm] left. The [PER Holms] stayed.",
            &["person Thomas Holm"],
        ),
        (
            "a surname tagged as a place",
            "[PER Oskar Halle] spoke. [LOC Halle] left.",
            &["person Oskar Halle = Halle"],
        ),
    ]);
}

#[test]
fn organisations() {
    check(&[
        (
            "letters in brackets",
            "The [ORG Norvik Peace Institute] (NPI) warned. NPI has friends.",
            &["organisation Norvik Peace Institute = NPI"],
        ),
        (
            "letters by initials",
            "[ORG Teleson Research Group] grew. [ORG TRG] shrank.",
            &["organisation Teleson Research Group = TRG"],
        ),
        (
            "letters that two names share stay alone",
            "[ORG Alpha Beta Club] and [ORG Area Bus Company] met [ORG ABC Quartz].",
            &[
                "organisation Alpha Beta Club",
                "organisation Area Bus Company",
                "organisation ABC Quartz",
            ],
        ),
        (
            "legal form",
            "[ORG Teleson GmbH] sold it. [ORG Teleson] is glad.",
            &["organisation Teleson GmbH = Teleson"],
        ),
        (
            "known letters",
            "The [ORG European Central Bank] met. The [ORG ECB] waits.",
            &["organisation European Central Bank = ECB"],
        ),
        (
            "head noun and what it is of",
            "The [ORG Office] of the Attorney General was silent.",
            &["organisation Office of the Attorney General"],
        ),
        (
            "adjective of the head noun",
            "The Swedish [ORG Institute] for Winter Studies closed.",
            &["organisation Swedish Institute for Winter Studies"],
        ),
        ("a bare noun is no name", "The [ORG Court] rose.", &[]),
        (
            "an army is no name",
            "The [ORG US military] left.",
            &["country US United States = US"],
        ),
        (
            "credits",
            "All quiet (AFP, dpa)",
            &["organisation AFP", "organisation dpa"],
        ),
        (
            "a party's members",
            "The Tories won. A Tory smiled.",
            &["organisation Tories = Tory"],
        ),
    ]);
}

#[test]
fn countries_and_places() {
    check(&[
        (
            "forms of one country",
            "The UK agreed. Britain and British ships: Britons came to Great Britain.",
            &["country GB United Kingdom = UK = Britain = British = Britons = Great Britain"],
        ),
        (
            "longest form",
            "South Africa is not Africa.",
            &["country ZA South Africa", "place Africa"],
        ),
        (
            "a bank is no country",
            "[ORG Bank of China] rose.",
            &["organisation Bank of China"],
        ),
        (
            "the man Jordan",
            "[PER Michael Jordan] played. [PER Jordan] won.",
            &["person Michael Jordan = Jordan"],
        ),
        (
            "the country Jordan",
            "He flew to [LOC Jordan].",
            &["country JO Jordan"],
        ),
        (
            "a nation of the United Kingdom is a place",
            "He left [LOC Scotland].",
            &["place Scotland"],
        ),
        (
            "a territory is a place with its code",
            "She left [LOC Hong Kong].",
            &["place HK Hong Kong"],
        ),
        (
            "states that are no more",
            "The USSR fell. Soviet ships rusted.",
            &["country SU Soviet Union = USSR = Soviet"],
        ),
        (
            "a city and its country in one name",
            "He lives in [LOC Paris, France].",
            &["place Paris", "country FR France"],
        ),
        (
            "a region's adjective starts nothing",
            "European leaders came.",
            &[],
        ),
        (
            "a region's adjective joins",
            "Europe waits. European leaders came.",
            &["place Europe = European"],
        ),
        (
            "a side of a region",
            "[LOC eastern Siberia] is cold; [LOC Siberia] too.",
            &["place Siberia = eastern Siberia"],
        ),
        (
            "possessor and possession",
            "[ORG Hungary's Liberal Forum] met in Hungary.",
            &["country HU Hungary", "organisation Liberal Forum"],
        ),
    ]);
}

#[test]
fn order_and_shape() {
    let resources = EntityResources::from_tables(LEXICONS).expect("the lexicons parse");
    let (document, parsed) =
        read("[PER Ada Holm] of [ORG Norvik] left Oslo, Norway. [PER Holm] flew to the US.");
    let (layer, _) = find_entities(&resources, &document, &parsed);
    let mut seen = 0;
    let mut at = 0;
    for mention in &layer.mentions {
        assert!(at <= mention.tokens.start, "mentions in text order");
        at = mention.tokens.start;
        assert!(mention.tokens.contains(&mention.head), "the head is inside");
        assert!(mention.entity <= seen, "entities in order of first mention");
        seen = seen.max(mention.entity + 1);
    }
    assert_eq!(
        seen as usize,
        layer.entities.len(),
        "each entity is mentioned"
    );
}
