/** Holds up whoever comes while it is closed. */
export class Gate {
  #passage = Promise.resolve();
  #release: (() => void) | undefined;

  get shut(): boolean {
    return this.#release !== undefined;
  }

  /** Resolves at once, or when the gate opens. */
  get passage(): Promise<void> {
    return this.#passage;
  }

  close(): void {
    if (this.shut) return;
    this.#passage = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  open(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
