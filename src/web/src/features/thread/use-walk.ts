import type { Virtualizer } from "@tanstack/react-virtual";
import { useState, type FocusEvent, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import type { Entries } from "./entries";
import { hasActions } from "./message-actions";

/** Tab reaches one message of a thread, and the arrows the others. */
export function useWalk(entries: Entries, virtualizer: Virtualizer<HTMLDivElement, Element>) {
  const [focused, setFocused] = useState<string | null>(null);
  const items = virtualizer.getVirtualItems();
  const reachable = items.filter((item) => canReach(entries, item.index));
  const held = reachable.some((item) => item.key === focused);
  const tabStop = held ? focused : ((reachable.at(-1)?.key as string | undefined) ?? null);

  function walk(from: number, step: 1 | -1) {
    let index = from + step;
    while (entries.messageAt(index) && !canReach(entries, index)) index += step;
    if (!entries.messageAt(index)) return;
    virtualizer.scrollToIndex(index, { align: "auto" });
    // It exists once the thread has scrolled to it.
    requestAnimationFrame(() => {
      // Its actions are drawn only once it is the one that Tab reaches.
      flushSync(() => setFocused(entries.keyAt(index)));
      const row = virtualizer.scrollElement?.querySelector(`[data-index="${index}"]`);
      row?.querySelector<HTMLElement>("[data-menu]")?.focus({ preventScroll: true });
    });
  }

  return {
    tabStop,
    list: {
      onFocus: (event: FocusEvent) => {
        const index = indexOf(event.target);
        if (index !== null && entries.messageAt(index)) setFocused(entries.keyAt(index));
      },
      onKeyDown: (event: KeyboardEvent) => {
        const { key, target } = event;
        if (key !== "ArrowUp" && key !== "ArrowDown") return;
        const index = indexOf(target as Element);
        if (index === null || !(target as Element).matches("[data-menu]")) return;
        event.preventDefault();
        walk(index, key === "ArrowUp" ? -1 : 1);
      },
    },
  };
}

// What waits to be sent has no actions yet.
const canReach = (entries: Entries, index: number) =>
  hasActions(entries.messageAt(index)!) && !entries.at(index).unsent;

/** Of the message that an element is part of. */
export function indexOf(element: Element): number | null {
  const row = element.closest<HTMLElement>("[data-index]");
  return row ? Number(row.dataset["index"]) : null;
}
