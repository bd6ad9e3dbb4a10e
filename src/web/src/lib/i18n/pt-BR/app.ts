export const app = {
  "app.inbox": "Conversas",
  "app.thread": "Conversa aberta",
  "app.sandbox": "Celular de teste",
  "app.instances": "Números",
  "app.navigation": "Principal",
  "app.title": "FlowChat",
  "app.titleUnread": "({count}) FlowChat",

  "menu.user": "Conta de {name}",
  "menu.signOut": "Sair",
  "menu.theme": "Tema",
  "menu.language": "Idioma",
  "menu.shortcuts": "Atalhos do teclado",

  "theme.system": "Sistema",
  "theme.light": "Claro",
  "theme.dark": "Escuro",

  "notices.sound": "Som de mensagem nova",
  "notices.browser": "Avisos do navegador",
  "notices.blocked": "Bloqueados neste navegador.",
  "notices.many": { one: "{count} conversa espera", other: "{count} conversas esperam" },

  "signIn.title": "Entrar no FlowChat",
  "signIn.lead": "O WhatsApp da sua equipe, em um só lugar.",
  "signIn.email": "E-mail",
  "signIn.password": "Senha",
  "signIn.submit": "Entrar",
  "signIn.submitting": "Entrando…",
  "signIn.wrong": "E-mail ou senha não conferem.",
  "signIn.locked": {
    one: "Muitas tentativas. Tente de novo em {count} minuto.",
    other: "Muitas tentativas. Tente de novo em {count} minutos.",
  },
  "signIn.unreachable": "O servidor não respondeu. Tente de novo em instantes.",
  "signIn.expired": "Sua sessão terminou. Entre de novo para continuar de onde parou.",
  "signIn.showPassword": "Mostrar senha",
  "signIn.hidePassword": "Ocultar senha",

  "connection.waiting": "Conectando ao servidor…",
  "connection.lost": "Reconectando…",

  "shortcuts.title": "Atalhos do teclado",
  "shortcuts.search": "Buscar",
  "shortcuts.next": "Próxima conversa",
  "shortcuts.previous": "Conversa anterior",
  "shortcuts.open": "Abrir",
  "shortcuts.reply": "Responder",
  "shortcuts.resolve": "Resolver ou reabrir",
  "shortcuts.back": "Voltar",
  "shortcuts.help": "Esta lista",
  "shortcuts.or": "ou",

  "dialog.close": "Fechar",

  "news.from": "Nova mensagem de {name}: {text}",
};
