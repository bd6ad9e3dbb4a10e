import type { Place } from "@/chat/types";

const shown = (degrees: number, positive: string, negative: string) =>
  `${Math.abs(degrees).toFixed(5)}° ${degrees < 0 ? negative : positive}`;

/** 23.56140° S, 46.65590° W. */
export const coordinatesOf = ({ latitude, longitude }: Place) =>
  `${shown(latitude, "N", "S")}, ${shown(longitude, "E", "W")}`;

export function mapAddress({ latitude, longitude }: Place): string {
  const query = new URLSearchParams({ api: "1", query: `${latitude},${longitude}` });
  return `https://www.google.com/maps/search/?${query}`;
}
