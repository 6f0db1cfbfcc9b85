//! GraphML and GEXF.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::columns::{Column, EDGE, Kind, NODE};
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

/// Name of a kind of value in GraphML, and in GEXF.
fn kind_names(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Text | Kind::List => ("string", "string"),
        Kind::Int => ("int", "integer"),
        Kind::Double => ("double", "double"),
        Kind::Flag => ("boolean", "boolean"),
    }
}

/// Name and kind of each column.
fn kinds<R>(columns: &[Column<R>]) -> Vec<(&'static str, Kind)> {
    columns
        .iter()
        .map(|column| (column.name, column.kind))
        .collect()
}

/// Name and value of each column in a row.
fn values<R>(columns: &[Column<R>], view: &View, row: &R) -> Vec<(&'static str, String)> {
    let value = |column: &Column<R>| (column.name, (column.cell)(view, row).text());
    columns.iter().map(value).collect()
}

/// GraphML (Brandes et al. 2002): a directed multigraph, every value as a `data` element.
pub(super) fn graphml(view: &View) -> Result<Vec<u8>, ExportError> {
    let mut xml = start()?;
    open(
        &mut xml,
        "graphml",
        &[("xmlns", "http://graphml.graphdrawing.org/xmlns")],
    )?;
    for (owner, short, columns) in [("node", 'n', kinds(&NODE)), ("edge", 'e', kinds(&EDGE))] {
        for (name, kind) in columns {
            let (kind, _) = kind_names(kind);
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
    for node in &view.nodes {
        open(&mut xml, "node", &[("id", &node.key)])?;
        data(&mut xml, 'n', &values(&NODE, view, node))?;
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
        data(&mut xml, 'e', &values(&EDGE, view, edge))?;
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
fn data(xml: &mut Xml, short: char, values: &[(&str, String)]) -> Result<(), ExportError> {
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
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
    for (owner, columns) in [("node", kinds(&NODE)), ("edge", kinds(&EDGE))] {
        open(
            &mut xml,
            "attributes",
            &[("class", owner), ("mode", "static")],
        )?;
        for (id, (name, kind)) in columns.into_iter().enumerate() {
            let (_, kind) = kind_names(kind);
            let id = id.to_string();
            let attributes = [("id", id.as_str()), ("title", name), ("type", kind)];
            empty(&mut xml, "attribute", &attributes)?;
        }
        close(&mut xml, "attributes")?;
    }
    open(&mut xml, "nodes", &[])?;
    for node in &view.nodes {
        open(
            &mut xml,
            "node",
            &[("id", &node.key), ("label", &node.name)],
        )?;
        attvalues(&mut xml, &values(&NODE, view, node))?;
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
        attvalues(&mut xml, &values(&EDGE, view, edge))?;
        close(&mut xml, "edge")?;
    }
    close(&mut xml, "edges")?;
    close(&mut xml, "graph")?;
    close(&mut xml, "gexf")?;
    Ok(finish(xml))
}

fn attvalues(xml: &mut Xml, values: &[(&str, String)]) -> Result<(), ExportError> {
    open(xml, "attvalues", &[])?;
    let full = |(_, (_, value)): &(usize, &(&str, String))| !value.is_empty();
    for (id, (_, value)) in values.iter().enumerate().filter(full) {
        let id = id.to_string();
        empty(xml, "attvalue", &[("for", id.as_str()), ("value", value)])?;
    }
    close(xml, "attvalues")
}
