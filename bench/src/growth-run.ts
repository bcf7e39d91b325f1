/**
 * One training in a process that does nothing else, so that its memory is the training's own; prints a `GrowthRun` as JSON.
 *
 *     node bench/src/growth-run.ts gradient-boosting 10000 2
 */
import { type GrowthRun, growthAlgorithms } from "./growth/growth-figure.ts";
import { prepareTraining } from "./growth/prepare-training.ts";

async function run(name: string | undefined, rows: number, threads: number): Promise<GrowthRun> {
  if (name === undefined || !isAlgorithm(name)) {
    throw new Error(`There is no algorithm ${name}. There are: ${Object.keys(growthAlgorithms).join(", ")}.`);
  }
  const bytesBefore = process.memoryUsage.rss();
  const { dataBytes, train } = prepareTraining[name](rows);
  const start = performance.now();
  await train({ seed: 1, threads });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, dataBytes, peakBytes: process.resourceUsage().maxRSS * 1024 - bytesBefore };
}

function isAlgorithm(name: string): name is keyof typeof growthAlgorithms {
  return Object.hasOwn(growthAlgorithms, name);
}

const [name, rows, threads] = process.argv.slice(2);
console.log(JSON.stringify(await run(name, Number(rows), Number(threads))));
