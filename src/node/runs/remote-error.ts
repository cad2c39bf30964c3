/** Errors on their way out of a worker: classes do not survive the message, names and texts do. */
import * as errors from "../../engine/errors.ts";

export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

const CLASSES: Readonly<Record<string, new (message: string) => Error>> = {
  DataError: errors.DataError,
  DataFormatError: errors.DataFormatError,
  InternalError: errors.InternalError,
  NonFiniteError: errors.NonFiniteError,
  OptionError: errors.OptionError,
  OutOfMemoryError: errors.OutOfMemoryError,
  ShapeError: errors.ShapeError,
  UseAfterFreeError: errors.UseAfterFreeError,
};

export function toPlainError(error: unknown): PlainError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack };
}

export function fromPlainError({ name, message, stack }: PlainError): Error {
  const error = new (CLASSES[name] ?? Error)(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
