/** What Personalize's operations accept and do not honour. */
export const personalizeNotHonoured = {
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
