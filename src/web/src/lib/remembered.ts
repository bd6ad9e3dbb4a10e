/** localStorage as JSON. A full or forbidden store means that nothing is remembered, no more. */
export function recall<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(`flowchat.${key}`);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(`flowchat.${key}`);
    else localStorage.setItem(`flowchat.${key}`, JSON.stringify(value));
  } catch {
    // Private windows refuse to store; the page works without.
  }
}

export function recallAll<T>(prefix: string): T[] {
  const found: T[] = [];
  for (let i = 0; i < localStorage.length; i++) {
    const key = localStorage.key(i);
    if (!key?.startsWith(`flowchat.${prefix}`)) continue;
    const value = recall<T>(key.slice("flowchat.".length));
    if (value !== null) found.push(value);
  }
  return found;
}
