/** Opens a saved model in the studio that it belongs to, with the data that it was made for. */
import { decodeSafetensors } from "altermodal";
import type { Source } from "../lab/protocol.ts";
import { alternating, chosen, joint, own, raceData } from "./app-state.ts";
import * as recorded from "./own-state.ts";
import type { Studio } from "./studio.ts";

/** What of a model's specification says where it belongs. */
interface Spec {
  readonly classes: readonly string[];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly method: { readonly name: string };
}

/**
 * @returns the studio, and the hash of the model as it would be saved again
 * @throws {Error} if the file is no model, or none of this page's; what was open stays
 */
export async function openModelFile(
  bytes: Uint8Array,
): Promise<{ readonly studio: Studio; readonly hash: string | null }> {
  const { metadata } = decodeSafetensors(bytes, "model");
  const spec: Spec = JSON.parse(metadata.get("spec") ?? "null");
  const { studio, source } = placeOf(spec);
  if (studio.busy)
    throw new Error(`${studio.title} is being trained; wait for its end or cancel it.`);
  const open = studio.info.value;
  if (studio.source.value !== source.name || open?.classes.join() !== spec.classes.join()) {
    await studio.open(source);
  }
  const hash = await studio.load(bytes);
  if (source.name === "recordings") recorded.classes.value = spec.classes;
  else raceData.value = source.name;
  chosen.value = studio;
  return { studio, hash };
}

function placeOf(spec: Spec | null): { studio: Studio; source: Source } {
  const classes = spec?.classes ?? [];
  const racer = spec?.method.name === "mla" ? alternating : joint;
  switch (spec === null ? "" : Object.keys(spec.inputs).join()) {
    case "picture,words":
      return { studio: racer, source: { name: "emoji" } };
    case "easy,hard":
      return { studio: racer, source: { name: "synthetic" } };
    case "picture,sound":
      return { studio: own, source: { name: "recordings", classes, pairs: [] } };
    default:
      throw new Error("This is no model of this page. Open one that was saved here.");
  }
}
