import type { SolutionConfig, SolutionUpdateConfig, TrainingMode, TrainingType } from "@aws-sdk/client-personalize";
import type { Resource } from "@rondo/store";
import type { Job } from "../jobs/job-run.ts";
import type { PersonalizeJobBody } from "./personalize-job.ts";

/** What a solution and each of its versions know of their training. */
export interface TrainingBody {
  readonly datasetGroupArn: string;
  /** With performAutoML the one that was chosen. */
  readonly recipeArn: string;
  readonly performAutoML: boolean;
  readonly performHPO: boolean;
  readonly eventType?: string | undefined;
  readonly solutionConfig: SolutionConfig;
}

/** A solution as DescribeSolution shows it, less what stands in the row's own columns. Its status is Personalize's. */
export interface SolutionBody extends TrainingBody {
  readonly performAutoTraining: boolean;
  /** When the last training by the schedule began, or was skipped for a version that somebody created, in ISO form. */
  readonly lastScheduledAt?: string;
  readonly latestUpdate?: SolutionUpdateBody;
}

export interface SolutionUpdateBody {
  readonly performAutoTraining: boolean;
  readonly solutionUpdateConfig?: SolutionUpdateConfig | undefined;
  readonly createdAt: string;
}

export type Solution = Resource<SolutionBody>;

/** A solution version as DescribeSolutionVersion shows it; a job like any other. Recommenders' trainings have the same. */
export interface SolutionVersionBody extends PersonalizeJobBody, TrainingBody {
  /** Of the solution, or of the recommender that trains. */
  readonly solutionArn: string;
  /** The name that CreateSolutionVersion gave. */
  readonly givenName?: string | undefined;
  readonly trainingMode: TrainingMode;
  readonly trainingType: TrainingType;
  /** Of the version that an UPDATE goes on from. */
  readonly previousModelUri?: string | undefined;
  /** Set when it is trained: where the model lies, in the internal bucket. */
  readonly modelUri?: string;
  /** What GetSolutionMetrics answers. */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly tunedParameters?: Readonly<Record<string, string>>;
}

export type SolutionVersion = Job<SolutionVersionBody>;
