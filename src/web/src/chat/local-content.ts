/** Bytes that this page has anyway: what it sends itself is shown from here, before and after. */
const addresses = new Map<string, string>();

const MOST = 60;

export const localContent = (attachmentId: string) => addresses.get(attachmentId);

export function showLocally(attachmentId: string, file: Blob): void {
  if (addresses.has(attachmentId)) return;
  addresses.set(attachmentId, URL.createObjectURL(file));
  for (const oldest of addresses.keys()) {
    if (addresses.size <= MOST) break;
    hideLocal(oldest);
  }
}

/** The server's attachment takes the place of the one that was on its way, and shows the same bytes. */
export function renameLocal(fromId: string, toId: string): void {
  const address = addresses.get(fromId);
  if (address) addresses.set(toId, address);
}

export function hideLocal(attachmentId: string): void {
  const address = addresses.get(attachmentId);
  addresses.delete(attachmentId);
  if (address && ![...addresses.values()].includes(address)) URL.revokeObjectURL(address);
}
