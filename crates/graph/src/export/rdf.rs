//! Turtle, JSON-LD and N-Quads.
//!
//! An entity is a resource with type, label, other labels and `owl:sameAs` to Wikidata. What is
//! said plainly to hold is a triple of its own; every edge, also a denied or planned one, is an
//! `rdf:Statement` with its status, and every sentence a resource that the statement was derived
//! from (PROV-O). In N-Quads the plain triples stand in the graph of each document that says so.

use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use oxttl::{NQuadsSerializer, TurtleSerializer};
use tieline_facts::EntityType;

use crate::Date;

use super::{EdgeRow, ExportError, View, clean, fault, percent};

const PROV: &str = "http://www.w3.org/ns/prov#";
const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
const OWL: &str = "http://www.w3.org/2002/07/owl#";
const SCHEMA: &str = "https://schema.org/";
const DCT: &str = "http://purl.org/dc/terms/";
const WIKIDATA: &str = "http://www.wikidata.org/entity/";

/// Names of one export.
struct Names<'a> {
    base: &'a str,
}

impl Names<'_> {
    fn term(&self, name: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("{}ns/{}", self.base, percent(name)))
    }

    fn entity(&self, key: &str) -> NamedNode {
        // The slash after the type is kept, so that names can be read.
        let key: Vec<String> = key.split('/').map(percent).collect();
        NamedNode::new_unchecked(format!("{}entity/{}", self.base, key.join("/")))
    }

    fn document(&self, doc: &str) -> NamedNode {
        let link = doc.starts_with("http://") || doc.starts_with("https://");
        if link && let Ok(node) = NamedNode::new(doc) {
            return node;
        }
        NamedNode::new_unchecked(format!("{}document/{}", self.base, percent(doc)))
    }
}

fn known(space: &str, name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{space}{name}"))
}

fn literal(text: &str) -> Literal {
    Literal::new_simple_literal(clean(text))
}

/// A date of any exactness with its type.
fn date(text: &str) -> Literal {
    let kind = match text.len() {
        4 => xsd::G_YEAR,
        7 => xsd::G_YEAR_MONTH,
        10 => xsd::DATE,
        _ => return literal(text),
    };
    if Date::parse(text).is_some() {
        Literal::new_typed_literal(text, kind)
    } else {
        literal(text)
    }
}

fn class(kind: EntityType) -> NamedNode {
    let name = match kind {
        EntityType::Person => "Person",
        EntityType::Organisation => "Organization",
        EntityType::Country => "Country",
        EntityType::Place => "Place",
        EntityType::Other => "Thing",
    };
    known(SCHEMA, name)
}

/// Every triple, with the graph it stands in where graphs are kept apart.
fn quads(view: &View, base: &str) -> Vec<Quad> {
    let names = Names { base };
    let mut all = Vec::new();
    let mut add = |s: &NamedNode, p: NamedNode, o: Term, graph: GraphName| {
        all.push(Quad::new(NamedOrBlankNode::from(s.clone()), p, o, graph));
    };
    let whole = || GraphName::DefaultGraph;
    for row in &view.documents {
        let document = names.document(&row.doc);
        add(
            &document,
            rdf::TYPE.into_owned(),
            known(PROV, "Entity").into(),
            whole(),
        );
        add(
            &document,
            known(DCT, "identifier"),
            literal(&row.doc).into(),
            whole(),
        );
        if let Some(day) = &row.date {
            add(&document, known(DCT, "issued"), date(day).into(), whole());
        }
    }
    for row in &view.nodes {
        let node = names.entity(&row.key);
        add(
            &node,
            rdf::TYPE.into_owned(),
            class(row.kind).into(),
            whole(),
        );
        add(
            &node,
            rdfs::LABEL.into_owned(),
            literal(&row.name).into(),
            whole(),
        );
        for alias in &row.aliases {
            add(
                &node,
                known(SKOS, "altLabel"),
                literal(alias).into(),
                whole(),
            );
        }
        if let Some(item) = &row.wikidata {
            add(
                &node,
                known(OWL, "sameAs"),
                known(WIKIDATA, &percent(item)).into(),
                whole(),
            );
        }
        if let Some(iso) = &row.iso {
            add(&node, names.term("iso3166"), literal(iso).into(), whole());
        }
    }
    for (index, row) in view.edges.iter().enumerate() {
        let subject = names.entity(view.key(row.from));
        let object = names.entity(view.key(row.to));
        let predicate = names.term(&row.predicate);
        if row.is_plain() {
            // Once for each document, in the order of the evidence.
            let mut seen = Vec::new();
            for one in &row.evidence {
                if !seen.contains(&one.document) {
                    seen.push(one.document);
                    let graph = names.document(view.document(one.document));
                    add(
                        &subject,
                        predicate.clone(),
                        object.clone().into(),
                        graph.into(),
                    );
                }
            }
        }
        let statement = NamedNode::new_unchecked(statement_name(base, view, row));
        let mut say = |p: NamedNode, o: Term| add(&statement, p, o, whole());
        say(rdf::TYPE.into_owned(), rdf::STATEMENT.into_owned().into());
        say(rdf::SUBJECT.into_owned(), subject.into());
        say(rdf::PREDICATE.into_owned(), predicate.into());
        say(rdf::OBJECT.into_owned(), object.into());
        say(rdfs::LABEL.into_owned(), literal(&row.words()).into());
        say(
            names.term("polarity"),
            literal(row.polarity.as_str()).into(),
        );
        say(
            names.term("modality"),
            literal(row.modality.as_str()).into(),
        );
        let confidence = format!("{:.2}", row.confidence);
        let confidence = Literal::new_typed_literal(confidence, xsd::DECIMAL);
        say(names.term("confidence"), confidence.into());
        for (name, value) in [("since", &row.since), ("until", &row.until)] {
            if let Some(value) = value {
                say(names.term(name), date(value).into());
            }
        }
        for (number, one) in row.evidence.iter().enumerate() {
            let quote = NamedNode::new_unchecked(format!("{base}evidence/{index}-{number}"));
            add(
                &statement,
                known(PROV, "wasDerivedFrom"),
                quote.clone().into(),
                whole(),
            );
            let mut say = |p: NamedNode, o: Term| add(&quote, p, o, whole());
            say(rdf::TYPE.into_owned(), known(PROV, "Entity").into());
            say(known(PROV, "value"), literal(&one.quote).into());
            let document = names.document(view.document(one.document));
            say(known(PROV, "wasQuotedFrom"), document.into());
            say(names.term("start"), Literal::from(one.start).into());
            say(names.term("end"), Literal::from(one.end).into());
            if let Some(source) = &one.source {
                say(names.term("saidBy"), literal(source).into());
            }
            if let Some(day) = &one.date {
                say(names.term("date"), date(day).into());
            }
            if let Some(amount) = &one.amount {
                say(names.term("amount"), literal(amount).into());
            }
        }
    }
    all
}

