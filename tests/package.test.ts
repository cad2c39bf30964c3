import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BUNDLED } from "../scripts/bundle-libraries.ts";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));

describe("package", () => {
  it("has no runtime dependency", () => {
    expect(manifest.dependencies).toEqual({});
    expect(manifest.peerDependencies).toBeUndefined();
    expect(manifest.optionalDependencies).toBeUndefined();
  });

  it("imports nothing but its own files, what is bundled and, in node/ and cli/, Node's modules", () => {
    const foreign = readdirSync("src", { withFileTypes: true, recursive: true })
      .filter((entry) => entry.name.endsWith(".ts"))
      .flatMap((entry) => {
        const path = join(entry.parentPath, entry.name);
        const imports = readFileSync(path, "utf8").matchAll(
          /^(?:import|export)[^"']*from "([^"]+)"/gm,
        );
        return [...imports].map(([, from]) => ({ path, from: from as string }));
      })
      .filter(({ from }) => !from.startsWith("."))
      .filter(
        ({ path, from }) =>
          !BUNDLED[path]?.packages.some((name) => `${from}/`.startsWith(`${name}/`)),
      )
      .filter(({ path, from }) => !(/^src\/(node|cli)\//.test(path) && from.startsWith("node:")));
    expect(foreign).toEqual([]);
  });
});
