/** JSON.parse keeps the last of two equal keys in silence; a hostile file may count on that. */

/**
 * The first key that occurs twice in one object of a JSON text, or undefined.
 *
 * @param text - a text that JSON.parse accepts
 */
export function findRepeatedKey(text: string): string | undefined {
  // One entry per open bracket: the keys seen in an object, null in an array.
  const open: (Set<string> | null)[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, -1)) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}
