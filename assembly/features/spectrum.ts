/**
 * Spectra of the frames of a signal: short-time Fourier transform, spectrogram and filterbank in one sweep.
 *
 * Each frame stays in the first-level cache from its samples to its energies. All arithmetic is in float64, since the
 * logarithm of a quiet band beside a loud one shows what float32 loses; results are rounded to f32 once.
 */
import {
  FRAME_COMPLEX,
  FRAME_MAGNITUDE,
  FRAME_REMOVE_MEAN,
} from "../../src/features/spectrum-flags";
import { filter, measure, split } from "./bins";
import { add, constant, gather, lanes, mul, read, scatter, splat, sub, write } from "./doubles";
import { transform } from "./fft";

/** Bytes of `work` for frames of `size` samples: two buffers of complex T of up to `size` elements each. */
export function spectrum_work_bytes(size: i32): usize {
  return (<usize>size) << 6;
}

/**
 * out[frame] = spectrum of the samples from frame * hop on, times the window.
 *
 * @param out - [frames, bands] f32; with FRAME_COMPLEX [frames, size / 2 + 1, 2]
 * @param samples - f32, at least (frames - 1) * hop + length
 * @param size - of the transform, >= length: the rest is zero
 * @param window - [length] f64
 * @param roots - exp(-2 pi i k / size), [size, 2] f64
 * @param bands - number of filters; 0: the bins 0 to size / 2 themselves
 * @param filters - i32 first bin and number of bins, per filter
 * @param weights - f64 weights of all filters, one after the other
 * @param work - `spectrum_work_bytes`, 16-byte aligned
 */
export function frame_spectra(
  out: usize,
  samples: usize,
  frames: i32,
  hop: i32,
  length: i32,
  size: i32,
  window: usize,
  roots: usize,
  preemphasis: f64,
  flags: i32,
  bands: i32,
  filters: usize,
  weights: usize,
  work: usize,
): void {
  if (ASC_FEATURE_SIMD) {
    sweep<v128>(
      out,
      samples,
      frames,
      hop,
      length,
      size,
      window,
      roots,
      preemphasis,
      flags,
      bands,
      filters,
      weights,
      work,
    );
  } else {
    sweep<f64>(
      out,
      samples,
      frames,
      hop,
      length,
      size,
      window,
      roots,
      preemphasis,
      flags,
      bands,
      filters,
      weights,
      work,
    );
  }
}

function sweep<T>(
  out: usize,
  samples: usize,
  frames: i32,
  hop: i32,
  length: i32,
  size: i32,
  window: usize,
  roots: usize,
  preemphasis: f64,
  flags: i32,
  bands: i32,
  filters: usize,
  weights: usize,
  work: usize,
): void {
  const bins = (size >> 1) + 1;
  const isComplex = (flags & FRAME_COMPLEX) != 0;
  const row = (<usize>(isComplex ? 2 * bins : bands > 0 ? bands : bins)) << 2;
  const other = work + (spectrum_work_bytes(size) >> 1);
  const isEven = (size & 1) == 0;
  for (let frame = 0; frame < frames; frame += lanes<T>()) {
    // Of an odd number of frames, the last stands in both lanes.
    const next = min(frame + 1, frames - 1);
    const first = samples + ((<usize>frame * <usize>hop) << 2);
    const second = samples + ((<usize>next * <usize>hop) << 2);
    prepare<T>(work, first, second, length, size, isEven, window, preemphasis, flags);
    const n = isEven ? size >> 1 : size;
    const result = transform<T>(work, other, n, roots, size);
    const spectrum = result == work ? other : work;
    if (isEven) split<T>(spectrum, result, n, roots);
    const found = isEven ? spectrum : result;
    const out0 = out + <usize>frame * row;
    const out1 = out + <usize>next * row;
    if (isComplex) {
      for (let i: usize = 0; i < row; i += 4) {
        scatter<T>(out0 + i, out1 + i, read<T>(found + (i >> 2) * sizeof<T>()));
      }
      continue;
    }
    measure<T>(found, bins, (flags & FRAME_MAGNITUDE) != 0);
    if (bands > 0) filter<T>(out0, out1, found, bands, filters, weights);
    else {
      for (let i: usize = 0; i < row; i += 4) {
        scatter<T>(out0 + i, out1 + i, read<T>(found + (i >> 2) * sizeof<T>()));
      }
    }
  }
}

/** Writes the frame, less its mean, emphasised and windowed: packed two to an element, or as real parts. */
function prepare<T>(
  to: usize,
  first: usize,
  second: usize,
  length: i32,
  size: i32,
  isPacked: bool,
  window: usize,
  preemphasis: f64,
  flags: i32,
): void {
  const bytes = (<usize>length) << 2;
  let mean = splat<T>(0);
  if ((flags & FRAME_REMOVE_MEAN) != 0) {
    for (let i: usize = 0; i < bytes; i += 4) mean = add<T>(mean, gather<T>(first + i, second + i));
    mean = mul<T>(mean, splat<T>(1 / <f64>length));
  }
  const factor = splat<T>(preemphasis);
  const zero = splat<T>(0);
  const width = isPacked ? sizeof<T>() : sizeof<T>() << 1;
  let before = sub<T>(gather<T>(first, second), mean);
  for (let i: usize = 0; i < bytes; i += 4, window += 8, to += width) {
    const x = sub<T>(gather<T>(first + i, second + i), mean);
    write<T>(to, mul<T>(sub<T>(x, mul<T>(factor, before)), constant<T>(window)));
    if (!isPacked) write<T>(to + sizeof<T>(), zero);
    before = x;
  }
  for (let i = length; i < size; i++, to += width) {
    write<T>(to, zero);
    if (!isPacked) write<T>(to + sizeof<T>(), zero);
  }
}
