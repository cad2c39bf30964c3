/** All groups, in the order of the table. */
import { cnnGroup } from "./cnn.bench.ts";
import { elementwiseGroup } from "./elementwise.bench.ts";
import { encodersGroup } from "./encoders.bench.ts";
import { featuresGroup } from "./features.bench.ts";
import { gemmGroup } from "./gemm.bench.ts";
import { jpegGroup } from "./jpeg.bench.ts";
import { loaderGroup } from "./loader.bench.ts";
import { loopGroup } from "./loop.bench.ts";
import { mainJobGroup } from "./main-job.bench.ts";
import { memoryGroup } from "./memory.bench.ts";
import { mlaHeadGroup } from "./mla-head.bench.ts";
import { mlpGroup } from "./mlp.bench.ts";
import { predictGroup } from "./predict.bench.ts";
import { prepareGroup } from "./prepare.bench.ts";
import { resnetGroup } from "./resnet.bench.ts";
import { rowsGroup } from "./rows.bench.ts";
import { startGroup } from "./start.bench.ts";
import type { BenchGroup } from "./support/bench-case.ts";
import { threadsGroup } from "./threads.bench.ts";
import { tinyOpGroup } from "./tiny-op.bench.ts";
import { transformerGroup } from "./transformer.bench.ts";
import { yieldingGroup } from "./yielding.bench.ts";

export const GROUPS: readonly BenchGroup[] = [
  // First: later rows make engines of their own, and a call that reaches several costs more than in a program with one.
  tinyOpGroup,
  gemmGroup,
  mlpGroup,
  cnnGroup,
  resnetGroup,
  transformerGroup,
  encodersGroup,
  threadsGroup,
  elementwiseGroup,
  rowsGroup,
  mlaHeadGroup,
  featuresGroup,
  jpegGroup,
  mainJobGroup,
  loopGroup,
  yieldingGroup,
  predictGroup,
  prepareGroup,
  loaderGroup,
  startGroup,
  memoryGroup,
];
