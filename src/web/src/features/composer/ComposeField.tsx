import { useId, type ClipboardEvent, type KeyboardEvent } from "react";
import { clearComposeTarget } from "@/chat/compose-target";
import { nameOf, shortNameOf } from "@/chat/naming";
import type { Conversation } from "@/chat/types";
import { useT } from "@/lib/i18n";
import { takesCaption } from "@/components/media/file-kind";
import { MentionList } from "./MentionList";
import type { Compose } from "./use-compose";
import { filesOf } from "./use-drop";

interface ComposeFieldProps {
  compose: Compose;
  conversation: Conversation;
}

/** The text, or the chosen file's caption; in groups it offers people after an @. */
export function ComposeField({ compose, conversation }: ComposeFieldProps) {
  const t = useT();
  const listId = useId();
  const { field, text, target, editing, captioned, mentions, change, add, submit } = compose;
  const offering = mentions.found.length > 0;
  const silent = captioned !== null && !takesCaption(captioned.attachment.kind);
  const label = captioned
    ? t("staged.captionOf", { name: captioned.attachment.file_name ?? "" })
    : t("composer.label", { name: nameOf(conversation) });
  const placeholder = captioned
    ? t(silent ? "staged.noCaption" : "staged.caption")
    : t("composer.placeholder", { name: shortNameOf(conversation) });

  function onKeyDown(event: KeyboardEvent) {
    if (mentions.onKey(event)) return;
    if (event.key === "Escape" && target) {
      event.stopPropagation();
      clearComposeTarget();
      return;
    }
    // Enter also ends the composition of an input method; keyCode 229 is how Safari says so.
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  }

  function onPaste(event: ClipboardEvent) {
    const { types } = event.clipboardData;
    // A table or a page brings its own picture beside its words.
    if (editing || !types.includes("Files") || types.includes("text/plain")) return;
    event.preventDefault();
    void add(filesOf(event.clipboardData), "seen");
  }

  return (
    <>
      {offering && (
        <MentionList
          id={listId}
          people={mentions.found}
          active={mentions.active}
          onPick={mentions.pick}
        />
      )}
      <textarea
        ref={field}
        rows={1}
        // A text that is too long is told of, and never cut.
        aria-invalid={compose.tooLong || undefined}
        readOnly={silent || compose.waiting}
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          change(event.target.value);
          mentions.look();
        }}
        onBlur={mentions.close}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        {...(conversation.kind === "group" && {
          "aria-autocomplete": "list",
          "aria-controls": offering ? listId : undefined,
          "aria-activedescendant": offering ? `${listId}-${mentions.active}` : undefined,
        })}
      />
    </>
  );
}
