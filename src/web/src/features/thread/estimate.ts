import { contentOf } from "@/chat/content";
import type { Message } from "@/chat/types";
import { pictureSize } from "@/components/media/picture-size";
import type { Entries, Entry } from "./entries";

const LINE = 20.6;
const CHARACTERS = 62;
const FRAME = 18;

/** More above the first bubble of a run, and in it where it says who speaks. */
const RUN = 9;
const SPEAKER = 17;
const DAY = 40;

const heights = new WeakMap<Message, number>();

/**
 * About how tall a message will be: the nearer, the less its thread moves when it is measured. And each that was
 * guessed wrong has the places of all after it reckoned anew.
 */
export function estimateHeight(entries: Entries, index: number, group: boolean): number {
  const message = entries.messageAt(index)!;
  const held = heights.get(message);
  if (held !== undefined) return held;
  const height = Math.round(estimate(entries.at(index), group));
  heights.set(message, height);
  return height;
}

function estimate({ message, first, startsDay }: Entry, group: boolean): number {
  const named = message.sender?.kind === "phone" || (group && message.direction === "in");
  const above = (first ? RUN : 0) + (first && named ? SPEAKER : 0) + (startsDay ? DAY : 0);
  return above + estimateBubble(message);
}

function estimateBubble(message: Message): number {
  if (message.deleted_at) return FRAME + LINE;
  const words = message.text ? Math.ceil(message.text.length / CHARACTERS) * LINE : 0;
  const quote = message.reply_to ? 54 : 0;
  const chip = message.reactions.length > 0 ? 13 : 0;
  return FRAME + quote + chip + words + bodyHeight(message);
}

function bodyHeight(message: Message): number {
  const [attachment] = message.attachments;
  switch (message.type) {
    case "text":
      return 0;
    case "image":
    case "video":
      return attachment ? pictureSize(attachment).height : LINE;
    case "sticker":
      return 160;
    case "audio":
    case "voice":
      return 62;
    case "document":
      return 62;
    case "location":
    case "live_location":
      return 190;
    case "contacts":
      return 90 * (contentOf(message, "contacts")?.contacts.length ?? 1);
    case "poll":
      return 84 + 40 * (contentOf(message, "poll")?.options.length ?? 2);
    case "template":
      return (
        (attachment ? pictureSize(attachment).height : 0) +
        30 +
        40 * (contentOf(message, "template")?.buttons.length ?? 0)
      );
    case "interactive":
      return (
        (attachment ? pictureSize(attachment).height : 0) +
        30 +
        40 * (contentOf(message, "interactive")?.options.length ?? 1)
      );
    case "choice":
      return 2 * LINE * (1 + (contentOf(message, "choice")?.answers?.length ?? 0));
    case "system":
    case "call":
      return 8;
    default:
      return 2 * LINE;
  }
}
