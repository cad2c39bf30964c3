/** A wrong variant of the library: one change to one file, which the named tests must notice. */
export interface Mutant {
  /** What is wrong with it. */
  readonly name: string;
  readonly file: string;
  /** Text that stands in the file once. */
  readonly search: string;
  readonly replace: string;
  /** Test files that are run against it. */
  readonly tests: readonly string[];
  /** Runs only the tests whose names contain this. */
  readonly only?: string;
}
