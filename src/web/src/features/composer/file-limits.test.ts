import { expect, test } from "vitest";
import { newInstance } from "@/chat/testing/fake-server";
import type { Instance } from "@/chat/types";
import { translate, type Translate } from "@/lib/i18n";
import { acceptOf, faultOf, kindFor, limitsLine } from "./file-limits";

const t: Translate = (key, values) => translate("en", key, values);

const evolution: Instance = { ...newInstance("i1"), abilities: ["image", "video", "document"] };
const cloud: Instance = {
  ...evolution,
  gateway: "cloud",
  file_limits: {
    image: { mime_types: ["image/jpeg", "image/png"], max_bytes: 5_000 },
    video: { mime_types: ["video/mp4"], max_bytes: 16_000 },
    document: { mime_types: ["application/pdf", "application/msword"], max_bytes: 100_000 },
    sticker: { mime_types: ["image/webp"], max_bytes: 100, max_bytes_animated: 500 },
  },
};

const file = (name: string, type: string, bytes = 10) =>
  new File([new Uint8Array(bytes)], name, { type });

test("a file that the number takes goes as what it is", () => {
  const photo = file("a.jpg", "image/jpeg");
  expect(kindFor(cloud, photo)).toBe("image");
  expect(faultOf(cloud, photo, "image")).toBeNull();
});

test("a number without limits takes any file", () => {
  const huge = file("a.gif", "image/gif", 200_000);
  expect(kindFor(evolution, huge)).toBe("image");
  expect(faultOf(evolution, huge, "document")).toBeNull();
  expect(limitsLine(t, "en", evolution, ["image"], 9e9)).toBeNull();
});

test("a format that the number can't take in any way is named", () => {
  const gif = file("a.gif", "image/gif");
  expect(kindFor(cloud, gif)).toBe("document");
  expect(faultOf(cloud, gif, "document")).toEqual({ why: "staged.notHere", format: "GIF" });
});

test("what is too large for its kind is told with the most that goes", () => {
  expect(faultOf(cloud, file("a.png", "image/png", 5_001), "image")).toEqual({
    why: "staged.tooLargeHere",
    name: "a.png",
    mostBytes: 5_000,
  });
});

test("a sticker that moves may be larger", () => {
  const sticker = file("a.webp", "image/webp", 400);
  expect(faultOf(cloud, sticker, "sticker")?.why).toBe("staged.tooLargeHere");
  expect(faultOf(cloud, sticker, "sticker", true)).toBeNull();
});

test("the menu has what goes, within what this server takes", () => {
  expect(limitsLine(t, "en", cloud, ["image", "video"], 10_000)).toBe(
    "JPEG, PNG up to 5 kB · MP4 up to 10 kB",
  );
  expect(limitsLine(t, "en", cloud, ["document"], 9e9)).toBe("PDF, DOC up to 100 kB");
  expect(acceptOf(cloud, ["document"])).toBe("application/pdf,application/msword");
});
