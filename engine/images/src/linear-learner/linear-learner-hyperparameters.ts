import type { HyperparameterDefinition } from "../image.ts";

type Shape = Omit<HyperparameterDefinition, "name" | "description" | "required" | "tunable">;

const LARGE = 1e9;
const positiveInteger: Shape = { type: "integer", minimum: 1, maximum: 2_000_000_000 };
const positive: Shape = { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: LARGE };
const nonNegative: Shape = { type: "continuous", minimum: 0, maximum: 1e6 };
const share: Shape = { type: "continuous", minimum: 0, maximum: 1 };
const decayRate: Shape = { type: "continuous", minimum: 0, maximum: 0.999999 };
const boolean: Shape = { type: "categorical", values: ["true", "false"] };
const automaticBoolean: Shape = { type: "categorical", values: ["auto", "true", "false"] };

const automatic = (shape: Shape): Shape => ({ ...shape, values: ["auto"], default: "auto" });
const usually = (shape: Shape, value: string): Shape => ({ ...shape, default: value });

/** Those of "Tune a linear learner model"; num_models and the choice of what is learned are not tuned. */
const tunable = new Set(["wd", "l1", "learning_rate", "mini_batch_size", "use_bias", "positive_example_weight_mult"]);

const define = (name: string, shape: Shape, description: string): HyperparameterDefinition => ({
  name,
  required: false,
  ...shape,
  tunable: tunable.has(name),
  description,
});

/** "Linear Learner Hyperparameters" of the SageMaker developer guide. */
export const linearLearnerHyperparameters: readonly HyperparameterDefinition[] = [
  {
    ...define(
      "predictor_type",
      { type: "categorical", values: ["binary_classifier", "multiclass_classifier", "regressor"] },
      "What is predicted.",
    ),
    required: true,
  },
  define("feature_dim", automatic(positiveInteger), "Columns of features; auto takes those of the data."),
  define("num_classes", { type: "integer", minimum: 3, maximum: 1_000_000 }, "Classes of a multiclass_classifier."),
  define("accuracy_top_k", usually(positiveInteger, "3"), "A class is found when it is among so many."),
  define("balance_multiclass_weights", usually(boolean, "false"), "Every class counts the same in the loss."),
  define("beta_1", automatic(decayRate), "Adam's decay of the first moment."),
  define("beta_2", automatic(decayRate), "Adam's decay of the second moment."),
  define("bias_lr_mult", automatic(positive), "The bias's learning rate as a multiple."),
  define("bias_wd_mult", automatic(nonNegative), "The bias's weight decay as a multiple."),
  define(
    "binary_classifier_model_selection_criteria",
    {
      type: "categorical",
      values: [
        "accuracy",
        "f_beta",
        "precision_at_target_recall",
        "recall_at_target_precision",
        "loss_function",
        "cross_entropy_loss",
      ],
      default: "accuracy",
    },
    "By which the model and its threshold are chosen on the channel validation.",
  ),
  define("early_stopping_patience", usually(positiveInteger, "3"), "Epochs without improvement before training ends."),
  define("early_stopping_tolerance", usually(positive, "0.001"), "An improvement by a smaller part is none."),
  define("epochs", { ...positiveInteger, maximum: 1_000_000, default: "15" }, "Passes through the training data."),
  define("f_beta", usually(positive, "1.0"), "The beta of F-beta."),
  define("huber_delta", usually(positive, "1.0"), "Where the Huber loss becomes linear, in units of the label."),
  define("init_bias", { type: "continuous", minimum: -1e6, maximum: 1e6, default: "0" }, "The bias to begin with."),
  define(
    "init_method",
    { type: "categorical", values: ["uniform", "normal"], default: "uniform" },
    "How weights are drawn to begin with.",
  ),
  define("init_scale", usually(positive, "0.07"), "Uniform weights lie between its negative and it."),
  define("init_sigma", usually(positive, "0.01"), "The standard deviation of normal weights."),
  define("l1", automatic(nonNegative), "The L1 strength."),
  define("learning_rate", automatic(positive), "The optimizer's step size."),
  define(
    "loss",
    {
      type: "categorical",
      values: [
        "auto",
        "logistic",
        "hinge_loss",
        "softmax_loss",
        "squared_loss",
        "absolute_loss",
        "eps_insensitive_squared_loss",
        "eps_insensitive_absolute_loss",
        "quantile_loss",
        "huber_loss",
      ],
      default: "auto",
    },
    "auto: logistic, softmax_loss or squared_loss.",
  ),
  define("loss_insensitivity", usually(positive, "0.01"), "Differences below it do not count, in units of the label."),
  define(
    "lr_scheduler_factor",
    automatic({ ...share, exclusiveMinimum: true }),
    "By what the learning rate is multiplied at each step of the schedule.",
  ),
  define("lr_scheduler_minimum_lr", automatic(positive), "The learning rate never falls below."),
  define("lr_scheduler_step", automatic(positiveInteger), "Mini-batches between two steps of the schedule."),
  define("margin", usually(positive, "1.0"), "The margin of the hinge loss."),
  define("mini_batch_size", usually(positiveInteger, "1000"), "Rows of a mini-batch."),
  define("momentum", automatic(decayRate), "The momentum of sgd and rmsprop."),
  define("normalize_data", usually(automaticBoolean, "true"), "Divide features by their standard deviation."),
  define("normalize_label", usually(automaticBoolean, "auto"), "Divide labels of a regressor likewise."),
  define("num_calibration_samples", automatic(positiveInteger), "Rows of validation by which is chosen; auto: all."),
  define(
    "num_models",
    automatic({ ...positiveInteger, maximum: 1000 }),
    "Models that are trained in parallel; auto: 8 with the channel validation, else 1.",
  ),
  define("num_point_for_scaler", usually(positiveInteger, "10000"), "Rows from which means and deviations are taken."),
  define(
    "optimizer",
    { type: "categorical", values: ["auto", "sgd", "adam", "rmsprop"], default: "auto" },
    "auto is adam.",
  ),
  define(
    "positive_example_weight_mult",
    { ...positive, values: ["balanced", "auto"], default: "1.0" },
    "How much label 1 counts beside label 0; balanced: both the same in sum.",
  ),
  define(
    "quantile",
    { ...share, exclusiveMinimum: true, maximum: 0.999999, default: "0.5" },
    "The quantile of the quantile loss.",
  ),
  define("target_precision", usually(share, "0.8"), "For recall_at_target_precision."),
  define("target_recall", usually(share, "0.8"), "For precision_at_target_recall."),
  define("unbias_data", usually(automaticBoolean, "auto"), "Subtract the means of features; auto: of dense ones."),
  define("unbias_label", usually(automaticBoolean, "auto"), "Subtract the mean of labels of a regressor."),
  define("use_bias", usually(boolean, "true"), "Whether there is a bias."),
  define("use_lr_scheduler", usually(boolean, "true"), "Whether the learning rate falls."),
  define("wd", automatic(nonNegative), "The weight decay, or L2 strength; auto: 1 / rows."),
];
