import { Eye, EyeOff } from "lucide-react";
import { useState, type FormEvent } from "react";
import { signIn } from "@/chat/session";
import { Button, IconButton } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Logo } from "@/components/ui/Logo";
import { RequestError } from "@/lib/http";
import { useT, type Translate } from "@/lib/i18n";
import css from "./SignInPage.module.css";

interface SignInPageProps {
  email: string;
  expired: boolean;
}

export function SignInPage({ email: lastEmail, expired }: SignInPageProps) {
  const t = useT();
  const [email, setEmail] = useState(lastEmail);
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await signIn(email.trim(), password);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      setProblem(problemOf(t, error));
      setBusy(false);
    }
  }

  return (
    <main className={css.page}>
      <form className={css.card} onSubmit={submit}>
        <Logo />
        <h1>{t("signIn.title")}</h1>
        <p className={css.lead}>{expired ? t("signIn.expired") : t("signIn.lead")}</p>
        <Field
          label={t("signIn.email")}
          type="email"
          autoComplete="username"
          required
          autoFocus={!lastEmail}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label={t("signIn.password")}
          type={shown ? "text" : "password"}
          autoComplete="current-password"
          required
          autoFocus={Boolean(lastEmail)}
          value={password}
          error={problem}
          onChange={(event) => setPassword(event.target.value)}
        >
          <IconButton
            label={t(shown ? "signIn.hidePassword" : "signIn.showPassword")}
            onClick={() => setShown(!shown)}
          >
            {shown ? <EyeOff size={17} /> : <Eye size={17} />}
          </IconButton>
        </Field>
        <Button look="accent" type="submit" disabled={busy}>
          {t(busy ? "signIn.submitting" : "signIn.submit")}
        </Button>
      </form>
    </main>
  );
}

function problemOf(t: Translate, error: RequestError): string {
  if (error.status === 429) {
    return t("signIn.locked", { count: Math.ceil((error.retryAfter ?? 60_000) / 60_000) });
  }
  return t(error.status === 0 || error.status >= 500 ? "signIn.unreachable" : "signIn.wrong");
}
