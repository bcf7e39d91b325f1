/** A package that an image has installed. */
export interface FrameworkPackage {
  readonly name: string;
  /** `1.2.1`, or `1.7` for whatever 1.7 there is; undefined: whichever version goes with the others. */
  readonly version?: string | undefined;
  /**
   * `[limit, framework]`: below version `limit` while the image's first package is below version `framework`; for binaries that load but break with a
   * newer one, which their metadata do not tell.
   */
  readonly below?: readonly [limit: string, framework: string];
}

export interface FrameworkImage {
  readonly repository: string;
  /** How people call what the first package is. */
  readonly title: string;
  readonly language: "python" | "node";
  /** The tags that the image has. Groups: `version` of the framework or language, `python` such as `310`. */
  readonly tag: RegExp;
  readonly packages: (tag: RegExpExecArray) => readonly FrameworkPackage[];
}

/** What a deep learning container's tag says: `2.0.1-gpu-py310-cu118-ubuntu20.04-sagemaker`. */
const DEEP_LEARNING_TAG = /^(?<version>\d+\.\d+(\.\d+)?)-(cpu|gpu)-py(?<python>\d+)(-[\w.-]+)?$/;
const HUGGING_FACE_TAG =
  /^(?<version>\d+\.\d+(\.\d+)?)-transformers(?<transformers>\d+\.\d+(\.\d+)?)-(cpu|gpu)-py(?<python>\d+)(-[\w.-]+)?$/;
const VARIANT = "(-[\\w.-]+)?";
const PYTHON_TAG = new RegExp(`^((?<version>3(\\.\\d+){0,2})|latest|slim|alpine)${VARIANT}$`);
const NODE_TAG = new RegExp(`^((?<version>\\d+(\\.\\d+){0,2})|latest|lts|current|slim|alpine)${VARIANT}$`);

/** The container of scikit-learn numbers its own releases; these differ from the library's (its requirements.txt). */
const SCIKIT_LEARN_VERSIONS: Readonly<Record<string, string>> = { "0.23.1": "0.23.2", "1.0.1": "1.0.2" };

/**
 * The packages that scripts for Amazon's framework containers import without naming them in a requirements.txt. pandas 3 changed what such scripts rely on
 * (copies on write, texts as a type of their own) and came later than frameworks below version `pandas3`.
 */
function dataPackages(pandas3: string): readonly FrameworkPackage[] {
  return [{ name: "pandas", below: ["3", pandas3] }, { name: "joblib" }, { name: "boto3" }];
}

/**
 * Images that run the user's own program, by repository (https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html,
 * https://github.com/aws/deep-learning-containers/blob/master/available_images.md), and the public images of the languages.
 */
export const frameworkImages: readonly FrameworkImage[] = [
  {
    repository: "sagemaker-scikit-learn",
    title: "scikit-learn",
    language: "python",
    tag: /^(?<minor>\d+\.\d+)[.-](?<patch>\d+)(-cpu-py(?<python>3\d*))?$/,
    packages: ({ groups = {} }) => {
      const version = `${groups["minor"]}.${groups["patch"]}`;
      const framework = { name: "scikit-learn", version: SCIKIT_LEARN_VERSIONS[version] ?? version };
      const numpy: FrameworkPackage = { name: "numpy", below: ["2", "1.5"] };
      return [framework, numpy, { name: "scipy", below: ["1.14", "1.5"] }, ...dataPackages("1.8")];
    },
  },
  {
    repository: "sagemaker-xgboost",
    title: "XGBoost",
    language: "python",
    tag: /^(?<version>\d+\.\d+)-\d+(-cpu-py(?<python>3\d*))?$/,
    packages: ({ groups = {} }) => [
      { name: "xgboost", version: groups["version"] },
      { name: "numpy", below: ["2", "2.1"] },
      { name: "scikit-learn", below: ["1.6", "2.1"] },
      { name: "scipy" },
      ...dataPackages("3.1"),
    ],
  },
  deepLearning("pytorch-training", "PyTorch", "torch"),
  deepLearning("tensorflow-training", "TensorFlow", "tensorflow"),
  huggingFace("huggingface-pytorch-training", "PyTorch", "torch"),
  huggingFace("huggingface-tensorflow-training", "TensorFlow", "tensorflow"),
  { repository: "python", title: "Python", language: "python", tag: PYTHON_TAG, packages: () => [] },
  { repository: "node", title: "Node.js", language: "node", tag: NODE_TAG, packages: () => [] },
];

function deepLearning(repository: string, title: string, name: string): FrameworkImage {
  return {
    repository,
    title,
    language: "python",
    tag: DEEP_LEARNING_TAG,
    packages: ({ groups = {} }) => [{ name, version: groups["version"] }, ...besides(name)],
  };
}

function huggingFace(repository: string, title: string, name: string): FrameworkImage {
  return {
    repository,
    title: `Hugging Face on ${title}`,
    language: "python",
    tag: HUGGING_FACE_TAG,
    packages: ({ groups = {} }) => [
      { name, version: groups["version"] },
      { name: "transformers", version: groups["transformers"] },
      { name: "datasets" },
      { name: "accelerate" },
      ...besides(name),
    ],
  };
}

/** torch's binaries before 2.3 were built for NumPy 1 (https://github.com/pytorch/pytorch/issues/107302); TensorFlow says by itself what it needs. */
function besides(name: string): readonly FrameworkPackage[] {
  const numpy: FrameworkPackage = name === "torch" ? { name: "numpy", below: ["2", "2.3"] } : { name: "numpy" };
  const pandas3 = name === "torch" ? "2.9" : "2.21";
  return [numpy, { name: "scikit-learn" }, { name: "scipy" }, ...dataPackages(pandas3)];
}
