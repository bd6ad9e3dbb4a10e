import "@fontsource-variable/inter";
import "@/styles/tokens.css";
import "@/styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { resumeSession } from "@/chat/session";
import { App } from "./App";

void resumeSession();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
