import { ExternalLink, Megaphone } from "lucide-react";
import type { AdSource } from "@/chat/types";
import { useT } from "@/lib/i18n";
import css from "./AdLine.module.css";

/** The advertisement that brought somebody here. */
export function AdLine({ ad }: { ad: AdSource }) {
  const t = useT();
  const address = ad.source_url && /^https?:\/\//i.test(ad.source_url) ? ad.source_url : null;
  return (
    <div className={css.ad}>
      <span className={css.label}>
        <Megaphone size={13} aria-hidden="true" />
        {t("ad.label")}
      </span>
      {ad.title && <b dir="auto">{ad.title}</b>}
      {ad.body && <p dir="auto">{ad.body}</p>}
      {address && (
        <a href={address} target="_blank" rel="noreferrer noopener">
          {t("ad.open")}
          <ExternalLink size={12} aria-hidden="true" />
        </a>
      )}
    </div>
  );
}
