export const instances = {
  "instance.open": "Conectado",
  "instance.connecting": "Conectando",
  "instance.close": "Desconectado",
  "instance.refused": "Recusado",
  "instance.unreachable": "Fora de alcance",
  "instance.unknown": "Sem resposta",
  "instance.banner":
    "O número {name} não está conectado. O que você enviar espera na fila e sai quando ele voltar.",
  "instance.connectingBanner": "O número {name} está conectando. O que você enviar sai em seguida.",

  "instances.title": "Números",
  "instances.lead": "Os números de WhatsApp que a sua equipe atende.",
  "instances.empty": "Nenhum número ainda",
  "instances.emptyHint": "Conecte o primeiro para começar a atender.",
  "instances.noPhone": "Ainda sem número",
  "instances.readOnly":
    "Os números de WhatsApp que a sua equipe atende. Um administrador cuida deles.",
  "instances.emptyAsk": "Peça a um administrador que conecte o primeiro.",
  "instances.add": "Adicionar número",
  "instances.create": "Adicionar",
  "instances.connect": "Conectar",
  "instances.actions": "Ações de {name}",
  "instances.rename": "Renomear",
  "instances.access": "Trocar chave ou endereço",
  "instances.accessLead":
    "O que ficar em branco continua como está. O que é guardado nunca é mostrado, nem a você.",
  "instances.rotate": "Trocar segredo do webhook",
  "instances.disconnect": "Desconectar",
  "instances.remove": "Remover número",
  "instances.name": "Nome para a equipe",
  "instances.nameExample": "Loja Centro",
  "instances.gateway": "Conexão",
  "instances.base_url": "Endereço do Evolution",
  "instances.api_key": "Chave (apikey)",
  "instances.instance_name": "Nome da instância no Evolution",
  "instances.sandboxLead": "Um número de mentira, para conhecer o FlowChat pelo celular de teste.",
  "instances.rotateTitle": "Trocar o segredo do webhook?",
  "instances.rotateLead":
    "O segredo novo aparece uma única vez. O anterior continua valendo por um tempo, para que nada se perca na troca.",
  "instances.rotateConfirm": "Trocar segredo",
  "instances.disconnectTitle": "Desconectar {name}?",
  "instances.disconnectLead":
    "O celular sai desta sessão do WhatsApp. O que a equipe enviar espera na fila até você conectar de novo.",
  "instances.removeTitle": "Remover {name}?",
  "instances.removeLead":
    "As conversas ficam para consulta, mas ninguém mais escreve por este número.",
  "instances.removeThere": "Apagar também no gateway",
  "instances.removeThereHint":
    "O celular sai da sessão do WhatsApp que está lá. Sem isso, a sessão continua vinculada.",
  "instances.removeConfirm": "Remover",
  "instances.cause.instance_closed":
    "O celular não está nesta sessão. Conecte de novo para receber e enviar.",
  "instances.cause.instance_silent": "O gateway não responde. As mensagens esperam na fila.",
  "instances.cause.instance_missing":
    "O gateway não conhece este número, ou não diz como ele está. Os envios falham.",
  "instances.cause.instance_refused": "O gateway não dá mais códigos. Conecte de novo.",
  "instances.cause.gateway_key_refused":
    "O gateway recusou a chave. As mensagens esperam na fila até que ela seja corrigida em “Trocar chave ou endereço”, no menu deste número.",
  "instances.cause.gateway_license_required":
    "O gateway espera pela licença. As mensagens saem assim que ela for ativada.",
  "instances.cause.number_blocked":
    "A Meta não deixa este número enviar. As mensagens esperam até que isso se resolva com ela.",
  "instances.deaf":
    "O número está conectado, mas o que os clientes escrevem não chega aqui: o gateway não alcança o endereço do webhook.",
  "instances.offline": "A Meta não tem este número conectado. As mensagens esperam na fila.",

  "webhook.title": "Guarde este segredo",
  "webhook.lead":
    "Ele aparece só desta vez. Use os dois nas configurações de webhook do Evolution, se ele não se configurar sozinho.",
  "webhook.url": "Endereço do webhook",
  "webhook.secret": "Segredo",
  "webhook.copy": "Copiar: {what}",
  "webhook.kept": "Já guardei",

  "pairing.title": "Conectar {name}",
  "pairing.qr": "Código QR para ler no WhatsApp",
  "pairing.waiting": "Pedindo um código…",
  "pairing.none": "Nenhum código agora",
  "pairing.byPhone": "Conectar com número de telefone",
  "pairing.phone": "Número com código do país",
  "pairing.askCode": "Pedir código",
  "pairing.orCode": "Ou digite este código no celular:",
  "pairing.done": "Conectado: {phone}",
  "pairing.step1": "Abra o WhatsApp no celular.",
  "pairing.step2": "Toque em Aparelhos conectados e em Conectar um aparelho.",
  "pairing.step3": "Aponte a câmera para o código. Ele se renova sozinho.",
  "pairing.step3Typed":
    "Toque em “Conectar com número de telefone”. Digite o código que aparece acima.",

  "gateway.evolution": "Evolution API",
  "gateway.cloud": "WhatsApp Cloud API",
  "gateway.sandbox": "Celular de teste",

  "cloud.phone_number_id": "ID do número de telefone",
  "cloud.business_account_id": "ID da conta do WhatsApp Business",
  "cloud.api_key": "Token de acesso",
  "cloud.app_secret": "Chave secreta do app",
  "cloud.where.phone_number_id":
    "developers.facebook.com › seu app › WhatsApp › Configuração da API, abaixo do número.",
  "cloud.where.business_account_id": "Na mesma página, ao lado do ID do número.",
  "cloud.where.api_key":
    "business.facebook.com › Configurações › Usuários do sistema › Gerar token, com as duas permissões do WhatsApp. O da página de configuração da API vence em um dia.",
  "cloud.where.app_secret": "developers.facebook.com › seu app › Configurações do app › Básico.",
  "cloud.webhookTitle": "Diga à Meta para onde chamar",
  "cloud.webhookLead":
    "Em developers.facebook.com › seu app › WhatsApp › Configuração, informe este endereço e este token, verifique e assine “messages”. O token só aparece agora.",
  "cloud.verifyToken": "Token de verificação",
  "cloud.rotateLead":
    "A Meta só pede o token quando o endereço é verificado de novo: informe lá o novo.",
  "cloud.access": "Trocar token de acesso ou chave secreta",
  "cloud.keyRefused":
    "A Meta recusou o token de acesso. As mensagens esperam na fila até que ele seja corrigido em “Trocar token de acesso ou chave secreta”, no menu deste número.",
};
