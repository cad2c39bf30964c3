/** A data set made from files, described by one file of this kind. */

import type { Part } from "../../data/split.ts";
import { OptionError } from "../../engine/errors.ts";
import type { FfmpegOptions } from "../decode/ffmpeg.ts";
import type { FormChoice } from "./form.ts";
import type { Item, Problem } from "./item.ts";

/** Which parts: `authors`, as the items say; `grouped`, drawn by seed, stratified by class, groups whole. */
export type SplitRule = "authors" | "grouped";

/** What a reader is told. */
export interface ReadContext {
  /** The owner's download. */
  readonly folder: string;
  readonly variant: string;
  readonly split: SplitRule;
  readonly ffmpeg: FfmpegOptions;
  readonly signal: AbortSignal;
  /** Notes what cannot be used, and goes on. */
  report(problem: Problem): void;
}

/** What a reader found. */
export interface Listing<M extends string = string> {
  readonly items: readonly Item<M>[];
  /** In this order; default: the labels that occur, sorted. An item with another label becomes a problem. */
  readonly classes?: readonly string[];
  /** Only for sets whose modalities are the user's: replaces {@link FileSet.forms}. */
  readonly forms?: Readonly<Record<string, FormChoice>>;
  /** In words: which edition, how many of what. */
  readonly variant?: string;
  /** Versions of what the data came from. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Replaces {@link FileSet.attribution}. */
  readonly attribution?: readonly string[];
}

export interface FileSet<M extends string = string> {
  readonly name: string;
  /** One line for lists and help. */
  readonly title: string;
  readonly licence: string;
  /** Where to get it, one line; told when the folder is missing. */
  readonly source: string;
  /** Lines that a report must show. */
  readonly attribution: readonly string[];
  /** Raised when the reader gives other items for the same folder. */
  readonly version: number;
  /** The first is the default. */
  readonly variants?: readonly string[];
  /** The rules that it can follow; the first is the default. */
  readonly splits: readonly [SplitRule, ...SplitRule[]];
  /** Of a grouped split, and for a validation part where the authors' list has none. Default 8 : 1 : 1. */
  readonly fractions?: Readonly<Record<Part, number>>;
  readonly splitSeed?: number;
  /** The modalities of a variant, and what becomes of each. */
  forms(variant: string): Readonly<Record<M, FormChoice>>;
  /** Name under which a folder of it is kept, where each is another set; default: that of the set. */
  nameAfter?(folder: string): string;
  /** The folder where none is named, if there is one on this machine. */
  find?(): string | undefined;
  /**
   * Lists the samples without opening more than lists and annotations.
   *
   * @throws {DataError} if the folder is not laid out as the owner's
   */
  read(context: ReadContext): Promise<Listing<M>>;
}

/** Declares a data set; the modality names stay in the type. */
export function defineFileSet<M extends string>(set: FileSet<M>): FileSet<M> {
  return set;
}

/** What of a set is prepared. */
export interface Choices {
  readonly variant: string;
  readonly split: SplitRule;
  /** Number of samples, spread over classes and parts; 0: all. */
  readonly limit: number;
}

/** @throws {OptionError} if the set has no such variant or split */
export function choose(
  set: FileSet,
  given: { readonly variant?: string; readonly split?: string; readonly limit?: number },
): Choices {
  const variants = set.variants ?? ["default"];
  return {
    variant: oneOf(set, "variant", variants, given.variant),
    split: oneOf(set, "split", set.splits, given.split),
    limit: given.limit ?? 0,
  };
}

function oneOf<T extends string>(
  set: FileSet,
  what: string,
  valid: readonly T[],
  given: string | undefined,
): T {
  if (given === undefined) return valid[0] as T;
  const found = valid.find((name) => name === given);
  if (found !== undefined) return found;
  const names = valid.map((name) => `"${name}"`).join(", ");
  throw new OptionError(`${set.name}: Cannot find ${what} "${given}": expected one of ${names}`);
}

/** Name under which the choices are kept and loaded: the set's own, followed by what is not the default. */
export function preparedName(
  set: FileSet,
  { variant, split, limit }: Choices,
  folder?: string,
): string {
  const parts = [folder === undefined ? set.name : (set.nameAfter?.(folder) ?? set.name)];
  if (variant !== (set.variants?.[0] ?? "default")) parts.push(variant);
  if (split !== set.splits[0]) parts.push(split);
  if (limit > 0) parts.push(`${limit}`);
  return parts.join("-");
}
