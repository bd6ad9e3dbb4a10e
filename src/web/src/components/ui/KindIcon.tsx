import {
  BarChart3,
  Ban,
  Camera,
  FileQuestionMark,
  FileText,
  Headphones,
  Info,
  LayoutTemplate,
  List,
  MapPin,
  Mic,
  Phone,
  Reply,
  Sticker,
  User,
  Video,
  type LucideIcon,
} from "lucide-react";
import type { MessageType } from "@/chat/types";

const ICONS: Record<Exclude<MessageType, "text"> | "deleted", LucideIcon> = {
  image: Camera,
  video: Video,
  audio: Headphones,
  voice: Mic,
  document: FileText,
  sticker: Sticker,
  location: MapPin,
  live_location: MapPin,
  contacts: User,
  poll: BarChart3,
  template: LayoutTemplate,
  interactive: List,
  choice: Reply,
  call: Phone,
  system: Info,
  unsupported: FileQuestionMark,
  deleted: Ban,
};

/** Says in one glance what kind of message it is. */
export function KindIcon({ kind, size = 14 }: { kind: MessageType | "deleted"; size?: number }) {
  if (kind === "text") return null;
  const Icon = ICONS[kind];
  return <Icon size={size} aria-hidden="true" />;
}
