import { useEffect, useRef, type MouseEvent, type TouchEvent } from "react";

const LONG = 450;
const STILL = 10;

interface Press {
  timer: ReturnType<typeof setTimeout>;
  x: number;
  y: number;
  long: boolean;
}

/** A finger that rests on something; a mouse has its own ways. */
export function useLongPress(onPress: (element: HTMLElement) => void) {
  const press = useRef<Press | null>(null);
  const drop = () => {
    if (press.current) clearTimeout(press.current.timer);
    press.current = null;
  };
  useEffect(() => drop, []);

  function lift(event: TouchEvent<HTMLElement>) {
    const { currentTarget } = event;
    const long = press.current?.long;
    drop();
    if (!long) return;
    // The click that would follow, and the lifting itself, close what is open: so it opens right after.
    event.preventDefault();
    setTimeout(() => onPress(currentTarget));
  }

  return {
    onTouchStart: ({ touches }: TouchEvent) => {
      const { clientX: x, clientY: y } = touches[0]!;
      const timer = setTimeout(() => {
        press.current!.long = true;
        navigator.vibrate?.(10);
      }, LONG);
      press.current = { timer, x, y, long: false };
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
