/** What a training passes before each batch: while it is closed, the training stands still. */
export class Gate {
  /** Resolves when it opens; undefined while it is open. */
  #opened: Promise<void> | undefined;
  open: () => void = () => {};

  get closed(): boolean {
    return this.#opened !== undefined;
  }

  close(): void {
    this.#opened ??= new Promise((resolve) => {
      this.open = () => {
        this.#opened = undefined;
        resolve();
      };
    });
  }

  /** Resolves when it is open. @throws the signal's reason if it is aborted meanwhile */
  async passage(signal: AbortSignal | undefined): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      signal?.addEventListener("abort", () => resolve(), { once: true });
    });
    while (this.#opened !== undefined) {
      await Promise.race([this.#opened, aborted]);
      signal?.throwIfAborted();
    }
  }
}
