/** Seconds since it was started, without those that it was stopped. */
export class Stopwatch {
  #start = performance.now();
  #stopped: number | undefined;

  get seconds(): number {
    return ((this.#stopped ?? performance.now()) - this.#start) / 1000;
  }

  get stopped(): boolean {
    return this.#stopped !== undefined;
  }

  stop(): void {
    this.#stopped ??= performance.now();
  }

  goOn(): void {
    if (this.#stopped !== undefined) this.#start += performance.now() - this.#stopped;
    this.#stopped = undefined;
  }
}
