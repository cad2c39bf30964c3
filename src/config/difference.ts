/**
 * Where two JSON values differ first, in words: `training.epochs = 3, got 2`; undefined if they are the same.
 *
 * @param path - where the values stand in a larger one
 */
export function findDifference(want: unknown, got: unknown, path = ""): string | undefined {
  if (isObject(want) && isObject(got)) {
    for (const key of new Set([...Object.keys(want), ...Object.keys(got)])) {
      const difference = findDifference(want[key], got[key], path === "" ? key : `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  const [wanted, actual] = [want, got].map((value) => JSON.stringify(value) ?? "nothing");
  return wanted === actual ? undefined : `${path} = ${wanted}, got ${actual}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
