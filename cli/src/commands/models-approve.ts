import type { ModelApprovalStatus } from "@aws-sdk/client-sagemaker";
import { type CliCommand, requiredArgument, textOption } from "../command.ts";
import { findModelVersion, versionArgument } from "../model-version.ts";

function approvalCommand(verb: "approve" | "reject", status: ModelApprovalStatus): CliCommand {
  return {
    name: `models ${verb}`,
    summary: `Mark a version of the registry as ${status}`,
    arguments: versionArgument,
    options: [{ flags: "--reason <text>", description: "kept beside the approval" }],
    examples: [`rondo models ${verb} sentiment/3 --reason "checked by hand"`],
    async run(invocation) {
      using session = await invocation.session();
      const model = await findModelVersion(invocation, session);
      await model.setApproval(status, { description: textOption(invocation, "reason"), signal: invocation.signal });
      const answer = { ModelPackageArn: model.arn, ModelApprovalStatus: status };
      invocation.output.result(answer, `${requiredArgument(invocation, 0)} is ${status}.`);
    },
  };
}

export const modelsApproveCommand = approvalCommand("approve", "Approved");
export const modelsRejectCommand = approvalCommand("reject", "Rejected");
