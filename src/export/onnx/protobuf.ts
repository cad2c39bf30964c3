/** Protocol buffer messages, written field by field: as much of the format as an ONNX file needs. */

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;

/** One message; fields are written in the order of the calls. */
export class Message {
  readonly #parts: Uint8Array[] = [];

  /** A whole number; negative ones take ten bytes. */
  int(field: number, value: number): this {
    return this.#put(varint(field * 8 + VARINT), varint(value));
  }

  /** One entry per number of a repeated field. */
  ints(field: number, values: readonly number[]): this {
    for (const value of values) this.int(field, value);
    return this;
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#put(varint(field * 8 + FIXED32), bytes);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  texts(field: number, values: readonly string[]): this {
    for (const value of values) this.text(field, value);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#put(varint(field * 8 + LENGTH), varint(value.length), value);
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  messages(field: number, values: readonly Message[]): this {
    for (const value of values) this.message(field, value);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#parts.reduce((sum, { length }) => sum + length, 0));
    let position = 0;
    for (const part of this.#parts) {
      all.set(part, position);
      position += part.length;
    }
    return all;
  }

  #put(...parts: readonly Uint8Array[]): this {
    this.#parts.push(...parts);
    return this;
  }
}

/** Seven bits a byte, the least first; the top bit says that more follow. */
function varint(value: number): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const more = rest > 127n ? 128 : 0;
    bytes.push(Number(rest & 127n) | more);
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
