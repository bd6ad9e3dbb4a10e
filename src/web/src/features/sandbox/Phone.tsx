import { SendHorizontal } from "lucide-react";
import { useLayoutEffect, useRef, useState, type FormEvent } from "react";
import { textOf } from "@/chat/summary";
import type { Instance, Message } from "@/chat/types";
import { Avatar } from "@/components/ui/Avatar";
import { IconButton } from "@/components/ui/Button";
import { timeOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import { problemText } from "@/lib/problem";
import { sendFromPhone } from "./api";
import type { Customer } from "./customers";
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

function PhoneBubble({ message }: { message: Message }) {
  const t = useT();
  const language = useLanguage();
  return (
    <div
      className={css.bubble}
      role="listitem"
      data-own={message.direction === "in" || undefined}
      data-message-id={message.id}
    >
      {textOf(t, message)}
      <time dateTime={message.sent_at}>{timeOf(language, new Date(message.sent_at))}</time>
    </div>
  );
}

function PhoneComposer({ instance, customer }: { instance: Instance; customer: Customer }) {
  const t = useT();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const sent = text.trim();
    if (!sent) return;
    setText("");
    setProblem(null);
    try {
      await sendFromPhone(instance.id, customer, sent);
    } catch (error) {
      setText(sent);
      setProblem(problemText(t, error));
    }
  }

  return (
    <>
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      <form className={css.composer} onSubmit={submit}>
        <input
          aria-label={t("sandbox.placeholder")}
          placeholder={t("sandbox.placeholder")}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <IconButton label={t("sandbox.send")} type="submit" disabled={!text.trim()}>
          <SendHorizontal size={17} />
        </IconButton>
      </form>
    </>
  );
}
