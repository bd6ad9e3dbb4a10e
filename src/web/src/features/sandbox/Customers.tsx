import { Plus, Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Avatar } from "@/components/ui/Avatar";
import { Button, IconButton } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { useT } from "@/lib/i18n";
import { formatPhone, parsePhone } from "@/lib/phone";
import { addCustomer, removeCustomer, type Customer } from "./customers";
import css from "./Customers.module.css";

interface CustomersProps {
  customers: readonly Customer[];
  selected: string | null;
  onSelect: (phone: string) => void;
}

export function Customers({ customers, selected, onSelect }: CustomersProps) {
  const t = useT();
  const [adding, setAdding] = useState(false);
  return (
    <div className={css.customers}>
      <h2>{t("sandbox.contacts")}</h2>
      <ul>
        {customers.map(({ phone, name }) => (
          <li key={phone}>
            <button
              type="button"
              className={css.customer}
              aria-pressed={phone === selected}
              onClick={() => onSelect(phone)}
            >
              <Avatar seed={phone} name={name} size="small" />
              <span>
                <b>{name}</b>
                <span className="num">{formatPhone(phone)}</span>
              </span>
            </button>
            {customers.length > 1 && (
              <IconButton
                label={t("sandbox.remove", { name })}
                className={css.remove}
                onClick={() => removeCustomer(phone)}
              >
                <Trash2 size={15} />
              </IconButton>
            )}
          </li>
        ))}
        <li>
          <button type="button" className={css.add} onClick={() => setAdding(true)}>
            <Plus size={16} aria-hidden="true" />
            {t("sandbox.add")}
          </button>
        </li>
      </ul>
      {adding && (
        <AddCustomer
          onClose={() => setAdding(false)}
          onAdd={(customer) => {
            addCustomer(customer);
            onSelect(customer.phone);
            setAdding(false);
          }}
        />
      )}
    </div>
  );
}

function AddCustomer(props: { onClose: () => void; onAdd: (customer: Customer) => void }) {
  const t = useT();
  const [name, setName] = useState("");
  const [typed, setTyped] = useState("+55 ");
  const [problem, setProblem] = useState<string | null>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    const phone = parsePhone(typed);
    if (!phone) return setProblem(t("new.invalid"));
    props.onAdd({ phone, name: name.trim() });
  }

  return (
    <Dialog title={t("sandbox.add")} onClose={props.onClose}>
      <form className={css.form} onSubmit={submit}>
        <Field
          label={t("sandbox.name")}
          required
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={t("sandbox.phone")}
          type="tel"
          value={typed}
          error={problem}
          onChange={(event) => {
            setTyped(event.target.value);
            setProblem(null);
          }}
        />
        <Button look="accent" type="submit">
          {t("sandbox.addSubmit")}
        </Button>
      </form>
    </Dialog>
  );
}
