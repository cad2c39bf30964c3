/** The class lists that go by the name of Kinetics-Sound, in the names of Kinetics-400. */

/** Those of the 34 that Kinetics-400 has under a name of its own; the list most papers count as 31. */
const CLASSES_31: readonly string[] = [
  "blowing nose",
  "blowing out candles",
  "bowling",
  "chopping wood",
  "dribbling basketball",
  "laughing",
  "mowing lawn",
  "playing accordion",
  "playing bagpipes",
  "playing bass guitar",
  "playing clarinet",
  "playing drums",
  "playing guitar",
  "playing harmonica",
  "playing keyboard",
  "playing organ",
  "playing piano",
  "playing saxophone",
  "playing trombone",
  "playing trumpet",
  "playing violin",
  "playing xylophone",
  "ripping paper",
  "shoveling snow",
  "shuffling cards",
  "singing",
  "stomping grapes",
  "tap dancing",
  "tapping guitar",
  "tapping pen",
  "tickling",
];

/** By number of classes. */
export const CLASS_LISTS: Readonly<Record<string, readonly string[]>> = {
  31: CLASSES_31,
  32: [...CLASSES_31, "strumming guitar"].sort(),
  34: [...CLASSES_31, "fingerpicking", "patting", "typing"].sort(),
};

/** Names in "Look, Listen and Learn" (ICCV 2017), from before Kinetics-400 was public. */
const OLDER_NAMES: Readonly<Record<string, string>> = {
  "blowing out": "blowing out candles",
  "dribbling ball": "dribbling basketball",
  "mowing the lawn by pushing lawnmower": "mowing lawn",
  "mowing the lawn": "mowing lawn",
  stomping: "stomping grapes",
};

/** A class as folders and lists spell it: `playing_guitar`, `Playing Guitar`, an older name. */
export function className(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[_\s]+/g, " ")
    .trim();
  return OLDER_NAMES[plain] ?? plain;
}
