import { prepareNode } from "./node-environment.ts";
import { preparePython } from "./python-environment.ts";
import type { LanguageEnvironment, ScriptContext } from "./script-context.ts";

/** The image's language with its packages and those that the code asks for in the first of the folders that does. Throws ClientError, UserScriptError. */
export async function prepareLanguage(
  context: ScriptContext,
  folders: readonly string[],
): Promise<LanguageEnvironment> {
  return context.image.language === "python" ? preparePython(context, folders) : prepareNode(context, folders);
}
