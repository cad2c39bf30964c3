/**
 * Unpacks the text that scripts/pack/ makes of a core, before there is a core: a module of its own, small and without vector
 * instructions. Memory holds, in this order: rates of adaptation, contexts, the packed text, what comes of it.
 */
import {
  BYTES,
  CONTEXTS,
  EXPECTED,
  HISTORIES,
  IS_MATCH,
  IS_REPEAT,
  LENGTH,
  NUMBER_MANTISSA,
  OFFSET,
  RANGE_BITS,
  REPEAT_LENGTH,
  SLOWEST,
} from "./format";

const CONTEXTS_AT: usize = 256;
const TEXT_AT: usize = CONTEXTS_AT + 4 * CONTEXTS;
/** What a context starts as, a probability of one half, is a zero in memory. */
const EVEN: u32 = 32768 << 8;
const PAGE: usize = 65536;
const RANGE_FULL: u32 = (1 << RANGE_BITS) - 1;
const RANGE_LEAST: u32 = 1 << (RANGE_BITS - 6);

let input: usize = 0;
let range: u32 = 0;
let code: u32 = 0;

/** Makes room for a text and what comes of it. @returns where the text goes */
export function reserve(textBytes: usize, bytes: usize): usize {
  const pages = (outputAt(textBytes) + bytes + PAGE) / PAGE;
  if (pages > <usize>memory.size()) memory.grow(<i32>pages - memory.size());
  return TEXT_AT;
}

/** Unpacks the text that stands where {@link reserve} said. @returns where the bytes are */
export function unpack(textBytes: usize, bytes: usize): usize {
  for (let n = 0; n <= SLOWEST; n++) store<u32>((<usize>n) << 2, (2 * 65536) / (2 * n + 3));
  input = TEXT_AT;
  range = RANGE_FULL;
  code = 0;
  for (let i = 0; i < RANGE_BITS / 6 + 1; i++) code = (code << 6) | digit();
  const start = outputAt(textBytes);
  const end = start + bytes;
  let out = start;
  let offset: usize = 0;
  let history = 0;
  while (out < end) {
    const context = byteContext(load<u8>(out - 1), load<u8>(out - 2));
    if (bit(IS_MATCH + context * HISTORIES + history) == 0) {
      const expected = history & 1 ? 256 | load<u8>(out - offset) : 0;
      let byte = 1;
      for (let shift = 7; shift >= 0; shift--) {
        const next = expected >> shift;
        const as =
          next >> 1 == byte
            ? EXPECTED + ((context >> 4) << 9) + next
            : BYTES + (context << 8) + byte;
        byte = (byte << 1) | bit(as);
      }
      store<u8>(out++, byte);
      history = (history << 1) & (HISTORIES - 1);
      continue;
    }
    let length: u32;
    if ((history & 1) == 0 && bit(IS_REPEAT + history)) {
      length = number(REPEAT_LENGTH);
    } else {
      offset = number(OFFSET);
      length = number(LENGTH) + 1;
    }
    for (const stop = out + length; out < stop; out++) store<u8>(out, load<u8>(out - offset));
    history = ((history << 1) | 1) & (HISTORIES - 1);
  }
  return start;
}

/** Two zeros stand before the first byte. */
function outputAt(textBytes: usize): usize {
  return TEXT_AT + textBytes + 16;
}

/** The byte after the operand of an instruction with an index or a constant is an instruction, whatever the operand. */
function byteContext(previous: i32, before: i32): i32 {
  return (before >= 0x20 && before <= 0x24) || before == 0x41 ? 256 + before : previous;
}

/** A number from 1: its bits, leading one apart, from the highest down. */
function number(contexts: i32): u32 {
  let bits = 0;
  while (bits < NUMBER_MANTISSA - 1 && bit(contexts + bits)) bits++;
  const mantissa = contexts + NUMBER_MANTISSA + 8 * bits;
  let value: u32 = 1;
  for (let i = 0; i < bits; i++) value = (value << 1) | bit(mantissa + (value < 8 ? value : 0));
  return value;
}

function bit(context: i32): i32 {
  const at = CONTEXTS_AT + ((<usize>context) << 2);
  const state = load<u32>(at) ^ EVEN;
  const count = state & 255;
  const probability = state >> 8;
  const bound = (range >> 12) * (probability >> 4);
  const rate = load<u32>((<usize>count) << 2);
  const one = code < bound;
  let next: u32;
  if (one) {
    range = bound;
    next = probability + (((65536 - probability) * rate) >> 16);
  } else {
    code -= bound;
    range -= bound;
    next = probability - ((probability * rate) >> 16);
  }
  store<u32>(at, ((next << 8) | (count + u32(count < <u32>SLOWEST))) ^ EVEN);
  while (range < RANGE_LEAST) {
    range <<= 6;
    code = (code << 6) | digit();
  }
  return i32(one);
}

/** Six bits of the text: the characters from `(`, without `<`, the backslash and the backtick. */
function digit(): u32 {
  const c = <u32>load<u8>(input++);
  return c - 40 - u32(c > 60) - u32(c > 92) - u32(c > 96);
}
