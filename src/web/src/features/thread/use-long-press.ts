import { useEffect, useRef, type MouseEvent, type PointerEvent } from "react";

const LONG = 450;
const STILL = 10;

/** A finger that rests on something; a mouse has its own ways. */
export function useLongPress(onPress: (element: HTMLElement) => void) {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null);
  const end = () => {
    if (press.current) clearTimeout(press.current.timer);
    press.current = null;
  };
  useEffect(() => end, []);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType !== "touch") return;
      const element = event.currentTarget;
      const timer = setTimeout(() => {
        navigator.vibrate?.(10);
        onPress(element);
      }, LONG);
      press.current = { timer, x: event.clientX, y: event.clientY };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const held = press.current;
      if (held && Math.hypot(clientX - held.x, clientY - held.y) > STILL) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    // The browser's own menu would lie over ours.
    onContextMenu: (event: MouseEvent) => press.current && event.preventDefault(),
  };
}
