import assert from "node:assert/strict";
import { test } from "node:test";
import { baseNameOfImage, nameFromBase } from "./resource-name.ts";

const NOW = new Date("2026-11-21T14:03:27.512Z");
/** The pattern of training jobs and endpoints. */
const LEGAL = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

test("names carry base and time", () => {
  assert.equal(nameFromBase("blazingtext", NOW), "blazingtext-2026-11-21-14-03-27-512");
});

test("names are legal whatever the base is", () => {
  for (const base of ["x".repeat(200), "über_model.v2", "---", "", `${"y".repeat(38)}-${"z".repeat(9)}`]) {
    assert.match(nameFromBase(base, NOW), LEGAL, base);
  }
});

test("the base of an image is its repository", () => {
  assert.equal(baseNameOfImage("1.dkr.ecr.eu-west-1.amazonaws.com/team/churn:2"), "churn");
  assert.equal(baseNameOfImage("churn@sha256:ab"), "churn");
});
