/** Which samples stay, and all that is small about them: labels, parts, masks, token lists. */
import { DataError } from "../../engine/errors.ts";
import type { ChunkSummary } from "./chunk.ts";
import type { FormChoice } from "./form.ts";
import { findForm } from "./forms/index.ts";
import type { DenseModality } from "./join.ts";
import type { Plan } from "./plan.ts";

export interface Assembled {
  /** Positions in the plan of the samples that stay: those with anything readable. */
  readonly kept: readonly number[];
  readonly present: Readonly<Record<string, Uint8Array>>;
  readonly part: Uint8Array;
  readonly small: Readonly<Record<string, Uint8Array | Int32Array>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly dense: readonly DenseModality[];
  readonly described: Readonly<Record<string, string>>;
}

/** @throws {DataError} if nothing can be read, or nothing of some modality */
export function assemble({
  name,
  folder,
  forms,
  plan,
  summaries,
}: {
  readonly name: string;
  readonly folder: string;
  readonly forms: Readonly<Record<string, FormChoice>>;
  readonly plan: Plan;
  readonly summaries: readonly ChunkSummary[];
}): Assembled {
  const modalities = Object.keys(forms);
  const has = (modality: string) =>
    Uint8Array.from(summaries.flatMap(({ present }) => [...(present[modality] ?? [])]));
  const masks = Object.fromEntries(modalities.map((modality) => [modality, has(modality)]));
  const kept = [...plan.items.keys()].filter((row) =>
    modalities.some((m) => masks[m]?.[row] === 1),
  );
  if (kept.length === 0) {
    throw new DataError(
      `${name}: Cannot prepare the data: expected a readable sample, got none of ${plan.items.length}; first: ${summaries.flatMap(({ problems }) => problems)[0]?.message}`,
    );
  }
  const take = (values: Uint8Array) => Uint8Array.from(kept, (row) => values[row] as number);
  const takeInts = (values: Int32Array) => Int32Array.from(kept, (row) => values[row] as number);
  const present = Object.fromEntries(modalities.map((m) => [m, take(masks[m] as Uint8Array)]));
  const part = take(plan.part);
  const train = Int32Array.from(part.keys()).filter((row) => part[row] === 0);
  const small: Record<string, Uint8Array | Int32Array> = {
    labels: takeInts(plan.labels),
    groups: takeInts(plan.groups),
    part,
  };
  const metadata: Record<string, string> = {
    classes: JSON.stringify(plan.classes),
    ids: JSON.stringify(kept.map((row) => plan.items[row]?.id)),
  };
  const dense: DenseModality[] = [];
  const described: Record<string, string> = {};
  for (const m of modalities) {
    const choice = forms[m] as FormChoice;
    const form = findForm(choice);
    const mask = present[m] as Uint8Array;
    if (!mask.includes(1)) {
      throw new DataError(
        `${name}: Cannot use modality "${m}": expected a sample that has it, got none; first problem: ${summaries.flatMap(({ problems }) => problems)[0]?.message ?? "none"}`,
      );
    }
    if (mask.includes(0)) small[`${m}.present`] = mask;
    if (form.kind === "dense") {
      dense.push({ name: m, form, shape: form.shape(choice.settings), present: mask });
      described[m] = form.describe(choice.settings);
      continue;
    }
    const texts = summaries.flatMap((summary) => summary.texts[m] ?? []);
    const bag = form.encode(
      kept.map((row) => texts[row] ?? null),
      train,
      choice.settings,
      folder,
    );
    if (bag.vocabulary === 0) {
      throw new DataError(
        `${name}: Cannot use the texts of modality "${m}": expected a word that is common enough, got none`,
      );
    }
    small[`${m}.ids`] = bag.ids;
    small[`${m}.offsets`] = bag.offsets;
    metadata[`${m}.vocabulary`] = JSON.stringify(bag.words);
    described[m] = form.describe(choice.settings, bag.vocabulary);
  }
  return { kept, present, part, small, metadata, dense, described };
}
