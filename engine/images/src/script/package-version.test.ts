import assert from "node:assert/strict";
import { test } from "node:test";
import { compareVersions, exactly, isOfVersion, nearestVersion } from "./package-version.ts";

test("versions compare part by part, as numbers", () => {
  const versions = ["0.9", "1.2", "1.2.1", "1.10", "2.0.0"];
  assert.deepEqual(versions.toReversed().toSorted(compareVersions), versions);
  assert.equal(compareVersions("1.2", "1.2.0"), 0);
});

test("a version of two parts is a series", () => {
  assert.deepEqual(["1.7", "1.7.0"].map(exactly), ["==1.7.*", "==1.7.0"]);
  assert.deepEqual(
    [isOfVersion("1.7.6", "1.7"), isOfVersion("1.70.1", "1.7"), isOfVersion("1.7", "1.7")],
    [true, false, true],
  );
  assert.deepEqual([isOfVersion("1.2.1", "1.2.1"), isOfVersion("1.2.10", "1.2.1")], [true, false]);
});

test("the nearest release differs least where it matters most", () => {
  const available = ["0.24.2", "1.0.1", "1.1.3", "1.3.0rc1", "1.3.2", "1.5.0", "2.0.0"];
  assert.equal(nearestVersion("1.0.2", available), "1.0.1");
  assert.equal(nearestVersion("1.2.1", available), "1.3.2");
  assert.equal(nearestVersion("0.23.2", available), "0.24.2");
  assert.equal(nearestVersion("1.4.2", available), "1.5.0");
  assert.equal(nearestVersion("1.3", ["1.3.0", "1.3.2", "1.3.3rc1", "1.4.0"]), "1.3.2");
  assert.equal(nearestVersion("3.1.0", available), "2.0.0");
  assert.equal(nearestVersion("1.0.0", ["1.0.0b1"]), undefined);
});
