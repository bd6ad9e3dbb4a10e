import { createStore } from "@/lib/external-store";
import { recall, remember } from "@/lib/remembered";

/** Someone whose phone is played on the sandbox page. */
export interface Customer {
  phone: string;
  name: string;
}

const FIRST: Customer = { phone: "+5511987654321", name: "Ana Souza" };

export const customers = createStore<readonly Customer[]>(
  recall<Customer[]>("sandbox.customers") ?? [FIRST],
);

customers.subscribe(() => remember("sandbox.customers", customers.get()));

export function addCustomer(customer: Customer): void {
  customers.set((all) => [...all.filter((one) => one.phone !== customer.phone), customer]);
}

export function removeCustomer(phone: string): void {
  customers.set((all) => all.filter((one) => one.phone !== phone));
}
