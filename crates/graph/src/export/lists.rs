//! Statements, JSON, charts and notes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};
use tieline_facts::{EntityType, Modality, Polarity};

use super::{EdgeRow, File, View, clean};
use crate::Date;

/// The label of a type in property graphs.
pub(super) fn label(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Person => "Person",
        EntityType::Organisation => "Organisation",
        EntityType::Country => "Country",
        EntityType::Place => "Place",
        EntityType::Other => "Thing",
    }
}

/// A string of Cypher: quotes and backslashes escaped, line ends written as such.
fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    for c in clean(text).chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// One statement a line: running it twice makes nothing twice.
pub(super) fn cypher(view: &View) -> String {
    let mut out = String::new();
    for node in &view.nodes {
        let mut set = vec![format!("n.name = {}", quoted(&node.name))];
        for (name, value) in [
            ("iso", &node.iso),
            ("wikidata", &node.wikidata),
            ("firstSeen", &node.first),
            ("lastSeen", &node.last),
        ] {
            if let Some(value) = value {
                set.push(format!("n.{name} = {}", quoted(value)));
            }
        }
        let aliases: Vec<String> = node.aliases.iter().map(|alias| quoted(alias)).collect();
        set.push(format!("n.aliases = [{}]", aliases.join(", ")));
        set.push(format!("n.mentions = {}", node.mentions));
        let _ = writeln!(
            out,
            "MERGE (n:{} {{key: {}}}) SET {};",
            label(node.kind),
            quoted(&node.key),
            set.join(", ")
        );
    }
    for edge in &view.edges {
        let mut set = vec![
            format!("r.statements = {}", edge.evidence.len()),
            format!("r.documents = {}", edge.documents),
            format!("r.confidence = {:.2}", edge.confidence),
        ];
        for (name, value) in [
            ("first", &edge.first),
            ("last", &edge.last),
            ("since", &edge.since),
            ("until", &edge.until),
        ] {
            if let Some(value) = value {
                set.push(format!("r.{name} = {}", quoted(value)));
            }
        }
        if let Some(best) = edge.best() {
            set.push(format!("r.quote = {}", quoted(&best.quote)));
            set.push(format!(
                "r.document = {}",
                quoted(view.document(best.document))
            ));
        }
        let kind: String = edge
            .predicate
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_uppercase()
                } else {
                    '_'
                }
            })
            .collect();
        let end = |index: usize, name: &str| {
            let kind = view
                .nodes
                .get(index)
                .map_or("Thing", |node| label(node.kind));
            format!("({name}:{kind} {{key: {}}})", quoted(view.key(index)))
        };
        let _ = writeln!(
            out,
            "MATCH {}, {} MERGE (a)-[r:`{kind}` {{polarity: '{}', modality: '{}'}}]->(b) SET {};",
            end(edge.from, "a"),
            end(edge.to, "b"),
            edge.polarity.as_str(),
            edge.modality.as_str(),
            set.join(", ")
        );
    }
    out
}

fn lines(values: impl IntoIterator<Item = Value>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in values {
        bytes.extend_from_slice(value.to_string().as_bytes());
        bytes.push(b'\n');
    }
    bytes
}

