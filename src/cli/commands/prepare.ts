import { availableParallelism } from "node:os";
import { flag, integer } from "../../config/options.ts";
import type { DataManifest, DataSource } from "../../data/source.ts";
import { PARTS } from "../../data/split.ts";
import { OptionError } from "../../engine/errors.ts";
import { NODE_DATASETS } from "../../node/datasets/index.ts";
import { fileSources, findDataset } from "../../node/load-data.ts";
import type { FileSource } from "../../node/prepare/file-dataset.ts";
import type { PreparedManifest } from "../../node/prepare/manifest.ts";
import type { PrepareOptions } from "../../node/prepare/prepare-set.ts";
import { defineCommand } from "../command.ts";
import { DATA_FLAGS } from "../common-flags.ts";
import { text } from "../flags.ts";

/** Flags that only sets made from a user's files take. */
const FILE_FLAGS = ["from", "variant", "split", "limit", "name", "ffmpeg", "force"] as const;

export const prepare = defineCommand({
  name: "prepare",
  title: "make a data set ready, once, and say what it is",
  positionals: Object.keys(NODE_DATASETS).join("|"),
  flags: {
    from: text("DIR", null, "folder of the owner's download, or of your own data"),
    variant: text("NAME", null, "which variant of the set"),
    split: text(
      "authors|grouped",
      null,
      "parts as the authors list them, or drawn with groups whole",
    ),
    limit: integer(0, "number of samples, spread over classes and parts; 0: all", { max: 1e9 }),
    name: text("NAME", null, "name to keep and load it under; default: of the set and the choices"),
    ffmpeg: text("PROGRAM", null, "the program ffmpeg, if it is not on the PATH"),
    force: flag(false, "prepare again what is there"),
    workers: integer(availableParallelism(), "threads; 0: no threads beside this one", {
      max: 256,
    }),
    cache: DATA_FLAGS.cache,
  },
  hint: describeSets(),
  async run({ flags, given, positionals, io }) {
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) {
      throw new OptionError(
        `prepare: Cannot choose the data: expected one name, got ${positionals.length}`,
      );
    }
    const source = findDataset(name, flags.cache);
    checkFlags(source, given);
    checkName(source, flags);
    const { from, variant, split, name: as, ffmpeg } = flags;
    const manifest = await source.prepare({
      cacheDir: flags.cache,
      onProgress: (message) => io.err(`${message}\n`),
      signal: io.signal,
      limit: flags.limit,
      force: flags.force,
      workers: flags.workers,
      ...(from !== null && { from }),
      ...(variant !== null && { variant }),
      ...(split !== null && { split }),
      ...(as !== null && { name: as }),
      ...(ffmpeg !== null && { ffmpeg }),
    } as PrepareOptions);
    io.out(`${describeManifest(manifest).join("\n")}\n`);
    return 0;
  },
});

function checkFlags(source: DataSource, given: ReadonlySet<string>): void {
  const unused = "set" in source ? undefined : FILE_FLAGS.find((name) => given.has(name));
  if (unused === undefined) return;
  throw new OptionError(
    `prepare: Cannot use --${unused} with "${source.name}": expected a set made from your files`,
  );
}

/** Data kept under the name of another set would never be found. */
function checkName(
  source: DataSource,
  flags: { readonly name: string | null; readonly from: string | null },
): void {
  if (!("set" in source)) return;
  const { set } = source as FileSource;
  const name = flags.name ?? (flags.from === null ? undefined : set.nameAfter?.(flags.from));
  if (name === undefined || name === set.name) return;
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && !Object.hasOwn(NODE_DATASETS, name)) return;
  throw new OptionError(
    `prepare: Cannot keep the data as ${JSON.stringify(name)}: expected letters, digits, ".", "_" and "-", and not the name of a set; choose another by --name`,
  );
}

/** The sets, for the help. */
function describeSets(): string {
  const width = Math.max(...Object.keys(NODE_DATASETS).map((name) => name.length));
  const lines = Object.values<DataSource>(NODE_DATASETS).map(
    ({ name, title }) => `  ${name.padEnd(width)}  ${title}`,
  );
  const details = fileSources().flatMap(({ set }) => [
    `  ${set.name}`,
    `    get it: ${set.source}`,
    `    licence: ${set.licence}`,
    `    splits: ${set.splits.join(", ")}${set.variants ? `; variants: ${set.variants.join(", ")}` : ""}`,
  ]);
  return ["Sets:", ...lines, "", "From files:", ...details].join("\n");
}

function describeManifest(manifest: DataManifest): string[] {
  const { counts, classes } = manifest;
  const width = Math.max(...classes.map((label) => label.length), "total".length);
  const row = (label: string, numbers: readonly number[]) =>
    `  ${label.padEnd(width)}  ${numbers.map((n) => String(n).padStart(12)).join("")}`;
  const total = (part: (typeof PARTS)[number]) => counts[part].reduce((sum, n) => sum + n, 0);
  return [
    `${manifest.name}: ${manifest.variant}`,
    ...Object.entries(manifest.modalities).map(([m, what]) => `  ${m}: ${what}`),
    `  ${" ".repeat(width)}  ${PARTS.map((part) => part.padStart(12)).join("")}`,
    ...classes.map((label, c) =>
      row(
        label,
        PARTS.map((part) => counts[part][c] ?? 0),
      ),
    ),
    row("total", PARTS.map(total)),
    ...("problems" in manifest ? describeTrouble(manifest as PreparedManifest) : []),
    ...manifest.attribution.map((line) => `  ${line}`),
    `  data hash ${manifest.dataHash}`,
  ];
}

function describeTrouble({ missing, dropped, problems, tornGroups }: PreparedManifest): string[] {
  const lacking = Object.entries(missing).filter(([, count]) => count > 0);
  return [
    ...lacking.map(([modality, count]) => `  ${count} samples lack ${modality}`),
    ...(dropped > 0 ? [`  ${dropped} samples left out: nothing of them can be read`] : []),
    ...(tornGroups > 0 ? [`  ${tornGroups} groups lie in several parts of the authors' list`] : []),
    ...(problems.count > 0 ? [`  ${problems.count} problems, all in problems.jsonl:`] : []),
    ...problems.first.map(({ where, message }) => `    ${where}: ${message}`),
  ];
}
