/** Reads pictures, names and groups from the npm package emoji-datasource. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { DataFormatError, formatShape } from "../../engine/errors.ts";
import { findPackageFile } from "./package-files.ts";

/** The artwork with a free licence; the package also carries some without. */
export const VENDORS = ["google", "twitter"] as const;

export type Vendor = (typeof VENDORS)[number];

/** Side of a picture in pixels. */
export const SIDE = 32;
/** Sheets leave one transparent pixel around each tile. */
const PITCH = SIDE + 2;
const INSTALL = "emoji-datasource@16 fast-png";
const VERSION = "16.0.0";

export interface Emoji {
  /** Official name: "TELEPHONE RECEIVER". */
  readonly name: string;
  /** Short unique name: "telephone_receiver". */
  readonly shortName: string;
  /** Code points in hex, joined by "-". */
  readonly unified: string;
  readonly category: string;
  readonly sheetX: number;
  readonly sheetY: number;
}

export interface Sheet {
  /** Side of the whole sheet in pixels. */
  readonly width: number;
  /** [height, width, 4] red, green, blue, alpha. */
  readonly pixels: Uint8Array;
}

export interface EmojiPackage {
  readonly version: string;
  readonly emoji: readonly Emoji[];
  readonly sheets: Readonly<Record<Vendor, Sheet>>;
}

/**
 * Reads the installed package: every emoji that both vendors drew, without components such as bare skin
 * tones, and the sheets of tiles.
 *
 * @param root - folder whose `node_modules` has the package
 * @throws {DataError} if the package or the PNG reader is not installed
 * @throws {DataFormatError} if it is another version or its sheets are not as expected
 */
export async function readEmojiPackage(root: string): Promise<EmojiPackage> {
  const listPath = findPackageFile(root, "emoji-datasource/emoji.json", INSTALL);
  const folder = dirname(listPath);
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  if (version !== VERSION) {
    throw new DataFormatError(
      `emoji: Cannot use emoji-datasource: expected version ${VERSION}, got ${version}; run npm install ${INSTALL}`,
    );
  }
  const entries: RawEmoji[] = JSON.parse(await readFile(listPath, "utf8"));
  const emoji = entries
    .filter((entry) => entry.category !== "Component")
    .filter((entry) => entry.has_img_google && entry.has_img_twitter)
    .map((entry) => ({
      name: entry.name,
      shortName: entry.short_name,
      unified: entry.unified,
      category: entry.category,
      sheetX: entry.sheet_x,
      sheetY: entry.sheet_y,
    }));
  const readerPath = findPackageFile(root, "fast-png", INSTALL);
  const { decode }: typeof import("fast-png") = await import(pathToFileURL(readerPath).href);
  const sheets = {} as Record<Vendor, Sheet>;
  for (const vendor of VENDORS) {
    const path = join(folder, "img", vendor, "sheets", "32.png");
    const { width, height, channels, depth, data } = decode(await readFile(path));
    if (width !== height || channels !== 4 || depth !== 8 || !(data instanceof Uint8Array)) {
      const actual = `${formatShape([height, width, channels])} of ${depth} bits`;
      throw new DataFormatError(
        `${path}: Cannot cut the sheet: expected a square RGBA picture of 8 bits, got ${actual}`,
      );
    }
    sheets[vendor] = { width, pixels: data };
  }
  return { version, emoji, sheets };
}

interface RawEmoji {
  readonly name: string;
  readonly short_name: string;
  readonly unified: string;
  readonly category: string;
  readonly sheet_x: number;
  readonly sheet_y: number;
  readonly has_img_google: boolean;
  readonly has_img_twitter: boolean;
}

/**
 * Cuts a tile out of its sheet and lays it on white.
 *
 * @param target - receives [32, 32, 3] red, green, blue
 */
export function cutTile(sheet: Sheet, emoji: Emoji, target: Uint8Array): void {
  const left = emoji.sheetX * PITCH + 1;
  const top = emoji.sheetY * PITCH + 1;
  let to = 0;
  for (let y = 0; y < SIDE; y++) {
    let from = ((top + y) * sheet.width + left) * 4;
    for (let x = 0; x < SIDE; x++) {
      const alpha = sheet.pixels[from + 3] as number;
      for (let channel = 0; channel < 3; channel++) {
        const colour = sheet.pixels[from + channel] as number;
        target[to++] = Math.floor((colour * alpha + 255 * (255 - alpha) + 127) / 255);
      }
      from += 4;
    }
  }
}

/** Presentation selector, joiner, female and male sign, five skin tones. */
const DECORATIONS = new Set(
  ["FE0F", "200D", "2640", "2642"].concat(["1F3FB", "1F3FC", "1F3FD", "1F3FE", "1F3FF"]),
);
const PERSONS = new Set(["1F468", "1F469", "1F9D1"]);

/**
 * What an emoji shows, whoever does it: its code points without presentation, gender and skin tone, and
 * with one code for a leading man, woman or person. Emoji of one base look alike.
 */
export function baseOf(unified: string): string {
  const codes = unified.split("-").filter((code) => !DECORATIONS.has(code));
  const [first, ...rest] = codes;
  const isPerson = first !== undefined && rest.length > 0 && PERSONS.has(first);
  return isPerson ? ["person", ...rest].join("-") : codes.join("-");
}
