import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { splitHyperparameters, toArguments, trainingVariables } from "./training-variables.ts";

const GIVEN = {
  sagemaker_program: '"sub/train.py"',
  sagemaker_submit_directory: '"s3://bucket/sourcedir.tar.gz"',
  sagemaker_container_log_level: "10",
  sagemaker_job_name: '"job-1"',
  sagemaker_region: '"eu-west-1"',
  sagemaker_mpi_enabled: "false",
  _tuning_objective_metric: "loss",
  epochs: "3",
  "learning-rate": "0.1",
  name: "not JSON",
  layers: '{"b": 2, "a": [1, null]}',
  quoted: '"3"',
};

const CONFIGURATION = {
  hyperparameters: GIVEN,
  channels: {
    validation: { TrainingInputMode: "File" },
    "my-train": { ContentType: "text/csv", TrainingInputMode: "File" },
  },
  resources: {
    current_host: "algo-1",
    current_instance_type: "ml.m5.large",
    current_group_name: "homogeneousCluster",
    hosts: ["algo-1", "algo-2"],
    instance_groups: [
      { instance_group_name: "homogeneousCluster", instance_type: "ml.m5.large", hosts: ["algo-1", "algo-2"] },
    ],
    network_interface_name: "eth0",
  },
};

test("hyperparameters are taken apart as in the training toolkit", () => {
  const { own, framework, sagemaker } = splitHyperparameters(GIVEN);
  assert.deepEqual(Object.keys(own), ["epochs", "learning-rate", "name", "layers", "quoted"]);
  assert.deepEqual(framework, { sagemaker_mpi_enabled: false });
  assert.equal(sagemaker["sagemaker_program"], "sub/train.py");
  assert.equal(sagemaker["sagemaker_region"], "eu-west-1");
});

test("arguments are sorted, dictionaries in one word, single letters with one dash", () => {
  const { own } = splitHyperparameters({ ...GIVEN, b: "null", Z: "[1, 'x']", flag: "false" });
  const first = ["-Z", "[1, 'x']", "-b", "", "--epochs", "3", "--flag", "False", "--layers", "a=[1, None],b=2"];
  const last = ["--learning-rate", "0.1", "--name", "not JSON", "--quoted", "3"];
  assert.deepEqual(toArguments(own), [...first, ...last]);
});

test("the variables of the training toolkit", () => {
  const variables = trainingVariables("/opt/ml", CONFIGURATION, splitHyperparameters(GIVEN));
  const { SM_TRAINING_ENV, SM_USER_ARGS, SM_RESOURCE_CONFIG, ...others } = variables;
  assert.deepEqual(others, {
    SM_CHANNELS: '["my-train","validation"]',
    "SM_CHANNEL_MY-TRAIN": "/opt/ml/input/data/my-train",
    SM_CHANNEL_VALIDATION: "/opt/ml/input/data/validation",
    SM_CURRENT_HOST: "algo-1",
    SM_CURRENT_INSTANCE_GROUP: "homogeneousCluster",
    SM_CURRENT_INSTANCE_GROUP_HOSTS: '["algo-1","algo-2"]',
    SM_CURRENT_INSTANCE_TYPE: "ml.m5.large",
    SM_DISTRIBUTION_INSTANCE_GROUPS: '["homogeneousCluster"]',
    SM_FRAMEWORK_MODULE: "",
    SM_FRAMEWORK_PARAMS: '{"sagemaker_mpi_enabled":false}',
    SM_HOSTS: '["algo-1","algo-2"]',
    SM_HPS: '{"epochs":3,"layers":{"a":[1,null],"b":2},"learning-rate":0.1,"name":"not JSON","quoted":"3"}',
    SM_HP_EPOCHS: "3",
    SM_HP_LAYERS: '{"a":[1,null],"b":2}',
    "SM_HP_LEARNING-RATE": "0.1",
    SM_HP_NAME: "not JSON",
    SM_HP_QUOTED: "3",
    SM_INPUT_CONFIG_DIR: "/opt/ml/input/config",
    SM_INPUT_DATA_CONFIG:
      '{"my-train":{"ContentType":"text/csv","TrainingInputMode":"File"},"validation":{"TrainingInputMode":"File"}}',
    SM_INPUT_DIR: "/opt/ml/input",
    SM_INSTANCE_GROUPS: '["homogeneousCluster"]',
    SM_INSTANCE_GROUPS_DICT:
      '{"homogeneousCluster":{"hosts":["algo-1","algo-2"],"instance_group_name":"homogeneousCluster","instance_type":"ml.m5.large"}}',
    SM_IS_HETERO: "false",
    SM_LOG_LEVEL: "10",
    SM_MODEL_DIR: "/opt/ml/model",
    SM_MODULE_DIR: "s3://bucket/sourcedir.tar.gz",
    SM_MODULE_NAME: "sub/train",
    SM_NETWORK_INTERFACE_NAME: "eth0",
    SM_NUM_CPUS: String(availableParallelism()),
    SM_NUM_GPUS: others["SM_NUM_GPUS"],
    SM_NUM_NEURONS: "0",
    SM_OUTPUT_DATA_DIR: "/opt/ml/output/data",
    SM_OUTPUT_DIR: "/opt/ml/output",
    SM_OUTPUT_INTERMEDIATE_DIR: "/opt/ml/output/intermediate",
    SM_USER_ENTRY_POINT: "sub/train.py",
  });
  assert.match(others["SM_NUM_GPUS"] ?? "", /^\d+$/);
  assert.deepEqual(JSON.parse(SM_RESOURCE_CONFIG ?? ""), CONFIGURATION.resources);
  assert.deepEqual(JSON.parse(SM_USER_ARGS ?? "").slice(0, 2), ["--epochs", "3"]);
  const training = JSON.parse(SM_TRAINING_ENV ?? "") as Record<string, unknown>;
  assert.deepEqual(training["hyperparameters"], JSON.parse(others["SM_HPS"] ?? ""));
  assert.deepEqual(training["channel_input_dirs"], {
    "my-train": "/opt/ml/input/data/my-train",
    validation: "/opt/ml/input/data/validation",
  });
  assert.deepEqual(
    [training["job_name"], training["master_hostname"], training["is_master"]],
    ["job-1", "algo-1", true],
  );
});
