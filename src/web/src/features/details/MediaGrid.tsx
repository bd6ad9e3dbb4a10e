import { Play } from "lucide-react";
import { useState } from "react";
import type { GalleryItem } from "@/chat/types";
import { contentPath } from "@/components/media/content-path";
import { Lightbox } from "@/components/media/Lightbox";
import { dateOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { useBroken } from "@/lib/network-returns";
import { clockOf } from "@/lib/media-words";
import { AT_ONCE, More } from "./More";
import { useFiles } from "./use-files";
import css from "./Gallery.module.css";

export function MediaGrid({ conversationId, name }: { conversationId: string; name: string }) {
  const t = useT();
  const language = useLanguage();
  const { items, more } = useFiles(conversationId, "media");
  const [opened, setOpened] = useState<string | null>(null);
  const [shown, setShown] = useState(AT_ONCE);
  const ready = items.filter((item) => item.attachment.state === "ready");
  if (ready.length === 0) return <p className={css.none}>{t("details.noMedia")}</p>;
  return (
    <>
      <ul className={css.grid}>
        {ready.slice(0, shown).map((item) => (
          <li key={item.attachment.id}>
            <Tile item={item} onOpen={() => setOpened(item.attachment.id)} />
          </li>
        ))}
      </ul>
      {(more || ready.length > shown) && (
        <More
          onClick={() => {
            setShown(shown + AT_ONCE);
            if (ready.length < shown + 2 * AT_ONCE) more?.();
          }}
        />
      )}
      {opened && (
        <Lightbox
          startId={opened}
          onClose={() => setOpened(null)}
          items={ready.map(({ attachment, sent_at }) => ({
            attachment,
            title: t("lightbox.title", { name, when: dateOf(language, new Date(sent_at)) }),
            caption: null,
          }))}
        />
      )}
    </>
  );
}

function Tile({
  item: { attachment, sent_at },
  onOpen,
}: {
  item: GalleryItem;
  onOpen: () => void;
}) {
  const t = useT();
  const language = useLanguage();
  const isVideo = attachment.kind === "video";
  const kind = t(isVideo ? "kind.video" : "kind.image");
  const when = dateOf(language, new Date(sent_at));
  const content = contentPath(attachment);
  const [broken, onBroken] = useBroken(attachment.id);
  return (
    <button
      type="button"
      className={css.tile}
      aria-label={t("media.open", { what: t("lightbox.title", { name: kind, when }) })}
      onClick={onOpen}
    >
      {broken ? null : isVideo ? (
        <video src={`${content}#t=0.05`} preload="metadata" muted onError={onBroken} />
      ) : (
        <img src={content} alt="" loading="lazy" decoding="async" onError={onBroken} />
      )}
      {isVideo && (
        <span className={css.length}>
          <Play size={11} fill="currentColor" aria-hidden="true" />
          {attachment.duration_seconds ? clockOf(attachment.duration_seconds) : ""}
        </span>
      )}
    </button>
  );
}
