import { Smartphone } from "lucide-react";
import { useChat } from "@/chat/chat-store";
import type { Instance } from "@/chat/types";
import { EmptyState } from "@/components/ui/EmptyState";
import { Pill } from "@/components/ui/Pill";
import { Skeleton } from "@/components/ui/Skeleton";
import { useT } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import css from "./InstancesPage.module.css";

const TONE = {
  open: "good",
  connecting: "warn",
  close: "warn",
  unreachable: "warn",
  unknown: "warn",
  refused: "bad",
} as const;

export function InstancesPage() {
  const t = useT();
  const held = useChat((state) => state.instances);
  const loaded = useChat((state) => state.instancesLoaded);
  const instances = [...held.values()]
    .filter((instance) => !instance.deleted_at)
    .toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <main className={css.page}>
      <h1>{t("instances.title")}</h1>
      <p className={css.lead}>{t("instances.lead")}</p>
      {!loaded ? (
        <Skeleton kind="rows" label={t("instances.title")} />
      ) : instances.length === 0 ? (
        <EmptyState
          icon={Smartphone}
          title={t("instances.empty")}
          hint={t("instances.emptyHint")}
        />
      ) : (
        <ul>
          {instances.map((instance) => (
            <InstanceLine key={instance.id} instance={instance} />
          ))}
        </ul>
      )}
    </main>
  );
}

function InstanceLine({ instance }: { instance: Instance }) {
  const t = useT();
  return (
    <li>
      <Smartphone size={20} aria-hidden="true" />
      <div>
        <h2>{instance.name}</h2>
        <p className={css.facts}>
          <span>{t(`gateway.${instance.gateway}`)}</span>
          <span className="num">
            {instance.phone
              ? formatPhone(instance.phone)
              : instance.gateway !== "sandbox" && t("instances.noPhone")}
          </span>
        </p>
        {instance.state !== "open" && instance.state_reason && <p>{instance.state_reason}</p>}
      </div>
      <Pill tone={TONE[instance.state]}>{t(`instance.${instance.state}`)}</Pill>
    </li>
  );
}
