import { session } from "@/chat/session";
import { SignInPage } from "@/features/sign-in/SignInPage";
import { useStore } from "@/lib/external-store";
import { Arrival } from "./Arrival";
import { Shell } from "./Shell";

export function App() {
  const current = useStore(session, (state) => state);
  switch (current.phase) {
    case "unknown":
      return <Arrival />;
    case "signed_out":
      return <SignInPage email={current.email} expired={current.expired} />;
    case "signed_in":
      return <Shell key={current.me.user.id} />;
  }
}
