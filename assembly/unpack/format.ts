/**
 * What packer (scripts/pack/) and unpacker agree on. Both keep a probability per context and code one decision after another:
 * is it a match or a byte? A match copies `length` bytes from `offset` before; its offset may be that of the match before.
 */

/** Contexts of a byte: the byte before it, or what took an operand of one byte (INDEXED) and stands two before it. */
export const BYTE_CONTEXTS = 512;
/** What the last three decisions were: a bit each, 1 for a match. */
export const HISTORIES = 8;
/** A number's bits: how many there are, then the first three below the leading one; the rest share a context per count. */
export const NUMBER_CONTEXTS = 288;
export const NUMBER_MANTISSA = 32;

export const IS_MATCH = 0;
export const IS_REPEAT = 4096;
export const OFFSET = 4104;
export const LENGTH = 4392;
export const REPEAT_LENGTH = 4680;
export const BYTES = 4968;
/**
 * Of the first byte after a match, while its bits are those that the match would have gone on with: these and the next, and
 * the upper half of the byte's context.
 */
export const EXPECTED = BYTES + (BYTE_CONTEXTS << 8);
export const CONTEXTS = EXPECTED + (BYTE_CONTEXTS << 5);

/** After so many decisions a context no longer adapts more slowly. */
export const SLOWEST = 30;
/** Bits of the range; a digit has 6. */
export const RANGE_BITS = 30;
