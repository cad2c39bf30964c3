/** A whole set by the command line, and what a page of results says of it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { markdownTable } from "../../src/config/markdown.ts";
import { PARTS } from "../../src/data/split.ts";
import type { PreparedManifest } from "../../src/node/prepare/manifest.ts";
import { altermodal } from "./command-line.ts";

export interface WholeSet {
  /** Of `altermodal prepare`: the set, and what is chosen of it. */
  readonly prepare: readonly string[];
  /** Name that it is then loaded by. */
  readonly name: string;
  /** The owner's download, where the set does not find it by itself. */
  readonly from?: string;
}

interface Scores {
  readonly scores: Readonly<
    Record<string, { readonly accuracy: number; readonly macroF1: number }>
  >;
}

/**
 * Prepares, trains with the recipe, and judges on validation and test.
 *
 * @param folder - for everything that is written
 * @returns Markdown: commands with their wall time, counts, hashes, accuracy
 */
export async function runWhole({ prepare, name, from }: WholeSet, folder: string): Promise<string> {
  const cache = join(folder, "cache");
  const place = from === undefined ? [] : ["--from", from];
  const told = from === undefined ? "" : " --from DIR";
  const at = ["--cache", cache];
  const prepared = await timed(["prepare", ...prepare, ...place, ...at]);
  const trained = await timed(["train", "--data", name, ...at, "--runs", join(folder, "runs")]);
  const kept = /epoch (\d+) kept: (\S+)/.exec(trained.text);
  const [, epoch, run = ""] = kept ?? [];
  const judged = ["validation", "test"].map(async (part) => {
    const { text } = await timed(["evaluate", "--run", run, "--part", part, "--json", ...at]);
    return [part, (JSON.parse(text) as Scores).scores] as const;
  });
  const scores = Object.fromEntries(await Promise.all(judged));
  const manifest: PreparedManifest = JSON.parse(
    await readFile(join(cache, name, "manifest.json"), "utf8"),
  );
  return [
    `## ${name}`,
    "",
    `- \`altermodal prepare ${prepare.join(" ")}${told}\`: ${seconds(prepared)}; \`altermodal train --data ${name}\`: ${seconds(trained)}, epoch ${epoch} kept; \`altermodal evaluate\`.`,
    `- ${manifest.files.count} files of ${(manifest.files.bytes / 1e6).toFixed(1)} MB, their hashes' hash \`${manifest.files.sha256}\`.`,
    `- Data hash \`${manifest.dataHash}\`, preprocessing hash \`${manifest.preprocessingHash}\`.`,
    `- Missing: ${describeMissing(manifest)}. Left out: ${manifest.dropped} samples. Problems: ${manifest.problems.count}.`,
    "",
    countTable(manifest),
    "",
    scoreTable(scores),
  ].join("\n");
}

async function timed(args: readonly string[]): Promise<{ text: string; ms: number }> {
  const start = performance.now();
  const { code, text } = await altermodal(args);
  if (code !== 0) throw new Error(`altermodal ${args.join(" ")} ended by ${code}:\n${text}`);
  return { text, ms: performance.now() - start };
}

const seconds = ({ ms }: { readonly ms: number }) => `${(ms / 1000).toFixed(1)} s`;

function describeMissing({ missing }: PreparedManifest): string {
  const lacking = Object.entries(missing).filter(([, count]) => count > 0);
  return lacking.map(([modality, count]) => `${count} ${modality}`).join(", ") || "none";
}

function countTable({ classes, counts }: PreparedManifest): string {
  const rows = PARTS.map((part) => {
    const total = counts[part].reduce((sum, count) => sum + count, 0);
    return [part, `${total}`, ...counts[part].map(String)];
  });
  return markdownTable(["part", "samples", ...classes], rows);
}

function scoreTable(scores: Readonly<Record<string, Scores["scores"]>>): string {
  const rows = Object.entries(scores).flatMap(([part, found]) =>
    Object.entries(found).map(([who, { accuracy, macroF1 }]) => [
      part,
      who,
      (100 * accuracy).toFixed(1),
      (100 * macroF1).toFixed(1),
    ]),
  );
  return markdownTable(["part", "who", "accuracy %", "macro-F1 %"], rows, 2);
}
