import { useState } from "react";
import { InstancesPage } from "@/features/instances/InstancesPage";
import { SandboxPage } from "@/features/sandbox/SandboxPage";
import { useNotices } from "@/features/notices/use-notices";
import { ShortcutsDialog } from "@/features/shortcuts/ShortcutsDialog";
import { useRoute } from "@/lib/router";
import { Announcer } from "./Announcer";
import { ConnectionLine } from "./ConnectionLine";
import { InboxPage } from "./InboxPage";
import { Rail } from "./Rail";
import { useUnreadTitle } from "./use-unread-title";
import css from "./Shell.module.css";

export function Shell() {
  const route = useRoute();
  const [help, setHelp] = useState(false);
  const opened = route.page === "inbox" ? route.conversationId : null;
  useUnreadTitle();
  useNotices(opened);
  return (
    <div className={css.shell} data-in-thread={opened !== null || undefined}>
      <Rail page={route.page} onHelp={() => setHelp(true)} />
      <div className={css.page} data-page={route.page}>
        <ConnectionLine />
        {route.page === "inbox" && (
          <InboxPage conversationId={route.conversationId} onHelp={() => setHelp(true)} />
        )}
        {route.page === "sandbox" && <SandboxPage />}
        {route.page === "instances" && <InstancesPage connectId={route.connectId} />}
      </div>
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
      <Announcer />
    </div>
  );
}
