const NAME = "flowchat";
const FILES = "files";

/** Files that outlive the page, in IndexedDB. Where the browser refuses, they live as long as the page. */
export const keepFile = (key: string, file: File) =>
  inStore("readwrite", (all) => all.put(file, key));

export const dropFile = (key: string) => inStore("readwrite", (all) => all.delete(key));

export const keptFile = (key: string) =>
  inStore<File | undefined>("readonly", (all) => all.get(key) as IDBRequest<File | undefined>);

/** Null where nothing can be kept: private windows, full disks, old browsers. */
async function inStore<T>(
  mode: IDBTransactionMode,
  ask: (files: IDBObjectStore) => IDBRequest<T>,
): Promise<T | null> {
  if (typeof indexedDB === "undefined") return null;
  try {
    const database = await open();
    try {
      return await answerOf(ask(database.transaction(FILES, mode).objectStore(FILES)));
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

function open(): Promise<IDBDatabase> {
  const opening = indexedDB.open(NAME, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(FILES));
  return answerOf(opening);
}

function answerOf<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.addEventListener("success", () => resolve(asked.result));
    asked.addEventListener("error", () => reject(asked.error!));
  });
}
