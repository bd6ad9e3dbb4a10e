import type { Attachment } from "@/chat/types";
import { AudioPlayer } from "@/components/media/AudioPlayer";
import { contentPath } from "@/components/media/content-path";
import { DocumentCard } from "@/components/media/DocumentCard";
import { Picture } from "@/components/media/Picture";
import { VideoPlayer } from "@/components/media/VideoPlayer";
import { useT } from "@/lib/i18n";

/** A medium as the phone shows it, whichever side sent it. */
export function PhoneMedium({ attachment }: { attachment: Attachment }) {
  const t = useT();
  const { kind, state } = attachment;
  const what = t(`kind.${kind}`);
  if (kind === "document") return <DocumentCard attachment={attachment} />;
  if (kind === "audio" || kind === "voice")
    return state === "ready" ? <AudioPlayer attachment={attachment} /> : <span>{what}</span>;
  return (
    <Picture attachment={attachment} what={what} bare={kind === "sticker"}>
      {kind === "video" ? (
        <VideoPlayer attachment={attachment} />
      ) : (
        <img src={contentPath(attachment)} alt={what} />
      )}
    </Picture>
  );
}
