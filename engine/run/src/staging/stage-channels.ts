import type { InputChannel } from "./channel.ts";
import { type StagingOptions, stageInputs } from "./stage-inputs.ts";

export interface ChannelStagingOptions extends Omit<StagingOptions, "inputs"> {
  readonly channels: readonly InputChannel[];
}

/** Copies the objects of each channel to `input/data/<channel>/`, as `stageInputs` does. */
export async function stageChannels({ channels, ...options }: ChannelStagingOptions): Promise<void> {
  const inputs = channels.map(({ name, s3Uri, dataType }) => ({
    label: `channel ${name}`,
    folder: `input/data/${name}`,
    s3Uri,
    dataType,
  }));
  await stageInputs({ ...options, inputs });
}
