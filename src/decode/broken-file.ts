import { DataFormatError } from "../engine/errors.ts";

/** @throws {DataFormatError} always: the file cannot be decoded */
export function refuseFile(where: string, expected: string, actual: string): never {
  throw new DataFormatError(
    `${where}: Cannot decode the file: expected ${expected}, got ${actual}`,
  );
}

/** Runs a decoder of others; whatever it throws becomes one typed error that names the file. */
export async function decodeOrRefuse<T>(
  where: string,
  expected: string,
  decode: () => T | Promise<T>,
): Promise<T> {
  try {
    return await decode();
  } catch (error) {
    if (error instanceof DataFormatError) throw error;
    return refuseFile(where, expected, error instanceof Error ? error.message : String(error));
  }
}
