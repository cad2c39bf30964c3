/**
 * Typed errors. Form of every message:
 * `"<where>: <what cannot be done>: expected <wanted>, got <actual>"`, with `; <remedy>` if there is one.
 * Each class carries a stable `code`, so programs need not parse text.
 */

/** A tensor or array has a shape that the operation cannot take. */
export class ShapeError extends RangeError {
  override readonly name = "ShapeError";
  readonly code = "ERR_SHAPE";
}

/** A value is outside its allowed range, or a name is not one of the valid ones. */
export class OptionError extends RangeError {
  override readonly name = "OptionError";
  readonly code = "ERR_OPTION";
}

/** Data break a promise: a label out of range, an empty class, NaN, an unknown or missing modality. */
export class DataError extends RangeError {
  override readonly name = "DataError";
  readonly code = "ERR_DATA";
}

/** A file is truncated, hostile or of another format. */
export class DataFormatError extends SyntaxError {
  override readonly name = "DataFormatError";
  readonly code = "ERR_DATA_FORMAT";
}

/** A tensor is used after its scope ended or after `dispose()`. */
export class UseAfterFreeError extends ReferenceError {
  override readonly name = "UseAfterFreeError";
  readonly code = "ERR_USE_AFTER_FREE";
}

/** The engine's memory limit is reached; the engine stays usable. */
export class OutOfMemoryError extends RangeError {
  override readonly name = "OutOfMemoryError";
  readonly code = "ERR_OUT_OF_MEMORY";
}

/** A loss or gradient stopped being finite during training. */
export class NonFiniteError extends RangeError {
  override readonly name = "NonFiniteError";
  readonly code = "ERR_NON_FINITE";
}

/** The runtime refuses or lacks what is needed: WebAssembly, by a page's security policy or altogether. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
  readonly code = "ERR_UNSUPPORTED";
}

/** A worker died: its script did not load, its memory ran out, or it was ended. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
  readonly code = "ERR_WORKER";
}

/** A storage is full, denied or not there, or lacks an entry; what was stored before is kept. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code = "ERR_STORAGE";
}

/** A bug of this library, never of its user. */
export class InternalError extends Error {
  override readonly name = "InternalError";
  readonly code = "ERR_INTERNAL";
}

/** Formats a shape for a message: `[32, 512]`. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** Formats valid names for a message: `"concat", "mla"`. */
export function formatNames(names: Iterable<string>): string {
  return [...names].map((name) => `"${name}"`).join(", ");
}
