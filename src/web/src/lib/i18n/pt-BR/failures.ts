/** Why something wasn't sent or done, and what helps; one for each code of the server's `SendError` and `ProblemCode`. */
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

  "failure.written_long_ago": "Escrita há mais de um dia. Enviar agora?",
  "failure.file_lost": "O arquivo não está mais neste navegador. Anexe de novo.",
  "failure.too_large": "O arquivo é grande demais. Envie um menor.",
  "failure.not_allowed": "Seu acesso não permite isso. Peça a um admin.",
  "failure.gone": "Isto não existe mais. Recarregue a página.",

  "failure.network": "O servidor não respondeu. Tente de novo em instantes.",
  "failure.busy": "Há pedidos demais agora. Tente de novo em instantes.",
  "failure.server_error": "O servidor não conseguiu. Tente de novo em instantes.",
  "failure.wrong_state": "Isto mudou nesse meio-tempo. Veja como está agora.",
  "failure.id_taken": "Este envio já foi usado para outra mensagem. Escreva de novo.",
  "failure.email_taken": "Este e-mail já tem uma conta neste servidor. Use outro.",
  "failure.empty_file": "Um arquivo vazio não pode ser enviado.",
  "failure.upload_incomplete": "O arquivo chegou incompleto. Envie de novo.",
  "failure.store_away": "O servidor não consegue guardar arquivos agora. Tente de novo mais tarde.",
  "failure.already_here": "O arquivo já está aqui. Recarregue a página.",
  "failure.gateway_away": "O gateway não respondeu. Confira o endereço e tente de novo.",
  "failure.gateway_unlicensed":
    "O gateway ainda não foi ativado. Ative a licença dele e tente de novo.",
  "failure.address_not_allowed":
    "O FlowChat não pode chamar este endereço. Se ele é da sua rede, libere o host em FLOWCHAT_PRIVATE_HOSTS.",
  "failure.address_with_secret":
    "Informe só o endereço: sem usuário nem senha, e nada depois de ? ou #.",
  "failure.phone_number_id_taken":
    "Outro número daqui já tem este ID. Mude o outro ou remova antes.",
  "failure.instance_taken":
    "Um número daqui já usa esta instância do gateway. Use esse número ou remova antes.",

  "failure.invalid": "Algo do que foi informado não serve. Confira e tente de novo.",
  "failure.invalid_name": "Confira o nome: de 1 a 100 caracteres, em uma linha.",
  "failure.invalid_gateway": "Escolha a conexão deste número.",
  "failure.invalid_base_url": "Confira o endereço do gateway, como https://evolution.example.com.",
  "failure.invalid_api_key": "Confira a chave: até 500 caracteres, em uma linha e sem acentos.",
  "failure.invalid_instance_name": "Confira o nome da instância: como ele está no gateway.",
  "failure.invalid_phone_number_id":
    "Confira o ID do número de telefone: são só dígitos, e não é o próprio número.",
  "failure.invalid_business_account_id": "Confira o ID da conta: são só dígitos.",
  "failure.invalid_app_secret": "Confira a chave secreta do app.",
  "failure.invalid_verify_token":
    "Confira o token de verificação: até 500 caracteres, em uma linha e sem acentos.",
  "failure.invalid_sends_per_second": "Confira os envios por segundo: de 1 a 1.000.",
  "failure.invalid_phone": "Confira o número: com país e DDD, como +55 11 98765-4321.",
  "failure.invalid_instance_id": "Este número não existe mais. Escolha outro.",
  "failure.invalid_text": "Confira o texto: vazio, ou mais longo do que o WhatsApp aceita.",
  "failure.invalid_reply_to": "A mensagem respondida não está mais no WhatsApp. Envie sem citar.",
  "failure.invalid_attachment_ids": "O servidor não tem mais o arquivo. Anexe de novo.",

  "failure.other": "Não deu certo. Tente de novo.",
  "failure.details": "Detalhes",

  "failure.pair_pace":
    "Aguardando: o WhatsApp limita mensagens seguidas à mesma pessoa. Sai em instantes.",
  "failure.number_pace":
    "Aguardando: o número já envia tudo o que o WhatsApp permite. Sai assim que puder.",
  "failure.window_closed":
    "Passaram mais de 24 horas desde que esta pessoa escreveu: envie um modelo.",
  "failure.undeliverable":
    "O WhatsApp não consegue entregar a esta pessoa. Fale com ela de outra forma.",
  "failure.template_refused": "O WhatsApp recusou o modelo. Confira o que foi preenchido.",
};
