import type { Answer } from "../lab/protocol.ts";
import { percent, signedPoints } from "./format.ts";

/** How the shares add up, from chance to the answer. */
export function Sum({ answer }: { readonly answer: Answer | null }) {
  if (answer === null) return null;
  const shares = Object.entries(answer.voices)
    .filter(([, { heard }]) => heard)
    .map(([name, { share }]) => `${name} ${signedPoints(share)}`);
  return (
    <p class="hint sum">
      From chance, {percent(answer.chance)}: {shares.join(", ")}, which makes{" "}
      {percent(answer.probability)}.
    </p>
  );
}
