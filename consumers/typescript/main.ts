/** A user's program in strict TypeScript, with the declarations of every entry checked (`skipLibCheck` is off). */
import { encoders, fromArrays, loadModel, methods, type QuickScores, train } from "altermodal";
import { adapt } from "altermodal/adapt";
import * as augment from "altermodal/augment";
import * as auto from "altermodal/auto";
import { connectWorker } from "altermodal/client";
import * as compact from "altermodal/compact";
import * as decode from "altermodal/decode";
import { mlp } from "altermodal/encoders";
import { explainAll } from "altermodal/explain";
import * as features from "altermodal/features";
import { entropy } from "altermodal/fusion";
import { gradcheck } from "altermodal/gradcheck";
import * as infer from "altermodal/infer";
import { mla } from "altermodal/methods";
import { accuracy } from "altermodal/metrics";
import * as onnx from "altermodal/onnx";
import { relaxed } from "altermodal/relaxed";
import { relaxedThreads } from "altermodal/relaxed-threads";
import { replayStep } from "altermodal/replay";
import { scalar } from "altermodal/scalar";
import { serve } from "altermodal/serve";
import * as slim from "altermodal/slim";
import * as store from "altermodal/store";
import { createSynthetic } from "altermodal/synthetic";
import * as tokenizers from "altermodal/tokenizers";
import { webThreads } from "altermodal/web-threads";
import * as weights from "altermodal/weights";

const data = fromArrays({
  modalities: {
    sensor: [
      [0, 1],
      [1, 0],
    ],
    note: ["low hum", null],
  },
  labels: ["ok", "broken"],
});
const run = train({
  data: { train: data, validation: data },
  encoders: { sensor: mlp(), note: encoders.bagOfWords() },
  method: methods.mla(),
  fusion: entropy(),
  onBatch: ({ loss }) => void loss,
});
for await (const { validation } of run) {
  const scores: QuickScores | null | undefined = validation?.fused;
  void scores?.accuracy.toFixed(2);
}
const model = await run.finish();
const file: Uint8Array = model.save();
// Blob takes plain arrays only, not views of shared memory.
void new Blob([model.save()]);
const again = await loadModel<"sensor" | "note">(file);
const label: string = again.predict({ note: "click" }).label;
// @ts-expect-error: a misspelt modality does not compile.
model.predict({ sensr: [1, 0] });
const { share } = explainAll(model, data);
void share.sensor;
await adapt(model, { modalities: { note: ["bang"] }, labels: [label] });
const place = connectWorker(() => new Worker("worker.js", { type: "module" }));
place.dispose();
const predictor = await infer.loadModel<"note">(file, { parts: [mla, mlp] });
void predictor.predict({ note: "hum" }).probabilities;

export const all = [
  augment,
  auto,
  compact,
  decode,
  features,
  gradcheck,
  accuracy,
  onnx,
  relaxed,
  replayStep,
];
export const more = [relaxedThreads, scalar, serve, slim, store, createSynthetic, tokenizers];
export const threads = [webThreads, weights];
