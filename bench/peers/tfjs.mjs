/** TensorFlow.js on its wasm backend (its threaded build does not start in Node). */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { finish, labels, measure, noise } from "./measure.mjs";

await tf.setBackend("wasm");
await tf.ready();

const array = (shape, scale = 1) =>
  tf.tensor(
    noise(
      shape.reduce((a, b) => a * b, 1),
      scale,
    ),
    shape,
  );
const variable = (shape, scale) => tf.variable(array(shape, scale));
const classes = (count, below) => tf.oneHot(tf.tensor1d(labels(count, below), "int32"), below);

/** Times SGD with momentum on `forward()`. */
async function measureStep(name, forward, variables, y) {
  const optimizer = tf.train.momentum(0.01, 0.9);
  await measure(name, () =>
    tf.tidy(() =>
      optimizer
        .minimize(() => tf.losses.softmaxCrossEntropy(y, forward()), true, variables)
        .dataSync(),
    ),
  );
}

const measureMap = (name, op) => measure(name, () => tf.tidy(() => void op().dataSync()));

for (const size of [128, 256, 512, 1024]) {
  const [a, b] = [array([size, size]), array([size, size])];
  for (const layout of ["nn", "nt", "tn", "tt"]) {
    await measureMap(`gemm ${size} ${layout}`, () =>
      tf.matMul(a, b, layout[0] === "t", layout[1] === "t"),
    );
  }
}

const affine = (x, [w, b]) => tf.add(tf.matMul(x, w), b);
const layer = (inputs, outputs) => [variable([inputs, outputs], 0.05), variable([outputs], 0.01)];

const x = array([64, 784]);
const mlp = [layer(784, 512), layer(512, 512), layer(512, 10)];
const mlpForward = () => affine(tf.relu(affine(tf.relu(affine(x, mlp[0])), mlp[1])), mlp[2]);
await measureStep("mlp step", mlpForward, mlp.flat(), classes(64, 10));

const pictures = array([64, 28, 28, 1]);
const filters = [
  variable([3, 3, 1, 16], 0.3),
  variable([16], 0.01),
  variable([3, 3, 16, 32], 0.1),
  variable([32], 0.01),
];
const last = layer(1568, 10);
const conv = (h, i) =>
  tf.maxPool(tf.relu(tf.add(tf.conv2d(h, filters[i], 1, "same"), filters[i + 1])), 2, 2, "valid");
const cnn = () => affine(tf.reshape(conv(conv(pictures, 0), 2), [64, 1568]), last);
await measureMap("cnn forward", cnn);
await measureStep("cnn step", cnn, [...filters, ...last], classes(64, 10));

const tokens = array([1024, 256]);
const block = () => ({
  norms: [variable([256], 1), variable([256], 0.1), variable([256], 1), variable([256], 0.1)],
  layers: [
    layer(256, 256),
    layer(256, 256),
    layer(256, 256),
    layer(256, 256),
    layer(256, 1024),
    layer(1024, 256),
  ],
});
const blocks = [block(), block()];
const head = layer(256, 10);
const norm = (t, gamma, beta) => {
  const { mean, variance } = tf.moments(t, -1, true);
  return tf.add(tf.mul(tf.div(tf.sub(t, mean), tf.sqrt(tf.add(variance, 1e-5))), gamma), beta);
};
const gelu = (t) => tf.mul(t, tf.mul(0.5, tf.add(1, tf.erf(tf.mul(t, Math.SQRT1_2)))));
const heads = (t) => tf.transpose(tf.reshape(t, [16, 64, 4, 64]), [0, 2, 1, 3]);
const transform = (t, { norms, layers }) => {
  const h = norm(t, norms[0], norms[1]);
  const [q, k, v] = layers.slice(0, 3).map((l) => heads(affine(h, l)));
  const weights = tf.softmax(tf.mul(tf.matMul(q, k, false, true), 1 / 8));
  const mixed = tf.reshape(tf.transpose(tf.matMul(weights, v), [0, 2, 1, 3]), [1024, 256]);
  const out = tf.add(t, affine(mixed, layers[3]));
  return tf.add(out, affine(gelu(affine(norm(out, norms[2], norms[3]), layers[4])), layers[5]));
};
await measureStep(
  "transformer step",
  () => {
    let h = tokens;
    for (const b of blocks) h = transform(h, b);
    return affine(tf.mean(tf.reshape(h, [16, 64, 256]), 1), head);
  },
  [...blocks.flatMap(({ norms, layers }) => [...norms, ...layers.flat()]), ...head],
  classes(16, 10),
);

const [x16, w16] = [array([16]), array([16])];
const tiny = tf.grads((a, b) => tf.sum(tf.mul(a, b)));
await measure("tiny step", () => tf.tidy(() => void tiny([x16, w16])[0].dataSync()));

for (const [size, label] of [
  [1 << 20, "1M"],
  [1 << 13, "8K"],
]) {
  const v = array([size], 8);
  for (const [name, op] of [
    ["exp", tf.exp],
    ["tanh", tf.tanh],
    ["sigmoid", tf.sigmoid],
    ["gelu", gelu],
    ["relu", tf.relu],
    ["add", (t) => tf.add(t, t)],
  ]) {
    await measureMap(`${name} ${label}`, () => op(v));
  }
}
const scores = array([64, 512], 3);
await measureMap("softmax 64x512", () => tf.softmax(scores));
const [gamma, beta] = [array([256]), array([256])];
await measureMap("layer norm 1024x256", () => norm(tokens, gamma, beta));

const w = variable([6, 513], 0.05);
const [features, targets] = [array([64, 513]), classes(64, 6)];
let momentum = tf.zeros([6, 513]);
let projector = tf.eye(513);
const headLoss = tf.valueAndGrads((weights, h) =>
  tf.losses.softmaxCrossEntropy(targets, tf.matMul(h, weights, false, true)),
);
/** The projector in float32, as recursive least squares. */
await measure("mla head step, all steps in f32", () => {
  const next = tf.tidy(() => {
    const { value, grads } = headLoss([w, features]);
    const m = tf.add(tf.mul(momentum, 0.9), tf.matMul(grads[0], projector));
    w.assign(tf.sub(w, tf.mul(m, 0.01)));
    const k = tf.matMul(projector, tf.reshape(tf.mean(features, 0), [513, 1]));
    const gain = tf.add(tf.matMul(tf.reshape(tf.mean(features, 0), [1, 513]), k), 0.1);
    const p = tf.sub(projector, tf.div(tf.matMul(k, k, false, true), gain));
    value.dataSync();
    p.dataSync();
    return { m, p };
  });
  momentum.dispose();
  projector.dispose();
  momentum = next.m;
  projector = next.p;
});

finish(`tfjs ${tf.version.tfjs}, wasm backend`);
