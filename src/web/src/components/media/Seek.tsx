import { useT } from "@/lib/i18n";
import { clockOf } from "@/lib/media-words";

const STEPS: Record<string, number> = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5 };

interface SeekProps {
  seconds: number;
  total: number;
  onSeek: (seconds: number) => void;
}

/** Where a sound or a video is: a click or the arrow keys go elsewhere. */
export function Seek({ seconds, total, onSeek }: SeekProps) {
  const t = useT();
  return (
    <input
      type="range"
      aria-label={t("media.seek")}
      aria-valuetext={t("media.at", { time: clockOf(seconds), total: clockOf(total) })}
      min={0}
      max={Math.max(total, 0.1)}
      step={0.1}
      value={seconds}
      onChange={(event) => onSeek(Number(event.target.value))}
      onKeyDown={(event) => {
        const step = STEPS[event.key];
        if (!step) return;
        event.preventDefault();
        onSeek(Math.max(0, Math.min(total, seconds + step)));
      }}
    />
  );
}
