import assert from "node:assert/strict";
import type { lookup } from "node:dns";
import { test } from "node:test";
import { checkHost, createGuardedLookup, ForbiddenAddress, isAllowed } from "./subscriber-address.ts";

const everywhere = { allowsPrivate: true };
const publicOnly = { allowsPrivate: false };

test("metadata and link-local addresses are never reached, private ones as configured", () => {
  const never = [
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "fe80::1",
    "fd00:ec2::254",
    "224.0.0.1",
    "255.255.255.255",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a9fe:a9fe",
    "2001::5601:5601",
    "::a9fe:a9fe",
    "::7f00:1",
    "::ffff:a9fe:a9fe",
    "100.100.100.200",
    "192.0.0.192",
    "nonsense",
  ];
  const privately = [
    "127.0.0.1",
    "::1",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "::",
    "192.0.0.1",
    "fd12:3456::1",
    "fec0::1",
    "::ffff:127.0.0.1",
  ];
  const publicly = ["93.184.216.34", "2606:2800:220:1::1", "172.32.0.1"];
  for (const address of never) assert.ok(!isAllowed(address, everywhere), address);
  for (const address of privately) {
    assert.ok(isAllowed(address, everywhere), address);
    assert.ok(!isAllowed(address, publicOnly), address);
  }
  for (const address of publicly) assert.ok(isAllowed(address, publicOnly), address);
});

test("an address in the URL is checked however it is written", () => {
  for (const url of [
    "http://2852039166/",
    "http://0xa9.0xfe.0xa9.0xfe/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::127.0.0.1]/",
  ]) {
    assert.throws(() => checkHost(new URL(url).hostname, everywhere), ForbiddenAddress, url);
  }
  checkHost("example.org", publicOnly);
});

test("a name is refused when any of its addresses is forbidden", async () => {
  const resolveTo = (...addresses: string[]) =>
    ((_name: string, _options: unknown, callback: (error: null, found: object[]) => void) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      )) as unknown as typeof lookup;
  const find = (...addresses: string[]) =>
    new Promise((resolve, reject) => {
      createGuardedLookup(publicOnly, resolveTo(...addresses))("rebind.example", {}, (error, address) =>
        error === null ? resolve(address) : reject(error),
      );
    });
  assert.equal(await find("93.184.216.34"), "93.184.216.34");
  await assert.rejects(find("93.184.216.34", "127.0.0.1"), ForbiddenAddress);
});
