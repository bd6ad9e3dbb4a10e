export const sandbox = {
  "sandbox.title": "Celular de teste",
  "sandbox.lead":
    "Faça o papel do cliente: o que você escreve aqui chega na caixa de entrada como chegaria pelo WhatsApp.",
  "sandbox.instance": "Número que recebe",
  "sandbox.contacts": "Clientes",
  "sandbox.name": "Nome",
  "sandbox.phone": "Telefone",
  "sandbox.add": "Adicionar cliente",
  "sandbox.addSubmit": "Adicionar",
  "sandbox.remove": "Remover {name}",
  "sandbox.none": "Nenhum número de teste",
  "sandbox.noneHint":
    "Adicione um número do tipo Celular de teste para conversar com a equipe por aqui.",
  "sandbox.noneStep": "Ver os números",
  "sandbox.placeholder": "Mensagem",
  "sandbox.send": "Enviar do celular",
  "sandbox.empty": "Diga oi. A mensagem aparece na caixa de entrada.",
  "sandbox.device": "Celular de {name}",
  "sandbox.messages": "Mensagens no celular de {name}",
};
