import { alternating, chosen, joint, own } from "../state/app-state.ts";
import { Choice } from "./choice.tsx";

/** Whose answers are looked at; the models that are trained. */
export function ModelChoice({ name }: { readonly name: string }) {
  const trained = [alternating, joint, own].filter(({ version }) => version.value > 0);
  return (
    <Choice
      legend="Model"
      name={name}
      options={trained.map(({ title }) => ({ value: title, label: title }))}
      value={chosen.value.title}
      onChange={(title) => {
        chosen.value = trained.find((studio) => studio.title === title) ?? alternating;
      }}
    />
  );
}
