/** What may be done at random to training samples: `altermodal/augment`. One file and one line each. */
export { pictures } from "./pictures.ts";
export { spectra } from "./spectra.ts";
export { words } from "./words.ts";
