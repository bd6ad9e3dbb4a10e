import { Mic, Pause, SendHorizontal, Trash2 } from "lucide-react";
import { Button, IconButton } from "@/components/ui/Button";
import { useT } from "@/lib/i18n";
import { clockOf } from "@/lib/media-words";
import type { Recording } from "@/components/media/recording";
import css from "./RecordBar.module.css";

const SHOWN = 72;

interface RecordBarProps {
  recording: Recording;
  onToggle: () => void;
  onDiscard: () => void;
  onSend: () => void;
}

/** In the field's place while one speaks. */
export function RecordBar({ recording, onToggle, onDiscard, onSend }: RecordBarProps) {
  const t = useT();
  const { levels, seconds, paused } = recording;
  const heard = levels.slice(-SHOWN);
  return (
    <div className={css.bar} role="group" aria-label={t("voice.label")}>
      <IconButton label={t("voice.discard")} onClick={onDiscard}>
        <Trash2 size={18} />
      </IconButton>
      <span className={css.dot} data-paused={paused || undefined} aria-hidden="true" />
      <span className={css.time} role="timer">
        {clockOf(seconds)}
      </span>
      <span className={css.levels} aria-hidden="true">
        {Array.from({ length: SHOWN }, (_, index) => {
          const level = heard[index - SHOWN + heard.length] ?? 0;
          return <i key={index} style={{ height: `${Math.max(8, level * 100)}%` }} />;
        })}
      </span>
      <span className="visually-hidden" role="status">
        {t(paused ? "voice.paused" : "voice.recording")}
      </span>
      <IconButton label={t(paused ? "voice.resume" : "voice.pause")} autoFocus onClick={onToggle}>
        {paused ? <Mic size={19} /> : <Pause size={18} />}
      </IconButton>
      <Button look="accent" aria-label={t("voice.send")} onClick={onSend}>
        <span>{t("composer.send")}</span>
        <SendHorizontal size={16} aria-hidden="true" />
      </Button>
    </div>
  );
}
