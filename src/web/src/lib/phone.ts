/** As each country writes its numbers: those whose people write to the shops of Brazil, and their neighbours. */
const SHAPES: readonly [RegExp, string][] = [
  [/^55(\d{2})(\d{4,5})(\d{4})$/, "+55 $1 $2-$3"],
  [/^1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2-$3"],
  // Portugal, Spain, Angola, Peru.
  [/^(351|34|244|51)(\d{3})(\d{3})(\d{3})$/, "+$1 $2 $3 $4"],
  // Italy, Colombia.
  [/^(39|57)(3\d{2})(\d{3})(\d{4})$/, "+$1 $2 $3 $4"],
  [/^33(\d)(\d{2})(\d{2})(\d{2})(\d{2})$/, "+33 $1 $2 $3 $4 $5"],
  [/^44(7\d{3})(\d{6})$/, "+44 $1 $2"],
  [/^49(1\d{2})(\d{7,8})$/, "+49 $1 $2"],
  [/^52(1?)(\d{2})(\d{4})(\d{4})$/, "+52 $1 $2 $3 $4"],
  [/^54(9?)(11)(\d{4})(\d{4})$/, "+54 $1 $2 $3-$4"],
  [/^54(9?)(\d{3})(\d{3})(\d{4})$/, "+54 $1 $2 $3-$4"],
  [/^56(9)(\d{4})(\d{4})$/, "+56 $1 $2 $3"],
  [/^595(9\d{2})(\d{6})$/, "+595 $1 $2"],
  [/^598(9\d)(\d{3})(\d{3})$/, "+598 $1 $2 $3"],
  [/^258(8\d)(\d{3})(\d{4})$/, "+258 $1 $2 $3"],
];

const COUNTRY =
  /^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})(\d*?)((?:\d{3})*)(\d{4})$/;

/** How numbers are spoken: +55 11 98765-4321. What has no known shape is grouped from its end. */
export function formatPhone(phone: string): string {
  const digits = phone.replace(/\D/g, "");
  if (!digits) return phone;
  const shape = SHAPES.find(([numbers]) => numbers.test(digits));
  // Of what may be missing a space is left.
  if (shape) return digits.replace(...shape).replace("  ", " ");
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

/** A card's number where its country is known; else null: its digits may be another's. */
export const cardPhone = (phone: string): string | null =>
  phone.startsWith("+") ? parsePhone(phone) : null;
