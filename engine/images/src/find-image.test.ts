import assert from "node:assert/strict";
import { test } from "node:test";
import { blazingText } from "./blazingtext/blazingtext.ts";
import { findImage, servingCommand, trainingCommand } from "./find-image.ts";

test("recognised by repository and tag, whatever the registry", () => {
  for (const uri of [
    "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1",
    "390948362332.dkr.ecr.cn-northwest-1.amazonaws.com.cn/blazingtext:latest",
    "localhost:5000/blazingtext:1",
    "localhost:5000/blazingtext",
    "blazingtext:1",
  ]) {
    assert.equal(findImage(uri), blazingText, uri);
  }
});

test("anything else is no built-in image", () => {
  for (const uri of [
    "",
    "blazingtext:2",
    "blazingtext@sha256:00",
    "blazingtext:1@sha256:00",
    "my-blazingtext:1",
    "blazingtext/mine:1",
    "constructor:1",
  ]) {
    assert.equal(findImage(uri), undefined, uri);
  }
});

test("commands run this Node on the container's program", () => {
  assert.deepEqual(
    [trainingCommand(blazingText)[0], servingCommand(blazingText)[0]],
    [process.execPath, process.execPath],
  );
  assert.match(trainingCommand(blazingText).slice(1).join(" "), /container\.ts blazingtext train$/);
  assert.match(servingCommand(blazingText).slice(1).join(" "), /container\.ts blazingtext serve$/);
});
