import { ExternalLink, MapPin, Radio } from "lucide-react";
import type { Place } from "@/chat/types";
import { useT } from "@/lib/i18n";
import { coordinatesOf, mapAddress } from "./place";
import css from "./PlaceCard.module.css";

interface PlaceCardProps {
  place: Place;
  live: boolean;
  /** Words of the sender follow. */
  captioned?: boolean;
}

/** A drawn pin, no map: tiles would tell another server who reads what. */
export function PlaceCard({ place, live, captioned }: PlaceCardProps) {
  const t = useT();
  const coordinates = coordinatesOf(place);
  const Icon = live ? Radio : MapPin;
  return (
    <div className={css.card} data-captioned={captioned || undefined}>
      <div className={css.ground} aria-hidden="true">
        <span>
          <Icon size={20} />
        </span>
      </div>
      <div className={css.words}>
        <b dir="auto">{place.name || t(live ? "kind.live_location" : "kind.location")}</b>
        {place.address && <span dir="auto">{place.address}</span>}
        {live && !place.address && place.name && <span>{t("place.live")}</span>}
        <span className="num">{coordinates}</span>
        <a href={mapAddress(place)} target="_blank" rel="noreferrer noopener">
          {t("place.open")}
          <ExternalLink size={13} aria-hidden="true" />
        </a>
      </div>
    </div>
  );
}
