import assert from "node:assert/strict";
import { test } from "node:test";
import { replaceSection } from "./replace-section.ts";

test("only what stands between the comments is replaced, and replacing again changes nothing", () => {
  const page = "before\n<!-- growth -->\nold\n<!-- /growth -->\nafter\n";
  const replaced = replaceSection(page, "growth", "new $& text\n");
  assert.equal(replaced, "before\n<!-- growth -->\nnew $& text\n<!-- /growth -->\nafter\n");
  assert.equal(replaceSection(replaced, "growth", "new $& text"), replaced);
});

test("a page without the section, or with its end alone, is refused", () => {
  for (const page of ["nothing", "<!-- growth -->", "<!-- /growth -->\n<!-- growth -->"]) {
    assert.throws(() => replaceSection(page, "growth", "text"), /no section <!-- growth -->/);
  }
});
