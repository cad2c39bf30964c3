/** The end of preparing: chunks become one file, and a manifest says what it is. */
import { join, sep } from "node:path";
import { PARTS } from "../../data/split.ts";
import { writeManifest } from "../data-cache.ts";
import { sha256 } from "../hash.ts";
import { writeWhole } from "../write-whole.ts";
import { assemble } from "./assemble.ts";
import type { ChunkJob, ChunkSummary } from "./chunk.ts";
import type { FormChoice } from "./form.ts";
import type { Problem } from "./item.ts";
import { joinChunks } from "./join.ts";
import { FORMAT, hashPreprocessing, type PreparedManifest } from "./manifest.ts";
import type { Plan } from "./plan.ts";
import type { Choices, FileSet, Listing } from "./set.ts";

/** Problems that are told in the manifest itself. */
const PROBLEMS_SHOWN = 20;

export interface Finish {
  readonly set: FileSet;
  readonly choices: Choices;
  readonly name: string;
  readonly target: string;
  readonly folder: string;
  readonly listing: Listing;
  readonly forms: Readonly<Record<string, FormChoice>>;
  readonly plan: Plan;
  readonly jobs: readonly ChunkJob[];
  readonly summaries: readonly ChunkSummary[];
  readonly problems: readonly Problem[];
}

/** Joins what was read, and writes everything that is kept; the manifest goes last. */
export async function finish(work: Finish): Promise<PreparedManifest> {
  const { set, choices, name, target, folder, listing, forms, plan, jobs, summaries } = work;
  const assembled = assemble(work);
  const { kept, present, part, small, metadata, dense, described } = assembled;
  let row = 0;
  let place = 0;
  const chunks = jobs.map(({ path, items }) => ({
    path,
    places: Int32Array.from(items, () => (kept[place] === row++ ? place++ : -1)),
  }));
  const { hash, norms } = await joinChunks({
    path: join(target, `${name}.safetensors`),
    chunks,
    size: kept.length,
    dense,
    small,
    metadata,
    isTrain: (at) => part[at] === 0,
  });
  const shorten = createShortener(folder);
  const problems = [...work.problems, ...summaries.flatMap((summary) => summary.problems)].map(
    ({ where, message }) => ({ where: shorten(where), message: shorten(message) }),
  );
  const files = new Map(
    summaries
      .flatMap((summary) => summary.files)
      .map((file) => [file.path, { ...file, path: shorten(file.path) }]),
  );
  const lines = toLines([...files.values()]);
  await writeWhole(join(target, "files.jsonl"), lines);
  await writeWhole(join(target, "problems.jsonl"), toLines(problems));
  const only = (dtypes: readonly string[]) =>
    Object.fromEntries(
      dense
        .filter(({ form }) => dtypes.includes(form.dtype))
        .map((modality) => [modality.name, norms[modality.name] as (typeof norms)[string]]),
    );
  const labels = small.labels as Int32Array;
  const count = (index: number) =>
    plan.classes.map(
      (_, label) => labels.filter((own, at) => own === label && part[at] === index).length,
    );
  const [trainCounts, validation, test] = PARTS.map((_, index) => count(index));
  const manifest: PreparedManifest = {
    format: FORMAT,
    name,
    set: set.name,
    variant: [listing.variant ?? choices.variant, describeSplit(set, choices)].join("; "),
    choices,
    dataHash: hash,
    preprocessingHash: hashPreprocessing(set, choices, forms),
    classes: plan.classes,
    modalities: described,
    counts: {
      train: trainCounts as number[],
      validation: validation as number[],
      test: test as number[],
    },
    normalisation: only(["U8"]),
    scaling: only(["F16", "F32"]),
    forms,
    ownForms: listing.forms !== undefined,
    missing: Object.fromEntries(
      Object.entries(present).map(([m, mask]) => [m, mask.filter((byte) => byte === 0).length]),
    ),
    dropped: plan.items.length - kept.length,
    problems: { count: problems.length, first: problems.slice(0, PROBLEMS_SHOWN) },
    files: {
      count: files.size,
      bytes: [...files.values()].reduce((sum, { bytes }) => sum + bytes, 0),
      sha256: sha256(lines),
    },
    tornGroups: plan.tornGroups,
    licence: set.licence,
    attribution: listing.attribution ?? set.attribution,
    versions: { ...listing.versions, reader: `${set.version}` },
  };
  await writeManifest(target, manifest);
  return manifest;
}

function describeSplit(set: FileSet, { split, limit }: Choices): string {
  const rule =
    split === "authors"
      ? "parts as listed"
      : `parts drawn by seed ${set.splitSeed ?? 1}, groups whole`;
  return limit > 0 ? `${rule}; ${limit} samples only` : rule;
}

function toLines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** Manifests travel, so the folders of this machine stay out of them. */
function createShortener(folder: string): (text: string) => string {
  const inside = folder.endsWith(sep) ? folder : `${folder}${sep}`;
  return (text) => text.replaceAll(inside, "");
}
