/**
 * The job of every consumer: trains a small fused model of numbers and words, saves it, opens it again and predicts with
 * one modality missing. The weights have the same bits everywhere, and so the result is one text.
 *
 * @param {{ fromArrays, train, openModel, mla, mlp, bagOfWords }} library - from the package, however it was imported
 * @param {object} more - further settings of the training, such as `where`
 */
export async function job(library, more = {}) {
  const { fromArrays, train, openModel, mla, mlp, bagOfWords } = library;
  const model = await train({
    ...jobSettings({ fromArrays, mla, mlp, bagOfWords }),
    ...more,
  }).finish();
  const file = await model.save();
  const hash = hashOf(await model.parameters());
  model.dispose();
  const again = await openModel(file, { parts: [mla, mlp, bagOfWords] });
  const { label } = again.predict({ note: "loud click" });
  again.dispose();
  return `${hash} ${label}`;
}

export function jobSettings({ fromArrays, mla, mlp, bagOfWords }) {
  const sensor = [];
  const note = [];
  const labels = [];
  for (let i = 0; i < 48; i++) {
    const broken = i % 2;
    // Whole numbers over a power of two: the same bits on every machine.
    sensor.push(Array.from({ length: 6 }, (_, j) => ((i * 37 + j * 11) % 64) / 64 + broken * 0.5));
    note.push(i % 5 === 0 ? null : broken ? `loud click ${i % 3}` : `low hum ${i % 3}`);
    labels.push(broken ? "broken" : "ok");
  }
  return {
    data: { train: fromArrays({ modalities: { sensor, note }, labels }) },
    encoders: { sensor: mlp({ hidden: [16] }), note: bagOfWords() },
    method: mla(),
    dim: 8,
    epochs: 4,
    batchSize: 16,
    seed: 7,
  };
}

/** FNV-1a of all bytes, as eight hexadecimal digits. */
export function hashOf(parameters) {
  let state = 2166136261;
  for (const { buffer, byteOffset, byteLength } of parameters.values()) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      state = Math.imul(state ^ byte, 16777619);
    }
  }
  return (state >>> 0).toString(16).padStart(8, "0");
}
