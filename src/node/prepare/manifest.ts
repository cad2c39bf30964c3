/** What is written beside prepared data, and the hash that tells them from data prepared otherwise. */
import type { ChannelNorm } from "../../data/normalise.ts";
import type { DataManifest } from "../../data/source.ts";
import { sha256 } from "../hash.ts";
import type { FormChoice } from "./form.ts";
import { findForm } from "./forms/index.ts";
import type { Problem } from "./item.ts";
import { DEFAULT_FRACTIONS } from "./plan.ts";
import type { Choices, FileSet } from "./set.ts";

export const FORMAT = "altermodal-data-1";

export interface PreparedManifest extends DataManifest {
  readonly format: typeof FORMAT;
  /** Name of the set, without what was chosen of it. */
  readonly set: string;
  readonly choices: Choices;
  readonly licence: string;
  readonly forms: Readonly<Record<string, FormChoice>>;
  /** Whether the forms came from the data, as of a user's folder, rather than from the set. */
  readonly ownForms: boolean;
  /** Mean and deviation over the training part of modalities kept as floats; what is loaded is scaled by them. */
  readonly scaling: Readonly<Record<string, ChannelNorm>>;
  /** Samples that lack a modality. */
  readonly missing: Readonly<Record<string, number>>;
  /** Samples that were listed but have nothing readable. */
  readonly dropped: number;
  /** What could not be used: how many, and the first of them; all are in `problems.jsonl`. */
  readonly problems: { readonly count: number; readonly first: readonly Problem[] };
  /** What was read; each with its hash in `files.jsonl`. */
  readonly files: { readonly count: number; readonly bytes: number; readonly sha256: string };
  /** Groups that the authors' list puts into several parts. */
  readonly tornGroups: number;
}

/** SHA-256 (hex) of everything but the files that decides what prepared data hold. */
export function hashPreprocessing(
  set: FileSet,
  choices: Choices,
  forms: Readonly<Record<string, FormChoice>>,
): string {
  const { name, version, fractions = DEFAULT_FRACTIONS, splitSeed = 1 } = set;
  const versions = Object.entries(forms).map(([modality, choice]) => [
    modality,
    { ...choice, version: findForm(choice).version },
  ]);
  return sha256(JSON.stringify({ name, version, fractions, splitSeed, choices, forms: versions }));
}
