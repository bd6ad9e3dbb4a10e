const SIDE = 512;

/** WhatsApp takes 512 × 512 WebP; null where the browser can't make one of this file. */
export async function asSticker(file: File): Promise<File | null> {
  if (file.type === "image/webp") return file;
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
  const made = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/webp", 0.9),
  );
  const name = `${file.name.replace(/\.\w+$/, "")}.webp`;
  return made?.type === "image/webp" ? new File([made], name, { type: made.type }) : null;
}
