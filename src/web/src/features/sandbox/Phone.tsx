import { useLayoutEffect, useRef } from "react";
import { NO_CONTACTS } from "@/chat/naming";
import { mentionNames, textOf } from "@/chat/summary";
import type { Instance, Message } from "@/chat/types";
import { Avatar } from "@/components/ui/Avatar";
import { timeOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import { plainText } from "@/lib/rich-text";
import type { Customer } from "./customers";
import { PhoneComposer } from "./PhoneComposer";
import { PhoneMedium } from "./PhoneMedium";
import { usePhone } from "./use-phone";
import css from "./Phone.module.css";

/** A phone shows this much; the rest is the inbox's to keep. */
const SHOWN = 100;

export function Phone({ instance, customer }: { instance: Instance; customer: Customer }) {
  const t = useT();
  const thread = usePhone(instance.id, customer.phone);
  const messages = (thread?.messages ?? []).filter(hasArrived).slice(-SHOWN);
  const screen = useRef<HTMLDivElement>(null);
  const newest = messages.at(-1)?.id;

  useLayoutEffect(() => {
    screen.current!.scrollTop = screen.current!.scrollHeight;
  }, [newest]);

  return (
    <section className={css.phone} aria-label={t("sandbox.device", { name: customer.name })}>
      <header>
        <Avatar seed={instance.id} name={instance.name} size="small" />
        <div>
          <h2>{instance.name}</h2>
          <p className="num">
            {instance.phone ? formatPhone(instance.phone) : t("gateway.sandbox")}
          </p>
        </div>
      </header>
      <div
        ref={screen}
        className={css.screen}
        role="list"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls
        tabIndex={0}
        aria-label={t("sandbox.messages", { name: customer.name })}
      >
        {messages.map((message) => (
          <PhoneBubble key={message.id} message={message} />
        ))}
        {thread?.loaded !== false && messages.length === 0 && (
          <p className={css.empty}>{t("sandbox.empty")}</p>
        )}
      </div>
      <PhoneComposer instance={instance} customer={customer} />
    </section>
  );
}

/** What the inbox sends is on the phone once its gateway took it. */
function hasArrived({ direction, status }: Message): boolean {
  return (
    direction === "in" ||
    status === "sent" ||
    status === "delivered" ||
    status === "read" ||
    status === "played"
  );
}

const shownText = ({ text, mentions }: Message) =>
  text && plainText(text, mentionNames(mentions, NO_CONTACTS));

function PhoneBubble({ message }: { message: Message }) {
  const t = useT();
  const language = useLanguage();
  const bare = message.attachments.length > 0 && !message.deleted_at;
  const words = bare ? shownText(message) : textOf(t, message, NO_CONTACTS);
  return (
    <div
      className={css.bubble}
      role="listitem"
      data-own={message.direction === "in" || undefined}
      data-message-id={message.id}
    >
      {message.deleted_at
        ? null
        : message.attachments.map((one) => <PhoneMedium key={one.id} attachment={one} />)}
      {words}
      <time dateTime={message.sent_at}>{timeOf(language, new Date(message.sent_at))}</time>
    </div>
  );
}
