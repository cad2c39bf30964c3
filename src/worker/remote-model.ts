import { arraysOfOne } from "../data/from-arrays.ts";
import type { Prediction } from "../train/model.ts";
import type { RemoteModel } from "../train/place.ts";
import type { CallName, Calls, ModelHandle } from "./messages.ts";
import { sendModalities } from "./sent-data.ts";

type SentModalities = Calls["predict"]["sent"]["modalities"];
type Call = <K extends CallName>(call: K, sent: Calls[K]["sent"]) => Promise<Calls[K]["back"]>;

/** A model whose work is done by calls to the worker that holds it. */
export function createRemoteModel<M extends string>(
  { model, spec }: ModelHandle,
  call: Call,
): RemoteModel<M> {
  const predictAll: RemoteModel<M>["predictAll"] = async (modalities) =>
    (await call("predict", {
      model,
      modalities: sendModalities(modalities as SentModalities),
    })) as Prediction<M>[];
  return {
    spec: spec as RemoteModel<M>["spec"],
    predictAll,
    async predict(sample) {
      return (await predictAll(arraysOfOne<M>(sample)))[0] as Prediction<M>;
    },
    parameters: () => call("parameters", { model }),
    save: () => call("save", { model }),
    dispose() {
      // A worker that died has freed it already.
      call("free", { model }).catch(() => {});
    },
  };
}
