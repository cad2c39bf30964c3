import { readFile } from "node:fs/promises";

/** Versions that a run's results depend on. */
export async function readVersions(): Promise<Record<string, string>> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return { [name]: version, node: process.versions.node };
}
