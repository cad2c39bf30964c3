/** What would stop a run is said before it trains anything. */
import { describeProtocol, PROTOCOL_PARTS, underProtocol } from "../../data/protocols.ts";
import type { LoadedData } from "../../data/source.ts";
import { checkTraining } from "../../train/settings.ts";
import { TRAINING_PARTS } from "../training-parts.ts";
import { checkCellFolder } from "./cell-folder.ts";
import { cellIdentity, type TrainJob } from "./cell-job.ts";
import type { AskedCell } from "./plan.ts";
import type { PlannedCell } from "./train-cells.ts";

/**
 * Checks every training of a plan, with the data as its protocol leaves them, and the folders that it would go on in.
 *
 * @param initial - parameters that encoders begin with
 * @throws {OptionError | DataError | DataFormatError} for what cannot be trained, judged or resumed; nothing was done
 */
export async function checkPlan(
  cells: readonly PlannedCell[],
  asked: readonly AskedCell[],
  data: LoadedData,
  initial?: ReadonlyMap<string, Float32Array>,
): Promise<void> {
  // The test part stays shut: what a protocol asks of it can be asked of the validation part.
  for (const { protocol } of unique(asked, ({ protocol }) => describeProtocol(protocol).label)) {
    underProtocol(data.validation, "test", protocol);
  }
  const key = ({ job }: PlannedCell) => JSON.stringify([job.method, job.protocol, job.training]);
  for (const { job } of unique(cells, key)) checkJob(job, data, initial);
  for (const { job } of cells) {
    if (job.folder !== null) await checkCellFolder(job.folder, cellIdentity(job));
  }
}

function checkJob(
  { method, protocol, training, select }: TrainJob,
  data: LoadedData,
  initial: ReadonlyMap<string, Float32Array> | undefined,
): void {
  const under = protocol ?? PROTOCOL_PARTS.complete();
  checkTraining({
    ...training,
    data: {
      train: underProtocol(data.train, "train", under),
      validation: underProtocol(data.validation, "validation", under),
    },
    method: { name: method.name, options: method.options },
    parts: TRAINING_PARTS,
    select,
    ...(initial && { initial }),
  });
}

function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