/// `{"elements": {"nodes": […], "edges": […]}}`, as cytoscape.js reads it.
pub(super) fn cytoscape(view: &View) -> Vec<u8> {
    let nodes: Vec<Value> = view
        .nodes
        .iter()
        .map(|node| {
            json!({"data": {
                "id": node.key, "label": clean(&node.name), "type": node.kind.as_str(),
                "iso": node.iso, "wikidata": node.wikidata, "aliases": node.aliases,
                "mentions": node.mentions, "documents": node.documents,
            }})
        })
        .collect();
    let edges: Vec<Value> = view
        .edges
        .iter()
        .enumerate()
        .map(|(index, edge)| {
            let evidence: Vec<Value> = edge
                .evidence
                .iter()
                .map(|one| {
                    json!({
                        "quote": clean(&one.quote), "document": view.document(one.document),
                        "start": one.start, "end": one.end, "source": one.source,
                        "date": one.date, "amount": one.amount,
                    })
                })
                .collect();
            json!({"data": {
                "id": format!("e{index}"), "source": view.key(edge.from),
                "target": view.key(edge.to), "label": edge.words(), "predicate": edge.predicate,
                "polarity": edge.polarity.as_str(), "modality": edge.modality.as_str(),
                "symmetric": edge.symmetric, "sign": edge.sign, "first": edge.first,
                "last": edge.last, "since": edge.since, "until": edge.until,
                "evidence": evidence,
            }})
        })
        .collect();
    lines([json!({"elements": {"nodes": nodes, "edges": edges}})])
}

/// Text inside quotes of a Mermaid chart, where `#` begins an entity.
fn chart_text(text: &str) -> String {
    let mut out = String::new();
    for c in clean(text).chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' | '[' | ']' | '{' | '}' | '|' | ';' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A flow chart: shapes by type, line styles by status. Edges of one relation are one line.
pub(super) fn mermaid(view: &View) -> String {
    let mut out = String::from("flowchart LR\n");
    for (index, node) in view.nodes.iter().enumerate() {
        let (open, close) = match node.kind {
            EntityType::Person => ("([", "])"),
            EntityType::Organisation => ("[", "]"),
            EntityType::Country => ("{{", "}}"),
            EntityType::Place => ("[/", "\\]"),
            EntityType::Other => (">", "]"),
        };
        let _ = writeln!(out, "  n{index}{open}\"{}\"{close}", chart_text(&node.name));
    }
    for edge in &view.edges {
        let head = match (edge.symmetric, edge.polarity) {
            (_, Polarity::Negated) => 'x',
            (true, Polarity::Affirmed) => '-',
            (false, Polarity::Affirmed) => '>',
        };
        let line = match (edge.modality, head) {
            (Modality::Asserted | Modality::Former, '-') => "---".to_owned(),
            (Modality::Asserted | Modality::Former, head) => format!("--{head}"),
            (_, '-') => "-.-".to_owned(),
            (_, head) => format!("-.-{head}"),
        };
        let words = chart_text(&edge.words());
        let _ = writeln!(out, "  n{} {line}|\"{words}\"| n{}", edge.from, edge.to);
    }
    out
}

/// The schema of FollowTheMoney that a relation becomes, with the names of its two ends, where
/// both ends fit it.
fn interest(edge: &EdgeRow, from: EntityType, to: EntityType) -> Option<[&'static str; 3]> {
    use EntityType::{Organisation, Person};
    let legal = |kind| matches!(kind, Person | Organisation);
    Some(match edge.predicate.as_str() {
        "owns" | "acquired" if legal(from) && to == Organisation => ["Ownership", "owner", "asset"],
        "subsidiary_of" if from == Organisation && to == Organisation => {
            ["Ownership", "asset", "owner"]
        }
        "ceo_of" | "chair_of" | "leads" | "board_member_of"
            if legal(from) && to == Organisation =>
        {
            ["Directorship", "director", "organization"]
        }
        "member_of" | "member_of_party" if legal(from) && to == Organisation => {
            ["Membership", "member", "organization"]
        }
        "works_for" if from == Person && to == Organisation => {
            ["Employment", "employee", "employer"]
        }
        "spouse_of" | "parent_of" | "sibling_of" | "relative_of" | "partner_of"
            if from == Person && to == Person =>
        {
            ["Family", "person", "relative"]
        }
        "associate_of" if from == Person && to == Person => ["Associate", "person", "associate"],
        "represents" if legal(from) && legal(to) => ["Representation", "agent", "client"],
        _ => return None,
    })
}

/// The id of a node: letters, digits and hyphens, as FollowTheMoney wants them, a hyphen before the
/// number of any other byte; the end of a very long one is its hash (FNV-1a).
fn ftm_id(key: &str) -> String {
    let mut id = String::from("tl-");
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() {
            id.push(char::from(byte));
        } else {
            let _ = write!(id, "-{byte:02X}");
        }
    }
    if id.len() <= 100 {
        return id;
    }
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    id.truncate(80);
    format!("{id}-h{hash:016x}")
}

