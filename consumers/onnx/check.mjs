/**
 * Exported models against the library: 1,000 samples with every missing pattern, to 1e-5, on onnxruntime-web in Node.
 * `npm run test:onnx` installs the runtime beside this file and runs it.
 */
import * as ort from "onnxruntime-web";
import { exportOnnx } from "../../dist/export/onnx/index.js";
import {
  defineEncoder,
  encoders,
  fromArrays,
  fusion,
  methods,
  ops,
  train,
} from "../../dist/index.js";
import { feedsOf } from "./feeds.mjs";

ort.env.logLevel = "error";
ort.env.wasm.numThreads = 1;

const SAMPLES = 1000;
const TOLERANCE = 1e-5;
const WORDS = ["red", "green", "blue", "round", "flat", "loud", "soft"];
const { bagOfWords, conv, embedding, gru, mlp, resnet18, textCnn, transformer } = encoders;

let state = 1;
/** Uniform in [0, 1); the same numbers in every run. */
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

/** Samples in which every set of modalities occurs. */
function makeData(modalities, size) {
  const names = Object.keys(modalities);
  const labels = Array.from({ length: size }, () => Math.floor(random() * 3));
  const arrays = names.map((name, j) => [
    name,
    labels.map((label, i) => {
      const set = 1 + (i % ((1 << names.length) - 1));
      const value = modalities[name](label);
      return ((set >> j) & 1) === 1 ? value : null;
    }),
  ]);
  return fromArrays({
    modalities: Object.fromEntries(arrays),
    labels: labels.map((label) => `class ${label}`),
    classes: ["class 0", "class 1", "class 2"],
  });
}

const numbers = (length) => (label) =>
  Float32Array.from({ length }, (_, k) => random() * 2 - 1 + (k % 3 === label ? 0.5 : 0));
const picture = (label) =>
  Array.from({ length: 8 }, () =>
    Array.from({ length: 8 }, () => Array.from({ length: 3 }, () => random() + label / 3)),
  );
const text = (label) =>
  Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
    random() < 0.5 ? WORDS[label] : WORDS[Math.floor(random() * WORDS.length)],
  ).join(" ");
/** Of 0 to 9 words. */
const longText = (label) =>
  Array.from({ length: Math.floor(random() * 10) }, () =>
    random() < 0.5 ? WORDS[label] : WORDS[Math.floor(random() * WORDS.length)],
  ).join(" ");
/** 6 frames of 5 numbers; the last ones may be padding, and all of them. */
const frames = (label) => {
  const length = Math.floor(random() * 7);
  return Array.from({ length: 6 }, (_, t) =>
    Array.from({ length: 5 }, (_, k) =>
      t < length ? random() * 2 - 1 + (k % 3 === label ? 0.5 : 0) : 0,
    ),
  );
};
/** 2 pictures of a film. */
const film = (label) => [picture(label), picture(label)];

