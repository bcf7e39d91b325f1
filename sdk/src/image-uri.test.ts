import assert from "node:assert/strict";
import { test } from "node:test";
import { imageUri } from "./image-uri.ts";

test("the URI names AWS's registry of the region", () => {
  assert.equal(imageUri("blazingtext", "us-east-1"), "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1");
  assert.equal(imageUri("blazingtext", "cn-north-1"), "390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/blazingtext:1");
});

test("an unknown region is refused with those that are known", () => {
  assert.throws(() => imageUri("blazingtext", "moon-1"), /blazingtext in moon-1\. Known regions: .*us-east-1/);
});
