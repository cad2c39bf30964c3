import { OptionError } from "../engine/errors.ts";

export interface PaddedTokens {
  /** [texts, length], row-major. */
  readonly ids: Int32Array;
  /** [texts, length]: 1 = a token, 0 = padding. */
  readonly mask: Uint8Array;
  readonly shape: readonly [texts: number, length: number];
}

const LONGEST = 2 ** 24;

/**
 * Token lists as one matrix: longer ones cut off, shorter ones padded at their end.
 *
 * @param padding - the id of the padding token
 * @throws {OptionError} if the length is none
 */
export function padTokens(
  lists: readonly ArrayLike<number>[],
  length: number,
  padding = 0,
): PaddedTokens {
  if (!(Number.isInteger(length) && length >= 1 && length <= LONGEST)) {
    throw new OptionError(
      `tokens: Cannot pad to this length: expected a whole number from 1 to ${LONGEST}, got ${length}`,
    );
  }
  const ids = new Int32Array(lists.length * length).fill(padding);
  const mask = new Uint8Array(lists.length * length);
  lists.forEach((list, row) => {
    const count = Math.min(length, list.length);
    for (let i = 0; i < count; i++) ids[row * length + i] = list[i] as number;
    mask.fill(1, row * length, row * length + count);
  });
  return { ids, mask, shape: [lists.length, length] };
}
