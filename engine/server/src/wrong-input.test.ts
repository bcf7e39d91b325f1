import assert from "node:assert/strict";
import { test } from "node:test";
import { sendWithClient, walkOperations } from "@rondo/wire/testing";
import { listServices } from "./list-services.ts";
import { startTestServer } from "./testing/start-test-server.ts";

type SdkClient = Parameters<typeof sendWithClient>[1];
type SdkModule = Record<string, new (configuration: object) => SdkClient>;

for (const service of listServices()) {
  test(`${service.id} refuses every wrong input as AWS does, and never fails on one`, async () => {
    await using server = await startTestServer();
    const Client = (service.load() as unknown as SdkModule)[service.client]!;
    const send = sendWithClient(service, new Client(server.clientConfig));
    let sent = 0;
    for await (const { operation, mutation, status, code, message } of walkOperations({ service, send })) {
      if (status === undefined) continue;
      sent += 1;
      const what = `${operation}, ${mutation}: ${status} ${code} ${message}`;
      assert.ok(status >= 400 && status < 500, what);
      assert.ok(code !== "" && message !== "", what);
    }
    assert.ok(sent > 0);
  });
}
