import type { ScriptImage } from "./script-image.ts";
import type { ScriptSettings } from "./script-settings.ts";

/** What a script image's program works with. */
export interface ScriptContext {
  readonly image: ScriptImage;
  readonly settings: ScriptSettings;
  /** `/opt/ml` where the job's directory is shown there, otherwise the directory itself. */
  readonly base: string;
  /** Where the job's own environment of the language is made: not there yet. */
  readonly own: string;
  /** The job's environment, which its program gets. */
  readonly variables: Readonly<Record<string, string>>;
  /** Aborted by SIGTERM. */
  readonly signal: AbortSignal;
}

/** What a program needs in order to run with the image's language. */
export interface LanguageEnvironment {
  /** Directories to be searched first for commands. */
  readonly path: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}
