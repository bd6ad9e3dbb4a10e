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
import { contentOf } from "@/chat/content";
import { callWords } from "@/chat/summary";
import { systemWords } from "@/chat/system-words";
import type { Message } from "@/chat/types";
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
  const words = call ? callWords(t, call.is_video, call.outcome) : systemWords(language, system);
  const sign = SIGNS[system?.event ?? ""] ?? Users;
  return (
    <div className={css.line} data-tone={missed ? "warn" : undefined}>
      <Sign call={call ? (missed ? PhoneMissed : call.is_video ? Video : Phone) : sign} />
      <span dir="auto">{words}</span>
      <time dateTime={message.sent_at}>{timeOf(language, at)}</time>
    </div>
  );
}

const Sign = ({ call: Icon }: { call: LucideIcon }) => <Icon size={13} aria-hidden="true" />;
