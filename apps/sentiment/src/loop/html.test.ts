import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeHtml, htmlTable, scriptLiteral } from "./html.ts";

test("no text becomes markup, in the page or in its scripts", () => {
  const evil = `</script><script>alert("1' & 2")</script>`;
  assert.equal(escapeHtml(evil), "&lt;/script&gt;&lt;script&gt;alert(&quot;1&#39; &amp; 2&quot;)&lt;/script&gt;");
  const literal = scriptLiteral({ evil, separator: "\u2028" });
  assert.doesNotMatch(literal, /<|\u2028/);
  assert.deepEqual(JSON.parse(literal), { evil, separator: "\u2028" });
  assert.doesNotMatch(htmlTable(evil, [evil], [[evil, evil]]), /<script/);
});

test("a table has its caption and heads its rows", () => {
  assert.equal(
    htmlTable("c", ["a", "b"], [["x", "1"]]),
    '<table><caption>c</caption><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody><tr><th scope="row">x</th><td>1</td></tr></tbody></table>',
  );
});
