export { columnMeans, topDirections } from "./directions";
export { sumOfSquares } from "./dot";
export { outerUpdate, rightMultiply, rightSolve, shermanMorrison } from "./symmetric";
export { woodburyRight } from "./woodbury";
