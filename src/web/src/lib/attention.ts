import { useSyncExternalStore } from "react";

/** Somebody is looking: the tab is in front and has the focus. */
export const isAttentive = () => document.visibilityState === "visible" && document.hasFocus();

export const useAttention = (): boolean => useSyncExternalStore(subscribe, isAttentive);

function subscribe(listener: () => void): () => void {
  window.addEventListener("focus", listener);
  window.addEventListener("blur", listener);
  document.addEventListener("visibilitychange", listener);
  return () => {
    window.removeEventListener("focus", listener);
    window.removeEventListener("blur", listener);
    document.removeEventListener("visibilitychange", listener);
  };
}
