import assert from "node:assert/strict";
import { test } from "node:test";
import { toChannels } from "./training-input.ts";

test("a bare URI is a prefix that every instance gets whole", () => {
  const S3DataSource = { S3Uri: "s3://b/p", S3DataType: "S3Prefix", S3DataDistributionType: "FullyReplicated" };
  assert.deepEqual(toChannels({ train: "s3://b/p" }), [{ ChannelName: "train", DataSource: { S3DataSource } }]);
});

test("what is given replaces the defaults", () => {
  const [channel] = toChannels({
    train: {
      s3Uri: "s3://b/m",
      contentType: "text/csv",
      compression: "Gzip",
      distribution: "ShardedByS3Key",
      s3DataType: "AugmentedManifestFile",
      attributeNames: ["text", "label"],
    },
  });
  assert.deepEqual(channel, {
    ChannelName: "train",
    ContentType: "text/csv",
    CompressionType: "Gzip",
    DataSource: {
      S3DataSource: {
        S3Uri: "s3://b/m",
        S3DataType: "AugmentedManifestFile",
        S3DataDistributionType: "ShardedByS3Key",
        AttributeNames: ["text", "label"],
      },
    },
  });
});
