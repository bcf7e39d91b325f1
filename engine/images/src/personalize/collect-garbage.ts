import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * A function that collects garbage at once. Kernels' memory, hundreds of megabytes with every fit, is given back by a collection alone, and what V8 sees of
 * it is too little for it to come to that by itself.
 */
export function openGarbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
