#!/usr/bin/env node
// Plain JavaScript in old syntax, so that an old Node reads it and says what is wrong instead of "SyntaxError".
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    "rondo needs Node 22.18 or newer, and this is Node " + process.versions.node + " (" + process.execPath + ").\n" +
      "Run it as `npx rondo` inside the checkout: npm installed Node 24 there.",
  );
  process.exit(1);
}
Promise.all([import("node:module"), import("node:url")]).then(function ([module, url]) {
  // Halves the start; where the folder cannot be written, nothing is kept.
  module.enableCompileCache(url.fileURLToPath(new URL("../../.cache/compile", import.meta.url)));
  return import("../src/main.ts");
});
