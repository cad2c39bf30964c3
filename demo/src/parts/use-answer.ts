import { useEffect, useState } from "preact/hooks";
import type { Answer, Question } from "../lab/protocol.ts";
import type { Studio } from "../state/studio.ts";

/** The latest answer of a studio's model; null before there is one. An answer that comes too late is dropped. */
export function useAnswer(
  studio: Studio,
  question: Question | null,
  muted: readonly string[],
): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const version = studio.version.value;
  const key =
    question !== null && "part" in question ? `${question.part}/${question.index}` : question;
  useEffect(() => {
    let current = true;
    if (version === 0 || question === null) setAnswer(null);
    else {
      void studio.ask(question, muted).then((found) => {
        if (current) setAnswer(found);
      });
    }
    return () => {
      current = false;
    };
  }, [studio, version, key, muted.join()]);
  return answer;
}
