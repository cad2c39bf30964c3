/** `altermodal/decode` in Node: the functions of src/decode/, by bundled libraries and the program ffmpeg. */
export type { FileSource, Picture, Sound } from "../../decode/index.ts";
export { decodePicture } from "./picture.ts";
export { decodeSound } from "./sound.ts";
export { decodeWav } from "./wav.ts";
