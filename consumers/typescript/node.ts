/** What is for Node alone; its declarations may name Node's types. */
import * as node from "altermodal/node";
import { fileStore } from "altermodal/node-store";
import { nodeThreads } from "altermodal/node-threads";

export const all = [node, fileStore, nodeThreads];
