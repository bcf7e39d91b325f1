import { type AttributeValue, DynamoDB } from "@aws-sdk/client-dynamodb";
import { startTestServer, type TestServer } from "@rondo/server/testing";

export interface CatalogServer extends AsyncDisposable {
  readonly server: TestServer;
  readonly client: DynamoDB;
}

/** A server with a client and an empty table ProductCatalog, whose key is the number Id, as in the developer guide. */
export async function startCatalogServer(): Promise<CatalogServer> {
  const server = await startTestServer();
  const client = new DynamoDB(server.clientConfig);
  await client.createTable({
    TableName: "ProductCatalog",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "N" }],
    KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
  });
  return {
    server,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server.close();
    },
  };
}

/** The bicycle of the guide's chapter on expressions ("Referring to item attributes"). */
export const bicycle: Record<string, AttributeValue> = {
  Id: { N: "123" },
  Title: { S: "Bicycle 123" },
  Description: { S: "123 description" },
  BicycleType: { S: "Hybrid" },
  Brand: { S: "Brand-Company C" },
  Price: { N: "500" },
  Color: { SS: ["Red", "Black"] },
  ProductCategory: { S: "Bicycle" },
  InStock: { BOOL: true },
  QuantityOnHand: { NULL: true },
  RelatedItems: { L: [{ N: "341" }, { N: "472" }, { N: "649" }] },
  Pictures: {
    M: {
      FrontView: { S: "http://example.com/products/123_front.jpg" },
      RearView: { S: "http://example.com/products/123_rear.jpg" },
      SideView: { S: "http://example.com/products/123_left_side.jpg" },
    },
  },
  ProductReviews: {
    M: {
      FiveStar: {
        L: [{ S: "Excellent! Can't recommend it highly enough! Buy it!" }, { S: "Do yourself a favor and buy this." }],
      },
      OneStar: { L: [{ S: "Terrible product! Do not buy this." }] },
    },
  },
  Comment: { S: "This product sells out quickly during the summer" },
  "Safety.Warning": { S: "Always wear a helmet" },
};
