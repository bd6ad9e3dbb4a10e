import { Pause, Play } from "lucide-react";
import type { Attachment } from "@/chat/types";
import { useLanguage, useT } from "@/lib/i18n";
import { clockOf } from "@/lib/media-words";
import { changeRate, seekAudio, toggleAudio, useAudio } from "./playback";
import { Seek } from "./Seek";
import { WIDTH, waveformPath } from "./waveform";
import css from "./AudioPlayer.module.css";

/** A voice note by its waveform, or a sound by a line: click or arrow keys seek. */
export function AudioPlayer({ attachment }: { attachment: Attachment }) {
  const t = useT();
  const language = useLanguage();
  const { playing, seconds, total, rate, current, unplayable } = useAudio(attachment);
  const played = total > 0 ? Math.min(1, seconds / total) : 0;
  const Icon = playing ? Pause : Play;
  return (
    <div className={css.player}>
      <button
        type="button"
        className={css.toggle}
        aria-label={t(playing ? "media.pause" : "media.play")}
        onClick={() => toggleAudio(attachment)}
      >
        <Icon size={17} aria-hidden="true" fill="currentColor" />
      </button>
      <div className={css.track}>
        {attachment.waveform ? (
          <Waveform heights={attachment.waveform} played={played} />
        ) : (
          <Line played={played} />
        )}
        <Seek seconds={seconds} total={total} onSeek={(to) => seekAudio(attachment, to)} />
      </div>
      <span className={css.time}>{clockOf(current && seconds > 0 ? seconds : total)}</span>
      <button
        type="button"
        className={css.rate}
        data-current={current || undefined}
        tabIndex={current ? 0 : -1}
        aria-hidden={!current}
        aria-label={t("media.rate", { rate: rate.toLocaleString(language) })}
        onClick={changeRate}
      >
        {rate.toLocaleString(language)}×
      </button>
      {unplayable && (
        <p className={css.problem} role="alert">
          {t("media.unplayable")}
        </p>
      )}
    </div>
  );
}

function Waveform({ heights, played }: { heights: readonly number[]; played: number }) {
  const path = waveformPath(heights);
  return (
    <svg
      className={css.wave}
      viewBox={`0 0 ${WIDTH} 26`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={path} />
      <path d={path} style={{ clipPath: `inset(0 ${100 - played * 100}% 0 0)` }} />
    </svg>
  );
}

function Line({ played }: { played: number }) {
  return (
    <span className={css.line} aria-hidden="true">
      <span style={{ transform: `scaleX(${played})` }} />
    </span>
  );
}
