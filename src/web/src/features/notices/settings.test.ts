import { afterEach, expect, test, vi } from "vitest";
import { recall } from "@/lib/remembered";
import { blocked, notifications, sound, switchNotifications } from "./settings";

const browserAnswers = (permission: NotificationPermission) =>
  vi.stubGlobal("Notification", {
    permission,
    requestPermission: () => Promise.resolve(permission),
  });

afterEach(() => vi.unstubAllGlobals());

test("a browser that nobody has asked plays the sound and shows nothing", () => {
  expect([sound.get(), notifications.get()]).toEqual([true, false]);
});

test("notifications are on only when the browser grants them, and it is remembered", async () => {
  browserAnswers("granted");
  await switchNotifications(true);
  expect([notifications.get(), recall("notifications")]).toEqual([true, true]);
  await switchNotifications(false);
  expect([notifications.get(), recall("notifications")]).toEqual([false, false]);
  browserAnswers("denied");
  await switchNotifications(true);
  expect([notifications.get(), blocked.get()]).toEqual([false, true]);
});
