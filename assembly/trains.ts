/**
 * False in the core that only predicts (`PREDICTS_ONLY` in asconfig.json): ops record nothing there, and jobs for gradients
 * are not handed out. Otherwise the table, which any call through it may reach, would hold their functions.
 */
export const TRAINS: bool = !isDefined(PREDICTS_ONLY);
