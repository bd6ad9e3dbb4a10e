import { createStore } from "@/lib/external-store";
import { recall, remember } from "@/lib/remembered";

export const sound = createStore(recall<boolean>("sound") ?? true);

/** Off until somebody asks for them: the browser asks back, and only a click may make it ask. */
export const notifications = createStore(recall<boolean>("notifications") ?? false);

sound.subscribe(() => remember("sound", sound.get()));
notifications.subscribe(() => remember("notifications", notifications.get()));

/** Over plain http to another machine a browser has none, and a person may have refused them. */
export const blocked = createStore(
  !("Notification" in window) || Notification.permission === "denied",
);

export async function switchNotifications(on: boolean): Promise<void> {
  const answer = on ? await Notification.requestPermission() : null;
  if (answer === "denied") blocked.set(true);
  notifications.set(answer === "granted");
}
