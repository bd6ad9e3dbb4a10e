import type { Attachment } from "@/chat/types";

type Measures = Pick<Attachment, "width" | "height" | "duration_seconds">;

const UNKNOWN: Measures = { width: null, height: null, duration_seconds: null };
const PATIENCE = 3_000;

/** So that its bubble has its shape from the first moment. What the browser can't read has none. */
export function measure(kind: Attachment["kind"], address: string): Promise<Measures> {
  const measured =
    kind === "image" || kind === "sticker"
      ? measureImage(address)
      : kind === "video" || kind === "audio"
        ? measurePlayed(kind, address)
        : Promise.resolve(UNKNOWN);
  const late = new Promise<Measures>((resolve) => setTimeout(resolve, PATIENCE, UNKNOWN));
  return Promise.race([measured, late]);
}

function measureImage(address: string): Promise<Measures> {
  const image = new Image();
  return new Promise((resolve) => {
    image.addEventListener("error", () => resolve(UNKNOWN));
    image.addEventListener("load", () =>
      resolve({ ...UNKNOWN, width: image.naturalWidth, height: image.naturalHeight }),
    );
    image.src = address;
  });
}

function measurePlayed(kind: "video" | "audio", address: string): Promise<Measures> {
  const element = document.createElement(kind);
  return new Promise((resolve) => {
    element.addEventListener("error", () => resolve(UNKNOWN));
    element.addEventListener("loadedmetadata", () => {
      const { duration } = element;
      const { videoWidth = 0, videoHeight = 0 } = element as Partial<HTMLVideoElement>;
      resolve({
        width: videoWidth || null,
        height: videoHeight || null,
        duration_seconds: Number.isFinite(duration) ? Math.round(duration * 10) / 10 : null,
      });
    });
    element.preload = "metadata";
    element.src = address;
  });
}
