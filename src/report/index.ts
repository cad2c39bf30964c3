export { renderAnswer } from "./answer.ts";
export type { MethodTest } from "./comparison-tests.ts";
export { type Diagnosis, diagnosisOf, renderDiagnosis } from "./diagnosis.ts";
export { gapPoints } from "./gap-points.ts";
export { type Headline, headline } from "./headline.ts";
export type { SampleMedia } from "./html/sample-index.ts";
export { type ReportExtras, renderReport } from "./html.ts";
export { type PackedFloats, packFloats, unpackFloats } from "./packed-floats.ts";
export type {
  CellRecord,
  ComparisonRecord,
  DataManifest,
  EnvironmentRecord,
  GapPoint,
  MethodRecord,
  ModalityTestRecord,
  RecipeRecord,
  TestRecord,
} from "./records.ts";
export {
  cellsUnder,
  type FusedSummary,
  type MethodSummary,
  type ModalitySummary,
  protocolsOf,
  type Summary,
  summarise,
} from "./summary.ts";
export { renderMarkdownTable, renderTextTable, TABLE_WIDTH } from "./table.ts";