/// A name that stays the same as long as the edge does.
fn statement_name(base: &str, view: &View, row: &EdgeRow) -> String {
    format!(
        "{base}statement/{}/{}/{}/{}/{}",
        percent(view.key(row.from)),
        percent(&row.predicate),
        percent(view.key(row.to)),
        row.polarity.as_str(),
        row.modality.as_str()
    )
}

const PREFIXES: [(&str, &str); 8] = [
    ("dct", DCT),
    ("owl", OWL),
    ("prov", PROV),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("schema", SCHEMA),
    ("skos", SKOS),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// Triples without their graphs, each once and in the order in which they came.
fn triples(view: &View, base: &str) -> Vec<Quad> {
    let mut all = quads(view, base);
    for quad in &mut all {
        quad.graph_name = GraphName::DefaultGraph;
    }
    // The same plain triple of several documents comes one after the other.
    all.dedup();
    all
}

pub(super) fn turtle(view: &View, base: &str) -> Result<Vec<u8>, ExportError> {
    let mut serializer = TurtleSerializer::new();
    for (prefix, iri) in PREFIXES {
        serializer = serializer.with_prefix(prefix, iri).map_err(fault)?;
    }
    serializer = serializer
        .with_prefix("tl", format!("{base}ns/"))
        .map_err(fault)?;
    let mut writer = serializer.for_writer(Vec::new());
    for quad in triples(view, base) {
        let triple = oxrdf::Triple::from(quad);
        writer.serialize_triple(&triple).map_err(fault)?;
    }
    writer.finish().map_err(fault)
}

pub(super) fn json_ld(view: &View, base: &str) -> Result<Vec<u8>, ExportError> {
    let mut serializer = oxjsonld::JsonLdSerializer::new();
    for (prefix, iri) in PREFIXES {
        serializer = serializer.with_prefix(prefix, iri).map_err(fault)?;
    }
    serializer = serializer
        .with_prefix("tl", format!("{base}ns/"))
        .map_err(fault)?;
    let mut writer = serializer.for_writer(Vec::new());
    for quad in triples(view, base) {
        writer.serialize_quad(&quad).map_err(fault)?;
    }
    let mut bytes = writer.finish().map_err(fault)?;
    bytes.push(b'\n');
    Ok(bytes)
}

pub(super) fn n_quads(view: &View, base: &str) -> Result<Vec<u8>, ExportError> {
    let mut writer = NQuadsSerializer::new().for_writer(Vec::new());
    for quad in quads(view, base) {
        writer.serialize_quad(&quad).map_err(fault)?;
    }
    Ok(writer.finish())
}

/// Whether a base is fit to start names with: an absolute IRI.
pub fn is_base(base: &str) -> bool {
    let ends = base.ends_with(['/', '#', ':']);
    ends && NamedNode::new(format!("{base}x")).is_ok()
}
