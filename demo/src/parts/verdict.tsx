import type { Answer } from "../lab/protocol.ts";
import { percent } from "./format.ts";

interface VerdictProps {
  readonly answer: Answer | null;
  /** What it is; null if nobody knows. */
  readonly truth: string | null;
}

/** The answer in a sentence. */
export function Verdict({ answer, truth }: VerdictProps) {
  if (answer === null) return <p class="verdict">Nothing is seen or heard: no answer.</p>;
  const right = truth === null ? null : truth === answer.label;
  return (
    <p class="verdict">
      It says <b>{answer.label}</b>, {percent(answer.probability)} sure.
      {right === true && <span class="right"> ✓ That is right.</span>}
      {right === false && <span class="wrong"> ✗ It is {truth}.</span>}
    </p>
  );
}
