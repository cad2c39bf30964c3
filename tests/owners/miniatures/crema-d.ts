/** CREMA-D with six actors, a clip per emotion, and what goes wrong in real copies. */
import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { BOM, ffmpeg, film, put, speak, spread } from "./media.ts";

const EMOTIONS = ["ANG", "DIS", "FEA", "HAP", "NEU", "SAD"];
const COLOURS = ["red", "green", "blue", "yellow", "gray", "purple"];
const ACTORS = ["1001", "1002", "1003", "1004", "1005", "1006"];

export async function makeCremaD(folder: string): Promise<void> {
  const sound = (clip: string) => join(folder, "AudioWAV", `${clip}.wav`);
  const picture = (clip: string) => join(folder, "VideoFlash", `${clip}.flv`);
  const clip = (actor: string, emotion: string) => `${actor}_IEO_${emotion}_XX`;
  for (const [i, emotion] of EMOTIONS.entries()) {
    const [raw, wav, flv] = ["raw.wav", "clip.wav", "clip.flv"].map((name) =>
      join(folder, "..", name),
    );
    await speak(raw as string, "It's eleven o'clock", 15 * i);
    await ffmpeg("-i", raw as string, "-ar", "16000", wav as string);
    await film(flv as string, "flv", {
      colour: COLOURS[i] as string,
      seconds: 2.4,
      sound: wav as string,
    });
    await spread(
      wav as string,
      ACTORS.map((actor) => sound(clip(actor, emotion))),
    );
    // 1005 has no happy film, and 1003's films have another case; 1004's neutral one was converted.
    const films = ACTORS.filter((actor) => `${actor}${emotion}` !== "1005HAP").map((actor) => {
      const path = picture(clip(actor, emotion));
      if (actor === "1003") return path.replace(/\.flv$/, ".FLV");
      return actor + emotion === "1004NEU" ? path.replace(/\.flv$/, ".mp4") : path;
    });
    await spread(flv as string, films);
  }
  await ffmpeg(
    "-i",
    sound("1001_IEO_ANG_XX"),
    "-ar",
    "44100",
    "-ac",
    "2",
    "-c:a",
    "pcm_s24le",
    sound("1001_TIE_ANG_XX"),
  );
  await spread(picture("1001_IEO_ANG_XX"), [
    picture("1001_TIE_ANG_XX"),
    picture("1006_IEO_SAD_XX").replace(/\.flv$/, ".mp4"),
  ]);
  await truncate(sound("1002_IEO_SAD_XX"), 3000);
  await truncate(picture("1002_IEO_DIS_XX"), 40);
  await spread(sound("1001_IEO_ANG_XX"), [
    sound("1001_IEO_JOY_XX"),
    sound("interview"),
    join(folder, "AudioWAV", "._1001_IEO_ANG_XX.wav"),
  ]);
  await put(
    join(folder, "VideoDemographics.csv"),
    "ActorID,Age,Sex,Race,Ethnicity\r\n1001,51,Male,Caucasian,Not Hispanic\r\n",
  );
  const all = EMOTIONS.flatMap((emotion) =>
    ACTORS.map((actor) => `${clip(actor, emotion)}.flv ${emotion}`),
  );
  const isTest = (_: string, i: number) => i % 3 === 2;
  const list = (lines: readonly string[]) => `${BOM}${lines.join("\r\n")}\r\n`;
  const train = all.filter((line, i) => !isTest(line, i));
  await put(
    join(folder, "my_train_cre.txt"),
    list([...train, train[0] as string, "1091_WSI_SAD_XX.flv Sad"]),
  );
  await put(join(folder, "my_test_cre.txt"), list(all.filter(isTest)));
}
