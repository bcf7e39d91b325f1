"""Writes sdk-pipeline.json: a whole pipeline as the SageMaker Python SDK 2.257.7 compiles it. Run with a Python that has that SDK:

    python engine/server/src/testing/write-sdk-pipeline.py > engine/server/src/testing/sdk-pipeline.json
"""

import json
import logging
import os
import warnings

os.environ.update(AWS_ACCESS_KEY_ID="unused", AWS_SECRET_ACCESS_KEY="unused", AWS_DEFAULT_REGION="us-east-1")
logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")

import boto3
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.processing import ProcessingInput, ProcessingOutput, Processor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo, ConditionIn, ConditionNot, ConditionOr
from sagemaker.workflow.endpoint_step import EndpointConfigStep, EndpointStep
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.retry import StepExceptionTypeEnum, StepRetryPolicy
from sagemaker.workflow.steps import CacheConfig, ProcessingStep, TrainingStep

ROLE = "arn:aws:iam::111122223333:role/pipeline"
CODE = "/opt/ml/processing/input/code"
session = PipelineSession(boto_session=boto3.Session(region_name="us-east-1"), default_bucket="data")

threshold = ParameterFloat("Threshold", 0.5)
epochs = ParameterInteger("Epochs", 5)
source = ParameterString("Source", "s3://data/reviews")
cache = CacheConfig(enable_caching=True, expire_after="P30D")


def run(script, inputs, outputs):
    processor = Processor(
        image_uri="public.ecr.aws/docker/library/node:24",
        role=ROLE,
        instance_count=1,
        instance_type="ml.t3.medium",
        entrypoint=["node", f"{CODE}/{script}"],
        sagemaker_session=session,
    )
    code = ProcessingInput(source="s3://data/code/", destination=CODE, input_name="code")
    return processor.run(inputs=[*inputs, code], outputs=outputs)


def output(name, path):
    destination = Join(on="/", values=["s3://data/runs", ExecutionVariables.PIPELINE_EXECUTION_ID, name])
    return ProcessingOutput(output_name=name, source=path, destination=destination)


reviews = ProcessingInput(source=source, destination="/opt/ml/processing/input/data", input_name="reviews")
halves = [output(name, f"/opt/ml/processing/output/{name}") for name in ("train", "test")]
prepare = ProcessingStep("Prepare", step_args=run("prepare.ts", [reviews], halves), cache_config=cache)
prepared = prepare.properties.ProcessingOutputConfig.Outputs

estimator = Estimator(
    image_uri="811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1",
    role=ROLE,
    instance_count=1,
    instance_type="ml.c5.xlarge",
    output_path="s3://data/models",
    sagemaker_session=session,
    hyperparameters=dict(mode="supervised", epochs=epochs, min_count=1, vector_dim=10),
)
train = TrainingStep(
    "Train",
    step_args=estimator.fit({"train": TrainingInput(prepared["train"].S3Output.S3Uri, content_type="text/plain")}),
    cache_config=cache,
    retry_policies=[StepRetryPolicy([StepExceptionTypeEnum.THROTTLING], max_attempts=3)],
)
artifact = train.properties.ModelArtifacts.S3ModelArtifacts

report = PropertyFile("report", output_name="evaluation", path="evaluation.json")
trained = ProcessingInput(source=artifact, destination="/opt/ml/processing/input/model", input_name="model")
unseen = ProcessingInput(
    source=prepared["test"].S3Output.S3Uri, destination="/opt/ml/processing/input/test", input_name="test"
)
evaluated = [output("evaluation", "/opt/ml/processing/output")]
evaluate = ProcessingStep(
    "Evaluate", step_args=run("evaluate.ts", [trained, unseen], evaluated), property_files=[report]
)
accuracy = JsonGet(step_name="Evaluate", property_file=report, json_path="metrics.accuracy.value")

model = Model(image_uri=estimator.image_uri, model_data=artifact, role=ROLE, sagemaker_session=session)
register = ModelStep(
    "Register",
    step_args=model.register(
        content_types=["application/json"],
        response_types=["application/json"],
        inference_instances=["ml.m5.large"],
        transform_instances=["ml.m5.large"],
        model_package_group_name="sentiment",
        approval_status="Approved",
        customer_metadata_properties={"accuracy": accuracy.to_string()},
    ),
)
create = ModelStep("Create", step_args=model.create(instance_type="ml.m5.large"), depends_on=[register])
configure = EndpointConfigStep(
    "Configure",
    step_args=session.create_endpoint_config(
        name=Join(on="-", values=["sentiment", ExecutionVariables.PIPELINE_EXECUTION_ID]),
        model_name=create.properties.ModelName,
        initial_instance_count=1,
        instance_type="ml.m5.large",
    ),
)
deploy = EndpointStep(
    "Deploy",
    step_args=session.create_endpoint(
        endpoint_name="sentiment", config_name=configure.properties.EndpointConfigName
    ),
)
refuse = FailStep("Refuse", error_message=Join(on=" ", values=["accuracy is below", threshold]))
is_good = ConditionStep(
    "IsGood",
    conditions=[
        ConditionGreaterThanOrEqualTo(accuracy, threshold),
        ConditionOr([ConditionNot(ConditionIn(source, ["s3://nowhere"]))]),
    ],
    if_steps=[register, create, configure, deploy],
    else_steps=[refuse],
)
pipeline = Pipeline(
    "Sentiment",
    parameters=[threshold, epochs, source],
    steps=[prepare, train, evaluate, is_good],
    sagemaker_session=session,
)
print(json.dumps(json.loads(pipeline.definition()), indent=2))
