import { Smartphone } from "lucide-react";
import { useState } from "react";
import { useChat } from "@/chat/chat-store";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/EmptyState";
import { SelectField } from "@/components/ui/Field";
import { useStore } from "@/lib/external-store";
import { useT } from "@/lib/i18n";
import { recall, remember } from "@/lib/remembered";
import { navigate } from "@/lib/router";
import { Customers } from "./Customers";
import { customers } from "./customers";
import { Phone } from "./Phone";
import css from "./SandboxPage.module.css";

export function SandboxPage() {
  const t = useT();
  const held = useChat((state) => state.instances);
  const loaded = useChat((state) => state.instancesLoaded);
  const instances = [...held.values()].filter(
    (one) => one.gateway === "sandbox" && !one.deleted_at,
  );
  const [instanceId, setInstanceId] = useState(recall<string>("sandbox.instance"));
  const instance = instances.find((one) => one.id === instanceId) ?? instances[0];

  const all = useStore(customers, (saved) => saved);
  const [phone, setPhone] = useState(recall<string>("sandbox.phone"));
  const customer = all.find((one) => one.phone === phone) ?? all[0];

  function choose(chosen: string) {
    remember("sandbox.phone", chosen);
    setPhone(chosen);
  }

  if (loaded && !instance) {
    return (
      <main className={css.none}>
        <EmptyState icon={Smartphone} title={t("sandbox.none")} hint={t("sandbox.noneHint")}>
          <Button look="accent" onClick={() => navigate("/instances")}>
            {t("sandbox.noneStep")}
          </Button>
        </EmptyState>
      </main>
    );
  }
  return (
    <main className={css.page}>
      <section className={css.side}>
        <h1>{t("sandbox.title")}</h1>
        <p className={css.lead}>{t("sandbox.lead")}</p>
        {instances.length > 1 && (
          <SelectField
            label={t("sandbox.instance")}
            value={instance?.id}
            onChange={(event) => {
              remember("sandbox.instance", event.target.value);
              setInstanceId(event.target.value);
            }}
          >
            {instances.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </SelectField>
        )}
        <Customers customers={all} selected={customer?.phone ?? null} onSelect={choose} />
      </section>
      {instance && customer && (
        <Phone key={`${instance.id} ${customer.phone}`} instance={instance} customer={customer} />
      )}
    </main>
  );
}
