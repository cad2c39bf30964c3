/** IEMOCAP with a dialogue in each of its five sessions. */
import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { ffmpeg, film, put, speak, spread, tokenizerJson } from "./media.ts";

const CODES = ["neu", "ang", "sad", "hap", "exc", "fru"];
const WORDS = ["so it is", "get out", "he is gone", "that is great", "wonderful news", "not again"];
const ROUNDS = 2;

export async function makeIemocap(folder: string): Promise<void> {
  const raw = join(folder, "..", "raw.wav");
  const avi = join(folder, "..", "dialogue.avi");
  const voices: string[] = [];
  for (const [i, text] of WORDS.entries()) {
    const path = join(folder, "..", `${CODES[i]}.wav`);
    await speak(raw, text, 15 * i);
    await ffmpeg("-i", raw, "-ar", "16000", path);
    voices.push(path);
  }
  await film(avi, "avi", { colour: "orange", seconds: 9 });
  for (let session = 1; session <= 5; session++) {
    const dialogue = `Ses0${session}F_impro01`;
    const at = (...names: string[]) => join(folder, `Session${session}`, ...names);
    const evaluations = ["% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]", ""];
    const lines: string[] = [];
    for (let i = 0; i < ROUNDS * CODES.length; i++) {
      const id = `${dialogue}_${i % 2 === 0 ? "F" : "M"}${String(i).padStart(3, "0")}`;
      const code = CODES[i % CODES.length] as string;
      const [start, end] = [i * 0.7, i * 0.7 + 0.6];
      evaluations.push(
        `[${start.toFixed(4)} - ${end.toFixed(4)}]\t${id}\t${code}\t[2.5000, 2.5000, 2.5000]`,
      );
      evaluations.push("C-E2:\tNeutral;\t()", "A-E3:\tval 3; act 2; dom  2;\t()", "");
      lines.push(
        `${id} [00${start.toFixed(4)}-00${end.toFixed(4)}]: ${WORDS[i % CODES.length]}, [LAUGHTER] señor.`,
      );
      await spread(voices[i % CODES.length] as string, [
        at("sentences", "wav", dialogue, `${id}.wav`),
      ]);
    }
    lines.push("M: what is said beside the turns");
    if (session === 2) {
      evaluations.push(
        evaluations[2] as string,
        `[3.0000 - 2.0000]\t${dialogue}_F900\tneu\t[2, 2, 2]`,
      );
      evaluations.push(`[8.0000 - 8.5000]\t${dialogue}_F901\tneu\t[2.5000, 2.5000, 2.5000]`);
      lines.push("Ses01F_impro01_F000 [000.0000-000.6000]: of another dialogue");
    }
    await put(at("dialog", "EmoEvaluation", `${dialogue}.txt`), `${evaluations.join("\r\n")}\r\n`);
    await put(
      at("dialog", "EmoEvaluation", "Categorical", `${dialogue}_e2_cat.txt`),
      "[0.0000 - 0.6000] nothing to read\n",
    );
    await put(at("dialog", "EmoEvaluation", `._${dialogue}.txt`), "\0\0");
    await put(at("dialog", "transcriptions", `${dialogue}.txt`), `${lines.join("\n")}\n`);
    // The films of session 4 were converted.
    await spread(avi, [
      at("dialog", "avi", "DivX", `${dialogue}.${session === 4 ? "mp4" : "avi"}`),
    ]);
  }
  const wav = (session: number, turn: string) => {
    const dialogue = `Ses0${session}F_impro01`;
    return join(
      folder,
      `Session${session}`,
      "sentences",
      "wav",
      dialogue,
      `${dialogue}_${turn}.wav`,
    );
  };
  await rm(wav(1, "F000"));
  await truncate(wav(3, "M001"), 100);
  await put(
    join(folder, "tokenizer.json"),
    tokenizerJson(["so", "it", "is", "great", "news", "gone", "out"]),
  );
}
