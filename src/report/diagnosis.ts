/** Which modality is lazy in joint training, by how much, and what may mend it. */
import { type Spread, spreadOf } from "../metrics/index.ts";
import { percentSpread, signedPoints } from "./format.ts";
import type { CellRecord } from "./records.ts";
import { type ModalitySummary, summarise } from "./summary.ts";

/** Gaps below this share are not worth a claim. */
const NOTABLE = 0.01;

/** A method that may be tried, and what it is a remedy for. */
export interface Remedy {
  readonly name: string;
  readonly baseline: boolean;
  readonly against: string | null;
}

export interface ModalityDiagnosis {
  readonly name: string;
  /** Accuracy trained alone, by its head. */
  readonly alone: Spread;
  /** Accuracy inside the joint network: by a probe of its encoder, and by the joint head with the others zeroed. */
  readonly probe: Spread | null;
  readonly joint: Spread;
  /** What training together cost it, by probe; by head where there is no probe. */
  readonly gap: Spread | null;
  readonly verdict: "lazy" | "perhaps lazy" | "not lazy";
}

export interface Diagnosis {
  readonly modalities: readonly ModalityDiagnosis[];
  /** Fused accuracy of the joint network, of the modalities trained alone, and the first less the second. */
  readonly joint: Spread;
  readonly ensemble: Spread;
  readonly difference: Spread;
  /** Share of the (sample, modality) pairs that the training part lacks. */
  readonly missing: number;
  /** Methods to try, and why. */
  readonly advice: readonly { readonly why: string; readonly methods: readonly string[] }[];
}

export interface DiagnosisInput {
  readonly cells: readonly CellRecord[];
  /** Names of the methods among them: modalities trained alone, the same fused, and all trained jointly. */
  readonly roles: { readonly alone: string; readonly ensemble: string; readonly joint: string };
  readonly data: { readonly modalities: readonly string[] };
  readonly missing: number;
  /** All that there are to try. */
  readonly methods: readonly Remedy[];
}

export function diagnosisOf({ cells, roles, data, missing, methods }: DiagnosisInput): Diagnosis {
  const { methods: rows } = summarise({ cells, data });
  const rowOf = (name: string) => rows.find(({ method }) => method.name === name);
  const [lone, ensemble, joint] = [roles.alone, roles.ensemble, roles.joint].map(rowOf);
  const modalities = data.modalities.flatMap((name): ModalityDiagnosis[] => {
    const [alone, inside] = [lone?.modalities[name], joint?.modalities[name]];
    return alone === undefined || inside === undefined ? [] : [diagnoseOne(name, alone, inside)];
  });
  const accuracies = [joint, ensemble].map((row) => row?.fused?.accuracy ?? spreadOf([0]));
  const [ofJoint, ofEnsemble] = accuracies as [Spread, Spread];
  const difference = spreadOf(
    ofJoint.values.map((value, i) => value - (ofEnsemble.values[i] as number)),
  );
  return {
    modalities,
    joint: ofJoint,
    ensemble: ofEnsemble,
    difference,
    missing,
    advice: advise(modalities, difference, missing, methods),
  };
}

function diagnoseOne(
  name: string,
  alone: ModalitySummary,
  inside: ModalitySummary,
): ModalityDiagnosis {
  const gap = inside.gapByProbe ?? inside.gapByHead;
  const clear = gap !== null && gap.mean >= NOTABLE && gap.low !== null && gap.low > 0;
  const verdict = clear ? "lazy" : (gap?.mean ?? 0) >= NOTABLE ? "perhaps lazy" : "not lazy";
  return { name, alone: alone.head, probe: inside.probe, joint: inside.head, gap, verdict };
}

function advise(
  modalities: readonly ModalityDiagnosis[],
  difference: Spread,
  missing: number,
  methods: readonly Remedy[],
): Diagnosis["advice"] {
  const against = (problem: string) =>
    methods.filter((method) => method.against === problem).map(({ name }) => name);
  const lazy = modalities.filter(({ verdict }) => verdict !== "not lazy").map(({ name }) => name);
  const advice = [];
  if (lazy.length > 0) {
    advice.push({
      why: `${lazy.join(", ")}: training together keeps the modality below itself alone; these train each encoder on its own modality's loss`,
      methods: against("laziness"),
    });
  }
  if (difference.mean >= NOTABLE) {
    advice.push({
      why: "the joint network beats the modalities trained alone: they complement each other, and these keep that",
      methods: against("independence"),
    });
  }
  if (missing > 0) {
    advice.push({
      why: "modalities are missing in the training data",
      methods: against("missing modalities"),
    });
  }
  if (advice.length === 0) {
    advice.push({
      why: "nothing is lazy and nothing is missing: the plain baselines will do",
      methods: methods.filter(({ baseline }) => baseline).map(({ name }) => name),
    });
  }
  return advice;
}

/** The diagnosis as text for a terminal. */
export function renderDiagnosis(diagnosis: Diagnosis): string {
  const { modalities, joint, ensemble, difference, advice } = diagnosis;
  const rows = [
    [
      "modality",
      "alone %",
      "inside, probe %",
      "inside, head %",
      "lost, points",
      "95 % interval",
      "",
    ],
    ...modalities.map(({ name, alone, probe, joint: head, gap, verdict }) => [
      name,
      percentSpread(alone),
      probe === null ? "-" : percentSpread(probe),
      percentSpread(head),
      gap === null ? "-" : signedPoints(gap.mean),
      interval(gap),
      verdict,
    ]),
  ];
  const widths = (rows[0] as string[]).map((_, c) =>
    Math.max(...rows.map((row) => (row[c] as string).length)),
  );
  const table = rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c] as number))
      .join("  ")
      .trimEnd(),
  );
  return [
    ...table,
    "",
    `Fused: joint network ${percentSpread(joint)} %, modalities trained alone ${percentSpread(ensemble)} %, difference ${signedPoints(difference.mean)} points ${interval(difference)}.`,
    "Validation data, on which epochs were chosen too: all figures are a little high. Lost: alone less inside, by probe;",
    "the joint head with the others zeroed overstates it.",
    "",
    "What to try:",
    ...advice.map(({ why, methods }) => `  ${methods.join(", ")}\n    (${why})`),
    "",
  ].join("\n");
}

function interval(spread: Spread | null): string {
  if (spread === null || spread.low === null || spread.high === null) return "(one seed: unknown)";
  return `[${signedPoints(spread.low)}, ${signedPoints(spread.high)}]`;
}
