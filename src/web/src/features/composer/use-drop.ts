import { useEffect, useEffectEvent, useState, type RefObject } from "react";

/** Files dropped anywhere on the thread that the composer belongs to; true while they are above it. */
export function useDrop(
  composer: RefObject<HTMLElement | null>,
  onFiles: ((files: File[]) => void) | null,
): boolean {
  const [over, setOver] = useState(false);
  const taking = onFiles !== null;
  const dropped = useEffectEvent((files: File[]) => onFiles?.(files));

  useEffect(() => {
    const thread = composer.current?.closest("section");
    if (!thread || !taking) return;
    const listening = new AbortController();
    const on = (type: "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void) =>
      thread.addEventListener(type, act, { signal: listening.signal });
    on("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setOver(true);
    });
    on("dragleave", ({ relatedTarget }) => {
      if (!thread.contains(relatedTarget as Node | null)) setOver(false);
    });
    on("drop", (event) => {
      setOver(false);
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      dropped(filesOf(event.dataTransfer));
    });
    return () => {
      listening.abort();
      setOver(false);
    };
  }, [composer, taking]);

  return over;
}

/** A folder looks like a file that can't be read. */
export const filesOf = ({ items }: DataTransfer): File[] =>
  [...items]
    .filter((item) => item.kind === "file" && !item.webkitGetAsEntry()?.isDirectory)
    .map((item) => item.getAsFile())
    .filter((file) => file !== null);
