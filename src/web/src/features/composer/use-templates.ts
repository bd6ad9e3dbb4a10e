import { useEffect, useState } from "react";
import type { Template } from "@/chat/types";
import { request, RequestError } from "@/lib/http";

interface Loaded {
  templates: readonly Template[] | null;
  problem: RequestError | null;
}

const LOADING: Loaded = { templates: null, problem: null };

/** The approved templates of a number; null until they are here. */
export function useTemplates(instanceId: string) {
  const [loaded, setLoaded] = useState(LOADING);

  useEffect(() => {
    let gone = false;
    void read(instanceId, "").then((now) => !gone && setLoaded(now));
    return () => {
      gone = true;
    };
  }, [instanceId]);

  return {
    ...loaded,
    /** Asks the gateway itself: one may have been approved just now. */
    async reload() {
      setLoaded(LOADING);
      setLoaded(await read(instanceId, "?fresh=true"));
    },
  };
}

async function read(instanceId: string, query: string): Promise<Loaded> {
  try {
    const path = `/api/instances/${instanceId}/templates${query}`;
    const { items } = await request<{ items: Template[] }>("GET", path);
    return { templates: items, problem: null };
  } catch (problem) {
    if (problem instanceof RequestError) return { templates: null, problem };
    throw problem;
  }
}
