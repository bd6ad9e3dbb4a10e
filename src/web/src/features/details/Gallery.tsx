import { ExternalLink, Play } from "lucide-react";
import { useMemo, useState } from "react";
import { useChat } from "@/chat/chat-store";
import { showMessage } from "@/chat/place-to-show";
import { EMPTY_THREAD } from "@/chat/state";
import type { GalleryItem } from "@/chat/types";
import { contentPath } from "@/components/media/content-path";
import { DocumentCard } from "@/components/media/DocumentCard";
import { Lightbox } from "@/components/media/Lightbox";
import { Button } from "@/components/ui/Button";
import { Segmented } from "@/components/ui/Segmented";
import { dateOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { clockOf } from "@/lib/media-words";
import { linksOf, type GalleryKind, type LinkItem } from "./gallery";
import { useFiles } from "./use-files";
import section from "./DetailsPane.module.css";
import css from "./Gallery.module.css";

/** Thousands of pictures are not drawn for who wants to see the last ones. */
const AT_ONCE = 30;

const KINDS: readonly GalleryKind[] = ["media", "documents", "links"];

interface GalleryProps {
  conversationId: string;
  name: string;
  onShow: () => void;
}

/** What was exchanged: pictures and videos, documents, links. */
export function Gallery({ conversationId, name, onShow }: GalleryProps) {
  const t = useT();
  const [kind, setKind] = useState<GalleryKind>("media");
  const show = (messageId: string) => {
    onShow();
    showMessage(conversationId, messageId);
  };
  return (
    <section className={section.section} aria-label={t("details.gallery")}>
      <div className={css.kinds}>
        <Segmented
          label={t("details.gallery")}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t(`details.${value}`) }))}
          onChange={setKind}
        />
      </div>
      {kind === "media" && <Media conversationId={conversationId} name={name} />}
      {kind === "documents" && <Documents conversationId={conversationId} onShow={show} />}
      {kind === "links" && <Links conversationId={conversationId} onShow={show} />}
    </section>
  );
}

function Media({ conversationId, name }: { conversationId: string; name: string }) {
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
  return (
    <button
      type="button"
      className={css.tile}
      aria-label={t("media.open", { what: t("lightbox.title", { name: kind, when }) })}
      onClick={onOpen}
    >
      {isVideo ? (
        <>
          <video src={`${contentPath(attachment)}#t=0.05`} preload="metadata" muted tabIndex={-1} />
          <span className={css.length}>
            <Play size={11} fill="currentColor" aria-hidden="true" />
            {attachment.duration_seconds ? clockOf(attachment.duration_seconds) : ""}
          </span>
        </>
      ) : (
        <img src={contentPath(attachment)} alt="" loading="lazy" decoding="async" />
      )}
    </button>
  );
}

interface ListProps {
  conversationId: string;
  onShow: (messageId: string) => void;
}

function Documents({ conversationId, onShow }: ListProps) {
  const t = useT();
  const { items, more } = useFiles(conversationId, "documents");
  const [shown, setShown] = useState(AT_ONCE);
  if (items.length === 0) return <p className={css.none}>{t("details.noDocuments")}</p>;
  return (
    <>
      <ul className={css.list}>
        {items.slice(0, shown).map((item) => (
          <li key={item.attachment.id}>
            <DocumentCard attachment={item.attachment} />
            <Where item={item} onShow={onShow} />
          </li>
        ))}
      </ul>
      {(more || items.length > shown) && (
        <More
          onClick={() => {
            setShown(shown + AT_ONCE);
            if (items.length < shown + 2 * AT_ONCE) more?.();
          }}
        />
      )}
    </>
  );
}

function Links({ conversationId, onShow }: ListProps) {
  const t = useT();
  const messages = useChat((state) => (state.threads.get(conversationId) ?? EMPTY_THREAD).messages);
  const links = useMemo(() => linksOf(messages), [messages]);
  const [shown, setShown] = useState(AT_ONCE);
  if (links.length === 0) return <p className={css.none}>{t("details.noLinks")}</p>;
  return (
    <>
      <ul className={css.list}>
        {links.slice(0, shown).map((link) => (
          <li key={link.href}>
            <a className={css.link} href={link.href} target="_blank" rel="noreferrer noopener">
              <span>{link.href.replace(/^https?:\/\/(www\.)?/, "")}</span>
              <ExternalLink size={14} aria-hidden="true" />
            </a>
            <Where item={link} onShow={onShow} />
          </li>
        ))}
      </ul>
      {links.length > shown && <More onClick={() => setShown(shown + AT_ONCE)} />}
    </>
  );
}

interface WhereProps {
  item: GalleryItem | LinkItem;
  onShow: (messageId: string) => void;
}

function Where({ item: { message_id, sent_at }, onShow }: WhereProps) {
  const t = useT();
  const language = useLanguage();
  return (
    <p className={css.where}>
      <time dateTime={sent_at}>{dateOf(language, new Date(sent_at))}</time>
      <Button look="link" onClick={() => onShow(message_id)}>
        {t("details.show")}
      </Button>
    </p>
  );
}

function More({ onClick }: { onClick: () => void }) {
  const t = useT();
  return (
    <Button look="link" className={css.more} onClick={onClick}>
      {t("details.more")}
    </Button>
  );
}
