import { chmod, readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { ClientError } from "../client-error.ts";
import { prepareLanguage } from "./language-environment.ts";
import { readIfThere } from "./requirements-file.ts";
import { log, type ProgramEnd, runProgram } from "./run-program.ts";
import type { ScriptContext } from "./script-context.ts";
import {
  splitHyperparameters,
  type TrainingConfiguration,
  toArguments,
  trainingVariables,
} from "./training-variables.ts";
import { checkEnd } from "./user-script-error.ts";

/**
 * `train` in script mode, as Amazon's training toolkit does it (https://github.com/aws/sagemaker-training-toolkit): runs the entry point in `code` with the
 * user's hyperparameters as arguments. Throws ClientError and UserScriptError with the text for `output/failure`.
 */
export async function trainScript(context: ScriptContext): Promise<ProgramEnd> {
  const { base, variables } = context;
  const configuration = await readConfiguration(base);
  const hyperparameters = splitHyperparameters(configuration.hyperparameters);
  const code = join(base, "code");
  const entryPoint = hyperparameters.sagemaker["sagemaker_program"];
  const start = await startOf(context, code, entryPoint);
  const language = await prepareLanguage(context, [code]);
  const environment = {
    ...variables,
    ...language.variables,
    PATH: [...language.path, variables["PATH"] ?? ""].join(":"),
    PYTHONPATH: [code, ...(variables["PYTHONPATH"] === undefined ? [] : [variables["PYTHONPATH"]])].join(":"),
    SAGEMAKER_BASE_DIR: base,
    SAGEMAKER_JOB_NAME: hyperparameters.sagemaker["sagemaker_job_name"] ?? "",
    SAGEMAKER_REGION: hyperparameters.sagemaker["sagemaker_region"] ?? variables["AWS_REGION"] ?? "",
    CURRENT_HOST: configuration.resources.current_host,
    ...trainingVariables(base, configuration, hyperparameters),
  };
  const command = [...start, ...toArguments(hyperparameters.own)];
  log(`Invoking script with the following command:\n${command.join(" ")}`);
  return checkEnd(await runProgram({ command, directory: code, environment }), command, context.signal);
}

const NODE_EXTENSIONS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

/** The interpreter and the entry point; a file of another kind runs by itself, a text without #! in the shell. */
async function startOf({ image }: ScriptContext, code: string, entryPoint: string | undefined): Promise<string[]> {
  if (entryPoint === undefined || entryPoint === "") {
    throw new ClientError("The hyperparameter sagemaker_program is missing, which names the entry point of a script.");
  }
  const files = await readdir(code).catch(() => []);
  if ((await readIfThere(join(code, entryPoint))) === undefined) {
    const there = files.length > 0 ? `holds ${files.slice(0, 20).join(", ")}` : "is empty";
    throw new ClientError(`The entry point ${entryPoint} is not in the code folder, which ${there}.`);
  }
  const extension = extname(entryPoint);
  const language = extension === ".py" ? "python" : NODE_EXTENSIONS.includes(extension) ? "node" : undefined;
  if (language !== undefined && language !== image.language) {
    const needed = language === "node" ? "node:24" : "python:3 or sagemaker-scikit-learn:1.2-1-cpu-py3";
    throw new ClientError(
      `The image ${image.repository}:${image.tag} cannot run ${entryPoint}; an image that can is ${needed}.`,
    );
  }
  if (language === "python") return ["python", entryPoint];
  if (language === "node") return [process.execPath, entryPoint];
  await chmod(join(code, entryPoint), 0o755);
  return ["/bin/sh", "-c", './"$0" "$@"', entryPoint];
}

async function readConfiguration(base: string): Promise<TrainingConfiguration> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(base, "input", "config", name), "utf8")) as unknown;
  return {
    hyperparameters: await read("hyperparameters.json"),
    channels: await read("inputdataconfig.json"),
    resources: await read("resourceconfig.json"),
  } as TrainingConfiguration;
}
