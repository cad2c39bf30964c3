/**
 * Lets the event loop run: messages, timers, input. Neither a timer nor an animation frame, which browsers slow down in
 * hidden tabs.
 */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
