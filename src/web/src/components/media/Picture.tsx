import type { ReactNode } from "react";
import type { Attachment } from "@/chat/types";
import { useT } from "@/lib/i18n";
import { useBroken } from "@/lib/network-returns";
import { contentPath } from "./content-path";
import { pictureSize } from "./picture-size";
import { Unavailable } from "./Unavailable";
import css from "./Picture.module.css";

const STICKER = { width: 150, height: 150 };

interface PictureProps {
  attachment: Attachment;
  /** What it is, for who can't see it. */
  what: string;
  /** Opens it; without, it is shown in its room: a video has its own controls. */
  onOpen?: () => void;
  /** A sticker: small, whole, and without a ground. */
  bare?: boolean;
  children?: ReactNode;
}

/** The room of a picture or a video, whether its bytes are there, on their way or lost. */
export function Picture({ attachment, what, onOpen, bare = false, children }: PictureProps) {
  const t = useT();
  const { width, height } = bare ? STICKER : pictureSize(attachment);
  // Until the server says something new of it.
  const [broken, onBroken] = useBroken(attachment);
  const room = { width, aspectRatio: `${width} / ${height}` };
  if (attachment.state === "unavailable" || broken)
    return (
      <div className={css.room} style={room} data-state="unavailable">
        <Unavailable attachment={attachment} />
      </div>
    );
  if (attachment.state === "pending")
    return (
      <div
        className={css.room}
        style={room}
        data-state="pending"
        role="img"
        aria-label={t("media.pending", { what })}
      />
    );
  if (!onOpen)
    return (
      <div className={css.room} style={room}>
        {children}
      </div>
    );
  return (
    <button
      type="button"
      className={css.room}
      style={room}
      data-bare={bare || undefined}
      aria-label={t("media.open", { what })}
      onClick={onOpen}
    >
      <img
        src={contentPath(attachment)}
        alt=""
        width={width}
        height={height}
        decoding="async"
        draggable={false}
        onError={onBroken}
      />
    </button>
  );
}
