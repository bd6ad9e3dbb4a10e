import { measure } from "@/components/media/measure";
import type { Attachment, Contents, Instance, Place, Template } from "@/chat/types";
import type { Outgoing } from "@/chat/unsent";
import { newId } from "@/lib/new-id";
import { faultOf, type FileFault } from "./file-limits";
import { readCoordinates } from "./limits";

/** What was given for a template's header, as far as it goes. */
export interface Header {
  file: File | null;
  coordinates: string;
  name: string;
  address: string;
}

export const NO_HEADER: Header = { file: null, coordinates: "", name: "", address: "" };

/** WhatsApp wants a place with its name and address. */
export function placeIn({ coordinates, name, address }: Header): Place | null {
  const place = readCoordinates(coordinates);
  const [named, at] = [name.trim(), address.trim()];
  return place && named && at ? { ...place, name: named, address: at } : null;
}

export type FileKind = "image" | "video" | "document";

export const headerFault = (
  instance: Instance | undefined,
  needs: string | null,
  { file }: Header,
): FileFault | null => (file ? faultOf(instance, file, needs as FileKind) : null);

export const isGiven = ({ needs }: Template, header: Header): boolean =>
  needs === null || (needs === "location" ? placeIn(header) : header.file) !== null;

/** The template with its header. */
export async function withHeader(
  outgoing: Outgoing,
  { needs }: Template,
  header: Header,
): Promise<Outgoing> {
  if (needs === null) return outgoing;
  const content = { ...(outgoing.content as Contents["template"]), header_type: needs };
  if (needs === "location") return { ...outgoing, content: { ...content, place: placeIn(header) } };
  return { ...outgoing, content, attachment: await attachmentOf(needs, header.file!) };
}

async function attachmentOf(needs: string, file: File): Promise<Attachment> {
  const kind = needs as FileKind;
  const address = URL.createObjectURL(file);
  const measures = await measure(kind, address);
  URL.revokeObjectURL(address);
  return {
    id: newId(),
    kind,
    mime_type: file.type || "application/octet-stream",
    file_name: file.name || null,
    size_bytes: file.size,
    state: kind === "document" ? "pending" : "ready",
    reason_code: null,
    waveform: null,
    ...measures,
  };
}
