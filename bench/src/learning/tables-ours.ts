import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { readCsv, toDense } from "@rondo/learn";

/** Our side of tables-speed.ts, in a process of its own like the peer: reads a CSV file, prints seconds, memory and the sum of all features. */
async function readTable(path: string): Promise<object> {
  const { size } = await stat(path);
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const chunks = createReadStream(path, { highWaterMark: 1 << 20 });
  const { features } = await readCsv([{ name: path, chunks, byteLength: size }]);
  const seconds = (performance.now() - start) / 1000;
  const peakBytes = process.resourceUsage().maxRSS * 1024 - before;
  const sum = toDense(features).values.reduce((total, value) => total + value, 0);
  return { seconds, peakBytes, rows: features.rows, columns: features.columns, sum };
}

console.log(JSON.stringify(await readTable(process.argv[2] ?? "")));
