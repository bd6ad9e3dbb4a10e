import { useRef, useState, type PointerEvent, type WheelEvent } from "react";

const MOST = 6;
const STEP = 1.5;

export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };

/** Larger or smaller, keeping what lies under a point (from the middle) where it is. */
export function zoomed(zoom: Zoom, scale: number, x = 0, y = 0): Zoom {
  const next = Math.max(1, Math.min(MOST, scale));
  if (next === 1) return WHOLE;
  const ratio = next / zoom.scale;
  return { scale: next, x: x - (x - zoom.x) * ratio, y: y - (y - zoom.y) * ratio };
}

/** Zoom by buttons, keys, wheel and two clicks, and moving about by dragging. */
export function useZoom() {
  const [zoom, setZoom] = useState(WHOLE);
  const dragged = useRef<{ x: number; y: number } | null>(null);

  return {
    zoom,
    larger: () => setZoom((held) => zoomed(held, held.scale * STEP)),
    smaller: () => setZoom((held) => zoomed(held, held.scale / STEP)),
    reset: () => setZoom(WHOLE),
    surface: {
      onWheel: (event: WheelEvent) => {
        const [x, y] = fromMiddle(event);
        const factor = Math.exp(-event.deltaY / 400);
        setZoom((held) => zoomed(held, held.scale * factor, x, y));
      },
      onDoubleClick: (event: React.MouseEvent) => {
        const [x, y] = fromMiddle(event);
        setZoom((held) => (held.scale > 1 ? WHOLE : zoomed(held, 2.5, x, y)));
      },
      onPointerDown: (event: PointerEvent) => {
        if (zoom.scale === 1) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = { x: event.clientX - zoom.x, y: event.clientY - zoom.y };
      },
      onPointerMove: (event: PointerEvent) => {
        const from = dragged.current;
        if (!from) return;
        const [x, y] = [event.clientX - from.x, event.clientY - from.y];
        setZoom((held) => ({ ...held, x, y }));
      },
      onPointerUp: () => {
        dragged.current = null;
      },
    },
  };
}

function fromMiddle(event: { clientX: number; clientY: number; currentTarget: Element }) {
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  return [event.clientX - left - width / 2, event.clientY - top - height / 2] as const;
}
