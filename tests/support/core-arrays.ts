import { TENSOR_DATA } from "../../src/engine/abi.ts";
import type { Engine } from "../../src/engine/engine.ts";

/** Copies arrays into the core, runs `body` on their addresses and returns what became of them. */
export function withCoreArrays<K extends string>(
  engine: Engine,
  arrays: Readonly<Record<K, Float32Array | Float64Array>>,
  body: (core: Engine["core"], at: Readonly<Record<K, number>>) => void,
): Record<K, Float64Array> {
  return engine.scope(() => {
    const entries = Object.entries<Float32Array | Float64Array>(arrays);
    const tensors = entries.map(([name, values]) => {
      const dtype = values instanceof Float64Array ? "f64" : "f32";
      return [name, engine.tensor(values, [values.length], { dtype })] as const;
    });
    const at = Object.fromEntries(tensors.map(([name, t]) => [name, t.field(TENSOR_DATA)]));
    body(engine.core, at as Record<K, number>);
    return Object.fromEntries(
      tensors.map(([name, tensor]) => [name, Float64Array.from(tensor.view())]),
    ) as Record<K, Float64Array>;
  });
}
