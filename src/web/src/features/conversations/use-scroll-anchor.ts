import type { Virtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef } from "react";

interface Place {
  /** The rows in view with their index and their distance from the top of the view. */
  rows: { key: string; index: number; offset: number }[];
}

/** Keeps the rows in view where they are when others are moved past them; the top stays the top. */
export function useScrollAnchor(
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  keys: readonly string[],
): void {
  const place = useRef<Place>({ rows: [] });

  useLayoutEffect(() => {
    const scroller = virtualizer.scrollElement;
    if (!scroller || scroller.scrollTop < 1) return;
    // A row that moved up has overtaken the others: it is no place to hold on to.
    const indexes = new Map(keys.map((key, index) => [key, index]));
    const held = place.current.rows.find((row) => (indexes.get(row.key) ?? -1) >= row.index);
    if (!held) return;
    const start = virtualizer.measurementsCache[indexes.get(held.key)!]?.start;
    if (start !== undefined && scroller.scrollTop !== start - held.offset)
      scroller.scrollTop = start - held.offset;
  }, [keys, virtualizer]);

  useLayoutEffect(() => {
    const top = virtualizer.scrollOffset ?? 0;
    place.current = {
      rows: virtualizer
        .getVirtualItems()
        .filter((item) => item.end > top)
        .map((item) => ({ key: String(item.key), index: item.index, offset: item.start - top })),
    };
  });
}