/** An encoder of the ops that no other one here is made of. */
function everyOp() {
  return defineEncoder({
    name: "every-op",
    title: "ops that graphs hold",
    input: "dense",
    options: {},
    build({ dim, parameters }) {
      const weight = (name, shape) => parameters.weight(name, shape, { deviation: 0.3 });
      const grouped = weight("grouped", [3, 2, 1, 6]);
      const filter = weight("filter", [3, 6, 4]);
      const square = weight("square", [4, 4]);
      const [gamma, beta] = [weight("gamma", [4]), weight("beta", [4])];
      const out = weight("out", [dim, 9]);
      return {
        flops: 0,
        forward({ values }) {
          const size = { stride: [2, 1], padding: [1, 0] };
          let x = ops.conv2d(values, grouped, { groups: 3, dilation: [1, 2], padding: "same" });
          x = ops.maxPool2d(x, [3, 2], size);
          const padding = { padding: 1, stride: 2 };
          const inside = ops.avgPool2d(x, 2, { ...padding, countPadding: false });
          x = ops.add(ops.avgPool2d(x, 2, padding), inside);
          x = ops.reshape(ops.permute(x, [0, 2, 1, 3]), [-1, 12, 6]);
          x = ops.conv1d(x, filter, { padding: "same", activation: "relu" });
          x = ops.layerNorm(ops.gelu(x), gamma, beta);
          x = ops.matmul(x, square, { transposeB: true });
          x = ops.where(ops.greater(x, 0.1), ops.tanh(x), ops.minimum(x, ops.less(x, -1)));
          x = ops.matmul(x, x, { transposeA: true });
          const scores = ops.softmax(ops.slice(x, 1, 0, 3));
          const parts = [
            ops.reshape(ops.max(scores, { axis: 2 }), [-1, 3]),
            ops.entropy(x),
            ops.mean(ops.exp(ops.neg(ops.abs(ops.sub(x, 0.5)))), { axis: 2, keepDims: true }),
            ops.logSumExp(ops.log(ops.add(ops.sqrt(ops.sigmoid(x)), 1)), { axis: 1 }),
          ];
          const flat = parts.map((part) => ops.reshape(part, [values.shape[0], -1]));
          return ops.linear(ops.slice(ops.concat(flat, 1), 1, 0, 9), out);
        },
      };
    },
  });
}

/** The data with numbers of a modality made of bytes, which a graph takes in their place. */
function fromBytes(data, name, norm) {
  const modality = data.modalities[name];
  const bytes = Uint8Array.from(modality.values, (value) => Math.min(255, Math.abs(value * 127)));
  const channels = norm.mean.length;
  const values = Float32Array.from(
    bytes,
    (byte, i) => (byte / 255 - norm.mean[i % channels]) / norm.deviation[i % channels],
  );
  return {
    ...data,
    modalities: { ...data.modalities, [name]: { ...modality, values, bytes, norm } },
  };
}

/** Names of the encoders that were checked. */
const checked = new Set();

async function check(title, modalities, own, options, change = (data) => data) {
  for (const { name } of Object.values(own)) checked.add(name);
  const data = change(makeData(modalities, 90));
  const fresh = change(makeData(modalities, SAMPLES));
  const run = train({
    data: { train: data, validation: data },
    encoders: own,
    epochs: 2,
    dim: 8,
    ...options,
  });
  const model = await run.finish();
  const wanted = model.predictAll(fresh.modalities);
  const bytes = exportOnnx(model);
  const session = await ort.InferenceSession.create(bytes);
  const { probabilities, weights } = await session.run(feedsOf(ort, fresh));
  let difference = 0;
  wanted.forEach((prediction, i) => {
    model.spec.classes.forEach((name, c) => {
      const got = probabilities.data[i * model.spec.classes.length + c];
      difference = Math.max(difference, Math.abs(got - prediction.probabilities[name]) || 0);
      if (Number.isNaN(got)) difference = Number.POSITIVE_INFINITY;
    });
    Object.values(prediction.weights ?? {}).forEach((weight, j, all) => {
      difference = Math.max(difference, Math.abs(weights.data[i * all.length + j] - weight));
    });
  });
  await session.release();
  model.dispose();
  const ok = difference <= TOLERANCE;
  console.log(
    `${ok ? "ok  " : "FAIL"}  ${title.padEnd(40)}  ${difference.toExponential(1)}  ${(bytes.length / 1000).toFixed(1)} kB`,
  );
  if (!ok) process.exitCode = 1;
}

const two = { sensor: numbers(7), note: text };
const twoEncoders = { sensor: mlp({ hidden: [8] }), note: bagOfWords({ hidden: [8] }) };
console.log(`${SAMPLES} samples, every missing pattern, largest difference from the library:`);

