import type { FileLimit } from "@/chat/types";

const SIDE = 512;
const QUALITIES = [0.9, 0.75, 0.6, 0.45, 0.3];

/** WhatsApp takes 512 × 512 WebP; null where the browser can't make one of this file. */
export async function asSticker(file: File, limit: FileLimit | null): Promise<File | null> {
  const fits = ({ size }: Blob) => !limit || size <= limit.max_bytes;
  // One that moves would stand still.
  if (file.type === "image/webp" && (fits(file) || (await moves(file)))) return file;
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(file);
  } catch {
    return null;
  }
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const scale = SIDE / Math.max(image.width, image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  const pen = canvas.getContext("2d");
  pen?.drawImage(image, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
  const name = `${file.name.replace(/\.\w+$/, "")}.webp`;
  for (const quality of QUALITIES) {
    const made = await new Promise<Blob | null>((resolve) =>
      canvas.toBlob(resolve, "image/webp", quality),
    );
    if (made?.type !== "image/webp") return null;
    if (fits(made) || quality === QUALITIES.at(-1))
      return new File([made], name, { type: made.type });
  }
  return null;
}

const ANIMATED = 0x02;

/** A WebP's first chunk says so. */
export async function moves(file: Blob): Promise<boolean> {
  const bytes = new Uint8Array(await file.slice(0, 21).arrayBuffer());
  const chunk = String.fromCharCode(...bytes.slice(12, 16));
  return chunk === "VP8X" && (bytes[20]! & ANIMATED) !== 0;
}
