/** What a reader finds in a data set's folder: samples, and where each of their modalities lies. */
import type { Part } from "../../data/split.ts";
import type { Picture } from "../../features/index.ts";

/** A file, or a part of one. */
export interface FileCell {
  readonly file: string;
  /** A row of an array (a number), or a name in an archive or a safetensors file. */
  readonly entry?: number | string;
  /** Seconds of a film. */
  readonly span?: Span;
  /** Of a text that is not UTF-8, such as "windows-1252"; default: it is refused. */
  readonly encoding?: string;
}

/** A stretch of time, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the raw value of one modality of one sample is. Plain data, so that it can be sent to a worker. */
export type Cell =
  | FileCell
  | { readonly text: string }
  | { readonly numbers: Float32Array }
  /** Red, green, blue. */
  | { readonly pixels: Picture<Uint8Array> };

/** One sample. */
export interface Item<M extends string = string> {
  /** Unique in the set. */
  readonly id: string;
  /** Samples of one group (a speaker, a session, a source) never lie in two parts. */
  readonly group: string;
  readonly label: string;
  /** The part in which the authors' list, or the set's own rule, has it. */
  readonly part?: Part;
  /** File and line that it came from; default: its id. */
  readonly where?: string;
  /** Null or left out: the sample lacks the modality. */
  readonly cells: { readonly [K in M]?: Cell | null };
}

/** Something that could not be used; preparing goes on without it. */
export interface Problem {
  /** File, or file and line: `labels.csv:17`. */
  readonly where: string;
  /** What is wrong, expected and got. */
  readonly message: string;
}
