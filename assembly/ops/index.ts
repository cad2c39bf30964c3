/** One line per op. */
export { relu } from "./relu";
