/**
 * jax-js: `jit` of the whole step, on its wasm backend. Node has no Web Workers, so it computes on one thread there; with
 * `--import ./browser-worker.mjs` it finds them and uses one per core.
 */
import { readFileSync } from "node:fs";
import {
  blockUntilReady,
  defaultDevice,
  grad,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  valueAndGrad,
} from "@jax-js/jax";
import { finish, labels, measure, noise } from "./measure.mjs";

await init("wasm");
defaultDevice("wasm");
const RATE = 0.01;

const array = (shape, scale = 1) =>
  np
    .array(
      noise(
        shape.reduce((a, b) => a * b, 1),
        scale,
      ),
    )
    .reshape(shape);
const classes = (count, below) =>
  nn.oneHot(np.array(labels(count, below), { dtype: np.int32 }), below);
const crossEntropy = (logits, y) => nn.logSoftmax(logits, -1).mul(y).sum(-1).mean().mul(-1);

/** Times SGD with momentum on `forward(parameters, x)`. */
async function measureStep(name, forward, parameters, x, y) {
  const loss = (p, input, target) => crossEntropy(forward(p, input), target);
  const step = jit((p, m, input, target) => {
    const [value, gradients] = valueAndGrad(loss)(
      p.map((t) => t.ref),
      input,
      target,
    );
    const momentum = m.map((t, i) => t.mul(0.9).add(gradients[i]));
    const next = p.map((t, i) => t.sub(momentum[i].ref.mul(RATE)));
    return [value, next, momentum];
  });
  let p = parameters;
  let m = parameters.map((t) => np.zeros(t.shape));
  await measure(name, async () => {
    const [value, next, momentum] = step(p, m, x.ref, y.ref);
    p = next;
    m = momentum;
    await blockUntilReady([value, ...p, ...m]);
    value.dispose();
  });
}

async function measureMap(name, op, ...inputs) {
  const run = jit(op);
  await measure(name, async () => {
    const out = run(...inputs.map((t) => t.ref));
    await blockUntilReady(out);
    out.dispose();
  });
}

for (const size of [128, 256, 512, 1024]) {
  await measureMap(
    `gemm ${size} nn`,
    (a, b) => np.matmul(a, b),
    array([size, size]),
    array([size, size]),
  );
}

const affine = (x, w, b) => np.matmul(x, w).add(b);
await measureStep(
  "mlp step",
  ([w1, b1, w2, b2, w3, b3], x) =>
    affine(nn.relu(affine(nn.relu(affine(x, w1, b1)), w2, b2)), w3, b3),
  [[784, 512], [512], [512, 512], [512], [512, 10], [10]].map((shape) => array(shape, 0.05)),
  array([64, 784]),
  classes(64, 10),
);

const pool = (x, channels, side) => x.reshape([64, channels, side / 2, 2, side / 2, 2]).max([3, 5]);
const cnn = ([w1, b1, w2, b2, w3, b3], x) => {
  const conv = (h, w, b, channels) =>
    nn.relu(lax.conv(h, w, [1, 1], "SAME").add(b.reshape([1, channels, 1, 1])));
  const h = pool(conv(x, w1, b1, 16), 16, 28);
  return affine(pool(conv(h, w2, b2, 32), 32, 14).reshape([64, 1568]), w3, b3);
};
const cnnParameters = () =>
  [[16, 1, 3, 3], [16], [32, 16, 3, 3], [32], [1568, 10], [10]].map((shape) => array(shape, 0.1));
const pictures = array([64, 1, 28, 28]);
const cnnWeights = cnnParameters();
await measureMap("cnn forward", (x, ...p) => cnn(p, x), pictures, ...cnnWeights);
await measureStep("cnn step", cnn, cnnParameters(), pictures, classes(64, 10));

