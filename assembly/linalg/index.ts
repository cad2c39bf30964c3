export { columnMeans, topDirections } from "./directions";
export { sumOfSquares } from "./dot";
export { factorRight, factorUpdate } from "./factors";
export { outerUpdate, rightMultiply, rightSolve, shermanMorrison } from "./symmetric";
export { woodburyRight } from "./woodbury";
