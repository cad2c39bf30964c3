/** The same features in Node and in a browser: SHA-256 of all that the functions give on seeded inputs. */
export async function featuresJob(library, Random, wasm) {
  const features = await library.createFeatures(wasm === undefined ? {} : { wasm });
  const random = new Random(1, "features");
  const waveform = Float32Array.from({ length: 5000 }, () => 2 * random.float() - 1);
  const pixels = (channels) => ({
    ...{ width: 61, height: 47, channels },
    data: Uint8Array.from({ length: 61 * 47 * channels }, () => random.int(256)),
  });
  const rgb = pixels(3);
  const floats = { ...rgb, data: Float32Array.from(rgb.data) };
  const sampleRate = 16000;
  const size = { width: 29, height: 35 };
  const bank = library.logFilterbank(features, waveform, { sampleRate, bands: 40 });
  const crop = library.randomResizedCrop(features, rgb, random, size);
  const results = [
    bank.values,
    library.logFilterbank(features, waveform, { sampleRate: 22050, window: "hamming" }).values,
    library.melSpectrogram(features, waveform, { sampleRate, fftSize: 400, bands: 32 }).values,
    library.spectrogram(features, waveform, library.PAPER_SPECTROGRAM).values,
    library.stft(features, waveform, { fftSize: 210, window: "blackman" }).values,
    library.resample(features, waveform, { from: 44100, to: 16000 }),
    library.normaliseWaveform(waveform, { scale: "deviation" }),
    library.maskSpectra(bank, random, { bands: 12, frames: 9 }).values,
    library.addSpectraNoise(bank, random).values,
    library.resize(features, rgb, { ...size, filter: "bicubic" }).data,
    library.resize(features, pixels(4), size).data,
    library.resize(features, floats, { ...size, filter: "bicubic" }).data,
    crop.data,
    library.normalisePicture(crop, library.IMAGENET_COLOURS),
    library.hashFeatures(library.characterNgrams("multimodal"), 64),
  ];
  const bytes = new Uint8Array(results.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of results) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What it gives everywhere. */
export const FEATURES_HASH = "2e413d1940182ba187748f2022c4267f1b1714221cba50556d2d00c895b06d6b";
