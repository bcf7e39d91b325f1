import { join } from "node:path";

/** `/opt/ml/processing`; elsewhere where the host cannot show a job's directory there and says so by SAGEMAKER_BASE_DIR. */
export const PROCESSING = join(process.env.SAGEMAKER_BASE_DIR ?? "/opt/ml", "processing");
