import { Plus, Smartphone } from "lucide-react";
import { useState } from "react";
import { useChat } from "@/chat/chat-store";
import { useMe } from "@/chat/session";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/EmptyState";
import { Skeleton } from "@/components/ui/Skeleton";
import { useT } from "@/lib/i18n";
import { rename } from "@/lib/router";
import { CreateDialog } from "./CreateDialog";
import { InstanceLine } from "./InstanceLine";
import { PairingDialog } from "./PairingDialog";
import { WebhookDialog } from "./WebhookDialog";
import type { CreatedInstance } from "./api";
import css from "./InstancesPage.module.css";

/** With the code of the one that is to be connected. */
export function InstancesPage({ connectId }: { connectId: string | null }) {
  const t = useT();
  const { role } = useMe();
  const canManage = role === "owner" || role === "admin";
  const held = useChat((state) => state.instances);
  const loaded = useChat((state) => state.instancesLoaded);
  const [creating, setCreating] = useState(false);
  const [created, setCreated] = useState<CreatedInstance | null>(null);
  const [pairingId, setPairingId] = useState(connectId);
  const instances = [...held.values()]
    .filter((instance) => !instance.deleted_at)
    .toSorted((a, b) => a.name.localeCompare(b.name));
  // Anybody may come by its address, also to a number of Meta's, which has nothing to scan.
  const pairing = canManage ? instances.find(({ id }) => id === pairingId) : undefined;
  const add = canManage && (
    <Button look="accent" onClick={() => setCreating(true)}>
      <Plus size={17} aria-hidden="true" />
      {t("instances.add")}
    </Button>
  );

  return (
    <main className={css.page}>
      <header className={css.head}>
        <div>
          <h1>{t("instances.title")}</h1>
          <p>{t(canManage ? "instances.lead" : "instances.readOnly")}</p>
        </div>
        {instances.length > 0 && add}
      </header>
      {!loaded ? (
        <Skeleton kind="rows" label={t("instances.title")} />
      ) : instances.length === 0 ? (
        <EmptyState
          icon={Smartphone}
          title={t("instances.empty")}
          hint={t(canManage ? "instances.emptyHint" : "instances.emptyAsk")}
        >
          {add}
        </EmptyState>
      ) : (
        <ul className={css.list}>
          {instances.map((instance) => (
            <InstanceLine
              key={instance.id}
              instance={instance}
              canManage={canManage}
              onConnect={() => setPairingId(instance.id)}
            />
          ))}
        </ul>
      )}
      {creating && (
        <CreateDialog
          onCreated={(made) => {
            setCreating(false);
            setCreated(made.webhook_url ? made : null);
          }}
          onClose={() => setCreating(false)}
        />
      )}
      {created && (
        <WebhookDialog
          webhook={created}
          gateway={created.gateway}
          onClose={() => {
            setCreated(null);
            setPairingId(created.id);
          }}
        />
      )}
      {pairing?.gateway === "evolution" && (
        <PairingDialog
          instance={pairing}
          onClose={() => {
            setPairingId(null);
            rename("/instances");
          }}
        />
      )}
    </main>
  );
}
