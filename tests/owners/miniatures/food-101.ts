/** UPMC Food-101 with three dishes; titles with commas, quotes, accents and line ends of two systems. */
import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { BOM, put, spread, still, tokenizerJson } from "./media.ts";

const DISHES = { apple_pie: "orange", crème_brûlée: "yellow", sushi: "green" };
const PER_PART = { train: 8, test: 4 };

export async function makeFood101(folder: string): Promise<void> {
  const titles: Record<string, string[]> = { train: [], test: [] };
  const at = (part: string, dish: string, file: string) => join(folder, "images", part, dish, file);
  for (const [dish, colour] of Object.entries(DISHES)) {
    const picture = join(folder, "..", "picture.jpg");
    await still(picture, colour);
    let number = 0;
    for (const [part, count] of Object.entries(PER_PART)) {
      for (let i = 0; i < count; i++) {
        const file = `${dish}_${number++}.jpg`;
        await spread(picture, [at(part, dish, file)]);
        titles[part]?.push(
          `${file},"Best ${dish.replaceAll("_", " ")}, easy | Kitchen ""${i}""",${dish}`,
        );
      }
    }
  }
  const png = join(folder, "..", "picture.png");
  await still(png, "white", "60x90");
  // A PNG that calls itself a JPEG, one cut off, one that is a page of text, and one without a title.
  await spread(png, [at("train", "sushi", "sushi_0.jpg"), at("train", "sushi", "sushi_99.jpg")]);
  await truncate(at("train", "sushi", "sushi_1.jpg"), 300);
  await put(at("train", "sushi", "sushi_2.jpg"), "<html>404 Not Found</html>");
  titles.train?.push(
    "apple_pie_0.jpg,once more,apple_pie",
    "apple_pie_77.jpg,a pie, without a picture,apple_pie",
    "sushi_98.jpg,sushi",
  );
  await put(join(folder, "texts", "train_titles.csv"), `${BOM}${titles.train?.join("\r\n")}\r\n`);
  await put(join(folder, "texts", "test_titles.csv"), `${titles.test?.join("\n")}\n`);
  await put(
    join(folder, "tokenizer.json"),
    tokenizerJson(["best", "apple", "pie", "easy", "kitchen", "sushi"]),
  );
}
