export { indexedDbStore } from "./indexed-db.ts";
export { opfsStore } from "./opfs.ts";
export type { Store } from "./store.ts";
