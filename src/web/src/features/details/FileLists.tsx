import { ExternalLink } from "lucide-react";
import { useMemo, useState } from "react";
import { useChat } from "@/chat/chat-store";
import { EMPTY_THREAD } from "@/chat/state";
import type { GalleryItem } from "@/chat/types";
import { DocumentCard } from "@/components/media/DocumentCard";
import { Button } from "@/components/ui/Button";
import { dateOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { linksOf, type LinkItem } from "./shared-files";
import { AT_ONCE, More } from "./More";
import { useFiles } from "./use-files";
import css from "./Gallery.module.css";

interface ListProps {
  conversationId: string;
  onShow: (messageId: string) => void;
}

export function Documents({ conversationId, onShow }: ListProps) {
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

export function Links({ conversationId, onShow }: ListProps) {
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
