import type { Contents } from "@/chat/types";
import type { Key } from "@/lib/i18n";
import { parsePhone } from "@/lib/phone";

/** What the server takes: see SendMessageCheck.cs. */
export const MOST_CAPTION_CHARACTERS = 1_024;
export const MOST_OPTIONS = 10;
export const MOST_CONTACTS = 20;
export const MOST_MENTIONS = 100;
const FEWEST_CARD_DIGITS = 10;

/** Why something can't be sent as it is, and which field of it is meant. */
export interface Fault {
  field: string;
  why: Key;
}

/** -23.5614, -46.6559 as maps copy it, or with a decimal comma and a semicolon. */
export function readCoordinates(typed: string): { latitude: number; longitude: number } | null {
  const parts = typed.includes(";")
    ? typed.replaceAll(",", ".").split(";")
    : typed.split(/,\s*|\s+/);
  const numbers = parts.filter((part) => part.trim() !== "").map(Number);
  const [latitude, longitude] = numbers;
  if (numbers.length !== 2 || latitude === undefined || longitude === undefined) return null;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

export interface TypedPoll {
  question: string;
  options: readonly string[];
  many: boolean;
}

/** Empty fields at the end are no answers. */
export const answersOf = ({ options }: TypedPoll) =>
  options.map((option) => option.trim()).filter((option) => option !== "");

export function pollFault(poll: TypedPoll): Fault | null {
  const answers = answersOf(poll);
  if (poll.question.trim() === "") return { field: "question", why: "poll.needsQuestion" };
  const twice = poll.options.findIndex((option, index) => {
    const said = option.trim();
    return said !== "" && poll.options.slice(0, index).some((other) => other.trim() === said);
  });
  if (twice >= 0) return { field: `option ${twice}`, why: "poll.twice" };
  const empty = poll.options.findIndex((option) => option.trim() === "");
  return answers.length < 2 ? { field: `option ${empty}`, why: "poll.needsTwo" } : null;
}

export interface TypedContact {
  name: string;
  phone: string;
  organization: string;
  email: string;
}

export function contactFault({ name, phone, email }: TypedContact): Fault | null {
  if (name.trim() === "") return { field: "name", why: "contact.needsName" };
  if (!parsePhone(phone) || phone.replace(/\D/g, "").length < FEWEST_CARD_DIGITS)
    return { field: "phone", why: "new.invalid" };
  return email.trim() !== "" && !/^\S+@\S+$/.test(email.trim())
    ? { field: "email", why: "contact.badEmail" }
    : null;
}

export const cardOf = (typed: TypedContact): Contents["contacts"]["contacts"][number] => ({
  name: typed.name.trim(),
  phones: [parsePhone(typed.phone)!],
  organization: typed.organization.trim() || null,
  email: typed.email.trim() || null,
});
