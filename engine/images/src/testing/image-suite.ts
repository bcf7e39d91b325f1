import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ClientError } from "../client-error.ts";
import { findImage, servingCommand, trainingCommand } from "../find-image.ts";
import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage, HyperparameterDefinition } from "../image.ts";
import { type ChannelFiles, createContainerDirectory, startContainer } from "./container-process.ts";

/** What the contract suite needs to know of an image: a small problem, and how it is asked. */
export interface ImageScenario {
  readonly image: BuiltInImage;
  /** With which `channels` are learned within a second or two. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: ChannelFiles;
  /** What the channels' files hold; default: the channels name no content type. */
  readonly trainingContentType?: string;
  /** With which learning them takes minutes. */
  readonly endless: Readonly<Record<string, string>>;
  /** Those of the image's metrics that this problem has; default: all. */
  readonly metrics?: readonly string[];
  /** A line of the log by which training has begun. */
  readonly hasBegun: RegExp;
  readonly request: { readonly body: string; readonly contentType: string };
  /** Asserts the right answer. */
  readonly check: (body: string) => void;
  /** A body of the same content type that is answered with 400. */
  readonly malformed: string;
}

/** The contract that every built-in image keeps. Call it in the image's own test file. */
export function testImage(scenario: ImageScenario): void {
  describe(`${scenario.image.repository}: hyperparameters`, () => testHyperparameters(scenario));
  describe(`${scenario.image.repository}: train`, () => testTraining(scenario));
  describe(`${scenario.image.repository}: serve`, () => testServing(scenario));
}

