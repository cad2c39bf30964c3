import * as errors from "../engine/errors.ts";

/** An error as it can be sent: cloning keeps neither its class nor its code. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

export function errorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: undefined };
  const { name, message, stack } = error;
  return { name, message, stack };
}

/** The error with its class, if it is one of this library, and the stack of the worker. */
export function errorOf({ name, message, stack }: ErrorMessage): Error {
  const known = Object.entries(errors).find(([key]) => key === name)?.[1];
  const Type = (known ?? Error) as new (message: string) => Error;
  const error = new Type(message);
  if (known === undefined) Object.defineProperty(error, "name", { value: name });
  if (stack !== undefined) Object.defineProperty(error, "stack", { value: stack });
  return error;
}
