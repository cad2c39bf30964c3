/** Longest time that a training goes on without a pause. */
export const PAUSE_MS = 40;

/**
 * Lets the event loop run: messages, timers, input. Where there are messages it takes neither a timer nor an animation
 * frame, which browsers slow down in hidden tabs; workerd has none, nor tabs.
 */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof MessageChannel === "undefined") {
      setTimeout(resolve, 0);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
