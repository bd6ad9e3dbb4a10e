/** To this browser's other pages of FlowChat; they hear nothing where it can't. */
export function otherTabs<T>(name: string) {
  const channel =
    typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`flowchat.${name}`);
  return {
    // A channel is one origin's own.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    tell: (news: T) => channel?.postMessage(news),
    onTold: (hear: (news: T) => void) =>
      channel?.addEventListener("message", ({ data }: MessageEvent<T>) => hear(data)),
  };
}
