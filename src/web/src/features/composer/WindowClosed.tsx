import { CalendarClock, LayoutTemplate } from "lucide-react";
import { useImperativeHandle, useRef, useState, type Ref } from "react";
import { nameOf } from "@/chat/naming";
import { send } from "@/chat/outbox";
import type { Conversation, Instance } from "@/chat/types";
import { Button } from "@/components/ui/Button";
import { useT } from "@/lib/i18n";
import { TemplateDialog } from "./TemplateDialog";
import type { ComposerHandle } from "./use-field";
import css from "./WindowClosed.module.css";

interface WindowClosedProps {
  conversation: Conversation;
  instance: Instance;
  ref: Ref<ComposerHandle>;
}

/** In the composer's place, while WhatsApp takes templates only. What was being written stays for later. */
export function WindowClosed({ conversation, instance, ref }: WindowClosedProps) {
  const t = useT();
  const opener = useRef<HTMLDivElement>(null);
  const [choosing, setChoosing] = useState(false);
  useImperativeHandle(ref, () => ({
    focus: () => opener.current?.querySelector("button")?.focus(),
  }));

  return (
    <div className={css.closed} ref={opener} role="status">
      <CalendarClock size={20} aria-hidden="true" />
      <p>
        <b>{t("window.closed")}</b>
        <span>{t("window.why", { name: nameOf(conversation) })}</span>
      </p>
      <Button look="accent" aria-haspopup="dialog" onClick={() => setChoosing(true)}>
        <LayoutTemplate size={16} aria-hidden="true" />
        {t("template.choose")}
      </Button>
      {choosing && (
        <TemplateDialog
          instanceId={instance.id}
          onSend={(outgoing, file) => {
            setChoosing(false);
            send(conversation.id, outgoing, null, file);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </div>
  );
}
