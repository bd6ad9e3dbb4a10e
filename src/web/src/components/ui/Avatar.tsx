import { Users } from "lucide-react";
import { useState } from "react";
import { useBroken } from "@/lib/network-returns";
import css from "./Avatar.module.css";

const TONES = 7;

interface AvatarProps {
  /** The same seed has the same colour everywhere. */
  seed: string;
  name: string;
  /** Its address; what can't be had leaves the initials. */
  picture?: string | null | undefined;
  group?: boolean;
  size?: "small" | "medium" | "large";
}

export function Avatar({ seed, name, picture, group = false, size = "medium" }: AvatarProps) {
  const [broken, onBroken] = useBroken(picture);
  const [drawn, setDrawn] = useState<string | null>(null);
  return (
    <span
      className={css.avatar}
      data-size={size}
      data-tone={name.startsWith("+") ? "none" : toneOf(seed)}
      aria-hidden="true"
    >
      {picture && picture === drawn ? null : group ? (
        <Users size={size === "large" ? 30 : 18} />
      ) : (
        initialsOf(name)
      )}
      {picture && !broken && (
        <img
          key={picture}
          src={picture}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setDrawn(picture)}
          onError={onBroken}
        />
      )}
    </span>
  );
}

export function toneOf(seed: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % TONES;
}

const SMALL_WORDS = new Set(["de", "da", "do", "das", "dos", "e", "of", "the"]);

export function initialsOf(name: string): string {
  if (name.startsWith("+")) return name.split(" ")[0]!;
  const words = name
    .split(/\s+/)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word) && !SMALL_WORDS.has(word.toLowerCase()));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("") || "·";
}
