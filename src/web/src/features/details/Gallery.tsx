import { useState } from "react";
import { showMessage } from "@/chat/place-to-show";
import { Segmented } from "@/components/ui/Segmented";
import { useT } from "@/lib/i18n";
import { Documents, Links } from "./FileLists";
import type { GalleryKind } from "./shared-files";
import { MediaGrid } from "./MediaGrid";
import section from "./DetailsPane.module.css";
import css from "./Gallery.module.css";

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
      {kind === "media" && <MediaGrid conversationId={conversationId} name={name} />}
      {kind === "documents" && <Documents conversationId={conversationId} onShow={show} />}
      {kind === "links" && <Links conversationId={conversationId} onShow={show} />}
    </section>
  );
}
