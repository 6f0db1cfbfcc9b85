"""The large graph of `cargo lab eval --only large` in networkx and rustworkx, for docs/evaluation.md.

    python3 crates/lab/compare/graphs.py target/release/large-graph-2.tieline

Makes an environment of its own below target/ and installs both packages there; says so and stops
where that is not possible. Prints seconds to load from the file, milliseconds of a neighbourhood, of a
shortest path (the 19th of 21 pairs, as the measure beside it) and of PageRank, and megabytes.
"""

import json
import pathlib
import subprocess
import sys
import time
import venv

HOME = pathlib.Path(__file__).resolve().parents[3] / "target" / "compare-graphs"


def environment():
    """The interpreter of the environment, with both packages; None where they cannot be had."""
    python = HOME / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "networkx", "rustworkx", "numpy", "scipy"]
    done = subprocess.run(install, capture_output=True, text=True)
    return python if done.returncode == 0 else None


def timed(run):
    start = time.perf_counter()
    result = run()
    return 1000 * (time.perf_counter() - start), result


def nearly_worst(run, pairs):
    return sorted(timed(lambda: run(*pair))[0] for pair in pairs)[-3]


def rows(path):
    import sqlite3

    with sqlite3.connect(path) as file:
        n_nodes = file.execute("SELECT count(*) FROM node").fetchone()[0]
        edges = file.execute("SELECT subject, object, relation, support FROM edge").fetchall()
    return n_nodes, edges


def megabytes():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1000
    return 0.0


def measure(which, path):
    import random

    chance = random.Random(7)

    def load():
        n_nodes, edges = rows(path)
        if which == "networkx":
            import networkx

            graph = networkx.MultiDiGraph()
            graph.add_nodes_from(range(n_nodes))
            graph.add_edges_from((s, o, {"relation": r, "support": n}) for s, o, r, n in edges)
        else:
            import rustworkx

            graph = rustworkx.PyDiGraph()
            graph.add_nodes_from(range(n_nodes))
            graph.add_edges_from([(s, o, (r, n)) for s, o, r, n in edges])
        return n_nodes, graph

    took, (n_nodes, graph) = timed(load)
    memory = megabytes()
    pairs = [tuple(int(n_nodes * chance.random() ** 2.2) for _ in "ab") for _ in range(21)]
    if which == "networkx":
        import networkx

        both = graph.to_undirected(as_view=True)
        near = lambda a, _: list(graph.in_edges(a, data=True)) + list(graph.out_edges(a, data=True))
        way = lambda a, b: networkx.has_path(both, a, b) and networkx.shortest_path(both, a, b)
        rank = lambda: networkx.pagerank(networkx.DiGraph(graph), max_iter=20, tol=1e-4)
    else:
        import rustworkx

        both = graph.to_undirected()
        near = lambda a, _: list(graph.in_edges(a)) + list(graph.out_edges(a))
        way = lambda a, b: rustworkx.dijkstra_shortest_paths(both, a, target=b, default_weight=1.0)
        rank = lambda: rustworkx.pagerank(graph, max_iter=20, tol=1e-4)
    result = {
        "load s": took / 1000,
        "memory MB": memory,
        "neighbours ms": nearly_worst(near, pairs),
        "path ms": nearly_worst(way, pairs),
    }
    try:
        result["PageRank ms"] = timed(rank)[0]
    except Exception as error:  # a rank that does not settle in twenty rounds
        result["PageRank ms"] = type(error).__name__
    return result


def main():
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], sys.argv[2])))
        return
    python = environment()
    if python is None:
        print("skipped: networkx and rustworkx cannot be installed here")
        return
    for which in ["networkx", "rustworkx"]:
        done = subprocess.run(
            [python, __file__, which, sys.argv[1]], capture_output=True, text=True
        )
        if done.returncode != 0:
            print(f"{which}: {done.stderr.strip().splitlines()[-1]}")
            continue
        values = json.loads(done.stdout)
        cells = [v if isinstance(v, str) else f"{v:.2f}" for v in values.values()]
        print(f"{which}: " + ", ".join(f"{k} {v}" for k, v in zip(values, cells)))


if __name__ == "__main__":
    main()
