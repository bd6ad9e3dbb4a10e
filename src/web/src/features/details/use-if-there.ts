import { useEffect, useState } from "react";
import { inBackground, request, RequestError } from "@/lib/http";
import { untilAnswered } from "@/lib/retry";

/** What the server tells at an address, again with each other `state`; null until it does, and where it knows nothing of it. */
export function useIfThere<T>(path: string | null, state?: number): T | null {
  const [answer, setAnswer] = useState<{ path: string; value: T } | null>(null);
  useEffect(() => {
    if (!path) return;
    const abort = new AbortController();
    const load = async () => {
      const value = await ifThere(() => untilAnswered(() => request<T>("GET", path), abort.signal));
      if (value && !abort.signal.aborted) setAnswer({ path, value });
    };
    void inBackground(load());
    return () => abort.abort();
  }, [path, state]);
  return answer?.path === path ? answer.value : null;
}

export async function ifThere<T>(load: () => Promise<T>): Promise<T | null> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) return null;
    throw error;
  }
}
