import "@fontsource-variable/inter";
import "@/styles/tokens.css";
import "@/styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { resumeSession } from "@/chat/session";
import { Speaking } from "@/lib/i18n";
import { Connected } from "@/lib/network-returns";
import { Dated } from "@/lib/today";
import { App } from "./App";

void resumeSession();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Speaking>
      <Dated>
        <Connected>
          <App />
        </Connected>
      </Dated>
    </Speaking>
  </StrictMode>,
);
