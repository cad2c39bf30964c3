import { UNPACK_WASM } from "./wasm/unpack.ts";

/** `assembly/unpack/`. */
interface Unpacker {
  readonly memory: WebAssembly.Memory;
  reserve(textBytes: number, bytes: number): number;
  unpack(textBytes: number, bytes: number): number;
}

/**
 * The binary of a text that the build made of a core: its size, a space, and digits of six bits, packed so densely that
 * gzip neither gains nor loses (docs/decisions/0041). A small module of WASM unpacks it in a few milliseconds.
 *
 * @returns other text as its own bytes, which are no WASM
 * @throws {WebAssembly.CompileError} if the runtime refuses to compile
 */
export function unpackWasm(text: string): Uint8Array<ArrayBuffer> {
  const [size, digits] = text.split(" ", 2);
  if (digits === undefined || !/^\d+$/.test(size as string)) return new TextEncoder().encode(text);
  const bytes = Number(size);
  const binary = Uint8Array.from(atob(UNPACK_WASM), (character) => character.charCodeAt(0));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary));
  const unpacker = exports as unknown as Unpacker;
  const at = unpacker.reserve(digits.length, bytes);
  new TextEncoder().encodeInto(digits, new Uint8Array(unpacker.memory.buffer, at, digits.length));
  const start = unpacker.unpack(digits.length, bytes);
  return new Uint8Array(unpacker.memory.buffer.slice(start, start + bytes));
}
