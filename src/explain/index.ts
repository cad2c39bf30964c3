export {
  type ExplainedDataset,
  type ExplainOptions,
  type Explanation,
  explain,
  explainAll,
} from "./explain.ts";
export { classShares, type ExplainScale, type Prior } from "./value.ts";
