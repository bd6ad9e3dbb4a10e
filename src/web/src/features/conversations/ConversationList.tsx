import { useVirtualizer } from "@tanstack/react-virtual";
import { Inbox, SearchX, SquarePen } from "lucide-react";
import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type Ref,
} from "react";
import { useChat } from "@/chat/chat-store";
import { loadConversations } from "@/chat/load";
import { NO_CONTACTS } from "@/chat/naming";
import { outbox } from "@/chat/outbox";
import { namesPeople } from "@/chat/summary";
import { typing } from "@/chat/typing";
import type { Conversation, Instance } from "@/chat/types";
import { refusedIn } from "@/chat/unsent";
import { Button, IconButton } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/EmptyState";
import { Skeleton } from "@/components/ui/Skeleton";
import { useStore } from "@/lib/external-store";
import { inBackground } from "@/lib/http";
import { useT } from "@/lib/i18n";
import { conversationPath, navigate } from "@/lib/router";
import { ConversationRow, hasPills } from "./ConversationRow";
import { NewConversation } from "./NewConversation";
import { SearchBox } from "./SearchBox";
import { useListed } from "./use-listed";
import { useScrollAnchor } from "./use-scroll-anchor";
import css from "./ConversationList.module.css";

const ROW = 60;
const PILLS = 24;

export interface ConversationListHandle {
  focusSearch(): void;
  /** Moves the focus to the next (1) or previous (-1) row. */
  walk(step: 1 | -1): void;
  openNext(step: 1 | -1): void;
}

interface ConversationListProps {
  selectedId: string | null;
  canStart: boolean;
  ref: Ref<ConversationListHandle>;
}

export function ConversationList({ selectedId, canStart, ref }: ConversationListProps) {
  const t = useT();
  const [query, setQuery] = useState("");
  const [starting, setStarting] = useState(false);
  const { conversations, searching } = useListed(query.trim());
  const loaded = useChat((state) => state.listLoaded);
  const search = useRef<HTMLInputElement>(null);
  const rows = useRef<RowsHandle>(null);

  useImperativeHandle(ref, () => ({
    focusSearch: () => search.current?.select(),
    walk: (step) => rows.current?.walk(step),
    openNext: (step) => rows.current?.openNext(step),
  }));

  return (
    <section className={css.list} aria-label={t("list.label")}>
      <header>
        <h1>{t("list.title")}</h1>
        {canStart && (
          <IconButton label={t("list.new")} onClick={() => setStarting(true)}>
            <SquarePen size={18} />
          </IconButton>
        )}
        <SearchBox ref={search} value={query} onChange={setQuery} />
      </header>
      {conversations.length > 0 ? (
        <Rows ref={rows} conversations={conversations} selectedId={selectedId} query={query} />
      ) : query && !searching ? (
        <EmptyState
          icon={SearchX}
          title={t("list.noMatch")}
          hint={t("list.noMatchHint", { query })}
        >
          <Button onClick={() => setQuery("")}>{t("list.clear")}</Button>
        </EmptyState>
      ) : loaded && !query ? (
        <NothingYet />
      ) : (
        <div className={css.waiting}>
          <Skeleton kind="rows" label={t("list.loading")} />
        </div>
      )}
      {starting && <NewConversation onClose={() => setStarting(false)} />}
    </section>
  );
}

function NothingYet() {
  const t = useT();
  const sandbox = useChat((state) =>
    [...state.instances.values()].some((one) => one.gateway === "sandbox" && !one.deleted_at),
  );
  return (
    <EmptyState icon={Inbox} title={t("list.empty")} hint={t("list.emptyHint")}>
      {sandbox && (
        <Button look="accent" onClick={() => navigate("/sandbox")}>
          {t("list.emptyStep")}
        </Button>
      )}
    </EmptyState>
  );
}

interface RowsHandle {
  walk(step: 1 | -1): void;
  openNext(step: 1 | -1): void;
}

interface RowsProps {
  conversations: Conversation[];
  selectedId: string | null;
  query: string;
  ref: Ref<RowsHandle>;
}

function Rows({ conversations, selectedId, query, ref }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const instances = useChat((state) => state.instances);
  // Here, and not in each row: a subscription costs each of them an effect.
  const typists = useStore(typing, (now) => now);
  const entries = useStore(outbox, (now) => now);
  const joined = useChat((state) => state.joined);
  const refused = useMemo(() => refusedIn(entries, joined), [entries, joined]);
  const contacts = useChat((state) => state.contacts);
  const cursor = useChat((state) => state.listCursor);
  const nameOfInstance = useMemo(() => namer(instances), [instances]);
  const keys = useMemo(() => conversations.map((one) => one.id), [conversations]);

  // Another function would make the virtualizer lay out the whole list again at each render.
  const keyOf = useCallback((index: number) => keys[index]!, [keys]);
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: conversations.length,
    getScrollElement: () => scroller.current,
    getItemKey: keyOf,
    estimateSize: (index) =>
      hasPills(conversations[index]!, nameOfInstance(conversations[index]!)) ? ROW + PILLS : ROW,
    overscan: 8,
    paddingStart: 6,
    paddingEnd: 12,
  });
  // Where its numbers become known only now, rows have another line.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, nameOfInstance]);
  useScrollAnchor(virtualizer, keys);

  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!query && cursor && last >= conversations.length - 15)
      void inBackground(loadConversations(cursor));
  }, [cursor, last, conversations.length, query]);

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [query]);

  useImperativeHandle(ref, () => {
    const next = (from: string | null, step: number) => {
      const at = from === null ? -1 : keys.indexOf(from);
      const index = at < 0 ? 0 : Math.min(keys.length - 1, Math.max(0, at + step));
      virtualizer.scrollToIndex(index, { align: "auto" });
      return keys[index];
    };
    const rowOf = (id: string) =>
      scroller.current?.querySelector<HTMLElement>(`[data-conversation-id="${id}"]`);
    return {
      walk(step) {
        const focused = document.activeElement?.getAttribute("data-conversation-id");
        const id = next(focused ?? selectedId, focused || selectedId ? step : 0);
        // The row exists once the list has scrolled to it.
        requestAnimationFrame(() => id && rowOf(id)?.focus({ preventScroll: true }));
      },
      openNext(step) {
        const id = next(selectedId, step);
        if (id) navigate(conversationPath(id));
      },
    };
  });

  return (
    <div ref={scroller} className={css.rows}>
      <ul style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const conversation = conversations[item.index]!;
          return (
            <li
              key={item.key}
              aria-setsize={conversations.length}
              aria-posinset={item.index + 1}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              <ConversationRow
                conversation={conversation}
                instanceName={nameOfInstance(conversation)}
                selected={conversation.id === selectedId}
                typists={typists.get(conversation.id)}
                contacts={namesPeople(conversation.last_message) ? contacts : NO_CONTACTS}
                leftUnsent={refused.has(conversation.id)}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** A name only where there are others to take it for; the test phone beside a single number is named, not that number. */
function namer(instances: ReadonlyMap<string, Instance>): (one: Conversation) => string | null {
  const live = [...instances.values()].filter((one) => !one.deleted_at);
  const real = live.filter((one) => one.gateway !== "sandbox");
  return ({ instance_id }) => {
    const instance = instances.get(instance_id);
    const alone = instance?.gateway === "sandbox" ? live.length === 1 : real.length <= 1;
    return alone ? null : (instance?.name ?? null);
  };
}
