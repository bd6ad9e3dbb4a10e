const NAME = "flowchat";
const VERSION = 2;
const SHELVES = ["files", "unsent"] as const;

/** Safari has left an opening unanswered for good; a large file takes a slow disk some time. */
const PATIENCE = { open: 3_000, step: 20_000 };

export type Shelf = (typeof SHELVES)[number];

let opened: Promise<IDBDatabase | null> | null = null;

/**
 * One step on IndexedDB; steps take effect in the order in which they were asked for. Null where the browser keeps
 * nothing: private windows, full disks, old browsers.
 */
export async function onShelves<T>(
  names: readonly Shelf[],
  mode: IDBTransactionMode,
  step: (shelf: (name: Shelf) => IDBObjectStore) => IDBRequest<T>,
  isRepeat = false,
): Promise<{ value: T } | null> {
  const database = await (opened ??= open());
  if (!database) return null;
  try {
    // What somebody wrote is on the disk before it counts as kept.
    const transaction = database.transaction(names, mode, { durability: "strict" });
    const asked = step((name) => transaction.objectStore(name));
    // A page that is closed right now doesn't take it along.
    transaction.commit();
    await ended(transaction);
    return { value: asked.result };
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    // The browser may have closed it, as it does when the site's data are cleared, or while the page slept.
    if (error.name !== "InvalidStateError" || isRepeat) return null;
    forget();
    return onShelves(names, mode, step, true);
  }
}

function open(): Promise<IDBDatabase | null> {
  if (typeof indexedDB === "undefined") return Promise.resolve(null);
  return new Promise((resolve) => {
    const none = () => resolve(null);
    setTimeout(none, PATIENCE.open);
    try {
      const opening = indexedDB.open(NAME, VERSION);
      opening.addEventListener("upgradeneeded", () => makeShelves(opening.result));
      opening.addEventListener("error", none);
      opening.addEventListener("success", () => {
        resolve(letGoInTime(opening.result));
        // Too late for who waited, in time for the next.
        opened = Promise.resolve(opening.result);
      });
    } catch {
      none();
    }
  });
}

function makeShelves(database: IDBDatabase): void {
  for (const name of SHELVES) {
    if (!database.objectStoreNames.contains(name)) database.createObjectStore(name);
  }
}

const forget = () => {
  opened = null;
};

/** A newer page waits until this one has closed it. */
function letGoInTime(database: IDBDatabase): IDBDatabase {
  database.addEventListener("close", forget);
  database.addEventListener("versionchange", () => {
    database.close();
    forget();
  });
  return database;
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new DOMException("No answer", "TimeoutError")),
      PATIENCE.step,
    );
    transaction.addEventListener("complete", () => {
      clearTimeout(late);
      resolve();
    });
    transaction.addEventListener("abort", () => {
      clearTimeout(late);
      reject(transaction.error ?? new DOMException("Aborted", "AbortError"));
    });
  });
}
