import { DocumentCard } from "@/components/media/DocumentCard";
import { Picture } from "@/components/media/Picture";
import { VideoPlayer } from "@/components/media/VideoPlayer";
import type { Attachment, Message } from "@/chat/types";
import { useT } from "@/lib/i18n";
import { useScene } from "./thread-context";
import css from "./Body.module.css";

/** The picture, video or document above a business's words. */
export function HeaderFiles({ message }: { message: Message }) {
  return message.attachments.map((one) => (
    <div key={one.id} className={css.medium}>
      <File attachment={one} />
    </div>
  ));
}

function File({ attachment }: { attachment: Attachment }) {
  const t = useT();
  const { openMedia } = useScene();
  switch (attachment.kind) {
    case "document":
      return <DocumentCard attachment={attachment} />;
    case "video":
      return (
        <Picture attachment={attachment} what={t("kind.video")}>
          <VideoPlayer attachment={attachment} />
        </Picture>
      );
    default:
      return (
        <Picture
          attachment={attachment}
          what={t("kind.image")}
          onOpen={() => openMedia(attachment.id)}
        />
      );
  }
}
