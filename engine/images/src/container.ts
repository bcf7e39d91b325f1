import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

/** `node container.ts <repository> train|serve`: see `runContainer`. What was compiled once is not compiled again, which is most of the time that a start takes. */
enableCompileCache(fileURLToPath(new URL("../../../.cache/compile", import.meta.url)));
const { runContainer } = await import("./run-container.ts");
process.exitCode = await runContainer(process.argv.slice(2));
