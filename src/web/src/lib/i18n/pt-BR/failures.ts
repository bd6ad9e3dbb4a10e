/** Why something wasn't sent or done, and what helps; one for each code of the server's `SendError`. */
export const failures = {
  "failure.not_on_whatsapp": "Este número não está no WhatsApp. Confira o número com o cliente.",
  "failure.refused": "O WhatsApp não aceitou. Confira o conteúdo e tente de novo.",
  "failure.not_connected":
    "O número ficou desconectado por tempo demais. Conecte o número e tente de novo.",
  "failure.gateway_error": "O gateway não conseguiu. Se continuar assim, avise um admin.",
  "failure.unauthorized":
    "O gateway recusou a chave deste número. Um admin precisa corrigir a chave.",
  "failure.instance_missing":
    "O gateway não conhece mais este número. Um admin precisa conectar o número de novo.",
  "failure.cancelled": "Um admin cancelou o envio. Tente de novo se ainda fizer sentido.",
  "failure.dismissed": "Envio descartado. Tente de novo se ainda fizer sentido.",
  "failure.media_missing": "O servidor não tem mais o arquivo. Anexe de novo.",
  "failure.number_removed": "O número desta conversa foi removido. Escreva por outro número.",
  "failure.unable": "Este número não permite isso. Escreva de outra forma ou por outro número.",
  "failure.deleted": "A mensagem já foi apagada.",
  "failure.not_sent_yet":
    "A mensagem ainda não chegou ao WhatsApp. Espere o envio e tente de novo.",
  "failure.change_pending": "Outra mudança dela está a caminho. Tente de novo em instantes.",
  "failure.not_ours": "Só dá para editar ou apagar o que este número enviou.",
  "failure.not_text": "Só mensagens de texto podem ser editadas.",
  "failure.edit_too_late":
    "O WhatsApp aceita edições até 15 minutos depois do envio. Envie uma nova mensagem.",

  "failure.file_lost": "O arquivo não está mais neste navegador. Anexe de novo.",
  "failure.too_large": "O arquivo é grande demais. Envie um menor.",
  "failure.not_allowed": "Seu acesso não permite isso. Peça a um admin.",
  "failure.gone": "Isto não existe mais. Recarregue a página.",
  "failure.other": "Não deu certo. Tente de novo.",
  "failure.details": "Detalhes",

  "failure.window_closed":
    "Passaram mais de 24 horas desde que esta pessoa escreveu: envie um modelo.",
  "failure.undeliverable":
    "O WhatsApp não consegue entregar a esta pessoa. Fale com ela de outra forma.",
  "failure.template_refused": "O WhatsApp recusou o modelo. Confira o que foi preenchido.",
};
