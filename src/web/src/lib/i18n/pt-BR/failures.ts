export const failures = {
  "failure.not_on_whatsapp": "Este número não está no WhatsApp",
  "failure.refused": "O WhatsApp recusou a mensagem",
  "failure.not_connected": "O número ficou desconectado por tempo demais",
  "failure.gateway_error": "O gateway respondeu com erro",
  "failure.unauthorized": "O gateway recusou a chave de acesso",
  "failure.instance_missing": "O número não existe mais no gateway",
  "failure.cancelled": "Envio cancelado",
  "failure.dismissed": "Envio descartado",
  "failure.other": "Não foi enviada",
  "failure.withDetail": "{reason}: {detail}",
  "failure.file_lost": "O arquivo não está mais neste navegador. Anexe de novo",
  "failure.too_large": "O arquivo é grande demais",
};
