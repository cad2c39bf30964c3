/** The same files through the decoders of Node and of a browser. */

/** The rate at which sounds other than WAV are asked for: their own. */
const RATE = 16000;

/** Per file its shape and values, or the code of the error and its message. */
export async function decodeFiles(library, names, read) {
  const decoded = {};
  for (const name of names) {
    try {
      decoded[name] = await decodeOne(library, name, await read(name));
    } catch (error) {
      decoded[name] = `${error.code}: ${error.message}`;
    }
  }
  return decoded;
}

async function decodeOne({ decodePicture, decodeWav, decodeSound }, name, file) {
  if (/\.(png|jpg|webp)$/.test(name)) {
    const { width, height, channels, data } = await decodePicture(file, name);
    return { shape: [height, width, channels], values: Array.from(data) };
  }
  const sound = name.endsWith(".wav")
    ? await decodeWav(file, name)
    : await decodeSound(file, RATE, name);
  return { shape: [sound.sampleRate], values: Array.from(sound.samples) };
}

/** SHA-256 of what the features of a picture and of a sound come to. */
export async function featuresOf({ decodePicture, decodeWav }, library, read) {
  const features = await library.createFeatures();
  const { samples, sampleRate } = await decodeWav(await read("stereo-16.wav"));
  const sound = library.resample(features, samples, { from: sampleRate, to: 16000 });
  const bank = library.logFilterbank(features, sound, { sampleRate: 16000, bands: 40 });
  const picture = await decodePicture(await read("opacity.png"));
  const small = library.resize(features, picture, { width: 17, height: 11, filter: "bicubic" });
  const input = library.normalisePicture(small, library.IMAGENET_COLOURS);
  const bytes = new Uint8Array(bank.values.byteLength + input.byteLength);
  bytes.set(new Uint8Array(bank.values.buffer, bank.values.byteOffset, bank.values.byteLength));
  bytes.set(
    new Uint8Array(input.buffer, input.byteOffset, input.byteLength),
    bank.values.byteLength,
  );
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
