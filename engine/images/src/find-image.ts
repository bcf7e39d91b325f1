import { fileURLToPath } from "node:url";
import { blazingText } from "./blazingtext/blazingtext.ts";
import { factorizationMachinesImage } from "./factorization-machines/factorization-machines.ts";
import type { BuiltInImage } from "./image.ts";
import { kmeansImage } from "./kmeans/kmeans.ts";
import { knnImage } from "./knn/knn.ts";
import { ldaImage } from "./lda/lda.ts";
import { linearLearnerImage } from "./linear-learner/linear-learner.ts";
import { onnxImage } from "./onnx/onnx.ts";
import { pcaImage } from "./pca/pca.ts";
import { randomCutForestImage } from "./randomcutforest/randomcutforest.ts";
import { textClassifierImage } from "./text-classifier/text-classifier.ts";
import { sagemakerXgboost, xgboost } from "./xgboost/xgboost.ts";

/** Every built-in image. */
export const builtInImages: readonly BuiltInImage[] = [
  blazingText,
  linearLearnerImage,
  sagemakerXgboost,
  xgboost,
  onnxImage,
  textClassifierImage,
  kmeansImage,
  knnImage,
  pcaImage,
  randomCutForestImage,
  ldaImage,
  factorizationMachinesImage,
];

const CONTAINER = fileURLToPath(new URL("./container.ts", import.meta.url));

/**
 * The built-in image that an image URI names, whatever its registry (account and region):
 * `811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1`. Without a tag it is `latest`; a digest or a tag that
 * the image does not have finds nothing.
 */
export function findImage(uri: string): BuiltInImage | undefined {
  const path = uri.slice(uri.lastIndexOf("/") + 1);
  const [repository, tag = "latest", ...rest] = path.split(":");
  if (rest.length > 0) return undefined;
  return builtInImages.find((image) => image.repository === repository && image.tags.includes(tag));
}

/** What runs as the container's `train`: argument vector for a process whose environment has SAGEMAKER_BASE_DIR. */
export function trainingCommand(image: BuiltInImage): readonly string[] {
  return [process.execPath, CONTAINER, image.repository, "train"];
}

/** What runs as the container's `serve`: listens on SAGEMAKER_BIND_TO_PORT, 8080 without it. */
export function servingCommand(image: BuiltInImage): readonly string[] {
  return [process.execPath, CONTAINER, image.repository, "serve"];
}
