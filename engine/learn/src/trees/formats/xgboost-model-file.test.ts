import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FormatError } from "../../algorithm.ts";
import { readModelFixtures } from "../testing/model-fixtures.ts";
import { decodeXgboostModel, encodeXgboostModel, type XgboostFormat } from "./xgboost-model-file.ts";

const fixtures = await readModelFixtures();

function decode(file: Uint8Array) {
  return decodeXgboostModel({ chunks: [file], byteLength: file.length });
}

describe("models of pip's xgboost", () => {
  for (const { name, model } of fixtures) {
    test(`${name}: read, written and read again in both formats`, async () => {
      for (const format of ["json", "ubjson"] as const satisfies readonly XgboostFormat[]) {
        const file = Buffer.concat([...encodeXgboostModel(model, format)]);
        const { objectiveParameters, ...again } = await decode(file);
        const { objectiveParameters: wanted, ...rest } = model;
        assert.deepEqual(again, rest, format);
        // The parameters of rank:ndcg have other names since XGBoost 2.
        if (!name.includes("1.7.6-ndcg")) assert.deepEqual(objectiveParameters, wanted, format);
        assert.deepEqual(Buffer.concat([...encodeXgboostModel(await decode(file), format)]), file, format);
      }
    });
  }

  test("JSON and UBJSON of the same model say the same", async () => {
    const [model] = fixtures.map((fixture) => fixture.model);
    assert.ok(model !== undefined);
    const json = Buffer.concat([...encodeXgboostModel(model, "json")]);
    const ubjson = Buffer.concat([...encodeXgboostModel(model, "ubjson")]);
    assert.deepEqual(await decode(json), await decode(ubjson));
    assert.equal(JSON.parse(json.toString()).learner.objective.name, model.objective);
  });

  test("what a file says beside its trees", () => {
    const find = (name: string) => fixtures.find((fixture) => fixture.name === `xgboost-3.2.0-${name}`)?.model;
    assert.deepEqual(find("softprob.ubj")?.outputs, 3);
    assert.deepEqual(find("softprob.ubj")?.baseScores.length, 3);
    assert.deepEqual(find("logistic-dart.ubj")?.baseScores, [Math.fround(0.3)]);
    assert.deepEqual(find("tweedie.json")?.objectiveParameters, { tweedie_variance_power: "1.29999995" });
    assert.deepEqual(find("squarederror.json")?.attributes, { best_iteration: "1", note: 'ä "quoted"' });
    assert.deepEqual(find("squarederror.json")?.names, ["f-0", "f-1", "f-2", "f-3"]);
    const forest = find("forest.json");
    assert.ok(forest?.booster === "gbtree");
    assert.deepEqual([...forest.roundStarts], [0, 2, 4]);
    const categorical = find("categorical.ubj");
    assert.ok(categorical?.booster === "gbtree");
    assert.ok(categorical.trees.some(({ categories }) => (categories?.size ?? 0) > 0));
    assert.deepEqual(categorical.types, ["float", "float", "float", "c"]);
  });

  test("models of XGBoost 1.x have rounds, although the file does not say where they begin", () => {
    const model = fixtures.find(({ name }) => name === "xgboost-1.7.6-forest.json")?.model;
    assert.ok(model?.booster === "gbtree");
    assert.deepEqual([...model.roundStarts], [0, 2, 4]);
  });
});

describe("damaged files", () => {
  test("cut off anywhere: FormatError", async () => {
    for (const { file, name } of fixtures) {
      for (let length = 0; length < file.length - 1; length += 1 + (file.length >> 5)) {
        await assert.rejects(decode(file.subarray(0, length)), FormatError, `${name}: ${length}`);
      }
    }
  });

  test("a byte changed: a model or a FormatError, nothing else", async () => {
    for (const { file } of fixtures) {
      for (let step = 0; step < 60; step += 1) {
        const damaged = Buffer.from(file);
        const at = Math.floor((file.length * step) / 60);
        damaged[at] = (damaged[at] as number) ^ (1 << (step % 8));
        await decode(damaged).catch((error: unknown) => assert.ok(error instanceof FormatError, String(error)));
      }
    }
  });

  const json = Buffer.concat([
    ...encodeXgboostModel(fixtures.find(({ name }) => name.endsWith("squarederror.json"))!.model, "json"),
  ]).toString();
  const refusals: readonly (readonly [what: string, from: string | RegExp, to: string, message: RegExp])[] = [
    ["a missing member", '"tree_info"', '"tree_inf0"', /tree_info is missing/],
    [
      "a text for a number",
      '"num_feature":"4","num_target"',
      '"num_feature":"four","num_target"',
      /num_feature is not a whole number/,
    ],
    [
      "fewer columns than are split",
      '"num_feature":"4","num_target"',
      '"num_feature":"1","num_target"',
      /4 texts for 1 columns/,
    ],
    ["a child that is its own parent", /"left_children":\[\d+/, '"left_children":[0', /two ways lead to node 0/],
    ["a child beyond the nodes", /"left_children":\[\d+/, '"left_children":[99', /do not exist/],
    [
      "nodes of different number",
      /"split_conditions":\[/,
      '"split_conditions":[1,',
      /split_conditions has \d+ numbers for/,
    ],
    ["an output beyond", '"tree_info":[0', '"tree_info":[7', /an output beyond the 1/],
    ["rounds that go back", '"iteration_indptr":[0,1', '"iteration_indptr":[0,9', /does not lead from 0/],
    ["a base score that is no number", /"base_score":"[^"]*"/, '"base_score":"[1,x]"', /base_score is "\[1,x\]"/],
    ["vectors in leaves", /"size_leaf_vector":"1"/, '"size_leaf_vector":"3"', /a vector in each leaf/],
    ["another booster", '"name":"gbtree"', '"name":"gbforest"', /"gbforest" is none of/],
    ["lists in lists without end", '"version":[', `"version":${"[".repeat(100)}`, /more than 32 lists/],
    ["what is no JSON", '"version":', '"version" ', /damaged at byte \d+: no colon/],
  ];
  for (const [what, from, to, message] of refusals) {
    test(what, async () => {
      const damaged = json.replace(from, to);
      assert.notEqual(damaged, json);
      await assert.rejects(
        decode(Buffer.from(damaged)),
        (error: Error) => error instanceof FormatError && message.test(error.message),
      );
    });
  }

  test("a length beyond the end is not believed", async () => {
    const ubjson = Buffer.concat([Buffer.from("{L\0\0\0\0\0\0\0\x01a[$d#L"), Buffer.alloc(8, 0x11)]);
    await assert.rejects(decode(ubjson), /a length beyond the end/);
  });

  test("pickles and files of other programs are refused with a way out", async () => {
    await assert.rejects(decode(Buffer.from([0x80, 4, 0x95])), /Python pickle.*save_model/);
    await assert.rejects(decode(Buffer.alloc(500, "no model")), /neither JSON nor UBJSON.*save_model/);
    await assert.rejects(decode(Buffer.alloc(0)), FormatError);
    await assert.rejects(decode(Buffer.from("binf")), /cut off/);
  });
});
