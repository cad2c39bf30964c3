/** Chunks to one safetensors file, a chunk in memory at a time. */
import { type FileHandle, open } from "node:fs/promises";
import type { ChannelNorm } from "../../data/normalise.ts";
import { DTYPES, dtypeOf, type TensorArray } from "../../io/dtypes.ts";
import { encodeHeader, type TensorPlan } from "../../io/safetensors-header.ts";
import { hashFile } from "../hash.ts";
import { replaceWhole } from "../write-whole.ts";
import { ChannelMeter } from "./channel-meter.ts";
import type { DenseForm } from "./form.ts";
import { openPositional } from "./positional-file.ts";

export interface DenseModality {
  readonly name: string;
  readonly form: DenseForm;
  readonly shape: readonly number[];
  /** One byte per kept sample. */
  readonly present: Uint8Array;
}

export interface JoinPlan {
  readonly path: string;
  /** Files of the chunks, and for each of their samples its place in the result, -1 for one that is dropped. */
  readonly chunks: readonly { readonly path: string; readonly places: Int32Array }[];
  readonly size: number;
  readonly dense: readonly DenseModality[];
  /** Everything small: labels, groups, parts, masks, token ids. */
  readonly small: Readonly<Record<string, TensorArray>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether the sample at a place is trained on. */
  readonly isTrain: (place: number) => boolean;
}

export interface Joined {
  /** SHA-256 of the file. */
  readonly hash: string;
  /** Per dense modality, over the training part; of bytes in units of 255. */
  readonly norms: Readonly<Record<string, ChannelNorm>>;
}

/** Writes the file beside its place and renames it when it is whole and on the disk. */
export async function joinChunks(plan: JoinPlan): Promise<Joined> {
  return replaceWhole(plan.path, async (draft) => {
    const handle = await open(draft, "w");
    try {
      const norms = await fill(handle, plan);
      await handle.sync();
      return { hash: (await hashFile(draft)).sha256, norms };
    } finally {
      await handle.close();
    }
  });
}

async function fill(handle: FileHandle, plan: JoinPlan): Promise<Record<string, ChannelNorm>> {
  const { bytes, entries } = encodeHeader(tensorPlans(plan), plan.metadata);
  const places = new Map(entries.map(({ name, begin }) => [name, bytes.length + begin]));
  const writeAt = async (data: Uint8Array, position: number) => {
    for (let done = 0; done < data.length; ) {
      done += (await handle.write(data, done, data.length - done, position + done)).bytesWritten;
    }
  };
  await writeAt(bytes, 0);
  for (const [name, data] of Object.entries(plan.small)) {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    await writeAt(raw, places.get(name) as number);
  }
  const meters = plan.dense.map(({ shape }) => new ChannelMeter(shape.at(-1) ?? 1));
  for (const { path, places: targets } of plan.chunks) {
    await using chunk = await openPositional(path);
    for (const [i, { name, form, shape, present }] of plan.dense.entries()) {
      const entry = chunk.entry(name);
      if (entry === undefined) continue;
      const rowBytes = shape.reduce((product, side) => product * side, DTYPES[form.dtype].bytes);
      const rows = await chunk.rows(entry, 0, targets.length);
      const start = places.get(name) as number;
      for (const [row, place] of targets.entries()) {
        if (place < 0) continue;
        const raw = rows.slice(row * rowBytes, (row + 1) * rowBytes);
        if (present[place] === 1 && plan.isTrain(place)) {
          meters[i]?.add(DTYPES[form.dtype].read(raw.buffer) as Float32Array | Uint8Array);
        }
      }
      for (const { from, to, count } of runsOf(targets)) {
        const run = rows.subarray(from * rowBytes, (from + count) * rowBytes);
        await writeAt(run, start + to * rowBytes);
      }
    }
  }
  return Object.fromEntries(
    plan.dense.map(({ name, form }, i) => [
      name,
      (meters[i] as ChannelMeter).norm(form.dtype === "U8" ? 255 : 1),
    ]),
  );
}

/** Rows that stay next to each other, so that they are written at once. */
function* runsOf(targets: Int32Array): Generator<{ from: number; to: number; count: number }> {
  let from = 0;
  while (from < targets.length) {
    const to = targets[from] as number;
    let count = 1;
    while (to >= 0 && targets[from + count] === to + count) count++;
    if (to >= 0) yield { from, to, count };
    from += count;
  }
}

function tensorPlans({ dense, small, size }: JoinPlan): TensorPlan[] {
  return [
    ...dense.map(({ name, form, shape }) => ({
      name,
      dtype: form.dtype,
      shape: [size, ...shape],
    })),
    ...Object.entries(small).map(([name, data]) => ({
      name,
      dtype: dtypeOf(data),
      shape: [data.length],
    })),
  ];
}
