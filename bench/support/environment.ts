import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";

/** Where figures were taken. */
export interface Environment {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly node: string;
  readonly v8: string;
  /** Of this package and of the bench's tools. */
  readonly packages: Readonly<Record<string, string>>;
  readonly build: string;
}

export function environment(build: string): Environment {
  const root = new URL("../../", import.meta.url);
  const version = (path: string): string =>
    (JSON.parse(readFileSync(new URL(`${path}package.json`, root), "utf8")) as { version: string })
      .version;
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    packages: {
      altermodal: version(""),
      assemblyscript: version("node_modules/assemblyscript/"),
      tinybench: version("node_modules/tinybench/"),
    },
    build,
  };
}
