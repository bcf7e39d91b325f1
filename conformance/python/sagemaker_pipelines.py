"""Pipelines and the model registry with the SageMaker Python SDK (v2): ScriptProcessor, SKLearnProcessor with a pandas script that names /opt/ml, an Estimator
in a TrainingStep, a ConditionStep on a property file, RegisterModel; upsert, start with parameters, wait, list_steps; approve and deploy."""

import json
import logging
import pathlib
import tempfile
import time
import uuid

logging.disable(logging.CRITICAL)

import boto3
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.model import ModelPackage
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.step_collections import RegisterModel
from sagemaker.workflow.steps import CacheConfig, ProcessingStep, TrainingStep

from labelled_text import opinions
from outcome import finish, raises, step

ROLE = "arn:aws:iam::000000000000:role/pipeline"
run = uuid.uuid4().hex[:8]
bucket = f"pipelines-{run}"
group = f"opinions-{run}"
boto3.client("s3").create_bucket(Bucket=bucket)
session = PipelineSession(default_bucket=bucket)
client = boto3.client("sagemaker")
directory = pathlib.Path(tempfile.mkdtemp())

PREPARE = """
import argparse, pathlib
import pandas

options = argparse.ArgumentParser()
options.add_argument("--validation-share", type=float)
share = options.parse_args().validation_share
lines = pathlib.Path("/opt/ml/processing/input/all.txt").read_text().splitlines()
frame = pandas.DataFrame([line.split(" ", 1) for line in lines], columns=["label", "text"]).drop_duplicates()
held_out = frame.sample(frac=share, random_state=7)
for name, part in {"train": frame.drop(held_out.index), "validation": held_out}.items():
    folder = pathlib.Path("/opt/ml/processing") / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "opinions.txt").write_text("".join(f"{label} {text}\\n" for label, text in part.itertuples(index=False)))
print("prepared", len(frame), "opinions")
"""

EVALUATE = """
import json, os, pathlib, tarfile

with tarfile.open("/opt/ml/processing/model/model.tar.gz") as archive:
    size = archive.getmember("model.bin").size
rows = len(pathlib.Path("/opt/ml/processing/validation/opinions.txt").read_text().splitlines())
pathlib.Path("/opt/ml/processing/evaluation/evaluation.json").write_text(json.dumps({"model": {"bytes": size}, "rows": {"value": rows}}))
assert os.environ["PURPOSE"] == "conformance"
"""


def script(name, text):
    path = directory / name
    path.write_text(text)
    return str(path)


source = session.upload_string_as_file_body(opinions(4000, 1), bucket, "raw/all.txt").rpartition("/")[0]
input_data = ParameterString(name="InputData", default_value=source)
least_rows = ParameterFloat(name="LeastRows", default_value=10.0)
epochs = ParameterInteger(name="Epochs", default_value=5)
approval = ParameterString(name="Approval", default_value="PendingManualApproval", enum_values=["PendingManualApproval", "Approved"])
cache = CacheConfig(enable_caching=True, expire_after="PT1H")

