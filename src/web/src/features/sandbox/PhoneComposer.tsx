import { Mic, Paperclip, SendHorizontal, Trash2 } from "lucide-react";
import { useId, useState, type FormEvent } from "react";
import type { Attachment, Instance } from "@/chat/types";
import { kindOf } from "@/components/media/file-kind";
import { measure } from "@/components/media/measure";
import { useRecording } from "@/components/media/use-recording";
import { IconButton } from "@/components/ui/Button";
import { useT } from "@/lib/i18n";
import { clockOf } from "@/lib/media-words";
import { newId } from "@/lib/new-id";
import { problemText } from "@/lib/problem";
import { sendFileFromPhone, sendFromPhone } from "./api";
import type { Customer } from "./customers";
import css from "./PhoneComposer.module.css";

interface PhoneComposerProps {
  instance: Instance;
  customer: Customer;
}

/** A text, a file, or a voice note from the customer. */
export function PhoneComposer({ instance, customer }: PhoneComposerProps) {
  const t = useT();
  const picker = useId();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const voice = useRecording(() => {});

  async function attempt(send: () => Promise<void>): Promise<boolean> {
    setProblem(null);
    try {
      await send();
      return true;
    } catch (error) {
      setProblem(problemText(t, error));
      return false;
    }
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (voice.recording) return sendNote();
    const sent = text.trim();
    if (!sent) return;
    setText("");
    if (!(await attempt(() => sendFromPhone(instance.id, customer, { text: sent })))) setText(sent);
  }

  async function sendNote() {
    const note = await voice.finish();
    if (note)
      await attempt(() => sendFileFromPhone(instance.id, customer, note.file, note.attachment));
  }

  const sendFile = (file: File) =>
    attempt(async () => sendFileFromPhone(instance.id, customer, file, await attachmentOf(file)));

  return (
    <>
      {(problem ?? voice.problem) && (
        <p className={css.problem} role="alert">
          {problem ?? (voice.problem && t(voice.problem))}
        </p>
      )}
      <form className={css.composer} onSubmit={submit}>
        {voice.recording ? (
          <>
            <IconButton label={t("voice.discard")} onClick={voice.discard}>
              <Trash2 size={18} />
            </IconButton>
            <span className={css.recording} role="timer">
              {t("voice.recording")} {clockOf(voice.recording.seconds)}
            </span>
          </>
        ) : (
          <>
            <IconButton
              label={t("attach.label")}
              onClick={() => document.getElementById(picker)?.click()}
            >
              <Paperclip size={18} />
            </IconButton>
            <input
              id={picker}
              type="file"
              hidden
              aria-label={t("attach.label")}
              onChange={({ target }) => {
                const [file] = target.files ?? [];
                if (file) void sendFile(file);
                // The same file can be chosen again.
                target.value = "";
              }}
            />
            <input
              className={css.field}
              aria-label={t("sandbox.placeholder")}
              placeholder={t("sandbox.placeholder")}
              autoComplete="off"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <IconButton label={t("voice.record")} onClick={() => void voice.start()}>
              <Mic size={18} />
            </IconButton>
          </>
        )}
        <IconButton
          className={css.send}
          label={t("sandbox.send")}
          type="submit"
          disabled={!text.trim() && !voice.recording}
        >
          <SendHorizontal size={17} />
        </IconButton>
      </form>
    </>
  );
}

async function attachmentOf(file: File): Promise<Attachment> {
  const kind = kindOf(file.type);
  const address = URL.createObjectURL(file);
  const measures = await measure(kind, address);
  URL.revokeObjectURL(address);
  return {
    id: newId(),
    kind,
    mime_type: file.type,
    file_name: file.name,
    size_bytes: file.size,
    state: "pending",
    reason_code: null,
    waveform: null,
    ...measures,
  };
}
