import { Unplug } from "lucide-react";
import { liveStatus } from "@/chat/live";
import type { Instance } from "@/chat/types";
import { useStore } from "@/lib/external-store";
import { useT } from "@/lib/i18n";
import css from "./InstanceBanner.module.css";

export function InstanceBanner({ instance }: { instance: Instance }) {
  const t = useT();
  const lost = useStore(liveStatus, (status) => status === "reconnecting");
  const key = instance.state === "connecting" ? "instance.connectingBanner" : "instance.banner";
  return (
    // The line that says so takes its place: what is known of the number is old by then.
    <div className={css.banner} role="status" data-lost={lost || undefined}>
      <Unplug size={16} aria-hidden="true" />
      {t(key, { name: instance.name })}
    </div>
  );
}
