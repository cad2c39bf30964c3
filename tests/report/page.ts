/** Looks into a page of the report. */

export const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

/** What the page gives its script. */
interface ScriptData {
  readonly ids: string[];
  readonly truths: number[];
  readonly pictures: Record<string, string>;
  readonly words: Record<string, string>;
  readonly left: number;
  readonly views: { label: string; predictions: number[][] }[];
}

export function scriptData(page: string): ScriptData {
  const match = page.match(/<script type="application\/json" id="report-data">(.*?)<\/script>/s);
  return JSON.parse(match?.[1] ?? "");
}

/** What a pattern finds, with a little of what stands before it: a whole page in a failed test helps nobody. */
export function finds(page: string, pattern: RegExp): string[] {
  return [...page.matchAll(pattern)].map(
    ({ 0: text, index }) => page.slice(index - 60, index) + text,
  );
}

export function contains(page: string, text: string): boolean {
  return page.includes(text);
}

/** Tags that are opened and not closed, or the other way round. Void elements, and SVG's self-closed, do not count. */
export function unbalanced(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const body = page
    .replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, "")
    .replace(/<!doctype html>/, "");
  for (const [tag, slash, name, closed] of body.matchAll(
    /<(\/?)([a-z0-9]+)(?:"[^"]*"|[^">])*?(\/?)>/g,
  )) {
    if (closed === "/" || ["meta", "input", "br", "img"].includes(name ?? "")) continue;
    if (slash === "") open.push(name ?? "");
    else if (open.pop() !== name) wrong.push(tag);
  }
  return [...wrong, ...open];
}
