/** Safari on iPhones fills the screen with videos alone, under a name of its own. */
type Filling = Partial<Pick<HTMLVideoElement, "requestFullscreen">> & {
  webkitEnterFullscreen?: () => void;
};

/** Null where this browser can't. */
export function fullScreenOf(video: Filling): (() => void) | null {
  if (video.requestFullscreen) return () => void video.requestFullscreen!();
  if (video.webkitEnterFullscreen) return () => video.webkitEnterFullscreen!();
  return null;
}
