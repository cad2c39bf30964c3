/** What a file is, by its first bytes; its name may lie. */

const KINDS = {
  png: [0x89, 0x50, 0x4e, 0x47],
  jpeg: [0xff, 0xd8, 0xff],
  zip: [0x50, 0x4b, 0x03, 0x04],
  npy: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59],
} as const satisfies Record<string, readonly number[]>;

export type FileKind = keyof typeof KINDS | "webp" | "wav" | "empty" | "other";

export function fileKind(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) return "empty";
  const begins = (magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte);
  for (const [kind, magic] of Object.entries(KINDS)) {
    if (begins(magic)) return kind as keyof typeof KINDS;
  }
  const outer = asciiAt(bytes, 0);
  const inner = asciiAt(bytes, 8);
  if (outer === "RIFF" && inner === "WEBP") return "webp";
  if ((outer === "RIFF" || outer === "RIFX" || outer === "RF64") && inner === "WAVE") return "wav";
  return "other";
}

/** Four characters, as formats of chunks name them. */
export function asciiAt(bytes: Uint8Array, position: number): string {
  return String.fromCharCode(...bytes.subarray(position, position + 4));
}

/** What a file is, for messages. */
export function describeKind(bytes: Uint8Array): string {
  const kind = fileKind(bytes);
  if (kind === "empty") return "an empty file";
  return kind === "other" ? "another format" : `a ${kind} file`;
}
