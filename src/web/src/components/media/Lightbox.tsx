import { ArrowDownToLine, ChevronLeft, ChevronRight, X, ZoomIn, ZoomOut } from "lucide-react";
import {
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
} from "react";
import type { Attachment } from "@/chat/types";
import { IconButton } from "@/components/ui/Button";
import { useT } from "@/lib/i18n";
import { contentPath, downloadPath } from "./content-path";
import { VideoPlayer } from "./VideoPlayer";
import { useZoom } from "./zoom";
import css from "./Lightbox.module.css";

export interface LightboxItem {
  attachment: Attachment;
  /** Who sent it and when. */
  title: string;
  caption: string | null;
}

interface LightboxProps {
  items: readonly LightboxItem[];
  startId: string;
  onClose: () => void;
}

/** The pictures and videos of a conversation, one at a time, as large as the window. */
export function Lightbox({ items, startId, onClose }: LightboxProps) {
  const t = useT();
  const dialog = useRef<HTMLDialogElement>(null);
  const [id, setId] = useState(startId);
  const index = items.findIndex((one) => one.attachment.id === id);
  const item = items[index];
  const { zoom, larger, smaller, reset, surface } = useZoom();

  // Closed while it still stands in the page: later the browser gives no focus back.
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);

  // The arrow that led to the last one is gone, and so are a picture's buttons beside a video.
  useEffect(() => {
    const element = dialog.current!;
    if (!element.contains(document.activeElement)) element.focus();
  }, [id]);

  // It was taken back: another one in its place would be taken for it.
  const gone = !item;
  const leave = useEffectEvent(onClose);
  useEffect(() => {
    if (gone) leave();
  }, [gone]);

  function step(by: 1 | -1) {
    const next = items[index + by];
    if (!next) return;
    reset();
    setId(next.attachment.id);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target instanceof HTMLInputElement) return;
    const act = {
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      "+": larger,
      "=": larger,
      "-": smaller,
      "0": reset,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  if (!item) return null;
  const { attachment } = item;
  const isVideo = attachment.kind === "video";
  return (
    <dialog
      ref={dialog}
      className={css.lightbox}
      tabIndex={-1}
      aria-label={t("lightbox.label")}
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <header>
        <p>
          <b dir="auto">{item.title}</b>
          <span className="num">
            {t("lightbox.place", { index: index + 1, count: items.length })}
          </span>
        </p>
        {!isVideo && (
          <>
            <IconButton label={t("lightbox.zoomOut")} disabled={zoom.scale === 1} onClick={smaller}>
              <ZoomOut size={19} />
            </IconButton>
            <IconButton label={t("lightbox.zoomIn")} onClick={larger}>
              <ZoomIn size={19} />
            </IconButton>
          </>
        )}
        <a
          href={downloadPath(attachment)}
          download={attachment.file_name ?? ""}
          aria-label={t("media.download")}
          title={t("media.download")}
        >
          <ArrowDownToLine size={19} />
        </a>
        <IconButton label={t("dialog.close")} onClick={onClose}>
          <X size={20} />
        </IconButton>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- Keys have their own ways: Esc, + and -. */}
      <div
        className={css.stage}
        data-zoomed={zoom.scale > 1 || undefined}
        onClick={(event) => event.target === event.currentTarget && onClose()}
        {...(isVideo ? {} : surface)}
      >
        {isVideo ? (
          <div className={css.video}>
            <VideoPlayer key={attachment.id} attachment={attachment} />
          </div>
        ) : (
          <img
            key={attachment.id}
            src={contentPath(attachment)}
            alt={item.caption ?? item.title}
            draggable={false}
            style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }}
          />
        )}
      </div>
      {item.caption && zoom.scale === 1 && (
        <p className={css.caption} dir="auto">
          {item.caption}
        </p>
      )}
      {index > 0 && (
        <IconButton
          label={t("lightbox.previous")}
          className={css.previous}
          onClick={() => step(-1)}
        >
          <ChevronLeft size={24} />
        </IconButton>
      )}
      {index < items.length - 1 && (
        <IconButton label={t("lightbox.next")} className={css.next} onClick={() => step(1)}>
          <ChevronRight size={24} />
        </IconButton>
      )}
    </dialog>
  );
}
