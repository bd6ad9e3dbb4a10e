import { Unplug } from "lucide-react";
import type { Instance } from "@/chat/types";
import { useT } from "@/lib/i18n";
import css from "./InstanceBanner.module.css";

export function InstanceBanner({ instance }: { instance: Instance }) {
  const t = useT();
  const key = instance.state === "connecting" ? "instance.connectingBanner" : "instance.banner";
  return (
    <div className={css.banner} role="status">
      <Unplug size={16} aria-hidden="true" />
      {t(key, { name: instance.name })}
    </div>
  );
}
