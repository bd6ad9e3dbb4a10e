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

/** What is remembered under names that begin so. */
export function namesOf(prefix: string): string[] {
  return Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index)!)
    .filter((key) => key.startsWith(`flowchat.${prefix}`))
    .map((key) => key.slice("flowchat.".length));
}
