import { useEffect } from "preact/hooks";
import { forget, keptNames, listKept, openKept } from "../state/kept-models.ts";

interface KeptListProps {
  /** Says how it went. */
  report(work: Promise<string>): void;
}

/** Models that this browser keeps, to be opened or forgotten. */
export function KeptList({ report }: KeptListProps) {
  useEffect(() => {
    // Denied storage is said when somebody asks for it.
    listKept().catch(() => undefined);
  }, []);
  if (keptNames.value.length === 0) return null;
  return (
    <>
      <h3>Kept in this browser</h3>
      <ul class="kept">
        {keptNames.value.map((name) => (
          <li key={name} class="controls">
            <b>{name}</b>
            <button
              type="button"
              aria-label={`Open ${name}`}
              onClick={() => report(openKept(name))}
            >
              Open
            </button>
            <button
              type="button"
              aria-label={`Forget ${name}`}
              onClick={() => report(forget(name))}
            >
              Forget
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
