/**
 * A WASM binary as text for a module of JavaScript, which `unpackWasm` undoes: matches and bytes under adaptive contexts, as
 * digits of six bits, so that gzip neither gains nor loses. `assembly/unpack/` has the format.
 */
import { CONTEXTS } from "../../assembly/unpack/format.ts";
import { findMatches } from "./matches.ts";
import { cheapest } from "./parse.ts";
import { RangeEncoder } from "./range-encoder.ts";
import { type Decide, writeTokens } from "./tokens.ts";

/** How often the tokens are chosen anew, by what the last choice showed decisions to cost. */
const PASSES = 12;

/**
 * The binary as text: its size, a space, its digits.
 *
 * @param passes - fewer are faster, and the text a little longer
 */
export function packWasm(bytes: Uint8Array, passes: number = PASSES): string {
  const matches = findMatches(bytes);
  let costs = costsOf(() => {});
  let tokens = cheapest(bytes, matches, costs);
  for (let pass = 1; pass < passes; pass++) {
    const last = tokens;
    costs = costsOf((decide) => writeTokens(bytes, last, decide));
    tokens = cheapest(bytes, matches, costs);
  }
  const encoder = new RangeEncoder(CONTEXTS);
  writeTokens(bytes, tokens, (context, bit) => encoder.write(context, bit));
  return `${bytes.length} ${encoder.finish()}`;
}

/** Bits that each decision costs, in the mean over all of its context: of a 0 at twice the context, of a 1 after it. */
function costsOf(write: (decide: Decide) => void): Float32Array {
  const counts = new Float32Array(2 * CONTEXTS).fill(0.4);
  write((context, bit) => {
    counts[2 * context + bit] = (counts[2 * context + bit] as number) + 1;
  });
  return counts.map((count, i) => Math.log2(((counts[i ^ 1] as number) + count) / count));
}
