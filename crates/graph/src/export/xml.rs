//! GraphML and GEXF.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::view::days;
use super::{ExportError, View, clean, fault};

type Xml = Writer<Vec<u8>>;

fn start() -> Result<Xml, ExportError> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
    xml.write_event(Event::Decl(declaration)).map_err(fault)?;
    Ok(xml)
}

fn element<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut element = BytesStart::new(name);
    for (key, value) in attributes {
        element.push_attribute((*key, clean(value).as_str()));
    }
    element
}

fn open(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> Result<(), ExportError> {
    let element = element(name, attributes);
    xml.write_event(Event::Start(element)).map_err(fault)
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> Result<(), ExportError> {
    let element = element(name, attributes);
    xml.write_event(Event::Empty(element)).map_err(fault)
}

fn close(xml: &mut Xml, name: &str) -> Result<(), ExportError> {
    xml.write_event(Event::End(BytesEnd::new(name)))
        .map_err(fault)
}

/// Columns of nodes: id, type in GraphML, type in GEXF.
const NODE_COLUMNS: [(&str, &str, &str); 9] = [
    ("name", "string", "string"),
    ("type", "string", "string"),
    ("iso", "string", "string"),
    ("wikidata", "string", "string"),
    ("aliases", "string", "string"),
    ("mentions", "int", "integer"),
    ("documents", "int", "integer"),
    ("first_seen", "string", "string"),
    ("last_seen", "string", "string"),
];

/// Columns of edges.
const EDGE_COLUMNS: [(&str, &str, &str); 13] = [
    ("predicate", "string", "string"),
    ("relation", "string", "string"),
    ("polarity", "string", "string"),
    ("modality", "string", "string"),
    ("symmetric", "boolean", "boolean"),
    ("sign", "int", "integer"),
    ("statements", "int", "integer"),
    ("documents", "int", "integer"),
    ("confidence", "double", "double"),
    ("first", "string", "string"),
    ("last", "string", "string"),
    ("quote", "string", "string"),
    ("document", "string", "string"),
];

fn node_values(view: &View, index: usize) -> [String; 9] {
    let Some(node) = view.nodes.get(index) else {
        return Default::default();
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        node.name.clone(),
        node.kind.as_str().to_owned(),
        text(&node.iso),
        text(&node.wikidata),
        node.aliases.join(" | "),
        node.mentions.to_string(),
        node.documents.to_string(),
        text(&node.first),
        text(&node.last),
    ]
}

fn edge_values(view: &View, index: usize) -> [String; 13] {
    let Some(edge) = view.edges.get(index) else {
        return Default::default();
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let best = edge.best();
    [
        edge.predicate.clone(),
        edge.label.clone(),
        edge.polarity.as_str().to_owned(),
        edge.modality.as_str().to_owned(),
        edge.symmetric.to_string(),
        edge.sign.to_string(),
        edge.evidence.len().to_string(),
        edge.documents.to_string(),
        format!("{:.2}", edge.confidence),
        text(&edge.first),
        text(&edge.last),
        best.map(|one| one.quote.clone()).unwrap_or_default(),
        best.map(|one| view.document(one.document).to_owned())
            .unwrap_or_default(),
    ]
}

/// GraphML (Brandes et al. 2002): a directed multigraph, every value as a `data` element.
pub(super) fn graphml(view: &View) -> Result<Vec<u8>, ExportError> {
    let mut xml = start()?;
    open(
        &mut xml,
        "graphml",
        &[("xmlns", "http://graphml.graphdrawing.org/xmlns")],
    )?;
    for (owner, short, columns) in [
        ("node", 'n', NODE_COLUMNS.as_slice()),
        ("edge", 'e', EDGE_COLUMNS.as_slice()),
    ] {
        for (name, kind, _) in columns {
            let id = format!("{short}_{name}");
            let attributes = [
                ("id", id.as_str()),
                ("for", owner),
                ("attr.name", name),
                ("attr.type", kind),
            ];
            empty(&mut xml, "key", &attributes)?;
        }
    }
    open(
        &mut xml,
        "graph",
        &[("id", "tieline"), ("edgedefault", "directed")],
    )?;
    for (index, node) in view.nodes.iter().enumerate() {
        open(&mut xml, "node", &[("id", &node.key)])?;
        let values = node_values(view, index);
        data(&mut xml, 'n', NODE_COLUMNS.iter().map(|c| c.0).zip(&values))?;
        close(&mut xml, "node")?;
    }
    for (index, edge) in view.edges.iter().enumerate() {
        let id = format!("e{index}");
        let ends = [
            ("id", id.as_str()),
            ("source", view.key(edge.from)),
            ("target", view.key(edge.to)),
        ];
        open(&mut xml, "edge", &ends)?;
        let values = edge_values(view, index);
        data(&mut xml, 'e', EDGE_COLUMNS.iter().map(|c| c.0).zip(&values))?;
        close(&mut xml, "edge")?;
    }
    close(&mut xml, "graph")?;
    close(&mut xml, "graphml")?;
    Ok(finish(xml))
}

fn finish(xml: Xml) -> Vec<u8> {
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    bytes
}

/// The values of a node or edge; empty ones are left out.
fn data<'a>(
    xml: &mut Xml,
    short: char,
    values: impl Iterator<Item = (&'a str, &'a String)>,
) -> Result<(), ExportError> {
    for (name, value) in values.filter(|(_, value)| !value.is_empty()) {
        let key = format!("{short}_{name}");
        let element = element("data", &[("key", &key)]);
        xml.write_event(Event::Start(element)).map_err(fault)?;
        let text = clean(value);
        xml.write_event(Event::Text(BytesText::new(&text)))
            .map_err(fault)?;
        close(xml, "data")?;
    }
    Ok(())
}

/// GEXF 1.2: edges carry the days between which they held or happened, for Gephi's timeline.
pub(super) fn gexf(view: &View) -> Result<Vec<u8>, ExportError> {
    let mut xml = start()?;
    open(
        &mut xml,
        "gexf",
        &[
            ("xmlns", "http://www.gexf.net/1.2draft"),
            ("version", "1.2"),
        ],
    )?;
    let graph = [
        ("mode", "dynamic"),
        ("defaultedgetype", "directed"),
        ("timeformat", "date"),
    ];
    open(&mut xml, "graph", &graph)?;
    for (owner, columns) in [
        ("node", NODE_COLUMNS.as_slice()),
        ("edge", EDGE_COLUMNS.as_slice()),
    ] {
        open(
            &mut xml,
            "attributes",
            &[("class", owner), ("mode", "static")],
        )?;
        for (id, (name, _, kind)) in columns.iter().enumerate() {
            let id = id.to_string();
            let attributes = [("id", id.as_str()), ("title", name), ("type", kind)];
            empty(&mut xml, "attribute", &attributes)?;
        }
        close(&mut xml, "attributes")?;
    }
    open(&mut xml, "nodes", &[])?;
    for (index, node) in view.nodes.iter().enumerate() {
        open(
            &mut xml,
            "node",
            &[("id", &node.key), ("label", &node.name)],
        )?;
        attvalues(&mut xml, &node_values(view, index))?;
        close(&mut xml, "node")?;
    }
    close(&mut xml, "nodes")?;
    open(&mut xml, "edges", &[])?;
    for (index, edge) in view.edges.iter().enumerate() {
        let id = index.to_string();
        let words = edge.words();
        let weight = edge.evidence.len().max(1).to_string();
        let from = edge.since.as_ref().or(edge.first.as_ref());
        let from = from.and_then(|date| days(date)).map(|(first, _)| first);
        let until = edge.until.as_ref().or(edge.last.as_ref());
        let until = until.and_then(|date| days(date)).map(|(_, last)| last);
        let mut attributes = vec![
            ("id", id.as_str()),
            ("source", view.key(edge.from)),
            ("target", view.key(edge.to)),
            ("label", words.as_str()),
            ("weight", weight.as_str()),
        ];
        // All edges are directed: some readers take no mixture. `symmetric` is an attribute.
        if let Some(from) = &from {
            attributes.push(("start", from));
        }
        // A state without an end is open; an end before the start would be refused.
        if let Some(until) = until.as_ref().filter(|until| from.as_ref() <= Some(until)) {
            attributes.push(("end", until));
        }
        open(&mut xml, "edge", &attributes)?;
        attvalues(&mut xml, &edge_values(view, index))?;
        close(&mut xml, "edge")?;
    }
    close(&mut xml, "edges")?;
    close(&mut xml, "graph")?;
    close(&mut xml, "gexf")?;
    Ok(finish(xml))
}

fn attvalues(xml: &mut Xml, values: &[String]) -> Result<(), ExportError> {
    open(xml, "attvalues", &[])?;
    for (id, value) in values
        .iter()
        .enumerate()
        .filter(|(_, value)| !value.is_empty())
    {
        let id = id.to_string();
        empty(xml, "attvalue", &[("for", id.as_str()), ("value", value)])?;
    }
    close(xml, "attvalues")
}
