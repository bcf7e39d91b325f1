import { parseTabularType } from "./tabular-type.ts";

/** Whether an Accept header asks for more than predictions: `application/json; verbose=true`. */
export function isVerbose(accept: string): boolean {
  return accept.split(",").some((choice) => parseTabularType(choice.trim())?.parameters.get("verbose") === "true");
}
