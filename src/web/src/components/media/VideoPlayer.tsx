import { Maximize, Pause, Play, Volume2, VolumeX } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import type { Attachment } from "@/chat/types";
import { useT } from "@/lib/i18n";
import { useBroken } from "@/lib/network-returns";
import { clockOf } from "@/lib/media-words";
import { contentPath } from "./content-path";
import { fullScreenOf } from "./full-screen";
import { takeFloor } from "./playback";
import { Seek } from "./Seek";
import css from "./VideoPlayer.module.css";

/** Fills the room that it is given; until it is started, its first picture and how long it is. */
export function VideoPlayer({ attachment }: { attachment: Attachment }) {
  const t = useT();
  const video = useRef<HTMLVideoElement>(null);
  const [started, setStarted] = useState(false);
  const [playing, setPlaying] = useState(false);
  const [muted, setMuted] = useState(false);
  const [seconds, setSeconds] = useState(0);
  const [total, setTotal] = useState(attachment.duration_seconds ?? 0);
  const small = useRef<HTMLButtonElement>(null);
  const begunByButton = useRef(false);
  const [unplayable, onUnplayable] = useBroken(attachment.id);

  // The large button goes with the focus: it stays with the small one, and the keys with whatever they are in.
  useLayoutEffect(() => {
    if (playing && begunByButton.current) small.current?.focus();
    begunByButton.current = false;
  }, [playing]);

  function toggle() {
    const element = video.current!;
    setStarted(true);
    // It failed for want of a network, which is there again.
    if (element.error) element.load();
    // What goes wrong comes as its error event too.
    if (element.paused) element.play().catch(() => setPlaying(false));
    else element.pause();
  }

  function seek(to: number) {
    video.current!.currentTime = to;
    setSeconds(to);
  }

  return (
    <div className={css.player} data-started={started || undefined}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- WhatsApp knows no captions. */}
      <video
        ref={video}
        // The first picture; some browsers draw none at zero.
        src={`${contentPath(attachment)}#t=0.05`}
        preload="metadata"
        playsInline
        muted={muted}
        onClick={toggle}
        onPlay={(event) => {
          takeFloor(event.currentTarget);
          setPlaying(true);
        }}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => started && setSeconds(event.currentTarget.currentTime)}
        onDurationChange={({ currentTarget: { duration } }) =>
          Number.isFinite(duration) && setTotal(duration)
        }
        onError={onUnplayable}
      />
      {unplayable ? (
        <p className={css.problem}>{t("media.unplayable")}</p>
      ) : (
        <>
          {!playing && (
            <button
              type="button"
              className={css.big}
              aria-label={t("media.play")}
              onClick={() => {
                begunByButton.current = true;
                toggle();
              }}
            >
              <Play size={24} aria-hidden="true" fill="currentColor" />
            </button>
          )}
          {!started && total > 0 && <span className={css.length}>{clockOf(total)}</span>}
        </>
      )}
      {started && !unplayable && (
        <div className={css.controls}>
          <button
            ref={small}
            type="button"
            aria-label={t(playing ? "media.pause" : "media.play")}
            onClick={toggle}
          >
            {playing ? (
              <Pause size={17} fill="currentColor" />
            ) : (
              <Play size={17} fill="currentColor" />
            )}
          </button>
          <Seek seconds={seconds} total={total} onSeek={seek} />
          <span className="num">{clockOf(seconds)}</span>
          <button
            type="button"
            aria-label={t(muted ? "media.unmute" : "media.mute")}
            onClick={() => setMuted(!muted)}
          >
            {muted ? <VolumeX size={17} /> : <Volume2 size={17} />}
          </button>
          {fullScreenOf(HTMLVideoElement.prototype) && (
            <button
              type="button"
              aria-label={t("media.fullScreen")}
              onClick={() => fullScreenOf(video.current!)?.()}
            >
              <Maximize size={16} />
            </button>
          )}
        </div>
      )}
    </div>
  );
}
