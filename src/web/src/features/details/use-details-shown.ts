import { useState, useSyncExternalStore } from "react";
import { recall, remember } from "@/lib/remembered";

const WIDE = matchMedia("(min-width: 1200px)");

const subscribe = (listener: () => void) => {
  WIDE.addEventListener("change", listener);
  return () => WIDE.removeEventListener("change", listener);
};

/** Beside the thread where there is room, as it was left; else over it, until one goes on. */
export function useDetailsShown(conversationId: string | null) {
  const wide = useSyncExternalStore(subscribe, () => WIDE.matches);
  const [beside, setBeside] = useState(() => recall<boolean>("details") ?? true);
  const [over, setOver] = useState<string | null>(null);
  const shown = conversationId !== null && (wide ? beside : over === conversationId);

  function set(next: boolean) {
    if (wide) {
      setBeside(next);
      remember("details", next);
    } else setOver(next ? conversationId : null);
  }

  return {
    shown,
    lies: shown && !wide,
    toggle: () => set(!shown),
    close: () => set(false),
    closeOver: () => setOver(null),
  };
}
