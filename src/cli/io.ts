/** What a command talks to; a test gives its own. */
export interface Io {
  /** Results: what a program reads. */
  out(text: string): void;
  /** Progress and errors: what a person reads meanwhile. */
  err(text: string): void;
  /** Columns of the terminal that progress goes to; null if it is none. */
  readonly columns: number | null;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
