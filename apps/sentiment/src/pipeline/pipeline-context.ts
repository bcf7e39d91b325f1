import type { ApplicationContext } from "../application-context.ts";

/** What the pipeline's functions need of the application. */
export type PipelineContext = Pick<ApplicationContext, "session" | "names" | "settings">;

/** The pipeline's name in SageMaker. */
export function pipelineName({ settings }: PipelineContext): string {
  return `${settings.projectName}-pipeline`;
}
