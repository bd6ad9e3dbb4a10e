import { useEffect, useMemo, useState } from "react";
import { useChat } from "@/chat/chat-store";
import { searchConversations } from "@/chat/load";
import { nameOf } from "@/chat/naming";
import type { ChatState } from "@/chat/state";
import type { Conversation } from "@/chat/types";
import { inBackground } from "@/lib/http";

const TYPING_PAUSE = 150;

/** What the list shows: all that is loaded, or what memory and server find for the search. */
export function useListed(query: string): { conversations: Conversation[]; searching: boolean } {
  const state = useChat((current) => current);
  const [found, setFound] = useState<{ query: string; ids: string[] } | null>(null);

  useEffect(() => {
    if (!query) return;
    const abort = new AbortController();
    const search = async () => {
      const ids = await searchConversations(query, abort.signal);
      if (!abort.signal.aborted) setFound({ query, ids });
    };
    const timer = setTimeout(() => void inBackground(search()), TYPING_PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query]);

  const { order, conversations, listCursor } = state;
  const listed = useMemo(
    () => (query ? matches(state, query, found?.query === query ? found.ids : []) : reached(state)),
    // eslint-disable-next-line react/exhaustive-deps -- the parts of the state that matter here
    [order, conversations, listCursor, query, found],
  );
  return { conversations: listed, searching: query !== "" && found?.query !== query };
}

/** Events may bring conversations from below the pages loaded so far: they wait for their page. */
function reached({ order, conversations, listCursor, listEnd }: ChatState): Conversation[] {
  const all = order.map((id) => conversations.get(id)!);
  if (listCursor === null) return all;
  const end = Date.parse(listEnd);
  return all.filter((one) => Date.parse(one.last_activity_at) >= end);
}

function matches({ order, conversations }: ChatState, query: string, ids: string[]) {
  const found = new Set(ids);
  const words = folded(query);
  const digits = query.replace(/\D/g, "");
  return order
    .map((id) => conversations.get(id)!)
    .filter(
      (one) =>
        found.has(one.id) ||
        folded(nameOf(one)).includes(words) ||
        (digits.length > 2 && one.contact?.phone?.includes(digits)),
    );
}

const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
