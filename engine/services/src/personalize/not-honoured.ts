/** What Personalize's operations accept and do not honour. */
export const personalizeNotHonoured = {
  CreateDatasetGroup: "roleArn and kmsKeyArn are kept and shown, and change nothing.",
  CreateDatasetImportJob:
    "roleArn and publishAttributionMetricsToS3 are kept and shown, and change nothing. Rows that do not fit the schema are refused one by one: an ACTIVE job tells them in its failureReason.",
  CreateDatasetExportJob:
    "roleArn and kmsKeyArn are kept and shown, and change nothing. The file is called `<job name>.csv`.",
  CreateDataDeletionJob:
    "roleArn is kept and shown, and changes nothing. Refused while rows are imported into the dataset group.",
  UpdateDataset: "New columns are not excluded from the training of solutions that are there already.",
  CreateSolution:
    "performAutoML takes aws-user-personalization, whose training chooses among the algorithms by itself, and tunes its hyperparameters; autoMLConfig.metricName and hpoObjective.metricRegex are stored without effect. Automatic training begins ten minutes after the creation instead of within the hour. Refused: performIncrementalUpdate.",
  CreateSolutionVersion: "trainingMode AUTOTRAIN is refused: it is that of automatic training.",
  CreateCampaign:
    "minProvisionedTPS is stored and shown: every campaign answers as fast as the machine does. Refused: rankingInfluence. New items and events count at once, so that nothing is left for the update every two hours that AWS makes.",
  CreateRecommender: "minRecommendationRequestsPerSecond is stored and shown.",
  CreateBatchInferenceJob: "KMS keys are stored without effect. Refused: theme generation, rankingInfluence.",
  CreateBatchSegmentJob: "KMS keys are stored without effect.",
  CreateMetricAttribution:
    "Events are counted into CloudWatch every minute; reports to S3 are not written, and s3DataDestination is kept and shown.",
} as const;