/// FollowTheMoney entities: people and organisations, documents, and one entity for each edge.
/// Denied edges are left out: the model has no way to say "not".
pub(super) fn ftm(view: &View) -> Vec<u8> {
    let id = |index: usize| ftm_id(view.key(index));
    // What is owned must be an asset; a company is both.
    let companies: BTreeSet<usize> = view
        .edges
        .iter()
        .filter(|edge| {
            matches!(
                edge.predicate.as_str(),
                "owns" | "acquired" | "subsidiary_of" | "ceo_of" | "merged_with" | "invested_in"
            )
        })
        .flat_map(|edge| [edge.from, edge.to])
        .collect();
    let mut all = Vec::new();
    for (index, node) in view.nodes.iter().enumerate() {
        let schema = match node.kind {
            EntityType::Person => "Person",
            EntityType::Organisation if companies.contains(&index) => "Company",
            EntityType::Organisation => "Organization",
            EntityType::Country => "PublicBody",
            EntityType::Place => "Address",
            EntityType::Other => "Page",
        };
        let name = clean(&node.name);
        let mut properties = json!({"name": [name]});
        if node.kind == EntityType::Place {
            properties["full"] = json!([name]);
        }
        if !node.aliases.is_empty() {
            let aliases: Vec<String> = node.aliases.iter().map(|alias| clean(alias)).collect();
            properties["alias"] = json!(aliases);
        }
        if let Some(iso) = &node.iso {
            properties["country"] = json!([iso.to_lowercase()]);
        }
        if let Some(item) = &node.wikidata {
            properties["wikidataId"] = json!([item]);
        }
        all.push(json!({"id": id(index), "schema": schema, "properties": properties}));
    }
    for (index, row) in view.documents.iter().enumerate() {
        let mut properties = json!({"title": [clean(&row.doc)], "fileName": [clean(&row.doc)]});
        if let Some(date) = &row.date {
            properties["date"] = json!([date]);
        }
        if row.doc.starts_with("http://") || row.doc.starts_with("https://") {
            properties["sourceUrl"] = json!([row.doc]);
        }
        all.push(json!({
            "id": format!("tl-document-{index}"), "schema": "PlainText", "properties": properties,
        }));
    }
    for (index, edge) in view.edges.iter().enumerate() {
        if edge.polarity == Polarity::Negated {
            continue;
        }
        let kind = |index: usize| {
            view.nodes
                .get(index)
                .map_or(EntityType::Other, |node| node.kind)
        };
        let (schema, from, to) = match interest(edge, kind(edge.from), kind(edge.to)) {
            Some([schema, from, to]) => (schema, from, to),
            None => ("UnknownLink", "subject", "object"),
        };
        let mut properties = json!({
            from: [id(edge.from)], to: [id(edge.to)],
            "summary": [edge.words()],
        });
        let word = match schema {
            "Family" | "Associate" => "relationship",
            _ => "role",
        };
        properties[word] = json!([edge.label]);
        let start = edge.since.as_ref().or(edge.first.as_ref());
        if let Some(start) = start.filter(|date| Date::parse(date).is_some()) {
            properties["startDate"] = json!([start]);
        }
        if let Some(end) = edge
            .until
            .as_ref()
            .filter(|date| Date::parse(date).is_some())
        {
            properties["endDate"] = json!([end]);
        }
        if edge.modality != Modality::Asserted {
            properties["status"] = json!([edge.modality.as_str()]);
        }
        let proofs: BTreeSet<usize> = edge.evidence.iter().map(|one| one.document).collect();
        let proofs: Vec<String> = proofs
            .iter()
            .map(|doc| format!("tl-document-{doc}"))
            .collect();
        properties["proof"] = json!(proofs);
        let quotes: Vec<String> = edge.evidence.iter().map(|one| clean(&one.quote)).collect();
        properties["description"] = json!(quotes);
        all.push(json!({
            "id": format!("tl-edge-{index}"), "schema": schema, "properties": properties,
        }));
    }
    lines(all)
}

