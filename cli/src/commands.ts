import type { CliCommand } from "./command.ts";
import { credentialsCommand } from "./commands/credentials.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { endpointsCommand } from "./commands/endpoints.ts";
import { invokeCommand } from "./commands/invoke.ts";
import { jobsDescribeCommand } from "./commands/jobs-describe.ts";
import { jobsListCommand } from "./commands/jobs-list.ts";
import { jobsStopCommand } from "./commands/jobs-stop.ts";
import { logsCommand } from "./commands/logs.ts";
import { loopCommand } from "./commands/loop.ts";
import { modelsApproveCommand, modelsRejectCommand } from "./commands/models-approve.ts";
import { modelsDescribeCommand } from "./commands/models-describe.ts";
import { modelsListCommand } from "./commands/models-list.ts";
import { pipelinesDescribeCommand } from "./commands/pipelines-describe.ts";
import { pipelinesExecutionsCommand } from "./commands/pipelines-executions.ts";
import { pipelinesListCommand } from "./commands/pipelines-list.ts";
import { pipelinesRetryCommand } from "./commands/pipelines-retry.ts";
import { pipelinesStartCommand } from "./commands/pipelines-start.ts";
import { pipelinesStopCommand } from "./commands/pipelines-stop.ts";
import { startCommand } from "./commands/start.ts";
import { statusCommand } from "./commands/status.ts";

/** All commands, in the order of --help. The first of a group runs when the group is called alone (`rondo jobs`). */
export const commands: readonly CliCommand[] = [
  startCommand,
  statusCommand,
  doctorCommand,
  credentialsCommand,
  jobsListCommand,
  jobsDescribeCommand,
  jobsStopCommand,
  logsCommand,
  pipelinesListCommand,
  pipelinesExecutionsCommand,
  pipelinesDescribeCommand,
  pipelinesStartCommand,
  pipelinesStopCommand,
  pipelinesRetryCommand,
  modelsListCommand,
  modelsDescribeCommand,
  modelsApproveCommand,
  modelsRejectCommand,
  endpointsCommand,
  invokeCommand,
  loopCommand,
];
