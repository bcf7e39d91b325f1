import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The files of the page, ready to be sent. */
export interface BundledPage {
  readonly html: string;
  readonly script: string;
  readonly style: string;
}

const PAGE = new URL("../../page/", import.meta.url);

/** Makes one script and one style sheet of the page's sources; takes some 200 ms. Throws when they cannot be built. */
export async function bundlePage(): Promise<BundledPage> {
  const [html, { outputFiles }] = await Promise.all([
    readFile(new URL("index.html", PAGE), "utf8"),
    build({
      entryPoints: [fileURLToPath(new URL("src/main.tsx", PAGE))],
      bundle: true,
      write: false,
      minify: true,
      outdir: "/",
      format: "esm",
      target: "es2022",
      jsx: "automatic",
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "error",
    }),
  ]);
  const textOf = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  return { html, script: textOf(".js"), style: textOf(".css") };
}
