/** Settings of the inference service, by the variables that it always had. */
export interface InferenceSettings {
  readonly endpointName: string;
  readonly host: string;
  readonly port: number;
  readonly region: string | undefined;
  readonly bucket: string | undefined;
}

/**
 * Reads SAGEMAKER_ENDPOINT_NAME (sentiment), AWS_REGION, S3_BUCKET, HOST (127.0.0.1) and PORT (8000). Where the AWS APIs are says the standard
 * AWS_ENDPOINT_URL. Throws for a port that is none.
 */
export function readSettings(environment: NodeJS.ProcessEnv): InferenceSettings {
  const port = Number(environment.PORT ?? 8000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT is "${environment.PORT}". It should be a number from 0 to 65535.`);
  }
  return {
    endpointName: environment.SAGEMAKER_ENDPOINT_NAME ?? "sentiment",
    host: environment.HOST ?? "127.0.0.1",
    port,
    region: environment.AWS_REGION,
    bucket: environment.S3_BUCKET,
  };
}
