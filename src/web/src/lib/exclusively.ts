/** One tab at a time. Pages that aren't secure have no locks: there each tab works for itself. */
export function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const { locks } = navigator as { locks?: LockManager | null };
  return locks ? locks.request(name, work) : work();
}
