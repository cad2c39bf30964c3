import type { Mutant } from "./mutant.ts";

const SPECTRA = ["tests/features/spectra.test.ts"];
const RESIZE = ["tests/features/resize.test.ts"];
const WAVEFORM = ["tests/features/waveform.test.ts"];
const AUGMENT = ["tests/features/spec-augment.test.ts"];
const spectrum = "assembly/features/spectrum.ts";
const fft = "assembly/features/fft.ts";
const bytes = "assembly/features/resize-bytes.ts";
const opacity = "assembly/features/opacity.ts";

/** Wrong spectra, pictures and masks. */
export const FEATURE_MUTANTS: readonly Mutant[] = [
  {
    name: "a frame's first sample has nothing before it",
    file: spectrum,
    search: "let before = sub<T>(gather<T>(first, second), mean);",
    replace: "let before = splat<T>(0);",
    tests: SPECTRA,
  },
  {
    name: "the mean is kept",
    file: spectrum,
    search: "if ((flags & FRAME_REMOVE_MEAN) != 0) {",
    replace: "if (false) {",
    tests: SPECTRA,
  },
  {
    name: "both lanes take the same frame",
    file: spectrum,
    search: "const next = min(frame + 1, frames - 1);",
    replace: "const next = frame;",
    tests: SPECTRA,
  },
  {
    name: "the turn of an odd radix is left out",
    file: fft,
    search: "const twiddle = rootAt(roots, p * k * step);",
    replace: "const twiddle = rootAt(roots, 0 * k * step);",
    tests: SPECTRA,
  },
  {
    name: "the third branch of radix 4 turns too little",
    file: fft,
    search: "const root3 = rootAt(roots, 3 * p * step);",
    replace: "const root3 = rootAt(roots, 2 * p * step);",
    tests: SPECTRA,
  },
  {
    name: "Kaldi's window is periodic",
    file: "src/features/filterbank.ts",
    search: "windowWeights(o.window, length, false)",
    replace: "windowWeights(o.window, length, true)",
    tests: SPECTRA,
  },
  {
    name: "mel triangles are straight in Hertz for Kaldi, too",
    file: "src/features/filterbank.ts",
    search: 'straightIn: "mel",',
    replace: 'straightIn: "hertz",',
    tests: SPECTRA,
  },
  {
    name: "spectra are mirrored with the edge sample twice",
    file: "src/features/stft-frames.ts",
    search: "out[by - i] = waveform[i] as number;",
    replace: "out[by - i] = waveform[i - 1] as number;",
    tests: SPECTRA,
  },
  {
    name: "bytes are cut off, not rounded",
    file: bytes,
    search: "const HALF: i32 = 1 << (POINT - 1);",
    replace: "const HALF: i32 = 0;",
    tests: RESIZE,
  },
  {
    name: "the lower part of a weight is dropped",
    file: bytes,
    search: "i32x4.add(i32x4.shl(high0, LOW_BITS), low0)",
    replace: "i32x4.shl(high0, LOW_BITS)",
    tests: RESIZE,
  },
  {
    name: "kernels do not widen when a picture shrinks",
    file: "src/features/resample-weights.ts",
    search: "antialias ? Math.max(1, scale) : 1",
    replace: "antialias ? 1 : 1",
    tests: RESIZE,
  },
  {
    name: "weights are cut off, not rounded",
    file: "src/features/resample-weights.ts",
    search: "(weight < 0 ? -0.5 : 0.5)",
    replace: "0",
    tests: RESIZE,
  },
  {
    name: "colours do not weigh by opacity",
    file: opacity,
    search: "v128.store(x, i8x16.narrow_i16x8_u(rounded(low), rounded(high)));",
    replace: "",
    tests: RESIZE,
  },
  {
    name: "the last pixels' opacity is not looked at",
    file: opacity,
    search: "if (load<u8>(x + i) != OPAQUE) all = half;",
    replace: "if (load<u8>(x + i) == 300) all = half;",
    tests: RESIZE,
  },
  {
    name: "a mask's place is drawn from too few",
    file: "src/features/spec-augment.ts",
    search: "random.int(size - count + 1)",
    replace: "random.int(Math.max(1, size - count))",
    tests: AUGMENT,
  },
  {
    name: "what the new rate cannot hold is kept",
    file: "src/features/resample.ts",
    search: "const cutoff = Math.min(down, up) * rolloff;",
    replace: "const cutoff = down * rolloff;",
    tests: WAVEFORM,
  },
];
