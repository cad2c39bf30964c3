import type * as decode from "../../src/decode/index.ts";
import type * as features from "../../src/features/index.ts";

export interface Decoded {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export function decodeFiles(
  library: Pick<typeof decode, "decodePicture" | "decodeWav" | "decodeSound">,
  names: readonly string[],
  read: (name: string) => Promise<Blob>,
): Promise<Record<string, Decoded | string>>;

export function featuresOf(
  library: Pick<typeof decode, "decodePicture" | "decodeWav" | "decodeSound">,
  features: typeof features,
  read: (name: string) => Promise<Blob>,
): Promise<string>;
