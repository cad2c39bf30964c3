/**
 * Files to pictures and sounds: `altermodal/decode`. In browsers by their own decoders; in Node the same functions are
 * those of src/node/decode/.
 */
export type { Picture } from "../features/picture.ts";
export { decodePicture } from "./decode-picture.ts";
export { decodeSound, decodeWav } from "./decode-sound.ts";
export type { Sound } from "./sound.ts";
export type { FileSource } from "./source.ts";
