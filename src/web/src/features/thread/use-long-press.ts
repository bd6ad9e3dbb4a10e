import { useEffect, useRef, type MouseEvent, type TouchEvent } from "react";

const LONG = 450;
const STILL = 10;

interface Press {
  element: HTMLElement;
  timer: ReturnType<typeof setTimeout>;
  x: number;
  y: number;
  long: boolean;
}

/** A finger that rests on one of the things within an element; a mouse has its own ways. */
export function useLongPress(within: string, onPress: (element: HTMLElement) => void) {
  const press = useRef<Press | null>(null);
  const drop = () => {
    if (press.current) clearTimeout(press.current.timer);
    press.current = null;
  };
  useEffect(() => drop, []);

  function lift(event: TouchEvent) {
    const held = press.current;
    drop();
    if (!held?.long) return;
    // The click that would follow, and the lifting itself, close what is open: so it opens right after.
    event.preventDefault();
    setTimeout(() => onPress(held.element));
  }

  return {
    onTouchStart: ({ touches, target }: TouchEvent) => {
      const element = (target as Element).closest<HTMLElement>(within);
      if (!element) return;
      const { clientX: x, clientY: y } = touches[0]!;
      const timer = setTimeout(() => {
        press.current!.long = true;
        navigator.vibrate?.(10);
      }, LONG);
      press.current = { element, timer, x, y, long: false };
    },
    onTouchMove: ({ touches }: TouchEvent) => {
      const held = press.current;
      const { clientX, clientY } = touches[0]!;
      if (held && Math.hypot(clientX - held.x, clientY - held.y) > STILL) drop();
    },
    onTouchEnd: lift,
    onTouchCancel: lift,
    // The browser's own menu would lie over ours.
    onContextMenu: (event: MouseEvent) => press.current && event.preventDefault(),
  };
}
