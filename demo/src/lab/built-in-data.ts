/** The data that come with the page, and those that it recorded. */
import { type Dataset, type DenseData, decodeSafetensors } from "altermodal";
import { createSynthetic } from "altermodal/synthetic";
import { recordedData } from "../capture/pair.ts";
import type { Source, View } from "./protocol.ts";

/** Data to train on and to judge by, and how each modality of each part is shown. */
export interface OpenData {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly views: Readonly<Record<"train" | "validation", Readonly<Record<string, View>>>>;
  readonly attribution: readonly string[];
}

export async function openData(source: Source): Promise<OpenData> {
  switch (source.name) {
    case "emoji":
      return openEmoji();
    case "synthetic":
      return openSynthetic();
    case "recordings":
      return recordedData(source);
  }
}

async function openSynthetic(): Promise<OpenData> {
  const { train, validation } = await createSynthetic();
  const grids = ({ modalities }: typeof train): Record<string, View> => ({
    easy: gridView(modalities.easy as DenseData, 16, 4),
    hard: gridView(modalities.hard as DenseData, 8, 4),
  });
  const views = { train: grids(train), validation: grids(validation) };
  return { train, validation, views, attribution: [] };
}

/** The emoji pictures and names that the build put into a script of its own. */
async function openEmoji(): Promise<OpenData> {
  const { default: base64 } = await import("baked:emoji");
  const { tensors, metadata } = decodeSafetensors(await gunzip(fromBase64(base64)), "emoji");
  const json = (key: string) => JSON.parse(metadata.get(key) ?? "null");
  const words: readonly string[] = json("vocabulary");
  const norm: Norm = json("norm");
  const views: Record<string, Record<string, View>> = {};
  const read = (part: string): Dataset => {
    const array = (name: string) => tensors.get(`${part}.${name}`)?.data as never;
    const shape = tensors.get(`${part}.image`)?.shape ?? [];
    const [size = 0, height = 0, width = 0] = shape;
    const rgb = addUp(array("image"), width * 3);
    const offsets: Int32Array = array("offsets");
    const ids: Int32Array = array("ids");
    const texts = Array.from({ length: size }, (_, i) =>
      [...ids.subarray(offsets[i], offsets[i + 1])].map((id) => words[id]).join(" "),
    );
    views[part] = {
      picture: { kind: "picture", width, height, rgb },
      words: { kind: "words", texts },
    };
    return {
      name: `emoji/${part}`,
      size,
      classes: json("classes"),
      modalities: {
        picture: { kind: "dense", shape: shape.slice(1), values: normalise(rgb, norm) },
        words: { kind: "bag", vocabulary: words.length, words, ids, offsets },
      },
      labels: array("labels"),
      ids: Array.from({ length: size }, (_, i) => `${part}/${i}`),
    };
  };
  const [train, validation] = [read("train"), read("validation")];
  return { train, validation, views: views as OpenData["views"], attribution: json("attribution") };
}

interface Norm {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

function gridView({ values }: DenseData, width: number, height: number): View {
  return { kind: "grid", width, height, values };
}

function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Undoes the build's differences between neighbours. */
function addUp(bytes: Uint8Array, stride: number): Uint8Array {
  const sums = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const left = i % stride < 3 ? 0 : (sums[i - 3] as number);
    sums[i] = (bytes[i] as number) + left;
  }
  return sums;
}

/** Bytes to numbers of mean 0 and deviation 1 per colour, as the model is given them. */
function normalise(bytes: Uint8Array, { mean, deviation }: Norm): Float32Array {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const colour = i % 3;
    values[i] = ((bytes[i] as number) / 255 - (mean[colour] ?? 0)) / (deviation[colour] ?? 1);
  }
  return values;
}
