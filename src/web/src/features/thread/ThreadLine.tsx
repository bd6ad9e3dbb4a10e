import {
  Bookmark,
  BookmarkX,
  ChartColumn,
  Images,
  Phone,
  PhoneMissed,
  Pin,
  PinOff,
  Users,
  Video,
  type LucideIcon,
} from "lucide-react";
import { useChat } from "@/chat/chat-store";
import { contentOf } from "@/chat/content";
import { callWords } from "@/chat/summary";
import { systemWords } from "@/chat/system-words";
import type { Contents, Message } from "@/chat/types";
import { timeOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import css from "./ThreadLine.module.css";

/** Of what people do; anything else happened to the group. */
const SIGNS: Readonly<Record<string, LucideIcon>> = {
  pinned: Pin,
  unpinned: PinOff,
  kept: Bookmark,
  unkept: BookmarkX,
  album: Images,
  voted: ChartColumn,
};

/** What happened in between: said by nobody, so in the middle. */
export function ThreadLine({ message, at }: { message: Message; at: Date }) {
  const t = useT();
  const language = useLanguage();
  const call = contentOf(message, "call");
  const missed = call?.outcome === "missed";
  const system = contentOf(message, "system");
  const sign = SIGNS[system?.event ?? ""] ?? Users;
  return (
    <div className={css.line} data-tone={missed ? "warn" : undefined}>
      <Sign call={call ? (missed ? PhoneMissed : call.is_video ? Video : Phone) : sign} />
      <span dir="auto">
        {call ? callWords(t, call.is_video, call.outcome) : <Happened system={system} />}
      </span>
      <time dateTime={message.sent_at}>{timeOf(language, at)}</time>
    </div>
  );
}

/** By the names that people have now. */
function Happened({ system }: { system: Contents["system"] | null }) {
  const language = useLanguage();
  return useChat(({ contacts }) => systemWords(language, system, contacts));
}

const Sign = ({ call: Icon }: { call: LucideIcon }) => <Icon size={13} aria-hidden="true" />;
