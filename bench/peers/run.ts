/**
 * The engine beside other libraries on the same workloads: `npm run bench:peers -- [--quick] [--only TEXT] [--peer TEXT]
 * [--json | --markdown]`.
 * Each runs alone, in a process of its own. Cells are the fastest call and, in brackets, our time over theirs: below 1 we
 * are faster. What is not installed is named and left out; bench/README.md says how to install it.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type BenchRow, formatSeconds } from "../support/bench-row.ts";
import { markdownTable, textTable } from "../support/table.ts";
import { PEERS, type PeerResult, runPeer } from "./peers.ts";

/** Rows of ours that are held against a peer's row of another name: their projector is a full matrix in f32. */
const PEER_ROW: Readonly<Record<string, string>> = {
  "mla head step, default memory": "mla head step, all steps in f32",
  "mla head step, all steps in f64": "mla head step, all steps in f32",
};

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    /** Only rows whose name has this in it; peers run all of theirs. */
    only: { type: "string", default: "" },
    /** Only peers whose name has this in it. */
    peer: { type: "string", default: "" },
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
  },
});

function runOurs(): { rows: BenchRow[]; environment: { node: string; cpu: string } } {
  const script = fileURLToPath(new URL("../run.ts", import.meta.url));
  const args = [
    ...process.execArgv,
    script,
    "--json",
    "--only",
    flags.only,
    ...(flags.quick ? ["--quick"] : []),
  ];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as ReturnType<
    typeof runOurs
  >;
}

function cell(name: string, ours: number, { rows }: PeerResult): string {
  const theirs = rows[PEER_ROW[name] ?? name];
  if (theirs === undefined) return "-";
  if ("fails" in theirs) return "fails";
  return `${formatSeconds(theirs.min)} (${(ours / theirs.min).toPrecision(2)})`;
}

const ours = runOurs();
const chosen = PEERS.filter(({ name }) => name.includes(flags.peer));
const results = chosen.map((peer) => ({ peer, result: runPeer(peer, flags.quick) }));
const there = results.flatMap(({ peer, result }) =>
  typeof result === "string" ? [] : [{ peer, result }],
);
if (flags.json) {
  const peers = Object.fromEntries(results.map(({ peer, result }) => [peer.name, result]));
  console.log(JSON.stringify({ ours, peers }, null, 2));
} else {
  const cells = [["row", "ours", ...there.map(({ peer }) => peer.name)]];
  for (const { name, timing } of ours.rows) {
    const row = there.map(({ result }) => (timing ? cell(name, timing.min, result) : "-"));
    if (timing === undefined || row.every((text) => text === "-")) continue;
    cells.push([name, formatSeconds(timing.min), ...row]);
  }
  const { cpu, node } = ours.environment;
  console.log(`${cpu}, Node ${node}; ${there.map(({ result }) => result.version).join("; ")}`);
  for (const { peer, result } of results) {
    if (typeof result === "string") console.log(`skipped ${peer.name}: ${result}`);
  }
  console.log(`\n${flags.markdown ? markdownTable(cells) : textTable(cells)}`);
}
