export const BARS = 64;

const PITCH = 3;
const HEIGHT = 26;
const LOWEST = 2;

export const WIDTH = BARS * PITCH;

const paths = new WeakMap<readonly number[], string>();

/** All bars as one path: sixty-four elements a bubble would be felt when scrolling. */
export function waveformPath(heights: readonly number[]): string {
  const held = paths.get(heights);
  if (held) return held;
  const path = Array.from({ length: BARS }, (_, index) => {
    const share = (heights[Math.floor((index * heights.length) / BARS)] ?? 0) / 100;
    const half = Math.max(LOWEST, share * (HEIGHT - LOWEST)) / 2;
    return `M${index * PITCH + 1.5} ${(HEIGHT / 2 - half).toFixed(1)}v${(half * 2).toFixed(1)}`;
  }).join("");
  paths.set(heights, path);
  return path;
}
