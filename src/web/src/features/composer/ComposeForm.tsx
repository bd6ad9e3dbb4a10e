import { SendHorizontal } from "lucide-react";
import { useState } from "react";
import { nameOf } from "@/chat/naming";
import { Button } from "@/components/ui/Button";
import { Switch } from "@/components/ui/Switch";
import { useLanguage, useT } from "@/lib/i18n";
import { AskingDialog } from "./AskingDialog";
import type { Asking } from "./AttachMenu";
import { ComposeField } from "./ComposeField";
import { ComposeTargetBar } from "./ComposeTargetBar";
import { DropZone } from "./DropZone";
import { RecordBar } from "./RecordBar";
import { StagedStrip } from "./StagedStrip";
import { Tools } from "./Tools";
import { useCompose, type Composing } from "./use-compose";
import { useDrop } from "./use-drop";
import css from "./Composer.module.css";

/** Characters that are still free when it is told. */
const NEARLY = 200;

export function ComposeForm(composing: Composing) {
  const t = useT();
  const { conversation, instance, userId } = composing;
  const compose = useCompose(composing);
  const { form, target, editing, captioned, ready, left, voice, staged, problem, add } = compose;
  const [asking, setAsking] = useState<Asking | null>(null);
  const closed = editing || voice.recording !== null;
  const over = useDrop(form, closed ? null : (files) => void add(files, "seen"));
  const place = { name: nameOf(conversation), group: conversation.kind === "group" };
  const action = editing ? "compose.save" : "composer.send";

  return (
    <form
      ref={form}
      className={css.composer}
      data-ready={ready || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        compose.submit();
      }}
    >
      {over && <DropZone name={place.name} />}
      {target && <ComposeTargetBar target={target} place={place} userId={userId} />}
      {compose.unquoted && (
        <p className={css.note} role="status">
          {t("voice.unquoted")}
        </p>
      )}
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      {voice.recording ? (
        <RecordBar
          recording={voice.recording}
          onToggle={voice.toggle}
          onDiscard={voice.discard}
          onSend={() => void compose.sendNote()}
        />
      ) : (
        <>
          {captioned && (
            <StagedStrip
              files={staged.files}
              selectedId={captioned.attachment.id}
              onSelect={(id) => {
                staged.select(id);
                compose.field.current?.focus();
              }}
              onRemove={compose.remove}
            />
          )}
          <ComposeField compose={compose} conversation={conversation} />
          {compose.preview && (
            <div className={css.preview}>
              <Switch
                label={t("composer.preview")}
                on={compose.preview.on}
                onChange={compose.preview.set}
              />
            </div>
          )}
          <footer>
            <Tools
              instance={instance}
              editing={editing}
              onEmoji={compose.insert}
              onFiles={(files, as) => void add(files, as)}
              onAsk={setAsking}
              onRecord={() => void voice.start()}
            />
            {left > NEARLY ? (
              <span className={css.hint}>{t("composer.hint")}</span>
            ) : (
              <Left count={left} limit={instance?.text_limit ?? 0} />
            )}
            <Button
              look="accent"
              type="submit"
              className={css.send}
              disabled={!ready}
              aria-label={t(action)}
            >
              <span>{t(action)}</span>
              <SendHorizontal size={16} aria-hidden="true" />
            </Button>
          </footer>
        </>
      )}
      {asking && (
        <AskingDialog
          what={asking}
          instanceId={conversation.instance_id}
          onSend={(outgoing) => {
            setAsking(null);
            compose.sendThing(outgoing);
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </form>
  );
}

function Left({ count, limit }: { count: number; limit: number }) {
  const t = useT();
  const language = useLanguage();
  return count < 0 ? (
    <span className={css.over} role="alert">
      {t("composer.over", { count: -count, limit: limit.toLocaleString(language) })}
    </span>
  ) : (
    <span className={css.left}>{t("composer.left", { count })}</span>
  );
}
