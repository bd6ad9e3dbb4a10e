import { ArrowLeft, Check, PanelRight, RotateCcw } from "lucide-react";
import { useImperativeHandle, useState, type Ref } from "react";
import { setStatus } from "@/chat/load";
import { nameOf, pictureOf, seedOf, whereabouts } from "@/chat/naming";
import { typingWords, useTypists } from "@/chat/typing";
import type { Conversation, Instance } from "@/chat/types";
import { Avatar } from "@/components/ui/Avatar";
import { Button, IconButton } from "@/components/ui/Button";
import { useT } from "@/lib/i18n";
import { problemText } from "@/lib/problem";
import css from "./ThreadHeader.module.css";

export interface StatusHandle {
  /** Resolves, or opens again. */
  toggleStatus(): void;
}

export interface DetailsToggle {
  shown: boolean;
  toggle: () => void;
}

/** The id of the pane beside, or over, the thread. */
export const DETAILS = "details";

interface ThreadHeaderProps {
  conversation: Conversation;
  instance: Instance | undefined;
  canWrite: boolean;
  details: DetailsToggle;
  onBack: () => void;
  ref: Ref<StatusHandle>;
}

export function ThreadHeader(props: ThreadHeaderProps) {
  const { conversation, instance, canWrite, details, onBack, ref } = props;
  const t = useT();
  const name = nameOf(conversation);
  const group = conversation.kind === "group";
  const typed = typingWords(t, useTypists(conversation.id), conversation.kind);
  return (
    <header className={css.header}>
      <IconButton label={t("thread.back")} className={css.back} onClick={onBack}>
        <ArrowLeft size={20} />
      </IconButton>
      <Avatar
        seed={seedOf(conversation)}
        name={name}
        picture={pictureOf(conversation)}
        group={group}
      />
      <div className={css.who}>
        <h2 dir="auto">{name}</h2>
        {typed ? (
          <p className={css.typing} data-typing dir="auto">
            {typed}
          </p>
        ) : (
          <p className="num">{whereabouts(t, conversation, instance)}</p>
        )}
      </div>
      {canWrite && <StatusButton ref={ref} conversation={conversation} />}
      <IconButton
        label={t("thread.details")}
        aria-controls={DETAILS}
        aria-expanded={details.shown}
        onClick={details.toggle}
      >
        <PanelRight size={18} />
      </IconButton>
    </header>
  );
}

function StatusButton({
  conversation,
  ref,
}: {
  conversation: Conversation;
  ref: Ref<StatusHandle>;
}) {
  const t = useT();
  const [problem, setProblem] = useState<string | null>(null);
  const resolved = conversation.status === "resolved";

  async function toggle() {
    try {
      setProblem(null);
      await setStatus(conversation.id, resolved ? "open" : "resolved");
    } catch (error) {
      setProblem(problemText(t, error));
    }
  }

  useImperativeHandle(ref, () => ({ toggleStatus: () => void toggle() }));

  return (
    <div className={css.action}>
      {problem && <p role="alert">{problem}</p>}
      <Button
        look={resolved ? "plain" : "accent"}
        aria-keyshortcuts="E"
        aria-label={t(resolved ? "thread.reopen" : "thread.resolve")}
        onClick={toggle}
      >
        {resolved ? (
          <RotateCcw size={16} aria-hidden="true" />
        ) : (
          <Check size={16} aria-hidden="true" />
        )}
        <span>{t(resolved ? "thread.reopen" : "thread.resolve")}</span>
      </Button>
    </div>
  );
}