const heads = (x) => x.reshape([16, 64, 4, 64]).transpose([0, 2, 1, 3]);
const norm = (x, gamma, beta) => nn.standardize(x, -1).mul(gamma).add(beta);
const block = (x, [g1, a1, wq, bq, wk, bk, wv, bv, wo, bo, g2, a2, wu, bu, wd, bd]) => {
  const h = norm(x.ref, g1, a1);
  const query = heads(affine(h.ref, wq, bq));
  const key = heads(affine(h.ref, wk, bk)).transpose([0, 1, 3, 2]);
  const value = heads(affine(h, wv, bv));
  const weights = nn.softmax(np.matmul(query, key).mul(1 / 8), -1);
  const mixed = np.matmul(weights, value).transpose([0, 2, 1, 3]).reshape([1024, 256]);
  const out = x.add(affine(mixed, wo, bo));
  return out.ref.add(affine(nn.gelu(affine(norm(out, g2, a2), wu, bu)), wd, bd));
};
const square = [[256, 256], [256]];
const blockShapes = [
  [256],
  [256],
  ...square,
  ...square,
  ...square,
  ...square,
  [256],
  [256],
  [256, 1024],
  [1024],
  [1024, 256],
  [256],
];
await measureStep(
  "transformer step",
  (p, x) => {
    let h = x;
    for (let i = 0; i < 32; i += 16) h = block(h, p.slice(i, i + 16));
    return affine(h.reshape([16, 64, 256]).mean(1), p[32], p[33]);
  },
  [...blockShapes, ...blockShapes, [256, 10], [10]].map((shape) => array(shape, 0.05)),
  array([1024, 256]),
  classes(16, 10),
);

const tiny = jit(grad((x, w) => x.mul(w).sum()));
const [x16, w16] = [array([16]), array([16])];
await measure("tiny step", async () => {
  const dx = tiny(x16.ref, w16.ref);
  await blockUntilReady(dx);
  dx.dispose();
});

for (const [size, label] of [
  [1 << 20, "1M"],
  [1 << 13, "8K"],
]) {
  const v = array([size], 8);
  for (const [name, op] of [
    ["exp", np.exp],
    ["tanh", np.tanh],
    ["sigmoid", nn.sigmoid],
    ["gelu", nn.gelu],
    ["relu", nn.relu],
    ["add", (t) => t.ref.add(t)],
  ]) {
    await measureMap(`${name} ${label}`, (t) => op(t), v);
  }
}
await measureMap("softmax 64x512", (t) => nn.softmax(t, -1), array([64, 512], 3));
await measureMap(
  "layer norm 1024x256",
  (t, g, b) => norm(t, g, b),
  array([1024, 256], 3),
  array([256]),
  array([256]),
);

/** The projector in float32, as recursive least squares. */
const headLoss = (w, h, y) => crossEntropy(np.matmul(h, w.transpose()), y);
const headStep = jit((w, m, p, h, y) => {
  const [value, [dw, dh]] = valueAndGrad(headLoss, { argnums: [0, 1] })(w.ref, h.ref, y);
  const momentum = m.mul(0.9).add(np.matmul(dw, p.ref));
  const r = h.mean(0);
  const k = np.matmul(p.ref, r.ref.reshape([513, 1]));
  const gain = np.matmul(r.reshape([1, 513]), k.ref).add(0.1);
  const projector = p.sub(np.matmul(k.ref, k.transpose()).div(gain));
  return [value, w.sub(momentum.ref.mul(RATE)), momentum, projector, dh];
});
let head = [array([6, 513], 0.05), np.zeros([6, 513]), np.eye(513)];
const [features, targets] = [array([64, 513]), classes(64, 6)];
await measure("mla head step, all steps in f32", async () => {
  const [value, w, m, p, dh] = headStep(...head, features.ref, targets.ref);
  head = [w, m, p];
  await blockUntilReady([value, dh, ...head]);
  value.dispose();
  dh.dispose();
});

const { version } = JSON.parse(
  readFileSync(new URL("node_modules/@jax-js/jax/package.json", import.meta.url), "utf8"),
);
const workers =
  typeof Worker === "undefined" ? "1 thread" : `${navigator.hardwareConcurrency} workers`;
finish(`jax-js ${version}, ${workers}`);
