import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The scripts by the name of their step; `drift` runs beside the pipeline. */
const SCRIPTS = {
  preprocessing: "preprocessing_script",
  evaluation: "evaluation_script",
  deploy: "deploy_script",
  drift: "drift_script",
} as const;

export type ScriptName = keyof typeof SCRIPTS;

export interface BundledScript {
  /** `evaluation_script.mjs` */
  readonly fileName: string;
  readonly content: Uint8Array;
}

/** Packages in the CommonJS form call `require` for Node's own modules; an ECMAScript module has none. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

const scriptPath = (file: string): string =>
  fileURLToPath(new URL(`../../infrastructure/sagemaker/${file}.ts`, import.meta.url));

/** Makes one file of each script with everything that it imports, so that it runs in any Node image from version 20 on, here and on AWS. */
export async function bundleScripts(): Promise<Readonly<Record<ScriptName, BundledScript>>> {
  const bundles = Object.entries(SCRIPTS).map(async ([name, file]) => {
    const { outputFiles } = await build({
      entryPoints: [scriptPath(file)],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      target: "node20",
      banner: { js: REQUIRE },
      logLevel: "error",
    });
    const [output] = outputFiles;
    if (output === undefined) throw new Error(`esbuild made nothing of ${file}.ts.`);
    return [name, { fileName: `${file}.mjs`, content: output.contents }] as const;
  });
  return Object.fromEntries(await Promise.all(bundles)) as Record<ScriptName, BundledScript>;
}
