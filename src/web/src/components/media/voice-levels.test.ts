import { expect, test } from "vitest";
import { levelOf, waveformOf } from "./voice-levels";

test("any recording becomes sixty-four heights, the loudest at the top", () => {
  for (const length of [1, 10, 64, 1_000]) {
    const heights = waveformOf(Array.from({ length }, (_, index) => (index + 1) / length));
    expect(heights).toHaveLength(64);
    expect(Math.max(...heights)).toBe(100);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
  }
});

test("silence is flat", () => {
  expect(new Set(waveformOf([]))).toEqual(new Set([0]));
  expect(new Set(waveformOf([0, 0, 0]))).toEqual(new Set([0]));
});

const level = (amplitude: number) => levelOf(new Float32Array(128).fill(amplitude));

test("louder is higher, within bounds", () => {
  expect(level(0)).toBe(0);
  expect(level(0.02)).toBeLessThan(level(0.1));
  expect(level(1)).toBe(1);
});
