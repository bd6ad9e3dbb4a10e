import { Check, Copy } from "lucide-react";
import { useState } from "react";
import type { Instance } from "@/chat/types";
import { Button, IconButton } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { copy } from "@/lib/copy";
import { useT } from "@/lib/i18n";
import type { Webhook } from "./api";
import css from "./Dialogs.module.css";

interface WebhookDialogProps {
  webhook: Webhook;
  gateway: Instance["gateway"];
  onClose: () => void;
}

/** The one time that the secret is shown. */
export function WebhookDialog({ webhook, gateway, onClose }: WebhookDialogProps) {
  const t = useT();
  const isMeta = gateway === "cloud";
  return (
    <Dialog title={t(isMeta ? "cloud.webhookTitle" : "webhook.title")} onClose={onClose}>
      <div className={css.form}>
        <p>{t(isMeta ? "cloud.webhookLead" : "webhook.lead")}</p>
        {webhook.webhook_url && <Copied label={t("webhook.url")} value={webhook.webhook_url} />}
        <Copied
          label={t(isMeta ? "cloud.verifyToken" : "webhook.secret")}
          value={webhook.webhook_secret}
        />
        <footer>
          <Button look="accent" onClick={onClose}>
            {t("webhook.kept")}
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}

function Copied({ label, value }: { label: string; value: string }) {
  const t = useT();
  const [copied, setCopied] = useState(false);

  return (
    <div>
      <div className={css.label}>{label}</div>
      <div className={css.secret}>
        <code>{value}</code>
        <IconButton
          label={t(copied ? "card.copied" : "webhook.copy", { what: label })}
          onClick={() => void copy(value).then(() => setCopied(true))}
        >
          {copied ? <Check size={17} /> : <Copy size={17} />}
        </IconButton>
      </div>
    </div>
  );
}
