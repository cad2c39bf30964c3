/** onnxruntime-web on its wasm backend, one thread. It infers only: training rows stay empty. */
import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-web";
import { finish, measure, noise } from "./measure.mjs";
import { onnxModel } from "./onnx-model.mjs";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

const size = (shape) => shape.reduce((a, b) => a * b, 1);

async function measureModel(name, model) {
  try {
    const session = await ort.InferenceSession.create(onnxModel(model));
    const feeds = Object.fromEntries(
      Object.entries(model.inputs).map(([input, shape]) => [
        input,
        new ort.Tensor("float32", noise(size(shape), 4), shape),
      ]),
    );
    await measure(name, () => session.run(feeds));
    await session.release();
  } catch (error) {
    await measure(name, () => {
      throw error;
    });
  }
}

const one = (op, shape, attributes = {}) => ({
  nodes: [{ op, inputs: ["x"], output: "y", ...attributes }],
  inputs: { x: shape },
  outputs: { y: shape },
});
const constant = (shape, scale) => ({ shape, values: noise(size(shape), scale) });

for (const n of [128, 256, 512, 1024]) {
  await measureModel(`gemm ${n} nn`, {
    nodes: [{ op: "MatMul", inputs: ["a", "b"], output: "c" }],
    inputs: { a: [n, n], b: [n, n] },
    outputs: { c: [n, n] },
  });
}

const conv = { ints: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1] } };
const pool = { ints: { kernel_shape: [2, 2], strides: [2, 2] } };
await measureModel("cnn forward", {
  nodes: [
    { op: "Conv", inputs: ["x", "w1", "b1"], output: "c1", ...conv },
    { op: "Relu", inputs: ["c1"], output: "r1" },
    { op: "MaxPool", inputs: ["r1"], output: "p1", ...pool },
    { op: "Conv", inputs: ["p1", "w2", "b2"], output: "c2", ...conv },
    { op: "Relu", inputs: ["c2"], output: "r2" },
    { op: "MaxPool", inputs: ["r2"], output: "p2", ...pool },
    { op: "Flatten", inputs: ["p2"], output: "f", int: { axis: 1 } },
    { op: "Gemm", inputs: ["f", "w3", "b3"], output: "y" },
  ],
  inputs: { x: [64, 1, 28, 28] },
  outputs: { y: [64, 10] },
  constants: {
    w1: constant([16, 1, 3, 3], 0.3),
    b1: constant([16], 0.01),
    w2: constant([32, 16, 3, 3], 0.1),
    b2: constant([32], 0.01),
    w3: constant([1568, 10], 0.05),
    b3: constant([10], 0.01),
  },
});

for (const [n, label] of [
  [1 << 20, "1M"],
  [1 << 13, "8K"],
]) {
  for (const [name, op] of [
    ["exp", "Exp"],
    ["tanh", "Tanh"],
    ["sigmoid", "Sigmoid"],
    ["gelu", "Gelu"],
    ["relu", "Relu"],
  ]) {
    await measureModel(`${name} ${label}`, one(op, [n]));
  }
}
await measureModel("softmax 64x512", one("Softmax", [64, 512]));
await measureModel("layer norm 1024x256", {
  nodes: [{ op: "LayerNormalization", inputs: ["x", "gamma", "beta"], output: "y" }],
  inputs: { x: [1024, 256] },
  outputs: { y: [1024, 256] },
  constants: { gamma: constant([256], 1), beta: constant([256], 0.1) },
});

const { version } = JSON.parse(
  readFileSync(new URL("node_modules/onnxruntime-web/package.json", import.meta.url), "utf8"),
);
finish(`onnxruntime-web ${version}, 1 thread`);
