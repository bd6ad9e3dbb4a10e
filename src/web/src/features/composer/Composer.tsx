import { SendHorizontal } from "lucide-react";
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type Ref,
} from "react";
import { clearComposeTarget } from "@/chat/compose-target";
import { recallDraft, rememberDraft } from "@/chat/drafts";
import { changeMessage } from "@/chat/message-changes";
import { send } from "@/chat/outbox";
import { Button } from "@/components/ui/Button";
import { useT } from "@/lib/i18n";
import { ComposeTargetBar } from "./ComposeTargetBar";
import { useComposeTarget } from "./use-compose-target";
import css from "./Composer.module.css";

const LONGEST = 65_536;
const TALLEST = 180;

export interface ComposerHandle {
  focus(): void;
}

interface ComposerProps {
  conversationId: string;
  userId: string;
  name: string;
  shortName: string;
  ref: Ref<ComposerHandle>;
}

/** Keyed by its conversation: another one brings its own draft. */
export function Composer({ conversationId, userId, name, shortName, ref }: ComposerProps) {
  const t = useT();
  const [text, setText] = useState(() => recallDraft(userId, conversationId));
  const field = useRef<HTMLTextAreaElement>(null);
  const ready = text.trim() !== "";

  const target = useComposeTarget(conversationId, (now, before) => {
    // What was being written waits while something else is edited.
    if (now?.mode === "edit") setText(now.message.text ?? "");
    else if (before?.mode === "edit") setText(recallDraft(userId, conversationId));
    if (now) field.current?.focus();
  });
  const editing = target?.mode === "edit";

  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }));

  useEffect(() => {
    // On a phone the focus would open the keyboard over what one came to read.
    if (matchMedia("(hover: hover) and (min-width: 760px)").matches) field.current?.focus();
  }, []);

  useLayoutEffect(() => fit(field.current!), [text]);

  // A turned phone breaks the lines elsewhere.
  useEffect(() => {
    const refit = () => fit(field.current!);
    window.addEventListener("resize", refit);
    return () => window.removeEventListener("resize", refit);
  }, []);

  function change(next: string) {
    setText(next);
    if (!editing) rememberDraft(userId, conversationId, next);
  }

  function submit() {
    if (!ready) return;
    const words = text.trim();
    if (!editing) {
      send(conversationId, words, target?.message);
      change("");
    } else if (words !== target.message.text) changeMessage(target.message.id, "edit", words);
    clearComposeTarget();
    field.current?.focus();
  }

  const action = editing ? "compose.save" : "composer.send";

  function onKeyDown(event: KeyboardEvent) {
    // Enter also ends the composition of an input method; keyCode 229 is how Safari says so.
    if (event.key === "Escape" && target) {
      event.stopPropagation();
      clearComposeTarget();
      return;
    }
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  }

  return (
    <form
      className={css.composer}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {target && <ComposeTargetBar target={target} contactName={name} userId={userId} />}
      <textarea
        ref={field}
        rows={1}
        maxLength={LONGEST}
        aria-label={t("composer.label", { name })}
        placeholder={t("composer.placeholder", { name: shortName })}
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <footer>
        <span className={css.hint}>{t("composer.hint")}</span>
        <Button look="accent" type="submit" disabled={!ready} aria-label={t(action)}>
          <span>{t(action)}</span>
          <SendHorizontal size={16} aria-hidden="true" />
        </Button>
      </footer>
    </form>
  );
}

function fit(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`;
}
