import { useEffect } from "react";

export type Shortcut =
  | "search"
  | "next"
  | "previous"
  | "openNext"
  | "openPrevious"
  | "reply"
  | "resolve"
  | "back"
  | "help";

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

const PLAIN: Record<string, Shortcut> = {
  j: "next",
  k: "previous",
  r: "reply",
  e: "resolve",
  "?": "help",
};

/** Bare letters belong to whoever is typing. */
export function shortcutOf(event: Keys, typing: boolean): Shortcut | null {
  const command = event.ctrlKey || event.metaKey;
  if (command) return event.key.toLowerCase() === "k" ? "search" : null;
  if (event.altKey) {
    if (event.key === "ArrowDown") return "openNext";
    return event.key === "ArrowUp" ? "openPrevious" : null;
  }
  if (event.key === "Escape") return "back";
  return typing ? null : (PLAIN[event.key.toLowerCase()] ?? null);
}

export function useShortcuts(handlers: Partial<Record<Shortcut, () => void>>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // A modal dialog has its own keys.
      if (event.defaultPrevented || document.querySelector("dialog[open], :popover-open")) return;
      const target = event.target as HTMLElement;
      const typing = target.matches("input, textarea, select, [contenteditable]");
      const shortcut = shortcutOf(event, typing);
      const handler = shortcut && handlers[shortcut];
      if (!handler) return;
      event.preventDefault();
      handler();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [handlers]);
}
