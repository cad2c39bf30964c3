/**
 * 64 bits (hex) that change with any value, name or length in a set of parameters, as float32: two sums over its words.
 * Good against mistakes, not against those who want two sets to look alike.
 */
export function hashValues(values: ReadonlyMap<string, ArrayLike<number>>): string {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  const add = (word: number): void => {
    low = Math.imul(low ^ word, 0x01000193);
    low ^= low >>> 15;
    high = Math.imul(high ^ word, 0x85ebca6b);
    high ^= high >>> 13;
  };
  for (const name of [...values.keys()].sort()) {
    const data = Float32Array.from(values.get(name) as ArrayLike<number>);
    for (let i = 0; i < name.length; i++) add(name.charCodeAt(i));
    add(data.length);
    for (const word of new Int32Array(data.buffer)) add(word);
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
