import { CircleAlert } from "lucide-react";
import { changeMessage, dismissChange, type CurrentChange } from "@/chat/message-changes";
import { reasonOf } from "@/chat/naming";
import { Button } from "@/components/ui/Button";
import { inBackground } from "@/lib/http";
import { useT } from "@/lib/i18n";
import { Line } from "./Delivery";

/** A reaction, an edit or a removal that WhatsApp or the server refused. */
export function ChangeLine({ messageId, change }: { messageId: string; change: CurrentChange }) {
  const t = useT();
  const says = t(`message.changeFailed.${change.kind}`, { reason: reasonOf(t, change.error) });
  return (
    <Line tone="bad" icon={CircleAlert} says={says} details={change.error?.text}>
      <Button look="link" onClick={() => changeMessage(messageId, change.kind, change.text)}>
        {t("message.tryAgain")}
      </Button>
      <Button look="link" onClick={() => void inBackground(dismissChange(messageId, change))}>
        {t("message.dismiss")}
      </Button>
    </Line>
  );
}
