// The convolutions without vectors: the fallback, and the oracle of the vector kernels' tests.
//
// The additions are those of the vector kernels one by one: what lies in the padding is left out forward and in the
// input's gradient, and takes part as zeros in the filter's.

import { ConvShape } from "./conv-shape";

/** Address of a pixel of x[batch, height, width, channels]; 0 outside. */
function pixelAt(
  x: usize,
  image: i32,
  y: i32,
  column: i32,
  height: i32,
  width: i32,
  channels: i32,
): usize {
  if (y < 0 || y >= height || column < 0 || column >= width) return 0;
  return x + ((<usize>(((image * height + y) * width + column) * channels)) << 2);
}

export function convScalar(
  out: usize,
  x: usize,
  w: usize,
  bias: usize,
  activation: i32,
  s: ConvShape,
): void {
  const inputs = s.groupChannels;
  const outputs = s.groupOutChannels;
  let at = out;
  for (let image = 0; image < s.batch; image++) {
    for (let oy = 0; oy < s.outHeight; oy++) {
      for (let ox = 0; ox < s.outWidth; ox++) {
        for (let co = 0; co < s.outChannels; co++) {
          const first = (co / outputs) * inputs;
          let sum: f32 = 0;
          let wp = w + ((<usize>co) << 2);
          for (let ky = 0; ky < s.kernelHeight; ky++) {
            const y = oy * s.strideY - s.padTop + ky * s.dilationY;
            for (let kx = 0; kx < s.kernelWidth; kx++) {
              const column = ox * s.strideX - s.padLeft + kx * s.dilationX;
              const pixel = pixelAt(x, image, y, column, s.height, s.width, s.channels);
              for (let ci = 0; ci < inputs; ci++) {
                if (pixel != 0) {
                  sum = load<f32>(pixel + ((<usize>(first + ci)) << 2)) * load<f32>(wp) + sum;
                }
                wp += (<usize>s.outChannels) << 2;
              }
            }
          }
          if (bias != 0) sum += load<f32>(bias + ((<usize>co) << 2));
          if (activation == 1) sum = max<f32>(sum, 0);
          store<f32>(at, sum);
          at += 4;
        }
      }
    }
  }
}

export function convInputGradScalar(
  dx: usize,
  dout: usize,
  w: usize,
  accumulate: bool,
  s: ConvShape,
): void {
  const inputs = s.groupChannels;
  const outputs = s.groupOutChannels;
  const outHeight = s.outHeight;
  const outWidth = s.outWidth;
  let at = dx;
  for (let image = 0; image < s.batch; image++) {
    for (let y = 0; y < s.height; y++) {
      for (let column = 0; column < s.width; column++) {
        for (let ci = 0; ci < s.channels; ci++) {
          const group = ci / inputs;
          let sum: f32 = accumulate ? load<f32>(at) : 0;
          // Backwards through the kernel, so that the gradients are read in ascending order.
          for (let ky = s.kernelHeight - 1; ky >= 0; ky--) {
            const top = y + s.padTop - ky * s.dilationY;
            if (top % s.strideY != 0) continue;
            for (let kx = s.kernelWidth - 1; kx >= 0; kx--) {
              const left = column + s.padLeft - kx * s.dilationX;
              if (left % s.strideX != 0) continue;
              const pixel = pixelAt(
                dout,
                image,
                top < 0 ? -1 : top / s.strideY,
                left < 0 ? -1 : left / s.strideX,
                outHeight,
                outWidth,
                s.outChannels,
              );
              if (pixel == 0) continue;
              const tap = (ky * s.kernelWidth + kx) * inputs + ci - group * inputs;
              for (let co = group * outputs; co < (group + 1) * outputs; co++) {
                const value = load<f32>(pixel + ((<usize>co) << 2));
                sum = value * load<f32>(w + ((<usize>(tap * s.outChannels + co)) << 2)) + sum;
              }
            }
          }
          store<f32>(at, sum);
          at += 4;
        }
      }
    }
  }
}

export function convFilterGradScalar(
  dw: usize,
  x: usize,
  dout: usize,
  accumulate: bool,
  s: ConvShape,
): void {
  const inputs = s.groupChannels;
  const outputs = s.groupOutChannels;
  let at = dw;
  for (let ky = 0; ky < s.kernelHeight; ky++) {
    for (let kx = 0; kx < s.kernelWidth; kx++) {
      for (let ci = 0; ci < inputs; ci++) {
        for (let co = 0; co < s.outChannels; co++) {
          const channel = (co / outputs) * inputs + ci;
          let sum: f32 = accumulate ? load<f32>(at) : 0;
          let dp = dout + ((<usize>co) << 2);
          for (let image = 0; image < s.batch; image++) {
            for (let oy = 0; oy < s.outHeight; oy++) {
              const y = oy * s.strideY - s.padTop + ky * s.dilationY;
              for (let ox = 0; ox < s.outWidth; ox++) {
                const column = ox * s.strideX - s.padLeft + kx * s.dilationX;
                const pixel = pixelAt(x, image, y, column, s.height, s.width, s.channels);
                const value: f32 = pixel == 0 ? 0 : load<f32>(pixel + ((<usize>channel) << 2));
                sum = value * load<f32>(dp) + sum;
                dp += (<usize>s.outChannels) << 2;
              }
            }
          }
          store<f32>(at, sum);
          at += 4;
        }
      }
    }
  }
}
