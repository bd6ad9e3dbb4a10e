const COUNTRY =
  /^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})(\d*?)((?:\d{3})*)(\d{4})$/;

/** How numbers are spoken: +55 11 98765-4321. What has no known shape is grouped from its end. */
export function formatPhone(phone: string): string {
  const digits = phone.replace(/\D/g, "");
  if (!digits) return phone;
  const brazil = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
  if (brazil) return `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}`;
  const northAmerica = /^1(\d{3})(\d{3})(\d{4})$/.exec(digits);
  if (northAmerica) return `+1 ${northAmerica[1]} ${northAmerica[2]}-${northAmerica[3]}`;
  const [, country, first, middle, last] = COUNTRY.exec(digits) ?? [];
  if (!country) return `+${digits}`;
  const groups = [country, first, ...(middle?.match(/\d{3}/g) ?? []), last];
  return `+${groups.filter(Boolean).join(" ")}`;
}

/** E.164 from what a person types, or null when it can't be a number. */
export function parsePhone(typed: string): string | null {
  const digits = typed.replace(/\D/g, "");
  return digits.length >= 8 && digits.length <= 15 ? `+${digits}` : null;
}