/// File names of notes: readable, unlike each other also where case does not count.
fn note_names(view: &View) -> Vec<String> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    view.nodes
        .iter()
        .map(|node| {
            let plain: String = clean(&node.name)
                .chars()
                .map(|c| match c {
                    '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '#' | '^' | '['
                    | ']' | '\n' | '\u{fffd}' => ' ',
                    c => c,
                })
                .take(100)
                .collect();
            let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
            let plain = plain.trim_matches('.').to_owned();
            let plain = if plain.is_empty() {
                "unnamed".to_owned()
            } else {
                plain
            };
            let mut name = plain.clone();
            let mut number = 1;
            while !used.insert(name.to_lowercase()) {
                number += 1;
                name = format!("{plain} ({} {number})", node.kind.as_str());
            }
            name
        })
        .collect()
}

/// Words in the running text of a note: marks of Markdown and HTML lose their meaning.
fn note_text(text: &str) -> String {
    let mut out = String::new();
    for c in clean(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '$' | '=' | '%' => {
                out.push('\\');
                out.push(c);
            }
            '&' => out.push_str("&amp;"),
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A note for each node, with its edges by relation, each with the best sentence.
pub(super) fn markdown(view: &View) -> Vec<File> {
    let names = note_names(view);
    let name = |index: usize| names.get(index).map_or("", String::as_str);
    let mut edges: BTreeMap<usize, Vec<(&EdgeRow, bool)>> = BTreeMap::new();
    for edge in &view.edges {
        edges.entry(edge.from).or_default().push((edge, true));
        edges.entry(edge.to).or_default().push((edge, false));
    }
    view.nodes
        .iter()
        .enumerate()
        .map(|(index, node)| {
            let mut text = String::from("---\n");
            // JSON strings are YAML strings.
            let _ = writeln!(text, "key: {}", json!(clean(&node.key)));
            let _ = writeln!(text, "type: {}", node.kind.as_str());
            let aliases: Vec<String> = node.aliases.iter().map(|alias| clean(alias)).collect();
            let _ = writeln!(text, "aliases: {}", json!(aliases));
            if let Some(item) = &node.wikidata {
                let _ = writeln!(text, "wikidata: {}", json!(item));
            }
            let _ = writeln!(text, "mentions: {}", node.mentions);
            let _ = writeln!(text, "---\n\n# {}\n", note_text(&node.name));
            for (edge, outgoing) in edges.get(&index).into_iter().flatten() {
                let own = "this";
                let (from, to) = if *outgoing {
                    (own.to_owned(), format!("[[{}]]", name(edge.to)))
                } else {
                    (format!("[[{}]]", name(edge.from)), own.to_owned())
                };
                let _ = write!(text, "- {from} – {} – {to}", note_text(&edge.words()));
                let when = edge.since.as_ref().or(edge.first.as_ref());
                if let Some(when) = when {
                    let _ = write!(text, ", {when}");
                }
                text.push('\n');
                if let Some(best) = edge.best() {
                    let _ = write!(text, "  > {}", note_text(best.quote.trim()));
                    if let Some(source) = &best.source {
                        let _ = write!(text, " – {}", note_text(source));
                    }
                    let _ = writeln!(text, " ({})", note_text(view.document(best.document)));
                }
            }
            File {
                name: format!("{}.md", name(index)),
                bytes: text.into_bytes(),
            }
        })
        .collect()
}
