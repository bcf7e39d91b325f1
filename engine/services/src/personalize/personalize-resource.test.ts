import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePersonalizeArn, personalizeArn, personalizeType } from "./personalize-resource.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };

test("names of resources are in their ARNs, and come back out of them", () => {
  const names = [
    ["campaign", "offers", "campaign/offers"],
    ["dataset", "shop/INTERACTIONS", "dataset/shop/INTERACTIONS"],
    ["solution", "offers", "solution/offers"],
    ["solution-version", "offers/0123abcd", "solution/offers/0123abcd"],
    ["recommender-training", "top/0123abcd", "recommender/top/0123abcd"],
  ] as const;
  for (const [type, name, path] of names) {
    const arn = personalizeArn(owner, type, name);
    assert.equal(arn, `arn:aws:personalize:eu-west-1:111122223333:${path}`);
    assert.deepEqual(parsePersonalizeArn(arn, type), { owner, name });
  }
  assert.equal(personalizeType("campaign"), "personalize/campaign");
});

test("an ARN of another kind is none", () => {
  const solution = personalizeArn(owner, "solution", "offers");
  assert.equal(parsePersonalizeArn(solution, "solution-version"), undefined);
  assert.equal(parsePersonalizeArn(`${solution}/0123abcd`, "solution"), undefined);
  assert.equal(parsePersonalizeArn(solution, "campaign"), undefined);
  assert.equal(parsePersonalizeArn(`${solution}/0123abcd/more`, "solution-version"), undefined);
  assert.equal(parsePersonalizeArn("arn:aws:personalize:::recipe/aws-sims", "solution"), undefined);
  assert.equal(parsePersonalizeArn(solution.replace("personalize", "sagemaker"), "solution"), undefined);
});
