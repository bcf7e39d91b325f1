import type { Channel } from "@aws-sdk/client-sagemaker";
import type { InputChannel } from "@rondo/run";

/** A channel of a request that was checked: S3, in File mode. */
export function toInputChannel(channel: Channel): InputChannel {
  const source = channel.DataSource?.S3DataSource;
  return {
    name: channel.ChannelName ?? "",
    s3Uri: source?.S3Uri ?? "",
    dataType: source?.S3DataType === "ManifestFile" ? "ManifestFile" : "S3Prefix",
    contentType: channel.ContentType,
    distribution: source?.S3DataDistributionType,
    recordWrapper: channel.RecordWrapperType,
  };
}
