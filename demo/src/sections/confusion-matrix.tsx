import type { Sheet } from "../lab/protocol.ts";
import { percent } from "../parts/format.ts";
import type { Cell } from "./confusion-section.tsx";

interface ConfusionMatrixProps {
  readonly classes: readonly string[];
  readonly sheet: Sheet;
  readonly cell: Cell | null;
  onCell(cell: Cell): void;
}

/** How often each class was taken for each; a cell is a button. */
export function ConfusionMatrix({ classes, sheet, cell, onCell }: ConfusionMatrixProps) {
  const counts = countAnswers(classes.length, sheet);
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  const right = counts.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  return (
    <div class="scroll">
      <table class="matrix">
        <caption>
          {right} of {total} right, {percent(right / Math.max(total, 1))}
        </caption>
        <thead>
          <tr>
            <td class="corner">it was ↓ it said →</td>
            {classes.map((name) => (
              <th scope="col" key={name}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, truth) => {
            const row = counts[truth] ?? [];
            const size = row.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                {row.map((count, said) => (
                  <MatrixCell
                    key={classes[said]}
                    name={`It was ${name}, it said ${classes[said]}: ${count} of ${size}`}
                    count={count}
                    share={count / Math.max(size, 1)}
                    right={truth === said}
                    pressed={cell?.truth === truth && cell.said === said}
                    onPress={() => onCell({ truth, said })}
                  />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface MatrixCellProps {
  readonly name: string;
  readonly count: number;
  readonly share: number;
  readonly right: boolean;
  readonly pressed: boolean;
  onPress(): void;
}

function MatrixCell({ name, count, share, right, pressed, onPress }: MatrixCellProps) {
  if (count === 0) return <td class="zero">0</td>;
  const strength = `${Math.round(8 + 38 * share)}%`;
  return (
    <td class={right ? "hit" : "miss"} style={{ "--strength": strength }}>
      <button type="button" aria-label={name} aria-pressed={pressed} onClick={onPress}>
        {count}
      </button>
    </td>
  );
}

/** `counts[truth][said]`, without dropped samples. */
function countAnswers(classes: number, { labels, said }: Sheet): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    const row = counts[label];
    const answer = said[i] ?? -1;
    if (row !== undefined && answer >= 0) row[answer] = (row[answer] ?? 0) + 1;
  });
  return counts;
}
