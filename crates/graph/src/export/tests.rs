//! What a format is given, its readers give back.

use quick_xml::Reader;
use quick_xml::events::Event;
use tieline_facts::{EntityType, Modality, Polarity};

use super::*;

/// A small generator of random numbers (xorshift), the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 36] = [
            "\"",
            "\\",
            "\\\"",
            "'",
            "\n",
            "\r\n",
            "\t",
            "{",
            "}",
            "[",
            "]",
            "<",
            ">",
            "<b>",
            "]]>",
            "&",
            "&amp;",
            "&#34;",
            ";",
            ",",
            "|",
            "-->",
            "\0",
            "\u{1b}[2J",
            "\u{202e}",
            "\u{2066}",
            "\u{2028}",
            "\u{feff}",
            "כייב",
            "كييف",
            "😀",
            "Ada",
            "Holm ",
            "é",
            "%",
            "=1+1",
        ];
        let n = 1 + self.below(8);
        (0..n).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

fn view(random: &mut Random) -> View {
    let n = 2 + random.below(4);
    let nodes = (0..n).map(|at| NodeRow {
        key: format!("person/{at} {}", clean(&random.text())),
        name: random.text(),
        kind: EntityType::ALL[random.below(5)],
        iso: None,
        wikidata: Some("Q42".to_owned()),
        aliases: vec![random.text()],
        mentions: 1,
        documents: 1,
        first: None,
        last: Some("2003-05".to_owned()),
    });
    let nodes = nodes.collect();
    let edges = (0..2 * n).map(|at| EdgeRow {
        from: random.below(n),
        to: random.below(n),
        predicate: ["met_with", "accused", "odd \"type\""][random.below(3)].to_owned(),
        label: random.text(),
        symmetric: at % 2 == 0,
        sign: 1,
        polarity: [Polarity::Affirmed, Polarity::Negated][random.below(2)],
        modality: [Modality::Asserted, Modality::Planned][random.below(2)],
        documents: 1,
        confidence: 0.5,
        first: Some("2003".to_owned()),
        last: Some("soon".to_owned()),
        since: None,
        until: None,
        evidence: vec![EvidenceRow {
            document: 0,
            start: 0,
            end: 9,
            quote: random.text(),
            source: Some(random.text()),
            date: Some(random.text()),
            amount: None,
            confidence: 0.5,
        }],
    });
    let edges = edges.collect();
    View {
        documents: vec![DocumentRow {
            doc: random.text(),
            date: None,
        }],
        nodes,
        edges,
    }
}

fn one(view: &View, format: Format) -> Vec<u8> {
    let mut files = export(view, format, "urn:tieline:").unwrap();
    files.remove(0).bytes
}

/// The texts of `data` elements with this key.
fn graphml_texts(bytes: &[u8], key: &str) -> Vec<String> {
    let mut reader = Reader::from_reader(bytes);
    let (mut found, mut open) = (Vec::new(), None);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).unwrap() {
            Event::Start(element) if element.name().as_ref() == "data" => {
                let own = element.try_get_attribute("key").unwrap().unwrap();
                if own.value.as_ref() == key {
                    open = Some(String::new());
                }
            }
            Event::Text(text) => {
                if let Some(open) = &mut open {
                    open.push_str(&text);
                }
            }
            Event::GeneralRef(entity) => {
                if let Some(open) = &mut open {
                    let text = format!("&{};", &*entity);
                    open.push_str(&quick_xml::escape::unescape(&text).unwrap());
                }
            }
            Event::End(_) => found.extend(open.take()),
            Event::Eof => return found,
            _ => {}
        }
        buffer.clear();
    }
}

#[test]
fn arbitrary_strings_are_read_back_equal() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..200 {
        let view = view(&mut random);
        let names: Vec<String> = view.nodes.iter().map(|node| clean(&node.name)).collect();
        let quotes: Vec<String> = view
            .edges
            .iter()
            .map(|edge| clean(&edge.evidence[0].quote))
            .collect();

        let graphml = one(&view, Format::Graphml);
        assert_eq!(graphml_texts(&graphml, "n_name"), names, "round {round}");
        assert_eq!(graphml_texts(&graphml, "e_quote"), quotes, "round {round}");

        let turtle = one(&view, Format::Turtle);
        let triples: Result<Vec<_>, _> = oxttl::TurtleParser::new().for_slice(&turtle).collect();
        let triples = triples.unwrap_or_else(|error| panic!("round {round}: {error}"));
        let labels = |suffix: &str| {
            let mut all: Vec<String> = triples
                .iter()
                .filter(|triple| triple.predicate.as_str().ends_with(suffix))
                .filter_map(|triple| match &triple.object {
                    oxrdf::Term::Literal(text) => Some(text.value().to_owned()),
                    _ => None,
                })
                .collect();
            all.sort();
            all
        };
        let sorted = |texts: &[String]| {
            let mut all = texts.to_vec();
            all.sort();
            all
        };
        assert_eq!(labels("prov#value"), sorted(&quotes), "round {round}");
        for name in &names {
            assert!(
                labels("rdf-schema#label").contains(name),
                "round {round}: {name:?}"
            );
        }
        let quads = one(&view, Format::Nquads);
        let quads: Result<Vec<_>, _> = oxttl::NQuadsParser::new().for_slice(&quads).collect();
        assert!(quads.is_ok(), "round {round}: {quads:?}");

        let tables = export(&view, Format::GephiCsv, "urn:tieline:").unwrap();
        let mut reader = csv::Reader::from_reader(tables[0].bytes.as_slice());
        let read: Vec<String> = reader
            .records()
            .map(|row| row.unwrap().get(1).unwrap().to_owned())
            .collect();
        assert_eq!(read, names, "round {round}");

        let cytoscape: serde_json::Value =
            serde_json::from_slice(&one(&view, Format::Cytoscape)).unwrap();
        let read = cytoscape["elements"]["nodes"].as_array().unwrap();
        let read: Vec<&str> = read
            .iter()
            .map(|node| node["data"]["label"].as_str().unwrap())
            .collect();
        assert_eq!(read, names, "round {round}");
        for format in [Format::Gexf, Format::Ftm, Format::Mermaid, Format::Cypher] {
            assert!(String::from_utf8(one(&view, format)).is_ok());
        }
        let notes = export(&view, Format::Markdown, "urn:tieline:").unwrap();
        let files: std::collections::BTreeSet<String> =
            notes.iter().map(|file| file.name.to_lowercase()).collect();
        assert_eq!(
            files.len(),
            names.len(),
            "round {round}: each node has a file of its own"
        );
        let bad = |c: char| c == '/' || c == '\\' || c.is_control();
        assert!(
            !files.iter().any(|file| file.contains(bad)),
            "round {round}: {files:?}"
        );
    }
}
