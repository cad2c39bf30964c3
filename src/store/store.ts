import { formatNames, StorageError } from "../engine/errors.ts";

/** Named bytes that outlive a page or a process: model files, checkpoints. */
export interface Store {
  /** @throws {StorageError} if there is none of this name, or the storage is denied */
  get(name: string): Promise<Uint8Array>;
  /**
   * Saves bytes as a whole: after a failure the earlier ones of that name are still there.
   *
   * @throws {StorageError} if the storage is full or denied
   */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Forgets an entry, if there is one. @throws {StorageError} if the storage is denied */
  delete(name: string): Promise<void>;
  /** In order. @throws {StorageError} if the storage is denied */
  names(): Promise<string[]>;
}

/** Names that browsers give their errors, and codes of Node. */
const FULL = ["QuotaExceededError", "ENOSPC", "EDQUOT"];
const DENIED = [
  ...["SecurityError", "NotAllowedError", "InvalidStateError", "NoModificationAllowedError"],
  ...["EACCES", "EPERM", "EROFS"],
];

/** Runs an action on a storage; whatever it throws becomes a StorageError with one remedy. */
export async function storing<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    const { name, code, message } = cause as { name?: string; code?: unknown; message?: string };
    const is = (list: readonly string[]) => list.includes(name ?? "") || list.includes(`${code}`);
    const reason = is(FULL)
      ? "room for it, got a full storage; delete other entries or free the disk"
      : is(DENIED)
        ? "leave to store there, got none; allow it, or choose another place"
        : `a working storage, got: ${message ?? cause}`;
    throw new StorageError(`store: Cannot ${what}: expected ${reason}`, { cause });
  }
}

/** The error for an entry that is not there. */
export function missing(name: string, known: readonly string[]): StorageError {
  const expected = known.length === 0 ? "an entry of this name" : `one of ${formatNames(known)}`;
  return new StorageError(`store: Cannot find "${name}": expected ${expected}, got none`);
}

/** The error for a runtime without such a storage. */
export function unavailable(kind: string, instead: string): StorageError {
  return new StorageError(
    `store: Cannot use ${kind}: expected a runtime that has it, got one without; use ${instead}`,
  );
}
