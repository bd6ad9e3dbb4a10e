import type { Language } from "./i18n";

/** 0:07, 12:30, 1:02:03. */
export function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const end = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${end}` : `${minutes}:${end}`;
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** 512 bytes, 340 kB, 2,4 MB. */
export function sizeOf(lang: Language, bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat(lang, {
    style: "unit",
    unit: UNITS[step]!,
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step > 1 && value < 10 ? 1 : 0,
  }).format(value);
}

/** PDF, XLSX, MP4: how people call a kind of file. */
export function formatOf(mimeType: string, fileName: string | null): string {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(fileName ?? "")?.[1];
  const subtype = mimeType.split(";")[0]!.split("/")[1] ?? "";
  return (extension ?? subtype.replace(/^.*[.+-]/, "")).toUpperCase();
}
