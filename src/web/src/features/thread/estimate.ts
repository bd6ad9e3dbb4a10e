import { contentOf } from "@/chat/content";
import type { Message } from "@/chat/types";
import { pictureSize } from "@/components/media/picture-size";

const LINE = 20.6;
const CHARACTERS = 62;
const FRAME = 18;

const heights = new WeakMap<Message, number>();

/** About how tall a message will be: the nearer, the less its thread moves when it is measured. */
export function estimateHeight(message: Message): number {
  const held = heights.get(message);
  if (held !== undefined) return held;
  const height = Math.round(estimate(message));
  heights.set(message, height);
  return height;
}

function estimate(message: Message): number {
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
      return 30 + 40 * (contentOf(message, "interactive")?.options.length ?? 1);
    case "system":
    case "call":
      return 8;
    default:
      return 2 * LINE;
  }
}
