import type { MessageStatus } from "@/chat/types";
import { useT } from "@/lib/i18n";
import css from "./Ticks.module.css";

const CLOCK = "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20M12 6v6l4 2";
const TWO = "M18 6 7 17l-5-5M22 10l-7.5 7.5L13 16";

/** Lucide's, each in one stroke: a thread draws dozens of them a frame when it is scrolled. */
const STROKES = {
  received: null,
  queued: CLOCK,
  sending: CLOCK,
  sent: "M20 6 9 17l-5-5",
  delivered: TWO,
  read: TWO,
  played: TWO,
  failed: "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20M12 8v4M12 16h.01",
  unknown: "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3M12 17h.01",
} as const satisfies Record<MessageStatus, string | null>;

export function Ticks({ status, size = 14 }: { status: MessageStatus; size?: number }) {
  const t = useT();
  const stroke = STROKES[status];
  if (!stroke) return null;
  const label = t(`status.${status}`);
  return (
    <span className={css.ticks} data-ticks={status} role="img" aria-label={label} title={label}>
      <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
        <path d={stroke} />
      </svg>
    </span>
  );
}
