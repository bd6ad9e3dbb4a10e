import { useLayoutEffect, useRef, useState, type MouseEvent, type ReactNode } from "react";
import css from "./Popover.module.css";

const GAP = 6;
const EDGE = 8;

interface PopoverProps {
  /** What it opens beside, and where the focus returns to. */
  anchor: HTMLElement;
  label: string;
  role?: "dialog" | "menu";
  onClose: () => void;
  children: ReactNode;
}

/** The browser's own popover: above everything, closed by Esc and a click elsewhere. On phones a sheet. */
export function Popover({ anchor, label, role = "dialog", onClose, children }: PopoverProps) {
  const popover = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = popover.current!;
    element.showPopover();
    (element.querySelector<HTMLElement>("[data-first]") ?? element).focus();
    const stay = () => place(element, anchor);
    stay();
    // What it holds may be loaded, or change.
    const observer = new ResizeObserver(stay);
    observer.observe(element);
    return () => {
      observer.disconnect();
      if (element.contains(document.activeElement)) anchor.focus({ preventScroll: true });
    };
  }, [anchor]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Its role is given.
    <div
      ref={popover}
      popover="auto"
      role={role}
      aria-label={label}
      className={css.popover}
      onToggle={(event) => event.newState === "closed" && onClose()}
      tabIndex={-1}
      // In React's tree it lies within what opened it: a touch here is none there.
      onTouchStart={(event) => event.stopPropagation()}
    >
      {children}
    </div>
  );
}

/** Below what opened it, or above where there is more room, and never over the edge. */
function place(element: HTMLElement, anchor: HTMLElement): void {
  const from = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = from.bottom + GAP;
  const fits = below + height <= innerHeight - EDGE || from.top < innerHeight - from.bottom;
  const top = fits ? below : from.top - GAP - height;
  const left = from.left + width > innerWidth - EDGE ? from.right - width : from.left;
  element.style.top = `${clamp(top, EDGE, innerHeight - height - EDGE)}px`;
  element.style.left = `${clamp(left, EDGE, innerWidth - width - EDGE)}px`;
}

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high));

/** A popover's state, and what the button that opens it needs: a second click closes it. */
export function useOpener() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const wasOpen = useRef(false);
  return {
    anchor,
    close: () => setAnchor(null),
    button: {
      "aria-expanded": anchor !== null,
      "aria-haspopup": "dialog" as const,
      // The press already closes it, before the click comes.
      onPointerDown: () => {
        wasOpen.current = anchor !== null;
      },
      onClick: (event: MouseEvent<HTMLElement>) => {
        setAnchor(wasOpen.current ? null : event.currentTarget);
        wasOpen.current = false;
      },
    },
  };
}
