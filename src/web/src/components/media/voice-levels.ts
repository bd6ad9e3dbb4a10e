const HEIGHTS = 64;
const FULL = 100;

/** 64 heights from 0 to 100, the loudest at the top, from levels heard at even intervals. */
export function waveformOf(levels: readonly number[]): number[] {
  if (levels.length === 0) return Array.from({ length: HEIGHTS }, () => 0);
  const bars = Array.from({ length: HEIGHTS }, (_, index) => {
    const from = Math.floor((index * levels.length) / HEIGHTS);
    const to = Math.max(from + 1, Math.floor(((index + 1) * levels.length) / HEIGHTS));
    const heard = levels.slice(from, to);
    return heard.reduce((sum, level) => sum + level, 0) / heard.length;
  });
  const loudest = Math.max(...bars);
  return bars.map((bar) => (loudest > 0 ? Math.round((bar / loudest) * FULL) : 0));
}

/** How loud a moment is, from 0 to 1, as ears would say: speech lies between -50 and -10 dB. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / samples.length + 1e-12);
  return Math.max(0, Math.min(1, (decibels + 55) / 45));
}
