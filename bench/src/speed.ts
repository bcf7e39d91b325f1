/** `npm run bench:speed`: the algorithms beside the programs that people would use instead. */
import { runBenches } from "./learning/run-benches.ts";

await runBenches("speed");
