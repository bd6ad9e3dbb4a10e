import { useEffect, useRef, useState, type Ref } from "react";
import { chat, useChat } from "@/chat/chat-store";
import { clearComposeTarget, composeTarget } from "@/chat/compose-target";
import {
  NO_DRAFT,
  oneBelowOther,
  recallDraft,
  rememberDraft,
  type Draft,
  type Person,
  type Picked,
} from "@/chat/drafts";
import { changeMessage } from "@/chat/message-changes";
import { send } from "@/chat/outbox";
import type { ChatState } from "@/chat/state";
import type { Conversation, Instance } from "@/chat/types";
import type { Outgoing } from "@/chat/unsent";
import { ownerNow } from "@/chat/unsent-view";
import { inBackground } from "@/lib/http";
import { useT } from "@/lib/i18n";
import { hasLink } from "@/lib/rich-text";
import { refusalOf } from "./abilities";
import type { Chosen } from "./AttachMenu";
import { MOST_CAPTION_CHARACTERS } from "./limits";
import { moved, namesIn, withMentions } from "./mentions";
import { stageNote, type Staged } from "./staged";
import { useComposeTarget } from "./use-compose-target";
import { useField, type ComposerHandle } from "./use-field";
import { useMentions } from "./use-mentions";
import { useRecording } from "@/components/media/use-recording";
import { useStaged } from "./use-staged";
import { useTyping } from "./use-typing";

export interface Composing {
  conversation: Conversation;
  instance: Instance | undefined;
  userId: string;
  ref: Ref<ComposerHandle>;
}

