/** Rows that are read when needed, on their way to another thread: the thread opens them anew. */
import type { Dataset, ModalityData, StreamedData } from "../data/dataset.ts";
import { openRows, type RowOpeners } from "../data/rows.ts";
import { DataError } from "../engine/errors.ts";

type Modalities = Readonly<Record<string, unknown>>;

/** Modalities, in any accepted form, as they can be sent. @throws {DataError} for rows that only this thread can read */
export function sendModalities<R extends Modalities>(modalities: R): R {
  return mapStreamed(modalities, (name, data) => {
    const { size, origin } = data.rows;
    if (origin !== undefined) return { ...data, rows: { size, origin } };
    throw new DataError(
      `worker: Cannot send modality "${name}" to a worker: expected values in memory or rows with an origin, such as storedRows(), got rows of this thread; leave out { where }, or give the source an { origin } and the worker's serve() its { openers }`,
    );
  });
}

/** What was sent, as this thread reads it. @throws {DataError} if there is no opener for some of the rows */
export async function openModalities<R extends Modalities>(
  modalities: R,
  openers: RowOpeners,
): Promise<R> {
  const opened = new Map<string, StreamedData["rows"]>();
  for (const [name, data] of streamedOf(modalities)) {
    const { origin } = data.rows;
    if (origin !== undefined) opened.set(name, await openRows(origin, openers));
  }
  return mapStreamed(modalities, (name, data) => ({ ...data, rows: opened.get(name) as never }));
}

/** As {@link sendModalities}, of the parts of a training. */
export function sendParts<P extends Readonly<Record<string, Dataset | undefined>>>(parts: P): P {
  return mapParts(parts, sendModalities);
}

/** As {@link openModalities}, of the parts of a training. */
export async function openParts<P extends Readonly<Record<string, Dataset | undefined>>>(
  parts: P,
  openers: RowOpeners,
): Promise<P> {
  const opened = new Map<unknown, Dataset["modalities"]>();
  for (const part of Object.values(parts)) {
    if (part) opened.set(part.modalities, await openModalities(part.modalities, openers));
  }
  return mapParts(parts, (modalities) => opened.get(modalities) as Dataset["modalities"]);
}

function mapParts<P extends Readonly<Record<string, Dataset | undefined>>>(
  parts: P,
  change: (modalities: Dataset["modalities"]) => Dataset["modalities"],
): P {
  const changed = Object.entries(parts).map(([name, part]) => [
    name,
    part && { ...part, modalities: change(part.modalities) },
  ]);
  return Object.fromEntries(changed) as P;
}

function streamedOf(modalities: Modalities): [string, StreamedData][] {
  const isStreamed = (data: unknown) => typeof data === "object" && data !== null && "rows" in data;
  return Object.entries(modalities).filter(([, data]) => isStreamed(data)) as [
    string,
    StreamedData,
  ][];
}

function mapStreamed<R extends Modalities>(
  modalities: R,
  change: (name: string, data: StreamedData) => Omit<ModalityData, "rows"> & { rows: unknown },
): R {
  const changed = streamedOf(modalities).map(([name, data]) => [name, change(name, data)]);
  return { ...modalities, ...Object.fromEntries(changed) };
}
