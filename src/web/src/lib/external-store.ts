import { createContext, createElement, use, useSyncExternalStore, type ReactNode } from "react";

/** A value outside React that components read with `useStore`. */
export interface Store<T> {
  get(): T;
  set(next: T | ((current: T) => T)): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  const listeners = new Set<() => void>();
  let value = initial;
  return {
    get: () => value,
    set(next) {
      const changed = typeof next === "function" ? (next as (current: T) => T)(value) : next;
      if (Object.is(changed, value)) return;
      value = changed;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `select` must answer the same reference for the same state. */
export function useStore<T, S>(store: Store<T>, select: (state: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

/**
 * For what nearly every component reads: a context costs a reader nothing, where a subscription of its own costs each
 * row of a list an effect. The first is the component that all readers are in.
 */
export function sharedStore<T>(store: Store<T>) {
  const Shared = createContext(store.get());
  const Sharing = ({ children }: { children: ReactNode }) =>
    createElement(Shared, { value: useStore(store, (value) => value) }, children);
  return [Sharing, () => use(Shared)] as const;
}
