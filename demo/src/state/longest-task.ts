/** How long the page was ever blocked, by the browser's own measure. */
import { signal } from "@preact/signals";

/** The longest task of the main thread in milliseconds; 0 while none was above 50; null where it is not measured. */
export const longestTask = signal<number | null>(null);

export function watchTasks(): void {
  const known = globalThis.PerformanceObserver?.supportedEntryTypes ?? [];
  if (!known.includes("longtask")) return;
  longestTask.value = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      longestTask.value = Math.max(longestTask.value ?? 0, duration);
    }
  }).observe({ type: "longtask" });
}
