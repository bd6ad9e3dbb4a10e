import { Unplug } from "lucide-react";
import { liveStatus } from "@/chat/live";
import { useMe } from "@/chat/session";
import type { Instance } from "@/chat/types";
import { Button } from "@/components/ui/Button";
import { useStore } from "@/lib/external-store";
import { useT } from "@/lib/i18n";
import { instancePath, navigate } from "@/lib/router";
import css from "./InstanceBanner.module.css";

export function InstanceBanner({ instance }: { instance: Instance }) {
  const t = useT();
  const { role } = useMe();
  const lost = useStore(liveStatus, (status) => status === "reconnecting");
  const { id, gateway, name, state } = instance;
  const key = state === "connecting" ? "instance.connectingBanner" : "instance.banner";
  // Only Evolution's numbers are connected from here, by those who look after them.
  const connects = gateway === "evolution" && (role === "owner" || role === "admin");
  return (
    // The line that says so takes its place: what is known of the number is old by then.
    <div className={css.banner} data-lost={lost || undefined}>
      <Unplug size={16} aria-hidden="true" />
      <p role="status">{t(key, { name })}</p>
      {connects && (
        <Button look="link" onClick={() => navigate(instancePath(id))}>
          {t("instances.connect")}
        </Button>
      )}
    </div>
  );
}
