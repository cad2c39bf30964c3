import type { Model, RemoteModel } from "../src/index.ts";

/** Parts of the library that the job uses; see job.mjs. */
// biome-ignore lint/suspicious/noExplicitAny: consumers are plain JavaScript
export type JobLibrary = Record<string, any>;
export function job(library: JobLibrary, more?: object): Promise<string>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export function jobSettings(library: JobLibrary): any;
export function hashOf(
  parameters:
    | ReturnType<Model<string>["parameters"]>
    | Awaited<ReturnType<RemoteModel<string>["parameters"]>>,
): string;
