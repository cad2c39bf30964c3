/**
 * The one training loop beside a loop written by hand on the engine: the same model, the same batches, epoch by epoch in
 * turn in one process. Both must come to the same bits. A row is the fastest epoch of ours over the fastest by hand.
 */
import {
  decodeSafetensors,
  type Engine,
  encoders,
  methods,
  optim,
  type Tensor,
  train,
} from "../src/index.ts";
import {
  add,
  batchNorm,
  concat,
  conv2d,
  embeddingBag,
  globalAvgPool,
  linear,
  relu,
  reshape,
} from "../src/ops/index.ts";
import { type BenchCase, type BenchGroup, WrongResult } from "./support/bench-case.ts";
import { handLoop } from "./support/hand-loop.ts";
import { type MadeShape, madeData } from "./support/made-data.ts";

const BATCH = 64;
const SGD = { rate: 0.01, momentum: 0.9, weightDecay: 1e-4 };
/** Compared before anything is timed. */
const CHECKED = 2;

type Named = (name: string) => Tensor;

interface Compared {
  readonly name: string;
  readonly shape: MadeShape;
  readonly image: ReturnType<typeof encoders.conv>;
  readonly hidden: number;
  readonly dim: number;
  readonly epochs: number;
  /** What the encoder above makes of pictures, written by hand. */
  pictures(x: Tensor, at: Named): Tensor;
}

const MAIN_JOB: Compared = {
  name: "loop, main job",
  shape: { samples: 512, classes: 9, picture: [32, 32, 3], vocabulary: 1000, words: 3 },
  image: encoders.conv({ channels: [16, 32, 64] }),
  hidden: 128,
  dim: 64,
  epochs: 100,
  pictures(x, at) {
    let h = x;
    for (const block of ["block0", "block1", "block2"]) {
      const y = conv2d(h, at(`${block}.weight`), { stride: 2, padding: 1 });
      const norm = {
        gamma: at(`${block}.norm.weight`),
        beta: at(`${block}.norm.bias`),
        runningMean: at(`${block}.norm.running_mean`),
        runningVar: at(`${block}.norm.running_var`),
      };
      h = relu(batchNorm(y, norm, { training: true }));
    }
    return linear(globalAvgPool(h), at("out.weight"), { bias: at("out.bias") });
  },
};

const SMALL: Compared = {
  name: "loop, small nets",
  shape: { samples: 2048, classes: 9, picture: [64], vocabulary: 100, words: 3 },
  image: encoders.mlp({ hidden: [32] }),
  hidden: 32,
  dim: 16,
  epochs: 300,
  pictures(x, at) {
    const hidden = { bias: at("hidden0.bias"), activation: "relu" } as const;
    const h = linear(reshape(x, [BATCH, -1]), at("hidden0.weight"), hidden);
    return linear(h, at("out.weight"), { bias: at("out.bias") });
  },
};

function training(engine: Engine, { shape, image, hidden, dim }: Compared, epochs: number) {
  const data = madeData(shape);
  const settings = {
    data: { train: data },
    encoders: { image, words: encoders.bagOfWords({ hidden: [hidden] }) },
    method: methods.concat(),
    optimizer: optim.sgd(SGD),
    schedule: optim.constant(),
    batchSize: BATCH,
    dim,
    engine,
  };
  return {
    data,
    begin: (signal?: AbortSignal) => train({ ...settings, epochs, ...(signal && { signal }) }),
  };
}

/** Parameters as a training has them before its first step, by name; and those that it moves. */
async function startOf(engine: Engine, begin: ReturnType<typeof training>["begin"]) {
  const run = begin(AbortSignal.abort());
  await run.finish().catch(() => undefined);
  const tensors = new Map<string, Tensor>();
  const trained: Tensor[] = [];
  const { parameters } = run.model?.network ?? {};
  const moved = new Set(parameters?.trained());
  for (const [name, tensor] of parameters?.entries() ?? []) {
    const requiresGrad = moved.has(tensor);
    const own = engine.tensor(tensor.toArray(), tensor.shape, { requiresGrad, persistent: true });
    tensors.set(name, own);
    if (requiresGrad) trained.push(own);
  }
  run.model?.dispose();
  return { tensors, trained };
}

function compared(of: Compared): BenchCase {
  return {
    name: of.name,
    async prepare(engine, { quick }) {
      const epochs = quick ? Math.ceil(of.epochs / 10) : of.epochs;
      const { data, begin } = training(engine, of, epochs);
      const { tensors, trained } = await startOf(engine, begin);
      const at: Named = (name) => tensors.get(name) as Tensor;
      const epoch = handLoop({
        ...{ engine, data, trained, sgd: SGD, batchSize: BATCH },
        forward(pictures, ids, offsets) {
          const image = of.pictures(pictures, (name) => at(`encoders.image.${name}`));
          const bag = embeddingBag(at("encoders.words.words.weight"), ids, offsets, "sum");
          const hidden = relu(add(bag, at("encoders.words.words.bias")));
          const bias = at("encoders.words.out.bias");
          const words = linear(hidden, at("encoders.words.out.weight"), { bias });
          const all = concat([image, words], 1);
          return linear(all, at("method.head.weight"), { bias: at("method.head.bias") });
        },
      });
      const run = begin();
      let [ours, byHand] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for await (const { epoch: number, seconds } of run) {
        const own = epoch(number - 1);
        if (number === CHECKED) expectSame(run.checkpoint(), tensors);
        if (number <= CHECKED) continue;
        [ours, byHand] = [Math.min(ours, seconds), Math.min(byHand, own)];
      }
      run.model?.dispose();
      const steps = of.shape.samples / BATCH;
      const [us, more] = [byHand, ours - byHand].map((s) => ((1e6 * s) / steps).toFixed(1));
      const quantity = Number((ours / byHand).toFixed(3));
      return { quantity, unit: `x by hand, ${us} us a step ${Number(more) < 0 ? "" : "+"}${more}` };
    },
  };
}

/** @throws {WrongResult} unless the training's parameters are, bit for bit, those of the loop by hand */
function expectSame(
  checkpoint: Uint8Array | undefined,
  tensors: ReadonlyMap<string, Tensor>,
): void {
  const { tensors: saved } = decodeSafetensors(checkpoint ?? new Uint8Array());
  for (const [name, tensor] of tensors) {
    const [own, other] = [tensor.view(), saved.get(`now.${name}`)?.data];
    if (own.every((value, i) => value === other?.[i])) continue;
    throw new WrongResult(
      `loop: expected "${name}" as by hand after ${CHECKED} epochs, got others`,
    );
  }
}

export const loopGroup: BenchGroup = {
  title: `The one loop, concat, batch ${BATCH}: fastest epoch over that of a loop by hand on the engine`,
  cases: [compared(MAIN_JOB), compared(SMALL)],
};
