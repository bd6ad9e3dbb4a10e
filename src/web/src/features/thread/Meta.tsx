import { Clock } from "lucide-react";
import type { Message } from "@/chat/types";
import { Ticks } from "@/components/ui/Ticks";
import { timeOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { hasTrouble } from "./Delivery";
import { EditedMark } from "./EditedMark";
import type { Entry } from "./entries";
import css from "./Meta.module.css";

interface MetaProps {
  entry: Entry;
  message: Message;
  editing: boolean;
  deleting: boolean;
}

/** When it was said, whether it was changed, and how far it got. */
export function Meta({ entry, message, editing, deleting }: MetaProps) {
  const t = useT();
  const language = useLanguage();
  return (
    <span
      className={css.meta}
      data-direction={message.direction}
      data-beside={(BESIDE.has(message.type) && !hasWords(message)) || undefined}
      data-over={hasTimeUpon(message) || undefined}
    >
      {(message.edited_at || editing) && !message.deleted_at && (
        <EditedMark message={message} pending={editing} />
      )}
      {deleting && (
        <span className={css.pending}>
          <Clock size={11} aria-hidden="true" />
          {t("message.deleting")}
        </span>
      )}
      <time dateTime={message.sent_at}>{timeOf(language, entry.at)}</time>
      {message.direction === "out" && !message.deleted_at && !hasTrouble(message) && (
        <Ticks status={message.status} />
      )}
    </span>
  );
}

/** A picture without words has its time upon it. */
export const hasTimeUpon = ({ type, text, deleted_at, attachments }: Message) =>
  type === "image" && !text && !deleted_at && attachments[0]?.state === "ready";

/** Of a live location: what its sender says of it. */
const hasWords = ({ type, text }: Message) => type === "live_location" && text !== null;

/** Their last line is short, and has room for it. */
const BESIDE: ReadonlySet<Message["type"]> = new Set(["location", "live_location", "poll"]);
