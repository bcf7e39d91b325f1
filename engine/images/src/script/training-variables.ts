import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  type PythonDictionary,
  type PythonValue,
  pythonText,
  readPythonJson,
  sortedEntries,
  toPythonValue,
  writePythonJson,
} from "./python-value.ts";

/** What lies in `input/config`. */
export interface TrainingConfiguration {
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, object>>;
  readonly resources: {
    readonly current_host: string;
    readonly hosts: readonly string[];
    readonly current_instance_type?: string;
    readonly current_group_name?: string;
    readonly instance_groups?: readonly { readonly instance_group_name: string; readonly hosts: readonly string[] }[];
    readonly network_interface_name?: string;
  };
}

/** The hyperparameters of a script mode job, taken apart. */
export interface ScriptHyperparameters {
  /** The user's own. */
  readonly own: PythonDictionary;
  /** `sagemaker_…`, without the ones that the toolkit itself reads. */
  readonly framework: PythonDictionary;
  /** All that begin with `sagemaker_`, as text. */
  readonly sagemaker: Readonly<Record<string, string>>;
}

const PREFIX = "sagemaker_";
/** Read by the toolkit itself (its params.py). */
const OF_THE_TOOLKIT = [
  "sagemaker_program",
  "sagemaker_submit_directory",
  "sagemaker_enable_cloudwatch_metrics",
  "sagemaker_container_log_level",
  "sagemaker_job_name",
  "sagemaker_region",
  "sagemaker_s3_output",
];
const TUNING_METRIC = "_tuning_objective_metric";
/** Python's logging.INFO. */
const DEFAULT_LOG_LEVEL = 20;

/** Decodes each value as JSON; what is none stays the text that it is, as in the training toolkit. */
export function splitHyperparameters(given: Readonly<Record<string, string>>): ScriptHyperparameters {
  const decoded = Object.entries(given).map(([name, text]): [string, PythonValue] => [name, decode(text)]);
  const isSagemakers = (name: string): boolean => name.startsWith(PREFIX);
  const isOwn = (name: string): boolean => !isSagemakers(name) && name !== TUNING_METRIC;
  const sagemaker = decoded.filter(([name]) => isSagemakers(name));
  return {
    own: Object.fromEntries(decoded.filter(([name]) => isOwn(name))),
    framework: Object.fromEntries(sagemaker.filter(([name]) => !OF_THE_TOOLKIT.includes(name))),
    sagemaker: Object.fromEntries(sagemaker.map(([name, value]) => [name, pythonText(value)])),
  };
}

/** `--name value` for each, sorted by name; one dash before a single letter, dictionaries as `a=1,b=2`. */
export function toArguments(hyperparameters: PythonDictionary): string[] {
  return sortedEntries(hyperparameters).flatMap(([name, value]) => [
    `${name.length > 1 ? "--" : "-"}${name}`,
    isDictionary(value)
      ? sortedEntries(value)
          .map(([key, item]) => `${key}=${item === null ? "None" : pythonText(item)}`)
          .join(",")
      : pythonText(value),
  ]);
}

/**
 * The SM_ variables of the training toolkit (https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md): texts as they are,
 * all else as JSON.
 */
export function trainingVariables(
  base: string,
  { channels, resources }: TrainingConfiguration,
  hyperparameters: ScriptHyperparameters,
): Record<string, string> {
  const { own, framework, sagemaker } = hyperparameters;
  const group = resources.current_group_name ?? "homogeneousCluster";
  const groups = resources.instance_groups ?? [];
  const hostsOfGroup =
    groups.find(({ instance_group_name }) => instance_group_name === group)?.hosts ?? resources.hosts;
  const channelDirectories = Object.fromEntries(
    Object.keys(channels).map((name) => [name, join(base, "input", "data", name)]),
  );
  const program = sagemaker["sagemaker_program"] ?? "";
  const values = {
    current_host: resources.current_host,
    current_instance_type: resources.current_instance_type ?? "local",
    current_instance_group: group,
    current_instance_group_hosts: hostsOfGroup,
    distribution_instance_groups: groups.map(({ instance_group_name }) => instance_group_name),
    framework_module: "",
    hosts: resources.hosts,
    input_config_dir: join(base, "input", "config"),
    input_data_config: channels,
    input_dir: join(base, "input"),
    instance_groups: groups.map(({ instance_group_name }) => instance_group_name),
    instance_groups_dict: Object.fromEntries(groups.map((item) => [item.instance_group_name, item])),
    is_hetero: groups.length > 1,
    log_level: Number(sagemaker["sagemaker_container_log_level"]) || DEFAULT_LOG_LEVEL,
    model_dir: join(base, "model"),
    module_dir: sagemaker["sagemaker_submit_directory"] ?? join(base, "code"),
    module_name: program.replace(/\.py$/, ""),
    network_interface_name: resources.network_interface_name ?? "eth0",
    num_cpus: availableParallelism(),
    num_gpus: countGpus(),
    num_neurons: 0,
    output_data_dir: join(base, "output", "data"),
    output_dir: join(base, "output"),
    output_intermediate_dir: join(base, "output", "intermediate"),
    resource_config: resources,
    user_entry_point: program,
  };
  const training = {
    ...values,
    channel_input_dirs: channelDirectories,
    is_master: resources.current_host === resources.hosts.toSorted()[0],
    job_name: sagemaker["sagemaker_job_name"] ?? "",
    master_hostname: resources.hosts.toSorted()[0],
  };
  const facts = toPythonValue(training) as PythonDictionary;
  return toVariables({
    ...(toPythonValue(values) as PythonDictionary),
    channels: Object.keys(channels).toSorted(),
    framework_params: framework,
    hps: own,
    training_env: { ...facts, additional_framework_parameters: framework, hyperparameters: own },
    user_args: toArguments(own),
    ...prefixed("channel_", channelDirectories),
    ...prefixed("hp_", own),
  });
}

function toVariables(values: PythonDictionary): Record<string, string> {
  const entries = Object.entries(values).map(([name, value]) => [
    `SM_${name.toUpperCase()}`,
    value === null || typeof value === "string" ? (value ?? "") : writePythonJson(value),
  ]);
  return Object.fromEntries(entries);
}

function prefixed(prefix: string, values: PythonDictionary): PythonDictionary {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

function decode(text: string): PythonValue {
  try {
    return readPythonJson(text);
  } catch {
    return text;
  }
}

function isDictionary(value: PythonValue): value is PythonDictionary {
  return value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
}

/** The driver of NVIDIA has a directory for each. */
function countGpus(): number {
  try {
    return readdirSync("/proc/driver/nvidia/gpus").length;
  } catch {
    return 0;
  }
}
