import { describe, expect, it } from "vitest";
import { DataError } from "../../../src/engine/errors.ts";
import { findPackageFile } from "../../../src/node/datasets/package-files.ts";

describe("findPackageFile()", () => {
  it("finds a file of an installed package from another folder, too", () => {
    const path = findPackageFile("/nowhere", "emoji-datasource/emoji.json", "emoji-datasource@16");
    expect(path).toMatch(/emoji-datasource[\\/]emoji\.json$/);
  });

  it("says what to install", () => {
    const find = () =>
      findPackageFile("/nowhere", "no-such-package/data.json", "no-such-package@1");
    expect(find).toThrow(DataError);
    expect(find).toThrow(
      'data: Cannot find "no-such-package/data.json": expected it in node_modules of /nowhere, got none; run npm install no-such-package@1',
    );
  });
});
