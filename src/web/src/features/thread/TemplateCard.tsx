import { DocumentCard } from "@/components/media/DocumentCard";
import { Picture } from "@/components/media/Picture";
import { VideoPlayer } from "@/components/media/VideoPlayer";
import type { Attachment, Contents, Message } from "@/chat/types";
import { useT } from "@/lib/i18n";
import { InteractiveCard } from "./InteractiveCard";
import { PlaceCard } from "./PlaceCard";
import { useScene } from "./thread-context";
import css from "./Body.module.css";

interface TemplateCardProps {
  message: Message;
  content: Contents["template"] | null;
}

/** An approved text, filled in, as the other side reads it: below a file or a place where its header is one. */
export function TemplateCard({ message, content }: TemplateCardProps) {
  const { header = null, footer = null, buttons = [], place } = content ?? {};
  const options = buttons.map((title) => ({ id: null, title, description: null }));
  return (
    <>
      {message.attachments.map((one) => (
        <div key={one.id} className={css.medium}>
          <File attachment={one} />
        </div>
      ))}
      {place && <PlaceCard place={place} live={false} />}
      <InteractiveCard message={message} content={{ title: header, footer, options }} />
    </>
  );
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