with step("a definition is built as always: SKLearnProcessor, Estimator, ScriptProcessor, RegisterModel, ConditionStep, FailStep"):
    sklearn = SKLearnProcessor(framework_version="1.2-1", role=ROLE, instance_type="ml.m5.large", instance_count=1, sagemaker_session=session, base_job_name="prepare")
    prepare = ProcessingStep(
        name="Prepare",
        step_args=sklearn.run(
            code=script("prepare.py", PREPARE),
            inputs=[ProcessingInput(source=input_data, destination="/opt/ml/processing/input")],
            outputs=[ProcessingOutput(output_name=name, source=f"/opt/ml/processing/{name}") for name in ("train", "validation")],
            arguments=["--validation-share", "0.2"],
        ),
        cache_config=cache,
    )
    outputs = prepare.properties.ProcessingOutputConfig.Outputs
    image = sagemaker.image_uris.retrieve("blazingtext", session.boto_region_name, version="1")
    estimator = Estimator(
        image_uri=image, role=ROLE, instance_count=1, instance_type="ml.m5.large", output_path=f"s3://{bucket}/models", sagemaker_session=session,
        hyperparameters={"mode": "supervised", "epochs": epochs, "vector_dim": 10, "buckets": 20000, "min_count": 1},
    )
    train = TrainingStep(
        name="Train",
        step_args=estimator.fit({name: TrainingInput(outputs[name].S3Output.S3Uri, content_type="text/plain") for name in ("train", "validation")}),
        cache_config=cache,
    )
    evaluator = ScriptProcessor(
        image_uri="python:3", command=["python3"], role=ROLE, instance_type="ml.m5.large", instance_count=1, sagemaker_session=session,
        base_job_name="evaluate", env={"PURPOSE": "conformance"},
    )
    report = PropertyFile(name="Report", output_name="evaluation", path="evaluation.json")
    evaluate = ProcessingStep(
        name="Evaluate",
        step_args=evaluator.run(
            code=script("evaluate.py", EVALUATE),
            inputs=[
                ProcessingInput(source=train.properties.ModelArtifacts.S3ModelArtifacts, destination="/opt/ml/processing/model"),
                ProcessingInput(source=outputs["validation"].S3Output.S3Uri, destination="/opt/ml/processing/validation"),
            ],
            outputs=[ProcessingOutput(output_name="evaluation", source="/opt/ml/processing/evaluation")],
        ),
        property_files=[report],
    )
    statistics = MetricsSource(
        content_type="application/json",
        s3_uri=Join(on="/", values=[evaluate.properties.ProcessingOutputConfig.Outputs["evaluation"].S3Output.S3Uri, "evaluation.json"]),
    )
    register = RegisterModel(
        name="Opinions", estimator=estimator, model_data=train.properties.ModelArtifacts.S3ModelArtifacts, content_types=["application/json"],
        response_types=["application/json"], inference_instances=["ml.m5.large"], transform_instances=["ml.m5.large"], model_package_group_name=group,
        approval_status=approval, model_metrics=ModelMetrics(model_statistics=statistics),
    )
    enough = ConditionGreaterThanOrEqualTo(left=JsonGet(step_name=evaluate.name, property_file=report, json_path="rows.value"), right=least_rows)
    refuse = FailStep(name="TooFew", error_message=Join(on=" ", values=["fewer than", least_rows, "rows"]))
    check = ConditionStep(name="Check", conditions=[enough], if_steps=[register], else_steps=[refuse])
    pipeline = Pipeline(name=f"opinions-{run}", parameters=[input_data, least_rows, epochs, approval], steps=[prepare, train, evaluate, check], sagemaker_session=session)

with step("upsert creates, and updates what is there"):
    created = pipeline.upsert(role_arn=ROLE)
    assert pipeline.upsert(role_arn=ROLE)["PipelineArn"] == created["PipelineArn"]
    assert json.loads(pipeline.describe()["PipelineDefinition"])["Version"] == "2020-12-01"


def finished(execution):
    """Waits like execution.wait, which looks only every 30 s."""
    deadline = time.monotonic() + 300
    while (status := execution.describe()["PipelineExecutionStatus"]) in ("Executing", "Stopping"):
        assert time.monotonic() < deadline, "the execution does not end"
        time.sleep(0.5)
    return status, {item["StepName"]: item for item in execution.list_steps()}


with step("start with parameters; every step succeeds, in its order and with its resource"):
    execution = pipeline.start(parameters={"Epochs": 6, "LeastRows": 100.0})
    status, steps = finished(execution)
    assert status == "Succeeded", (status, steps)
    execution.wait(delay=1, max_attempts=5)
    assert set(steps) == {"Prepare", "Train", "Evaluate", "Check", "Opinions-RegisterModel"}, set(steps)
    assert steps["Check"]["Metadata"]["Condition"]["Outcome"] == "True", steps["Check"]
    job = client.describe_training_job(TrainingJobName=steps["Train"]["Metadata"]["TrainingJob"]["Arn"].rpartition("/")[2])
    assert job["HyperParameters"]["epochs"] == "6", job["HyperParameters"]