const smaller = { mmin: { layers: [8], blocks: 2, hidden: [8] } };
for (const method of Object.values(methods)) {
  const { name, yardstick } = method.definition;
  if (yardstick) continue;
  const epochs = name === "g-blending" ? 5 : 2;
  await check(`method ${name}`, two, twoEncoders, { method: method(smaller[name]), epochs });
}
for (const rule of Object.values(fusion)) {
  const { name } = rule.definition;
  const config = name === "fixed" ? rule({ weights: { sensor: 1, note: 2 } }) : rule();
  await check(`fusion ${name}`, two, twoEncoders, { fusion: config });
}
const calibrated = fusion.entropy({ calibrate: true, sharpness: 3 });
await check("fusion entropy, calibrated", two, twoEncoders, { fusion: calibrated });
const pictures = { image: picture, sensor: numbers(4), note: text };
const ownEncoders = (image) => ({
  image,
  sensor: mlp({ hidden: [] }),
  note: embedding({ width: 8 }),
});
for (const [title, image] of Object.entries({
  "conv, batch norm": conv({ channels: [4, 8] }),
  "conv, bias, flatten": conv({ channels: [4], batchNorm: false, pool: "flatten" }),
  resnet18: resnet18({ width: 4 }),
})) {
  await check(`encoder ${title}`, pictures, ownEncoders(image), { batchSize: 32 });
}
const norm = { mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.3, 0.4] };
const small = ownEncoders(conv({ channels: [4] }));
await check("bytes normalised", pictures, small, { batchSize: 32 }, (data) =>
  fromBytes(data, "image", norm),
);
await check("every further op", pictures, ownEncoders(everyOp()()), { batchSize: 32 });
const shape = { width: 8, heads: 2, depth: 2 };
const sequences = {
  "gru, words": [longText, gru({ width: 8, hidden: 8 })],
  "gru, words, two ways, mean": [
    longText,
    gru({ width: 8, hidden: 8, bidirectional: true, state: "mean", maxLength: 5 }),
  ],
  "gru, frames": [frames, gru({ hidden: 8, bidirectional: true })],
  "gru, frames, untrimmed": [frames, gru({ hidden: 8, trim: false, state: "mean" })],
  "text-cnn": [longText, textCnn({ width: 8, filters: 6 })],
  "text-cnn, cut short": [
    longText,
    textCnn({ width: 8, filters: 6, widths: [2, 6], maxLength: 4 }),
  ],
  "transformer, words": [longText, transformer(shape)],
  "transformer, cls, norm after": [
    longText,
    transformer({ ...shape, pool: "cls", norm: "post", maxLength: 5 }),
  ],
  "transformer, frames, first": [frames, transformer({ ...shape, pool: "first", out: "none" })],
  "transformer, frames, untrimmed": [frames, transformer({ ...shape, trim: false })],
  "transformer, patches": [picture, transformer({ ...shape, patch: [4, 3] })],
  "transformer, patches, cls": [film, transformer({ ...shape, patch: [4, 4], pool: "cls" })],
};
for (const [title, [make, encoder]] of Object.entries(sequences)) {
  const modalities = { read: make, sensor: numbers(4) };
  await check(`encoder ${title}`, modalities, { read: encoder, sensor: mlp({ hidden: [] }) }, {});
}
const reading = { read: longText, sensor: numbers(4) };
const readers = { read: gru({ width: 8, hidden: 8 }), sensor: mlp({ hidden: [8] }) };
await check("a method's own encoders", reading, readers, { method: methods.reconboost() });
const imputed = methods.concat({ imputation: "inputs" });
await check("imputed inputs", pictures, ownEncoders(conv({ channels: [4] })), { method: imputed });
const unchecked = Object.values(encoders)
  .map(({ definition }) => definition.name)
  .filter((name) => !checked.has(name));
if (unchecked.length > 0) {
  console.log(`FAIL  encoders that no line above has: ${unchecked.join(", ")}`);
  process.exitCode = 1;
}
