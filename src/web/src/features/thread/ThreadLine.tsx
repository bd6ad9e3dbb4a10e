import { Phone, PhoneMissed, Users, Video, type LucideIcon } from "lucide-react";
import { contentOf } from "@/chat/content";
import { callWords } from "@/chat/summary";
import { systemWords } from "@/chat/system-words";
import type { Message } from "@/chat/types";
import { timeOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import css from "./ThreadLine.module.css";

/** What happened in between: said by nobody, so in the middle. */
export function ThreadLine({ message, at }: { message: Message; at: Date }) {
  const t = useT();
  const language = useLanguage();
  const call = contentOf(message, "call");
  const missed = call?.outcome === "missed";
  const words = call
    ? callWords(t, call.is_video, call.outcome)
    : systemWords(language, contentOf(message, "system"));
  return (
    <div className={css.line} data-tone={missed ? "warn" : undefined}>
      <Sign call={call ? (missed ? PhoneMissed : call.is_video ? Video : Phone) : Users} />
      <span dir="auto">{words}</span>
      <time dateTime={message.sent_at}>{timeOf(language, at)}</time>
    </div>
  );
}

const Sign = ({ call: Icon }: { call: LucideIcon }) => <Icon size={13} aria-hidden="true" />;