function testHyperparameters({ image, hyperparameters }: ImageScenario): void {
  const required = Object.fromEntries(
    image.hyperparameters.filter(({ required }) => required).map(({ name }) => [name, hyperparameters[name] ?? ""]),
  );
  const refusal = (values: Record<string, string>): Error | undefined => {
    try {
      readHyperparameters(image.hyperparameters, { ...required, ...values });
      return undefined;
    } catch (error) {
      assert.ok(error instanceof ClientError);
      return error;
    }
  };

  for (const definition of image.hyperparameters) {
    const { name } = definition;
    test(`${name}: a default that fits, or required`, () => {
      assert.match(name, /^_?[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      assert.notEqual(definition.description, "");
      assert.equal(definition.default === undefined && definition.required, definition.required);
      if (definition.default !== undefined) assert.equal(refusal({ [name]: definition.default }), undefined);
    });

    test(`${name}: values outside are refused with name and value`, () => {
      for (const value of outside(definition)) {
        const message = refusal({ [name]: value })?.message ?? "";
        assert.ok(message.includes(name) && message.includes(value), `${name} = ${value}: ${message}`);
      }
    });

    if (definition.required) {
      test(`${name}: missing it is refused`, () => {
        const { [name]: _, ...others } = required;
        assert.throws(() => readHyperparameters(image.hyperparameters, others), new RegExp(`${name} is required`));
      });
    }
  }

  test("unknown names are refused, what a tuning job adds is not", () => {
    assert.match(refusal({ no_such_name: "1" })?.message ?? "", /no_such_name/);
    assert.equal(refusal({ _tuning_objective_metric: "validation:accuracy" }), undefined);
  });

  test("found by repository and tag, whatever the registry", () => {
    for (const tag of image.tags) {
      for (const registry of [
        "811284229777.dkr.ecr.us-east-1.amazonaws.com",
        "433757028032.dkr.ecr.eu-west-1.amazonaws.com",
      ]) {
        assert.equal(findImage(`${registry}/${image.repository}:${tag}`), image);
      }
    }
    assert.equal(findImage(`registry.example/${image.repository}:no-such-tag`), undefined);
    assert.equal(findImage(`registry.example/not-${image.repository}:${image.tags[0]}`), undefined);
  });
}

function testTraining(scenario: ImageScenario): void {
  const { image, hyperparameters, channels, trainingContentType, endless, hasBegun, metrics } = scenario;
  const train = async (values: Readonly<Record<string, string>>, files: ChannelFiles) => {
    await using directory = await createContainerDirectory(values, files, trainingContentType);
    await using container = startContainer(trainingCommand(image), directory.path);
    const exitCode = await container.ended;
    const failure = await readFile(join(directory.path, "output", "failure"), "utf8").catch(() => undefined);
    const artifacts = await readdir(join(directory.path, "model")).catch(() => []);
    return { exitCode, failure, artifacts, lines: container.lines };
  };

  test("writes the model, logs each metric, exits with 0", async () => {
    const { exitCode, failure, artifacts, lines } = await train(hyperparameters, channels);
    assert.equal(exitCode, 0, lines.join("\n"));
    assert.equal(failure, undefined);
    assert.ok(artifacts.length > 0);
    for (const { name, regex } of image.metrics) {
      if (metrics?.includes(name) === false) continue;
      const value = lines.map((line) => line.match(regex)?.[1]).findLast((found) => found !== undefined);
      assert.ok(Number.isFinite(Number.parseFloat(value ?? "")), `${name}:\n${lines.join("\n")}`);
    }
  });

  for (const { name } of image.channels.filter(({ required }) => required)) {
    test(`without the channel ${name}, and with an empty file in it: output/failure says so`, async () => {
      const { [name]: _, ...others } = channels;
      const missing = await train(hyperparameters, others);
      assert.equal(missing.exitCode, 1);
      assert.match(missing.failure ?? "", new RegExp(`^ClientError: .*${name}`));
      const empty = await train(hyperparameters, { ...channels, [name]: { empty: "" } });
      assert.equal(empty.exitCode, 1);
      assert.match(empty.failure ?? "", /^ClientError: .*empty/);
    });
  }

  test("a bad hyperparameter: output/failure names it, nothing is written to model", async () => {
    const { exitCode, failure, artifacts } = await train({ ...hyperparameters, no_such_name: "1" }, channels);
    assert.equal(exitCode, 1);
    assert.match(failure ?? "", /^ClientError: .*no_such_name/);
    assert.deepEqual(artifacts, []);
  });

  test("SIGTERM: saves what there is, a model that loads, and exits with 0", async () => {
    await using directory = await createContainerDirectory(
      { ...hyperparameters, ...endless },
      channels,
      trainingContentType,
    );
    await using container = startContainer(trainingCommand(image), directory.path);
    await container.waitForLine(hasBegun);
    container.terminate();
    assert.equal(await container.ended, 0, container.lines.join("\n"));
    const model = await image.load(join(directory.path, "model"));
    model.close();
  });
}

function testServing(scenario: ImageScenario): void {
  const { image, hyperparameters, channels, trainingContentType, request, check, malformed } = scenario;
  const trained = async () => {
    const directory = await createContainerDirectory(hyperparameters, channels, trainingContentType);
    await using container = startContainer(trainingCommand(image), directory.path);
    assert.equal(await container.ended, 0, container.lines.join("\n"));
    return directory;
  };
  const { contentType } = request;

  test("in the process: answers, 400 for a malformed request, 415 for a foreign content type", async () => {
    await using directory = await trained();
    const model = await image.load(join(directory.path, "model"));
    const invoke = (body: string, type = contentType) =>
      model.invoke({ body: Buffer.from(body), contentType: type, accept: "" });
    const answer = invoke(request.body);
    assert.equal(answer.status, 200);
    check(Buffer.from(answer.body).toString());
    assert.equal(invoke(malformed).status, 400);
    assert.equal(invoke(request.body, "application/x-foreign").status, 415);
    assert.ok(model.sizeBytes > 0);
    model.close();
  });

  test("as a container: /ping, /invocations, limits, SIGTERM", async () => {
    await using directory = await trained();
    await using container = startContainer(servingCommand(image), directory.path, { SAGEMAKER_BIND_TO_PORT: "0" });
    const [, port] = await container.waitForLine(/on port (\d+)/);
    const url = `http://127.0.0.1:${port}`;
    const invoke = (body: string) =>
      fetch(`${url}/invocations`, { method: "POST", body, headers: { "content-type": contentType } });
    const ping = await fetch(`${url}/ping`);
    assert.deepEqual([ping.status, await ping.text()], [200, ""]);
    const answer = await invoke(request.body);
    assert.equal(answer.status, 200);
    check(await answer.text());
    assert.equal((await invoke(malformed)).status, 400);
    assert.equal((await fetch(`${url}/no-such-path`)).status, 404);
    assert.equal((await invoke(" ".repeat(6_291_457)).catch(() => ({ status: 413 }))).status, 413);
    container.terminate();
    assert.equal(await container.ended, 0);
  });

  test("a directory without a model is refused with a message", async () => {
    await using directory = await createContainerDirectory({}, {});
    await assert.rejects(image.load(directory.path), ClientError);
    await using container = startContainer(servingCommand(image), directory.path, { SAGEMAKER_BIND_TO_PORT: "0" });
    assert.equal(await container.ended, 1);
    assert.match(container.lines.join("\n"), /model cannot be loaded/);
  });
}

/** Strings that a definition does not allow. */
function outside({ type, minimum, maximum, exclusiveMinimum }: HyperparameterDefinition): readonly string[] {
  if (type === "text") return [];
  if (type === "categorical") return ["no-such-value"];
  const beyond = [
    minimum === undefined ? [] : [String(exclusiveMinimum === true ? minimum : minimum - 1)],
    maximum === undefined ? [] : [String(maximum + 1)],
  ].flat();
  return [...beyond, "many", "NaN", ...(type === "integer" ? ["1.5"] : [])];
}
