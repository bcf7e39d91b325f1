import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { InputChannel } from "./channel.ts";

/** What the container reads from `input/config`. */
export interface JobConfiguration {
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: readonly InputChannel[];
  readonly instanceType: string;
  readonly checkpoint?: { readonly LocalPath?: string; readonly S3Uri?: string };
}

/** What a job's only host is called. */
export const HOST = "algo-1";
const GROUP = "homogeneousCluster";

/** Makes the tree that stands for `/opt/ml` and writes its configuration files, as SageMaker's training containers expect them. */
export async function writeConfiguration(directory: string, job: JobConfiguration): Promise<void> {
  const folders = ["input/config", "input/data", "model", "output/data", "checkpoints", "code", "tmp"];
  for (const folder of folders) await mkdir(join(directory, folder), { recursive: true });
  const files: Record<string, unknown> = {
    "hyperparameters.json": job.hyperparameters,
    "inputdataconfig.json": Object.fromEntries(job.channels.map((channel) => [channel.name, describeChannel(channel)])),
    "resourceconfig.json": {
      current_host: HOST,
      current_instance_type: job.instanceType,
      current_group_name: GROUP,
      hosts: [HOST],
      instance_groups: [{ instance_group_name: GROUP, instance_type: job.instanceType, hosts: [HOST] }],
      network_interface_name: "eth0",
    },
    ...(job.checkpoint === undefined ? {} : { "checkpointconfig.json": job.checkpoint }),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, "input", "config", name), JSON.stringify(content));
  }
}

function describeChannel(channel: InputChannel): Record<string, string> {
  return {
    ...(channel.contentType === undefined ? {} : { ContentType: channel.contentType }),
    TrainingInputMode: "File",
    S3DistributionType: channel.distribution ?? "FullyReplicated",
    RecordWrapperType: channel.recordWrapper ?? "None",
  };
}
