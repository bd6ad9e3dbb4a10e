import { Check, CheckCheck, CircleAlert, CircleHelp, Clock } from "lucide-react";
import type { MessageStatus } from "@/chat/types";
import { useT } from "@/lib/i18n";
import css from "./Ticks.module.css";

const ICONS = {
  received: null,
  queued: Clock,
  sending: Clock,
  sent: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  played: CheckCheck,
  failed: CircleAlert,
  unknown: CircleHelp,
} as const satisfies Record<MessageStatus, unknown>;

export function Ticks({ status, size = 14 }: { status: MessageStatus; size?: number }) {
  const t = useT();
  const Icon = ICONS[status];
  if (!Icon) return null;
  const label = t(`status.${status}`);
  return (
    <span className={css.ticks} data-ticks={status} role="img" aria-label={label} title={label}>
      <Icon size={size} aria-hidden="true" />
    </span>
  );
}
