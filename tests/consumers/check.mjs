// Reads the Cytoscape and Mermaid exports back. Usage: node check.mjs FOLDER
import { readFileSync } from "node:fs";
import cytoscape from "cytoscape";

const out = process.argv[2];
const stats = JSON.parse(readFileSync(`${out}/stats.json`, "utf8"));
const number = (what) => stats.find((row) => row.what === what && row.which === "").number;
let failures = 0;
function same(what, found, wanted) {
  if (found !== wanted) {
    failures += 1;
    console.log(`FAILED ${what}: found ${found}, wanted ${wanted}`);
  }
}

const graph = cytoscape({
  headless: true,
  ...JSON.parse(readFileSync(`${out}/graph.cytoscape`, "utf8")),
});
same("cytoscape nodes", graph.nodes().length, number("entities"));
same("cytoscape edges", graph.edges().length, number("relations"));
console.log("read back: cytoscape");

const { JSDOM } = await import("jsdom");
const dom = new JSDOM("");
Object.assign(globalThis, { window: dom.window, document: dom.window.document });
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ maxEdges: 100000, maxTextSize: 10000000 });
const text = readFileSync(`${out}/graph.mermaid`, "utf8");
const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
same("mermaid nodes", diagram.db.getVertices().size, number("entities"));
same("mermaid edges", diagram.db.getEdges().length, number("relations"));
console.log("read back: mermaid");
process.exit(failures ? 1 : 0);
