/** The recipes of the package with small transformers, so that their rows train within seconds. */
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RECIPES_DIR } from "../../src/node/recipes.ts";

export async function writeSmallRecipes(folder: string): Promise<void> {
  await cp(RECIPES_DIR, folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".json")) continue;
    const path = join(folder, name);
    const text = await readFile(path, "utf8");
    await writeFile(
      path,
      text
        .replace(/"width": 768/g, '"width": 32')
        .replace(/"depth": 12/g, '"depth": 1')
        .replace(/"heads": 12/g, '"heads": 2')
        .replace(/"dim": 768/, '"dim": 32'),
    );
  }
}
