import { useState } from "react";
import { createStore, sharedStore } from "./external-store";

/** How often the way to the server has come back. */
export const networkReturns = createStore(0);

export const [Connected, useNetworkReturns] = sharedStore(networkReturns);

/**
 * Whether this couldn't be had, and how to say so. A browser tries a picture once: what failed while there was no
 * network is tried again when there is one.
 */
export function useBroken<T>(what: T): [boolean, () => void] {
  const returns = useNetworkReturns();
  const [broken, setBroken] = useState<{ what: T; returns: number } | null>(null);
  return [broken?.what === what && broken?.returns === returns, () => setBroken({ what, returns })];
}
