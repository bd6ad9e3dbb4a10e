import type { Words } from "../catalogue";
import type { sandbox as ptBR } from "../pt-BR/sandbox";

export const sandbox: Words<typeof ptBR> = {
  "sandbox.title": "Test phone",
  "sandbox.lead":
    "Play the customer: what you write here reaches the inbox as it would through WhatsApp.",
  "sandbox.instance": "Receiving number",
  "sandbox.contacts": "Customers",
  "sandbox.name": "Name",
  "sandbox.phone": "Phone",
  "sandbox.add": "Add a customer",
  "sandbox.addSubmit": "Add",
  "sandbox.remove": "Remove {name}",
  "sandbox.none": "No test number",
  "sandbox.noneHint": "Add a number of the kind Test phone to write to the team from here.",
  "sandbox.noneStep": "See the numbers",
  "sandbox.placeholder": "Message",
  "sandbox.send": "Send from the phone",
  "sandbox.empty": "Say hi. The message appears in the inbox.",
  "sandbox.device": "{name}’s phone",
  "sandbox.messages": "Messages on {name}’s phone",
};
