import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { ClientError } from "../client-error.ts";
import type { LoadedModel } from "../image.ts";
import { type ChannelFiles } from "../testing/container-process.ts";
import { testImage } from "../testing/image-suite.ts";
import { trainInProcess } from "../testing/train-in-process.ts";
import { textClassifierImage } from "./text-classifier.ts";

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? `__label__1 the no. ${index} works very well\n` : `__label__2 the no. ${index} broke at once\n`,
  ).join("");
const quick = { selection: "False", min_document_frequency: "1" };

testImage({
  image: textClassifierImage,
  hyperparameters: quick,
  channels: { train: { "a.txt": lines(60), "more/b.txt": lines(20) }, validation: { "v.txt": lines(10) } },
  endless: { loss: "logistic", tolerance: "0", max_iterations: "1000000000" },
  hasBegun: /Number of train examples/,
  request: { body: '{"instances":["works well","it broke"],"configuration":{"k":1}}', contentType: "application/json" },
  check: (body) => {
    const answers = JSON.parse(body) as { label: string[]; prob: number[] }[];
    assert.deepEqual(
      answers.map(({ label }) => label),
      [["__label__1"], ["__label__2"]],
    );
    assert.ok(answers.every(({ prob }) => prob.length === 1 && (prob[0] ?? 0) > 0.5));
  },
  malformed: '{"instances":["works"],"configuration":{"explain":"yes"}}',
});

async function train(channels: ChannelFiles, hyperparameters: Record<string, string> = quick) {
  const { lines: log, ...trained } = await trainInProcess(textClassifierImage, { hyperparameters, channels });
  return { ...trained, log };
}

function ask(model: LoadedModel, instances: readonly string[], configuration: object = {}): Answer[] {
  const body = Buffer.from(JSON.stringify({ instances, configuration }));
  const answer = model.invoke({ body, contentType: "application/json", accept: "" });
  assert.equal(answer.status, 200, String(answer.body));
  return JSON.parse(String(answer.body)) as Answer[];
}

interface Answer {
  readonly label: readonly string[];
  readonly prob: readonly number[];
  readonly explanation?: readonly {
    readonly score: number;
    readonly bias: number;
    readonly tokens: readonly { readonly token: string; readonly contribution: number }[];
  }[];
}

const rows = (row: (index: number, isGood: boolean) => string): string =>
  Array.from({ length: 40 }, (_, index) => row(index, index % 2 === 0)).join("");
const said = (isGood: boolean): string => (isGood ? "works, very well" : "broke; at once");

const forms: Readonly<Record<string, string>> = {
  "CSV with a header": `domain,Text,LABEL\n${rows((index, isGood) => `d,"no. ${index} ${said(isGood)}",${isGood ? "good" : "bad"}\n`)}`,
  "CSV without a header, label first": rows(
    (index, isGood) => `${isGood ? "good" : "bad"},"no. ${index}\n${said(isGood)}"\r\n`,
  ),
  "augmented manifest lines": rows(
    (index, isGood) =>
      `${JSON.stringify({ source: `no. ${index} ${said(isGood)}`, label: isGood ? "good" : "bad" })}\n`,
  ),
  "JSON lines with text and labels": rows(
    (index, isGood) =>
      `${JSON.stringify({ text: `no. ${index} ${said(isGood)}`, labels: [isGood ? "good" : "bad"] })}\n`,
  ),
};

describe("text-classifier: channels", () => {
  for (const [form, content] of Object.entries(forms)) {
    test(form, async () => {
      await using trained = await train({ train: { file: content } });
      assert.ok(trained.log.includes("Number of texts: 40"));
      const model = await trained.load();
      assert.deepEqual(
        ask(model, ["it works well", "it broke"]).map(({ label }) => label),
        [["__label__good"], ["__label__bad"]],
      );
    });
  }

  const refused: readonly (readonly [string, string | Buffer, RegExp])[] = [
    ["compressed", gzipSync(lines(4)), /compressed/],
    ["a line without a label", `${lines(2)}no label here\n`, /Line 3 of .* does not begin with __label__/],
    ["a line that is no JSON", `${JSON.stringify({ text: "a", label: "b" })}\n{"text":\n`, /Line 2 of .* is not JSON/],
    ["JSON without a text", '{"label": 1}\n', /Line 1 of .* is not of the form/],
    ["a CSV row without a text", "good,works\nbad\n", /ends in line 2 has no label and text/],
    ["a quotation mark that is not closed", 'good,"works\n', /is no CSV/],
  ];
  for (const [what, content, message] of refused) {
    test(`${what} is refused with file and line`, async () => {
      await assert.rejects(train({ train: { file: content } }), (error) => {
        assert.ok(error instanceof ClientError);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

describe("text-classifier: answers", () => {
  test("several labels: those above their threshold, and k on demand", async () => {
    const subjects = ["grain", "gold"];
    const content = rows((index) => {
      const labels = subjects.filter((_, subject) => (index >> subject) % 2 === 1);
      return `${JSON.stringify({ text: `report ${index}: ${labels.join(" and ")}`, labels })}\n`;
    });
    await using trained = await train({ train: { file: content }, validation: { file: content } });
    assert.ok(trained.log.includes("#validation_accuracy: 1.000000"), trained.log.join("\n"));
    const model = await trained.load();
    const answers = ask(model, ["gold and grain", "nothing"]);
    assert.deepEqual(answers[0]?.label.toSorted(), ["__label__gold", "__label__grain"]);
    assert.deepEqual(answers[1]?.label, []);
    assert.equal(ask(model, ["nothing"], { k: 2 })[0]?.label.length, 2);
  });

  test("explain: contributions of the tokens, which sum to the score", async () => {
    await using trained = await train({ train: { file: lines(60) } });
    const model = await trained.load();
    const [answer] = ask(model, ["it broke at once"], { k: 2, explain: true });
    const [{ score, bias, tokens } = { score: 0, bias: 0, tokens: [] }] = answer?.explanation ?? [];
    assert.equal(
      tokens.reduce((sum, { contribution }) => sum + contribution, bias),
      score,
    );
    assert.deepEqual(
      tokens.map(({ token }) => token),
      ["it", "broke", "at", "once"],
    );
    assert.equal(answer?.explanation?.length, 2);
  });

  test("settings that are not given are chosen, those that are given stay", async () => {
    await using trained = await train({ train: { file: lines(100) } }, { word_ngrams: "1", max_char: "0" });
    assert.ok(trained.log.some((line) => line.startsWith("Word n-grams up to 1, n-grams of characters up to 0")));
  });
});
