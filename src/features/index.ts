/** Features of sound, pictures and text: `altermodal/features`. Runs in browsers as in Node, with the same numbers. */
export { type Box, centreCrop, crop, flip } from "./crop.ts";
export { createFeatures, type Features, type FeaturesOptions } from "./features.ts";
export { type FilterbankOptions, logFilterbank, PAPER_FILTERBANK } from "./filterbank.ts";
export type { Spectra } from "./frames.ts";
export type { MelScale } from "./mel.ts";
export { type ColourStatistics, IMAGENET_COLOURS, normalisePicture } from "./normalise-picture.ts";
export type { Picture, PictureData } from "./picture.ts";
export { type RandomCropOptions, randomResizedCrop } from "./random-crop.ts";
export { type ResampleOptions, resample } from "./resample.ts";
export type { ResizeFilter } from "./resample-weights.ts";
export { type ResizeOptions, resize, sizeOfShorterSide } from "./resize.ts";
export {
  addSpectraNoise,
  fitFrames,
  type MaskOptions,
  maskSpectra,
  PAPER_FRAMES,
  PAPER_MASKS,
  PAPER_SPECTRA_SCALE,
  rollSpectra,
  standardise,
} from "./spec-augment.ts";
export {
  type LogOptions,
  type MelSpectrogramOptions,
  melSpectrogram,
  PAPER_SPECTROGRAM,
  type SpectrogramOptions,
  spectrogram,
  stft,
} from "./spectrogram.ts";
export type { StftOptions } from "./stft-frames.ts";
export {
  clipWaveform,
  type NormaliseWaveformOptions,
  normaliseWaveform,
  tileWaveform,
  toMono,
} from "./waveform.ts";
export type { WindowName } from "./windows.ts";
export { characterNgrams, hashFeatures, hashWords } from "./words.ts";
