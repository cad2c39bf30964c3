/** MVSA-Single with eighty tweets. */
import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { put, spread, still } from "./media.ts";

const COLOURS = { positive: "yellow", neutral: "gray", negative: "navy" };
const TEXTS = { positive: "so happy today", neutral: "a bus at noon", negative: "worst day ever" };
const COUNT = 80;

type Sentiment = keyof typeof TEXTS;

export async function makeMvsa(folder: string): Promise<void> {
  const at = (name: string) => join(folder, "data", name);
  const pictures = new Map<Sentiment, string>();
  for (const [sentiment, colour] of Object.entries(COLOURS)) {
    const path = join(folder, "..", `${sentiment}.jpg`);
    await still(path, colour);
    pictures.set(sentiment as Sentiment, path);
  }
  const sentiments = Object.keys(TEXTS) as Sentiment[];
  const rows = ["ID\ttext,image"];
  for (let id = 1; id <= COUNT; id++) {
    const text = sentiments[id % 3] as Sentiment;
    // Every seventh is neutral by its picture, and 13 and 26 contradict themselves.
    const image = id % 7 === 0 ? "neutral" : id % 13 === 0 && id < 27 ? opposite(text) : text;
    rows.push(`${id}\t${text},${image}`);
    await spread(pictures.get(image) as string, [at(`${id}.jpg`)]);
    await put(at(`${id}.txt`), `RT @user${id}: ${TEXTS[text]} #${text} ☕\n`);
  }
  // The bytes of an older encoding: "café".
  await put(at("3.txt"), Uint8Array.from([...Buffer.from("happy caf"), 0xe9]));
  await rm(at("5.jpg"));
  await rm(at("6.txt"));
  await truncate(at("8.jpg"), 250);
  await put(at("9.jpg"), "");
  await spread(at("1.jpg"), [at("500.jpg"), at("10.JPEG")]);
  rows.push(
    "4\tpositive,positive",
    "81\thappy,positive",
    "82\tpositive,positive,neutral,neutral",
    "83\tneutral,neutral",
  );
  await put(join(folder, "labelResultAll.txt"), `${rows.join("\r\n")}\r\n`);
}

function opposite(sentiment: Sentiment): Sentiment {
  return sentiment === "positive" ? "negative" : "positive";
}
