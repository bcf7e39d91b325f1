import assert from "node:assert/strict";
import { test } from "node:test";
import { readSample } from "./read-sample.ts";

test("the sample has every line of the original", async () => {
  let [orders, lines, named, returns, anonymous] = [0, 0, 0, 0, 0];
  const countries = new Set<string | null | undefined>();
  const numbers = new Set<string>();
  for await (const { order_no, customer, lines: ofOrder } of readSample()) {
    orders++;
    numbers.add(order_no);
    lines += ofOrder.length;
    countries.add(customer?.country);
    if (customer?.id === null) anonymous += ofOrder.length;
    for (const { name, quantity } of ofOrder) {
      if (name !== undefined) named++;
      if ((quantity ?? 0) < 0) returns++;
    }
  }
  assert.deepEqual({ orders, numbers: numbers.size, lines }, { orders: 25_900, numbers: 25_900, lines: 541_909 });
  assert.deepEqual(
    { returns, anonymous, countries: countries.size },
    { returns: 10_624, anonymous: 135_080, countries: 38 },
  );
  assert.ok(named > 0.99 * lines);
});
