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
  const unheard = useRef<number | null>(null);

  useLayoutEffect(() => {
    const scroller = virtualizer.scrollElement;
    if (!scroller || scroller.scrollTop < 1) return;
    // A row that moved up has overtaken the others: it is no place to hold on to.
    const indexes = new Map(keys.map((key, index) => [key, index]));
    const held = place.current.rows.find((row) => (indexes.get(row.key) ?? -1) >= row.index);
    if (!held) return;
    const index = indexes.get(held.key)!;
    const start = virtualizer.measurementsCache[index]?.start;
    if (start === undefined || scroller.scrollTop === start - held.offset) return;
    scroller.scrollTop = start - held.offset;
    // The virtualizer hears of it with the next frame. Until then this row is the place, for more may come.
    unheard.current = virtualizer.scrollOffset;
    place.current = { rows: [{ ...held, index }] };
  }, [keys, virtualizer]);

  useLayoutEffect(() => {
    const top = virtualizer.scrollOffset ?? 0;
    if (top === unheard.current) return;
    unheard.current = null;
    place.current = {
      rows: virtualizer
        .getVirtualItems()
        .filter((item) => item.end > top)
        .map((item) => ({ key: String(item.key), index: item.index, offset: item.start - top })),
    };
  });
}
