import { CircleAlert, CircleHelp, Clock, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { liveStatus } from "@/chat/live";
import { settle } from "@/chat/load";
import { reasonOf } from "@/chat/naming";
import { discard, tryAgain } from "@/chat/outbox";
import { keepsNothing } from "@/chat/unsent-store";
import type { Message, MessageStatus } from "@/chat/types";
import { Button } from "@/components/ui/Button";
import { useStore } from "@/lib/external-store";
import { useT } from "@/lib/i18n";
import { problemText } from "@/lib/problem";
import type { Entry } from "./entries";
import css from "./Delivery.module.css";

/** Told by the line under the bubble, with words: the bubble needs no sign of its own. */
export const hasTrouble = ({ status }: Message) => status === "failed" || status === "unknown";

/** The line under a bubble, for what an agent has to know or decide. */
export function Delivery({ entry, parked }: { entry: Entry; parked: boolean }) {
  const { direction, status } = entry.message;
  return direction === "in" || ARRIVED.has(status) ? null : <Doubt entry={entry} parked={parked} />;
}

const ARRIVED: ReadonlySet<MessageStatus> = new Set(["sent", "delivered", "read", "played"]);

function Doubt({ entry, parked }: { entry: Entry; parked: boolean }) {
  const t = useT();
  const { message, unsent } = entry;
  const offline = useStore(liveStatus, (status) => status === "reconnecting") && unsent !== null;
  const atRisk = useStore(keepsNothing, (is) => is);

  if (message.status === "failed") {
    return (
      <Line
        tone="bad"
        icon={CircleAlert}
        says={reasonOf(t, message.error)}
        details={message.error?.text}
      >
        {unsent ? (
          <>
            <Button look="link" onClick={() => tryAgain(unsent)}>
              {t("message.tryAgain")}
            </Button>
            <Button look="link" onClick={() => discard(unsent.client_message_id)}>
              {t("message.dismiss")}
            </Button>
          </>
        ) : (
          <Choice messageId={message.id} how="resend" label={t("message.tryAgain")} />
        )}
      </Line>
    );
  }
  if (message.status === "unknown") {
    return (
      <Line tone="warn" icon={CircleHelp} says={t("message.unknown")}>
        <Choice messageId={message.id} how="resend" label={t("message.resend")} />
        <Choice messageId={message.id} how="dismiss" label={t("message.dismiss")} />
      </Line>
    );
  }
  if (offline)
    return <Line icon={Clock} says={t(atRisk ? "message.offlineUnkept" : "message.offline")} />;
  if (parked && message.status === "queued")
    return <Line icon={Clock} says={t("message.waitingConnection")} />;
  if (message.status === "queued" && message.error)
    return <Line icon={Clock} says={reasonOf(t, message.error)} />;
  return null;
}

function Choice(props: { messageId: string; how: "resend" | "dismiss"; label: string }) {
  const t = useT();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function choose() {
    setBusy(true);
    setProblem(null);
    try {
      await settle(props.messageId, props.how);
    } catch (error) {
      setProblem(problemText(t, error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Button look="link" disabled={busy} onClick={choose}>
        {props.label}
      </Button>
      {problem && <span role="alert">{problem}</span>}
    </>
  );
}

interface LineProps {
  tone?: "bad" | "warn";
  icon: LucideIcon;
  says: string;
  /** The gateway's own words, for whoever looks after it. */
  details?: string | null | undefined;
  children?: ReactNode;
}

export function Line({ tone, icon: Icon, says, details, children }: LineProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <div className={css.line} data-tone={tone}>
      <span className={css.says}>
        <Icon size={15} aria-hidden="true" />
        {says}
      </span>
      {children}
      {details && (
        <Button look="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("failure.details")}
        </Button>
      )}
      {details && open && <p className={css.details}>{details}</p>}
    </div>
  );
}