/** What is written, attached and spoken, and what becomes of it. */
export function useCompose({ conversation, instance, userId, ref }: Composing) {
  const { id: conversationId } = conversation;
  const t = useT();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(() => recallDraft(userId, conversationId));
  const joins = useChat((state) => joinsInto(state, conversationId));
  const [drafted, setDrafted] = useState(joins);
  /** Set while what was sent waits for who is mentioned in it. */
  const [waiting, setWaiting] = useState<AbortController | null>(null);
  // Whoever goes on to another conversation has sent it.
  useEffect(() => () => waiting?.abort(), [waiting]);
  const [previewing, setPreviewing] = useState(false);
  const staged = useStaged(conversationId, instance);
  const { files, selected } = staged;
  const target = useComposeTarget(conversationId, (now, before) => {
    // What was being written waits while something else is edited.
    if (now?.mode === "edit") setDraft(namesIn(now.message, chat.get().contacts));
    else if (before?.mode === "edit") setDraft(recallDraft(userId, conversationId));
    if (now) field.current?.focus();
  });
  const editing = target?.mode === "edit";
  if (drafted !== joins) {
    setDrafted(joins);
    if (!editing) setDraft(recallDraft(userId, conversationId));
  }
  /** The file whose caption the field holds. */
  const captioned = editing ? null : selected;
  const written = captioned ? captionOf(captioned) : draft;
  const { text } = written;
  const field = useField(text, ref);
  const mentions = useMentions(conversation, instance, editing, field, change);
  const voice = useRecording((note) => stageNote(conversationId, note));
  const tellTyping = useTyping(conversationId, refusalOf(instance, "typing") === null);
  /** What is being spoken can't carry the message that it answers. */
  const unquoted =
    voice.recording !== null &&
    target?.mode === "reply" &&
    refusalOf(instance, "voice_reply") !== null;
  const overlong = files.some(isTooLong);
  const left = captioned ? Infinity : (instance?.text_limit ?? Infinity) - draft.text.trim().length;
  /** Its number asks; whoever gets it sees the link's picture and title only then. */
  const linked =
    !editing &&
    !captioned &&
    instance !== undefined &&
    refusalOf(instance, "link_preview") === null &&
    hasLink(draft.text);
  const complete = captioned ? !overlong : draft.text.trim() !== "" && left >= 0;
  const ready = complete && !waiting;

  function write(next: Draft) {
    setDraft(next);
    if (!editing) rememberDraft(userId, conversationId, next);
  }

  /** What the field holds now, with the cursor behind what was changed. */
  function change(next: string, picked?: Picked) {
    const held = moved(written, next, field.current!.selectionStart);
    const changed = { text: next, picks: picked ? [...held, picked] : held };
    if (captioned) staged.caption(changed);
    else write(changed);
    if (next !== "") tellTyping();
  }

  async function add(chosen: readonly File[], as: Chosen) {
    const isFirst = files.length === 0;
    await staged.add(chosen, as);
    if (isFirst && draft.text.trim() !== "" && staged.adopt(draft)) write(NO_DRAFT);
    field.current?.focus();
  }

  function remove(id: string) {
    staged.remove(id);
    const [last, another] = files;
    if (last?.caption && !another) write(oneBelowOther(draft, captionOf(last)));
    field.current?.focus();
  }

  function submit() {
    if (!ready) return;
    if (editing) saveEdit();
    else sendWritten();
    field.current?.focus();
  }

  /** Its mentions stay as they were: WhatsApp wants their numbers here too. */
  function saveEdit() {
    const words = spoken(draft, []).text;
    if (target && words !== target.message.text) changeMessage(target.message.id, "edit", words);
    clearComposeTarget();
  }

  function sendWritten() {
    const drafts = captioned ? files.map(captionOf) : [draft];
    const people = mentions.whom(drafts);
    if (people) return sendNaming(people);
    const hurry = new AbortController();
    setWaiting(hurry);
    void inBackground(
      mentions.whomSoon(drafts, hurry.signal).then((known) => {
        setWaiting(null);
        // It stays the draft of whoever has signed out by now.
        if (ownerNow() === userId) sendNaming(known);
      }),
    );
  }

  function sendNaming(people: readonly Person[]) {
    if (captioned) sendFiles(people);
    else {
      const preview = linked && previewing ? { link_preview: true as const } : {};
      send(conversationId, { ...spoken(draft, people), ...preview }, target?.message);
      forget(draft);
      setPreviewing(false);
    }
    if (composeTarget.get() === target) clearComposeTarget();
  }

  /** While it waited something else may have taken its place. */
  function forget(sent: Draft) {
    setDraft((held) => (held === sent ? NO_DRAFT : held));
    if (recallDraft(userId, conversationId).text === sent.text)
      rememberDraft(userId, conversationId, NO_DRAFT);
  }

  function sendFiles(people: readonly Person[]) {
    files.forEach((one, index) => {
      const { file, attachment } = one;
      const outgoing = { ...spoken(captionOf(one), people), type: attachment.kind, attachment };
      send(conversationId, outgoing, index === 0 ? answered(attachment.kind) : null, file);
      staged.remove(attachment.id);
    });
  }

  /** A voice note may have been begun before its answer was: where the quote would be lost it goes without. */
  const answered = (type: Outgoing["type"]) =>
    type === "voice" && refusalOf(instance, "voice_reply") ? null : target?.message;

  function sendThing(outgoing: Outgoing, file?: File) {
    send(conversationId, outgoing, answered(outgoing.type), file);
    clearComposeTarget();
  }

  return {
    form,
    field,
    text,
    target,
    editing,
    captioned,
    ready,
    tooLong: captioned ? isTooLong(captioned) : left < 0,
    waiting: waiting !== null,
    /** How many characters more the number's gateway takes. */
    left,
    mentions,
    voice,
    unquoted,
    /** Null where there is no link to show more of. */
    preview: linked ? { on: previewing, set: setPreviewing } : null,
    staged,
    problem: overlong
      ? t("staged.tooLong", { count: MOST_CAPTION_CHARACTERS })
      : (staged.problem ?? (voice.problem && t(voice.problem))),
    change,
    add,
    remove,
    submit,
    sendThing,
    async sendNote() {
      const note = await voice.finish();
      if (note) sendThing({ text: "", type: "voice", attachment: note.attachment }, note.file);
    },
    insert(emoji: string) {
      const element = field.current!;
      element.setRangeText(emoji, element.selectionStart, element.selectionEnd, "end");
      change(element.value);
    },
  };
}

function spoken(words: Draft, people: readonly Person[]): Outgoing {
  const said = withMentions(words, people);
  return { ...said, text: said.text.trim() };
}

const captionOf = ({ caption, picks }: Staged): Draft => ({ text: caption, picks });

const isTooLong = ({ caption }: Staged) => caption.length > MOST_CAPTION_CHARACTERS;

/** Tells each join apart: any of them may have brought a draft. */
const joinsInto = ({ joined }: ChatState, id: string) =>
  [...joined.values()].filter((into) => into === id).length;

export type Compose = ReturnType<typeof useCompose>;
