/** Kinetics-Sound with three of its classes and one of Kinetics-400's others. */
import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { film, put, speak, spread } from "./media.ts";

const CLASSES = {
  playing_guitar: "orange",
  "tap dancing": "cyan",
  tickling: "pink",
  abseiling: "brown",
};
const IDS = ["-3Mwkq-7TV4", "a1B2c3D4e5F", "_9zYxWvUtSr", "Qq-Ww_Ee-Rr", "0123456789a"];

export async function makeKineticsSound(folder: string): Promise<void> {
  const sound = join(folder, "..", "sound.wav");
  const clip = join(folder, "..", "clip.mp4");
  const silent = join(folder, "..", "silent.mp4");
  for (const [i, [name, colour]] of Object.entries(CLASSES).entries()) {
    await speak(sound, `${name} and ${name}`, 20 * i);
    await film(clip, "mp4", { colour, seconds: 3.2, sound });
    const paths = IDS.flatMap((id, k) => {
      const at = `${id.slice(0, 10)}${i}`;
      // The same film twice: both clips of it must go into one part.
      return ["000002_000012", "000012_000022"].slice(0, k < 2 ? 2 : 1).map((span) => {
        const part = k === 4 ? "val" : "train";
        return join(folder, part, name, `${at}_${span}.mp4`);
      });
    });
    await spread(clip, paths);
  }
  await film(silent, "mp4", { colour: "white", seconds: 2 });
  const silentClip = join(folder, "train", "tickling", "silentsilen_000000_000010.mp4");
  const cut = join(folder, "train", "tickling", "cutcutcutcu_000000_000010.mp4");
  await spread(silent, [silentClip]);
  await spread(clip, [cut, join(folder, "train", "loose123456_000001_000011.mp4")]);
  await spread(clip, [join(folder, "train", "playing_guitar", "tabled12345_000005_000015.MP4")]);
  await truncate(cut, 200);
  const rows = [
    "label,youtube_id,time_start,time_end,split",
    "tap dancing,tabled12345,5,15,train",
    "tap dancing,tabled12345,5,15,train",
    "singing,gone1234567,0,10,val",
    "tickling,,0,10,train",
  ];
  await put(join(folder, "kinetics400.csv"), `${rows.join("\r\n")}\r\n`);
}
