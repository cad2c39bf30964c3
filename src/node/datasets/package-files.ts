/** Finds data that come as npm packages, and never as a dependency of this one. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { DataError } from "../../engine/errors.ts";

/**
 * Path of a file in an installed package, looked up from a folder and then from this library.
 *
 * @param root - folder whose `node_modules` come first
 * @param install - what to install, for the message
 * @throws {DataError} if the package is in neither place
 */
export function findPackageFile(root: string, specifier: string, install: string): string {
  for (const from of [join(root, "package.json"), import.meta.url]) {
    try {
      return createRequire(from).resolve(specifier);
    } catch {
      // Not here: the next place may have it.
    }
  }
  throw new DataError(
    `data: Cannot find "${specifier}": expected it in node_modules of ${root}, got none; run npm install ${install}`,
  );
}
