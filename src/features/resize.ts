import { checkName, checkWhole } from "./checks.ts";
import type { Features } from "./features.ts";
import { checkPicture, isBytes, type Picture, type PictureData, sameKind } from "./picture.ts";
import { fixedPoint, KERNELS, type ResizeFilter, resampleWeights } from "./resample-weights.ts";

export interface ResizeOptions {
  /** Pixels. */
  width: number;
  height: number;
  /** Default `"bilinear"`. */
  filter?: ResizeFilter;
  /** Whether shrinking averages over all pixels that a new one covers; default true. */
  antialias?: boolean;
}

const MOST_PIXELS = 65536;
const MOST_VALUES = 1_000_000_000;

/**
 * The picture at another size.
 *
 * Bytes: the same bytes as Pillow's `Image.resize`, in which four channels are taken for colour and opacity: a pixel's
 * colour weighs as much as it is opaque. Numbers: as PyTorch's `interpolate`.
 *
 * @throws {ShapeError} if the picture's data are not of its shape
 * @throws {OptionError} if an option is out of range
 */
export function resize<D extends PictureData>(
  features: Features,
  picture: Picture<D>,
  options: ResizeOptions,
): Picture<D> {
  const { width, height, filter = "bilinear", antialias = true } = options;
  checkPicture("resize", picture);
  checkWhole("resize", "width", width, 1, MOST_PIXELS);
  checkWhole("resize", "height", height, 1, MOST_PIXELS);
  checkWhole(
    "resize",
    "width x height x channels",
    width * height * picture.channels,
    1,
    MOST_VALUES,
  );
  checkName("resize", "filter", filter, Object.keys(KERNELS));
  const { channels, data } = picture;
  const out = sameKind(data, width * height * channels);
  // Not `slice`, which gives a view of a Node Buffer.
  if (width === picture.width && height === picture.height) out.set(data);
  else resizeInto(features, out, picture, { width, height, filter, antialias });
  return { width, height, channels, data: out };
}

/**
 * Width and height of the picture once its shorter side is `side`, the longer one rounded down, as torchvision's `Resize`.
 */
export function sizeOfShorterSide(
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): { width: number; height: number } {
  return width <= height
    ? { width: side, height: Math.floor((side * height) / width) }
    : { width: Math.floor((side * width) / height), height: side };
}

/** Across first, then down; a pass that changes nothing is left out. */
function resizeInto(
  features: Features,
  out: PictureData,
  picture: Picture,
  { width, height, filter, antialias }: Required<ResizeOptions>,
): void {
  const { core } = features;
  const { channels, data } = picture;
  const hasBytes = isBytes(data);
  const table = (size: number, outSize: number) =>
    features.table(`resize/${hasBytes}/${filter}/${antialias}/${size}/${outSize}`, () =>
      weightTable(hasBytes, size, outSize, filter, antialias),
    );
  features.begin();
  const row = picture.width * channels;
  const outRow = width * channels;
  const size = data.BYTES_PER_ELEMENT;
  let at = features.put(data, row * size);
  const isTranslucent =
    hasBytes && channels === 4 && core.u8_multiply_by_opacity(at, data.length / 4) !== 0;
  if (width !== picture.width) {
    const { spans, weights, taps } = table(picture.width, width);
    const to = features.room((picture.height + 1) * outRow * size);
    const tables = [features.put(spans), features.put(weights), taps] as const;
    const shape = [picture.width, picture.height, channels, width] as const;
    if (hasBytes) {
      const work = features.room(core.u8_resize_work_bytes(picture.width, width, channels));
      core.u8_resize_x(to, at, ...shape, ...tables, work);
    } else core.f32_resize_x(to, at, ...shape, ...tables);
    at = to;
  }
  if (height !== picture.height) {
    const { spans, weights, taps } = table(picture.height, height);
    const to = features.room(height * outRow * size);
    const pass = hasBytes ? core.u8_resize_y : core.f32_resize_y;
    pass(to, at, outRow, height, features.put(spans), features.put(weights), taps);
    at = to;
  }
  if (isTranslucent) core.u8_divide_by_opacity(at, width * height);
  if (hasBytes) (out as Uint8Array).set(features.bytes(at, out.length));
  else (out as Float32Array).set(features.floats(at, out.length));
}

function weightTable(
  hasBytes: boolean,
  size: number,
  outSize: number,
  filter: ResizeFilter,
  antialias: boolean,
): { spans: Int32Array; weights: Int16Array | Float32Array; taps: number } {
  const table = resampleWeights(size, outSize, filter, antialias);
  return hasBytes ? fixedPoint(table) : { ...table, weights: Float32Array.from(table.weights) };
}
