import type { Words } from "../catalogue";
import type { app as ptBR } from "../pt-BR/app";

export const app: Words<typeof ptBR> = {
  "app.inbox": "Conversations",
  "app.thread": "Open conversation",
  "app.sandbox": "Test phone",
  "app.instances": "Numbers",
  "app.navigation": "Main",
  "app.title": "FlowChat",
  "app.titleUnread": "({count}) FlowChat",

  "menu.user": "{name}’s account",
  "menu.signOut": "Sign out",
  "menu.theme": "Theme",
  "menu.language": "Language",
  "menu.shortcuts": "Keyboard shortcuts",

  "theme.system": "System",
  "theme.light": "Light",
  "theme.dark": "Dark",

  "notices.sound": "Sound for new messages",
  "notices.browser": "Browser notifications",
  "notices.blocked": "Blocked in this browser.",
  "notices.many": {
    one: "{count} conversation is waiting",
    other: "{count} conversations are waiting",
  },

  "signIn.title": "Sign in to FlowChat",
  "signIn.lead": "Your team’s WhatsApp, in one place.",
  "signIn.email": "E-mail",
  "signIn.password": "Password",
  "signIn.submit": "Sign in",
  "signIn.submitting": "Signing in…",
  "signIn.wrong": "E-mail or password don’t match.",
  "signIn.locked": {
    one: "Too many attempts. Try again in {count} minute.",
    other: "Too many attempts. Try again in {count} minutes.",
  },
  "signIn.unreachable": "The server didn’t answer. Try again in a moment.",
  "signIn.expired": "Your session ended. Sign in again to continue where you stopped.",
  "signIn.showPassword": "Show password",
  "signIn.hidePassword": "Hide password",

  "connection.waiting": "Connecting to the server…",
  "connection.lost": "Reconnecting…",

  "shortcuts.title": "Keyboard shortcuts",
  "shortcuts.search": "Search",
  "shortcuts.next": "Next conversation",
  "shortcuts.previous": "Previous conversation",
  "shortcuts.open": "Open",
  "shortcuts.reply": "Reply",
  "shortcuts.resolve": "Resolve or reopen",
  "shortcuts.back": "Back",
  "shortcuts.help": "This list",
  "shortcuts.or": "or",

  "dialog.close": "Close",

  "news.from": "New message from {name}: {text}",
};
