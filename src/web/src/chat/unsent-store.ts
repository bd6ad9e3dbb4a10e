import { createStore } from "@/lib/external-store";
import { onShelves } from "@/lib/kept";
import type { Unsent } from "./unsent";

/** What the browser doesn't keep, or not yet: it lives as long as this page. */
const unkept = new Map<string, Unsent>();

/** Sent or taken back, whatever the browser still keeps of it. */
const dropped = new Set<string>();

/** Whether the browser refused to keep the last one. */
export const keepsNothing = createStore(false);

const BOTH = ["files", "unsent"] as const;

const askFirst = (event: Event) => event.preventDefault();

/** With its file the first time. */
export async function keepUnsent(entry: Unsent, file?: File): Promise<void> {
  const id = entry.client_message_id;
  setUnkept(id, entry);
  const kept = await onShelves(file ? BOTH : ["unsent"], "readwrite", (shelf) => {
    if (file) shelf("files").put(file, id);
    return shelf("unsent").put(entry, id);
  });
  keepsNothing.set(kept === null);
  // It may have been changed or dropped in the meantime.
  if (kept && unkept.get(id) === entry) setUnkept(id, null);
}

export async function dropUnsent(id: string): Promise<void> {
  setUnkept(id, null);
  dropped.add(id);
  const gone = await onShelves(BOTH, "readwrite", (shelf) => {
    shelf("files").delete(id);
    return shelf("unsent").delete(id);
  });
  if (gone) dropped.delete(id);
}

/** Also what other tabs wrote, the oldest first. Where nothing can be read, what is `shown` is what there is. */
export async function unsentOf(
  userId: string,
  shown: () => readonly Unsent[] = () => [],
): Promise<Unsent[]> {
  const kept = await onShelves<Unsent[]>(["unsent"], "readonly", (shelf) =>
    shelf("unsent").getAll(),
  );
  const all = new Map((kept?.value ?? shown()).map((entry) => [entry.client_message_id, entry]));
  for (const [id, entry] of unkept) all.set(id, entry);
  return [...all.values()]
    .filter((entry) => entry.user_id === userId && !dropped.has(entry.client_message_id))
    .toSorted((a, b) => a.created_at.localeCompare(b.created_at));
}

export async function keptFile(id: string): Promise<File | null> {
  const kept = await onShelves<File | undefined>(["files"], "readonly", (shelf) =>
    shelf("files").get(id),
  );
  return kept?.value ?? null;
}

function setUnkept(id: string, entry: Unsent | null): void {
  if (entry) unkept.set(id, entry);
  else unkept.delete(id);
  const change = unkept.size > 0 ? "addEventListener" : "removeEventListener";
  window[change]("beforeunload", askFirst);
}
