/**
 * A WASM binary as text for a module of JavaScript: each of its most frequent bytes is one printable character, each other
 * byte two. Byte-aligned, so that gzip finds the repetitions of the binary, and short, so that they stay within its window:
 * smaller on the wire than the gzipped binary itself, where hexadecimal is a ninth and base64 more than a quarter larger.
 *
 * The text starts with all 256 bytes, most frequent first, as hexadecimal.
 */

/** Printable, and nothing that JavaScript or HTML would have to escape. */
const ALPHABET = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter(
  (character) => !"\"\\`$'<".includes(character),
);
/** The first characters of the alphabet start pairs. */
const PAIRS = 2;
const SINGLES = ALPHABET.length - PAIRS;
const HEADER = 512;

/** The binary as text. */
export function packWasm(bytes: Uint8Array): string {
  const counts = new Array<number>(256).fill(0);
  for (const byte of bytes) counts[byte] = (counts[byte] as number) + 1;
  const order = [...counts.keys()].sort(
    (a, b) => (counts[b] as number) - (counts[a] as number) || a - b,
  );
  const codes: string[] = [];
  order.forEach((byte, rank) => {
    const pair = rank - SINGLES;
    codes[byte] =
      pair < 0
        ? (ALPHABET[PAIRS + rank] as string)
        : `${ALPHABET[Math.floor(pair / ALPHABET.length)]}${ALPHABET[pair % ALPHABET.length]}`;
  });
  const header = order.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return header + Array.from(bytes, (byte) => codes[byte]).join("");
}

/** The binary of a text that {@link packWasm} made. */
export function unpackWasm(text: string): Uint8Array<ArrayBuffer> {
  const order = Array.from({ length: 256 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
  const places: number[] = [];
  ALPHABET.forEach((character, place) => {
    places[character.charCodeAt(0)] = place;
  });
  const bytes = new Uint8Array(text.length - HEADER);
  let size = 0;
  for (let i = HEADER; i < text.length; i++) {
    const place = places[text.charCodeAt(i)] as number;
    const rank =
      place < PAIRS
        ? SINGLES + place * ALPHABET.length + (places[text.charCodeAt(++i)] as number)
        : place - PAIRS;
    bytes[size++] = order[rank] as number;
  }
  return bytes.slice(0, size);
}
