use tieline_facts::{EntityType, Modality, Polarity};

use super::*;

fn node(key: &str) -> NewNode<'_> {
    NewNode {
        key,
        name: key.rsplit('/').next().unwrap_or(key),
        kind: EntityType::Person,
        iso: None,
        wikidata: None,
        known: None,
        n_mentions: 1,
        n_documents: 1,
        seen: None,
    }
}

fn edge(subject: u32, object: u32, relation: u16, polarity: Polarity) -> Edge {
    Edge {
        subject: NodeId(subject),
        object: NodeId(object),
        relation: RelationId(relation),
        polarity,
        modality: Modality::Asserted,
        n_statements: 1,
        n_documents: 1,
        support: 1,
        confidence: 0.5,
        happened: None,
        published: None,
        from: None,
        until: None,
    }
}

fn relations(names: &[&str]) -> Vec<Relation> {
    let relation = |name: &&str| Relation {
        name: (*name).to_owned(),
        symmetric: false,
    };
    names.iter().map(relation).collect()
}

/// Four nodes, of which the last has no edge.
fn small() -> Graph {
    use Polarity::{Affirmed, Negated};
    let mut builder = GraphBuilder::new(relations(&["accused", "met_with"]));
    builder.node(node("person/ada"), [("Ada Holm", 2), ("Frau Hólm", 1)]);
    builder.node(node("person/bo"), [("Bo", 1)]);
    builder.node(node("person/cy"), []);
    builder.node(node("person/dee"), []);
    builder.edge(edge(0, 1, 0, Affirmed), [NodeId(2)]);
    builder.edge(edge(0, 1, 0, Negated), []);
    builder.edge(edge(0, 2, 1, Affirmed), []);
    builder.edge(edge(1, 0, 0, Affirmed), [NodeId(0), NodeId(2)]);
    builder.edge(edge(2, 1, 1, Affirmed), []);
    builder.finish(Box::new(MemoryBook::default())).unwrap()
}

#[test]
fn the_way_from_a_node_to_its_edges() {
    let graph = small();
    // node, edges out, edges in
    let cases: [(u32, &[u32], &[u32]); 5] = [
        (0, &[0, 1, 2], &[3]),
        (1, &[3], &[0, 1, 4]),
        (2, &[4], &[2]),
        (3, &[], &[]),
        (9, &[], &[]),
    ];
    for (id, out, into) in cases {
        let id = NodeId(id);
        let found: Vec<u32> = graph.out_edges(id).map(|(edge, _)| edge.0).collect();
        assert_eq!(found, out, "out of {id:?}");
        let found: Vec<u32> = graph.in_edges(id).iter().map(|edge| edge.0).collect();
        assert_eq!(found, into, "into {id:?}");
        assert_eq!(graph.degree(id), out.len() + into.len(), "degree of {id:?}");
        assert_eq!(
            graph.steps(id).count(),
            out.len() + into.len(),
            "steps of {id:?}"
        );
        for step in graph.steps(id) {
            let edge = graph.edge(step.edge);
            let ends = if step.outgoing {
                (id, step.node)
            } else {
                (step.node, id)
            };
            assert_eq!((edge.subject, edge.object), ends, "{step:?}");
        }
    }
    assert_eq!(graph.edges_between(NodeId(0), NodeId(1)), 0..2);
    assert_eq!(graph.edges_between(NodeId(1), NodeId(2)).len(), 0);
    assert_eq!(graph.edges_of(RelationId(1)), [EdgeId(2), EdgeId(4)]);
    assert_eq!(graph.sources(EdgeId(3)), [NodeId(0), NodeId(2)]);
    assert_eq!(graph.sources(EdgeId(4)), []);
    let part = graph.subgraph([NodeId(1), NodeId(0), NodeId(1)]);
    assert_eq!((part.node_count(), part.edge_count()), (2, 3));
}

#[test]
fn nodes_are_found() {
    let graph = small();
    for id in graph.node_ids() {
        assert_eq!(graph.find_key(graph.node(id).key), Some(id));
    }
    assert_eq!(graph.find_key("person/zoe"), None);
    assert_eq!(graph.find_relation("met_with"), Some(RelationId(1)));
    assert_eq!(graph.find_relation("wed"), None);
    // folded name, nodes
    let cases: [(&str, &[(NameUse, u32)]); 4] = [
        ("ada", &[(NameUse::Name, 0)]),
        ("frau holm", &[(NameUse::Alias, 0)]),
        ("bo", &[(NameUse::Name, 1)]),
        ("holm", &[]),
    ];
    for (name, want) in cases {
        let found: Vec<_> = graph
            .names()
            .find(name)
            .map(|(used, id)| (used, id.0))
            .collect();
        assert_eq!(found, want, "{name}");
    }
}

#[test]
fn what_is_out_of_order_is_refused() {
    use Polarity::{Affirmed, Negated};
    // name, relations, keys, edges, sources of the last edge, outcome
    type Case<'a> = (
        &'a str,
        &'a [&'a str],
        &'a [&'a str],
        &'a [Edge],
        &'a [NodeId],
        Option<BuildError>,
    );
    let (order, dangling) = (Some(BuildError::Order), Some(BuildError::Dangling));
    let good = edge(0, 1, 0, Affirmed);
    let cases: [Case<'_>; 10] = [
        ("nothing", &[], &[], &[], &[], None),
        (
            "good",
            &["a"],
            &["x", "y"],
            &[good, edge(0, 1, 0, Negated)],
            &[NodeId(1)],
            None,
        ),
        ("relations", &["b", "a"], &["x", "y"], &[], &[], order),
        ("keys", &["a"], &["y", "x"], &[], &[], order),
        ("a key twice", &["a"], &["x", "x"], &[], &[], order),
        (
            "edges",
            &["a"],
            &["x", "y"],
            &[edge(1, 0, 0, Affirmed), good],
            &[],
            order,
        ),
        (
            "an edge twice",
            &["a"],
            &["x", "y"],
            &[good, good],
            &[],
            order,
        ),
        ("no such node", &["a"], &["x"], &[good], &[], dangling),
        (
            "no such relation",
            &["a"],
            &["x", "y"],
            &[edge(0, 1, 1, Affirmed)],
            &[],
            dangling,
        ),
        (
            "no such source",
            &["a"],
            &["x", "y"],
            &[good],
            &[NodeId(2)],
            dangling,
        ),
    ];
    for (name, names, keys, edges, sources, want) in cases {
        let mut builder = GraphBuilder::new(relations(names));
        for key in keys {
            builder.node(node(key), []);
        }
        for (edge, left) in edges.iter().zip((0..edges.len()).rev()) {
            builder.edge(*edge, sources.iter().copied().filter(|_| left == 0));
        }
        let got = builder.finish(Box::new(MemoryBook::default()));
        assert_eq!(got.err(), want, "{name}");
    }
}

#[test]
fn an_edge_stays_small() {
    assert!(size_of::<Edge>() <= 52, "{} bytes", size_of::<Edge>());
    assert!(size_of::<NodeRow>() <= 40, "{} bytes", size_of::<NodeRow>());
}