with step("the same again: cached steps are taken over"):
    status, steps = finished(pipeline.start(parameters={"Epochs": 6, "LeastRows": 100.0}))
    assert status == "Succeeded", (status, steps)
    assert "CacheHitResult" in steps["Prepare"] and "CacheHitResult" in steps["Train"], steps
    assert "CacheHitResult" not in steps["Evaluate"], steps["Evaluate"]

with step("a condition that does not hold takes the other branch, whose Fail step ends the execution with its message"):
    status, steps = finished(pipeline.start(parameters={"Epochs": 6, "LeastRows": 1e9}))
    assert status == "Failed" and "fewer than" in steps["TooFew"]["FailureReason"], (status, steps)

with step("the registry has two versions, waiting for approval, with metrics"):
    packages = client.list_model_packages(ModelPackageGroupName=group, SortBy="CreationTime", SortOrder="Ascending")["ModelPackageSummaryList"]
    assert [package["ModelPackageVersion"] for package in packages] == [1, 2], packages
    package = client.describe_model_package(ModelPackageName=packages[0]["ModelPackageArn"])
    assert package["ModelApprovalStatus"] == "PendingManualApproval", package
    uri = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    key = uri.removeprefix(f"s3://{bucket}/")
    assert json.load(boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"])["rows"]["value"] > 100

with step("a version is approved, deployed and answers"):
    client.update_model_package(ModelPackageArn=packages[0]["ModelPackageArn"], ModelApprovalStatus="Approved")
    plain = sagemaker.Session(default_bucket=bucket)
    model = ModelPackage(role=ROLE, model_package_arn=packages[0]["ModelPackageArn"], sagemaker_session=plain)
    name = f"opinions-{run}"
    model.deploy(initial_instance_count=1, instance_type="ml.m5.large", endpoint_name=name, wait=False)
    client.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    body = json.dumps({"instances": ["the screen is superb"]})
    answer = json.load(boto3.client("sagemaker-runtime").invoke_endpoint(EndpointName=name, ContentType="application/json", Body=body)["Body"])
    assert answer[0]["label"] == ["__label__positive"], answer
    client.delete_endpoint(EndpointName=name)

with step("SKLearnProcessor and ScriptProcessor outside of a pipeline, with their logs"):
    plain = sagemaker.Session(default_bucket=bucket)
    processor = SKLearnProcessor(framework_version="1.2-1", role=ROLE, instance_type="ml.m5.large", instance_count=1, sagemaker_session=plain)
    processor.run(
        code=script("prepare.py", PREPARE), inputs=[ProcessingInput(source=source, destination="/opt/ml/processing/input")],
        outputs=[ProcessingOutput(output_name="train", source="/opt/ml/processing/train")], arguments=["--validation-share", "0.5"], wait=False,
    )
    processor.latest_job.wait(logs=True)
    assert client.describe_processing_job(ProcessingJobName=processor.latest_job.job_name)["ProcessingJobStatus"] == "Completed"

with step("a script that fails says why"):
    broken = ScriptProcessor(image_uri="python:3", command=["python3"], role=ROLE, instance_type="ml.m5.large", instance_count=1, sagemaker_session=sagemaker.Session(default_bucket=bucket))
    broken.run(code=script("broken.py", "raise SystemExit('no such column: text')"), wait=False)
    try:
        broken.latest_job.wait(logs=False)
    except sagemaker.exceptions.UnexpectedStatusException as error:
        assert error.actual_status == "Failed", error
    failed = client.describe_processing_job(ProcessingJobName=broken.latest_job.job_name)
    assert failed["ProcessingJobStatus"] == "Failed" and failed.get("FailureReason"), failed

with step("a pipeline is deleted"):
    pipeline.delete()
    raises(client, "ResourceNotFound", client.describe_pipeline, PipelineName=pipeline.name)

finish()
