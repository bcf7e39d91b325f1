import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { ask, type Customer } from "../api.ts";
import { Asked } from "../asked.tsx";
import { count, day } from "../format.ts";
import { useDelayed } from "../use-delayed.ts";

interface CustomerPickerProps {
  readonly chosen: string | undefined;
  readonly onChoose: (userId: string) => void;
}

/** Finds a customer by a part of the id; any id may be typed, also one that the shop does not know. */
export function CustomerPicker({ chosen, onChoose }: CustomerPickerProps): ReactElement {
  const [typed, setTyped] = useState("");
  const search = useDelayed(typed.trim());
  const query = useQuery({
    queryKey: ["customers", search],
    queryFn: () => ask<{ readonly customers: readonly Customer[] }>("/customers", { search, limit: "15" }),
    placeholderData: keepPreviousData,
  });
  return (
    <section className="panel" aria-label="Customer">
      <h2>Customer</h2>
      <input
        type="search"
        value={typed}
        placeholder="Customer id"
        aria-label="Customer id"
        onChange={({ target }) => setTyped(target.value)}
      />
      <Asked query={query} what="the customers">
        {({ customers }) => (
          <ul className="plain">
            {customers.map((customer) => (
              <li key={customer.user_id}>
                <Choice customer={customer} isChosen={customer.user_id === chosen} onChoose={onChoose} />
              </li>
            ))}
            {search !== "" && customers.every(({ user_id }) => user_id !== search) && (
              <li>
                <button className="choice" type="button" onClick={() => onChoose(search)}>
                  {search} <span className="faint">somebody new</span>
                </button>
              </li>
            )}
          </ul>
        )}
      </Asked>
    </section>
  );
}

interface ChoiceProps {
  readonly customer: Customer;
  readonly isChosen: boolean;
  readonly onChoose: (userId: string) => void;
}

function Choice({ customer, isChosen, onChoose }: ChoiceProps): ReactElement {
  const { user_id, location, orders, last_ordered_at } = customer;
  return (
    <button className="choice" type="button" aria-pressed={isChosen} onClick={() => onChoose(user_id)}>
      {user_id}
      <br />
      <span className="faint">
        {location ?? "unknown region"}, {count(orders)} {orders === 1 ? "order" : "orders"}, last {day(last_ordered_at)}
      </span>
    </button>
  );
}
