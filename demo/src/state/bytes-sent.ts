/** Kinds of requests that can carry something away; scripts, styles and the page itself only come in. */
const OUTGOING = new Set(["fetch", "xmlhttprequest", "beacon"]);

/**
 * What the page has sent since it was opened, by the browser's own list of requests. Their sizes are not in it, so any
 * request at all counts as at least one byte; the page's policy (connect-src 'none') lets none happen.
 */
export function bytesSent(): number {
  const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  return entries.filter(({ initiatorType }) => OUTGOING.has(initiatorType)).length;
}
