/** What a campaign or a recommender answers with. Serving reads it from the row's body; absent from one that does not answer. */
export interface LiveVersion {
  /** Of a recommender: of its own training. */
  readonly solutionVersionArn: string;
  readonly recipeArn: string;
  /** Where the model lies, in the internal bucket. */
  readonly modelUri: string;
}

/** The part of serving that a change needs: the new model is in memory before the row names it, so that no request fails. */
export interface ModelPreparation {
  /** Loads the model and checks that it answers. May be repeated. */
  prepare(modelUri: string, signal: AbortSignal): Promise<void>;
}
