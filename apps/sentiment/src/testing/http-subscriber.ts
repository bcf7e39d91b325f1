import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SubscribeCommand } from "@aws-sdk/client-sns";
import type { ApplicationContext } from "../application-context.ts";

/** What SNS posts. */
export interface DeliveredMessage {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly Value: string }>>;
}

export interface HttpSubscriber extends AsyncDisposable {
  readonly messages: readonly DeliveredMessage[];
}

/** Subscribes a server of its own to the topic and confirms the subscription, as SNS asks of an HTTP subscriber. */
export async function subscribeByHttp({ sns }: ApplicationContext, TopicArn: string): Promise<HttpSubscriber> {
  const messages: DeliveredMessage[] = [];
  const confirmed = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as DeliveredMessage & { Type: string; SubscribeURL: string };
    response.end();
    if (body.Type === "SubscriptionConfirmation") {
      await fetch(body.SubscribeURL);
      confirmed.resolve();
    } else messages.push(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: `http://127.0.0.1:${port}/` }));
  await confirmed.promise;
  return {
    messages,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
