interface FigureTableProps {
  readonly name: string;
  readonly columns: readonly { readonly title: string; cell(row: number): string }[];
  readonly rows: number;
}

/** The figures behind a chart, one row per epoch. */
export function FigureTable({ name, columns, rows }: FigureTableProps) {
  return (
    <details>
      <summary>The figures: {name}</summary>
      <div class="scroll">
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">epoch</th>
              {columns.map(({ title }) => (
                <th scope="col" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rows }, (_, row) => (
              <tr key={row}>
                <th scope="row">{row + 1}</th>
                {columns.map(({ title, cell }) => (
                  <td key={title}>{cell(row)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
