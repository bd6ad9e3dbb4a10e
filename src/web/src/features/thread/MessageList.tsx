import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import {
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { loadNewer, loadOlder, loadThread } from "@/chat/load";
import { askedChanges, changeMessage } from "@/chat/message-changes";
import type { Unsent } from "@/chat/outbox";
import { placeToShow } from "@/chat/place-to-show";
import type { Thread } from "@/chat/state";
import type { Instance, Message } from "@/chat/types";
import { inBackground } from "@/lib/http";
import { useStore } from "@/lib/external-store";
import { useT } from "@/lib/i18n";
import { Bubble } from "./Bubble";
import { DeleteDialog } from "./DeleteDialog";
import { drawnOf, Entries, newSince } from "./entries";
import { estimateHeight } from "./estimate";
import { hasActions } from "./message-actions";
import { MessageMenu } from "./MessageMenu";
import { ThreadContext, type ThreadScene } from "./thread-context";
import { ThreadMedia } from "./ThreadMedia";
import { useShownMessage } from "./use-shown-message";
import { useLongPress } from "./use-long-press";
import { indexOf, useWalk } from "./use-walk";
import css from "./MessageList.module.css";

const NEAR_END = 80;
const NEAR_START = 800;
const NOTHING: readonly Unsent[] = [];

interface MessageListProps {
  conversationId: string;
  name: string;
  group: boolean;
  instance: Instance | undefined;
  parked: boolean;
  canWrite: boolean;
  myId: string;
  thread: Thread;
  unsent: readonly Unsent[];
}

export function MessageList(props: MessageListProps) {
  const { conversationId, name, unsent } = props;
  const thread = useMemo(() => drawnOf(props.thread), [props.thread]);
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const { messages, olderCursor, detached } = thread;
  // What is about to be sent stands at the end, which isn't here then.
  const waiting = detached ? NOTHING : unsent;
  const entries = useMemo(() => new Entries(messages, waiting), [messages, waiting]);
  const [atEnd, setAtEnd] = useState(true);
  const [wasDetached, setWasDetached] = useState(detached);
  useEffect(() => setWasDetached(detached), [detached]);
  const [seen, setSeen] = useState<Message | null>(null);
  const newest = entries.messageAt(entries.length - 1);

  // Another function would make the virtualizer lay out the whole thread again at each render.
  const keyOf = useCallback((index: number) => entries.keyAt(index), [entries]);
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    getItemKey: keyOf,
    estimateSize: (index) => estimateHeight(entries, index, props.group),
    overscan: 4,
    paddingStart: 10,
    paddingEnd: 10,
    // History grows upwards without moving what is read, and the end is followed while in view.
    anchorTo: "end",
    followOnAppend: !detached && !wasDetached,
    scrollEndThreshold: NEAR_END,
    // Rows find their places without being drawn again.
    directDomUpdates: true,
  });

  useLayoutEffect(() => virtualizer.scrollToEnd(), [virtualizer]);

  const toEnd = useCallback(() => {
    // Or the part that was being looked for would come after it.
    placeToShow.set(null);
    if (!detached) return virtualizer.scrollToEnd();
    const go = async () => {
      await loadThread(conversationId);
      requestAnimationFrame(() => virtualizer.scrollToEnd());
    };
    void inBackground(go());
  }, [conversationId, detached, virtualizer]);

  // What the agent sends is always shown, wherever the thread was scrolled to.
  const lastUnsent = unsent.at(-1)?.client_message_id;
  const [unsentBefore] = useState(lastUnsent);
  const showSent = useEffectEvent(() => toEnd());
  useLayoutEffect(() => {
    if (lastUnsent && lastUnsent !== unsentBefore) showSent();
  }, [lastUnsent, unsentBefore]);

  // A growing composer or a phone's keyboard takes room from below: the end stays in view.
  const onResize = useEffectEvent(() => atEnd && virtualizer.scrollToEnd());
  useEffect(() => {
    const observer = new ResizeObserver(onResize);
    observer.observe(scroller.current!);
    return () => observer.disconnect();
  }, []);

  const atNewest = atEnd && !detached;
  if (atNewest && newest && seen !== newest) setSeen(newest);
  const missed = atNewest ? 0 : newSince(entries, seen);

  const items = virtualizer.getVirtualItems();
  const { pointedAt, looking } = useShownMessage(conversationId, thread, virtualizer);
  const { tabStop, list } = useWalk(entries, virtualizer);
  const [menu, setMenu] = useState<{ message: Message; anchor: HTMLElement } | null>(null);
  const [doomed, setDoomed] = useState<Message | null>(null);
  const [media, setMedia] = useState<string | null>(null);
  const press = useLongPress("[data-bubble]", (bubble) => {
    const message = entries.messageAt(indexOf(bubble)!);
    if (message && hasActions(message)) setMenu({ message, anchor: bubble });
  });
  const asked = useStore(askedChanges, (held) => held);
  const scene = useScene(props, setMenu, setMedia);

  // Asked of the element: the virtualizer hears later where it is, and may miss a jump there and back.
  const lookAround = useCallback(() => {
    const element = scroller.current!;
    if (olderCursor && element.scrollTop < NEAR_START) void inBackground(loadOlder(conversationId));
    if (detached && distanceFromEnd(element) < NEAR_START)
      void inBackground(loadNewer(conversationId));
  }, [conversationId, olderCursor, detached]);
  useEffect(lookAround, [lookAround, messages]);

  return (
    <ThreadContext value={scene}>
      <div className={css.frame}>
        <div
          ref={scroller}
          className={css.scroller}
          // A region that scrolls must be reachable by keyboard.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          role="region"
          aria-label={t("thread.label", { name })}
          onScroll={(event) => {
            setAtEnd(distanceFromEnd(event.currentTarget) <= NEAR_END);
            lookAround();
          }}
        >
          <div
            ref={virtualizer.containerRef}
            role="list"
            className={css.entries}
            {...list}
            {...press}
          >
            {items.map((item) => (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className={css.place}
              >
                <Bubble
                  entry={entries.at(item.index)}
                  asked={asked.get(entries.messageAt(item.index)!.id)}
                  tabStop={item.key === tabStop}
                  pointedAt={entries.messageAt(item.index)!.id === pointedAt}
                />
              </div>
            ))}
          </div>
        </div>
        {looking !== "no" && (
          <p className={css.looking} role="status">
            {t(looking === "looking" ? "thread.looking" : "thread.missingMessage")}
          </p>
        )}
        {!atNewest && (
          <button
            type="button"
            className={css.toEnd}
            data-news={missed > 0 || undefined}
            aria-label={missed > 0 ? undefined : t("thread.toEnd")}
            onClick={toEnd}
          >
            <ArrowDown size={16} aria-hidden="true" />
            {missed > 0 && t("thread.newMessages", { count: missed })}
          </button>
        )}
      </div>
      {menu && (
        <MessageMenu
          {...menu}
          onDelete={() => setDoomed(menu.message)}
          onClose={() => setMenu(null)}
        />
      )}
      {doomed && (
        <DeleteDialog
          onDelete={() => changeMessage(doomed.id, "delete", null)}
          onClose={() => setDoomed(null)}
        />
      )}
      {media && (
        <ThreadMedia
          conversationId={conversationId}
          attachmentId={media}
          onClose={() => setMedia(null)}
        />
      )}
    </ThreadContext>
  );
}

/** The same object while nothing of it changes, so that no bubble is drawn for it. */
function useScene(
  { name, group, instance, parked, canWrite, myId }: MessageListProps,
  setMenu: (menu: { message: Message; anchor: HTMLElement }) => void,
  openMedia: (attachmentId: string) => void,
): ThreadScene {
  return useMemo(
    () => ({
      name,
      group,
      instance,
      parked,
      canWrite,
      myId,
      openMenu: (message: Message, anchor: HTMLElement) => setMenu({ message, anchor }),
      openMedia,
    }),
    [name, group, instance, parked, canWrite, myId, setMenu, openMedia],
  );
}

// The element's own figures: the virtualizer hears of this scroll only after us.
const distanceFromEnd = (element: HTMLElement) =>
  element.scrollHeight - element.clientHeight - element.scrollTop;
