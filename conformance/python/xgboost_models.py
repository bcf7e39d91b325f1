"""Models go both ways between sagemaker-xgboost and pip's xgboost: pip's program loads what we trained and predicts what our endpoint answers, and our endpoint
serves what pip's program trained, from JSON and UBJSON."""

import io
import os
import tarfile
import tempfile
import uuid

import boto3
import numpy as np
import xgboost as xgb

from outcome import finish, step

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
ROLE = "arn:aws:iam::000000000000:role/training"
run = uuid.uuid4().hex[:8]
bucket = f"xgboost-{run}"
folder = tempfile.mkdtemp()
random = np.random.default_rng(3)

features = random.normal(size=(400, 5)).astype(np.float32)
features[random.random(features.shape) < 0.1] = np.nan
score = np.nan_to_num(features[:, 0]) + np.nan_to_num(features[:, 1] * features[:, 2])
asked = features[:20]

s3 = boto3.client("s3")
sagemaker = boto3.client("sagemaker")
runtime = boto3.client("sagemaker-runtime")


def csv(rows, labels=None):
    columns = rows if labels is None else np.column_stack([labels, rows])
    return "".join(",".join("" if np.isnan(value) else repr(float(value)) for value in row) + "\n" for row in columns)


def train(name, labels, hyperparameters):
    s3.put_object(Bucket=bucket, Key=f"{name}/train/all.csv", Body=csv(features, labels))
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/{name}/train/"}
    sagemaker.create_training_job(
        TrainingJobName=name,
        RoleArn=ROLE,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        HyperParameters={"num_round": "6", "max_depth": "3"} | hyperparameters,
        InputDataConfig=[{"ChannelName": "train", "ContentType": "text/csv", "DataSource": {"S3DataSource": source}}],
        OutputDataConfig={"S3OutputPath": f"s3://{bucket}/output"},
        ResourceConfig={"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    job = sagemaker.describe_training_job(TrainingJobName=name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    artifact = job["ModelArtifacts"]["S3ModelArtifacts"]
    body = s3.get_object(Bucket=bucket, Key=artifact.removeprefix(f"s3://{bucket}/"))["Body"].read()
    tarfile.open(fileobj=io.BytesIO(body)).extract("xgboost-model", folder, filter="data")
    ours = xgb.Booster()
    ours.load_model(bytearray(open(os.path.join(folder, "xgboost-model"), "rb").read()))
    return ours, artifact


def upload(name, file):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(file, "xgboost-model")
    s3.put_object(Bucket=bucket, Key=f"{name}/model.tar.gz", Body=packed.getvalue())
    return f"s3://{bucket}/{name}/model.tar.gz"


def answers(name, artifact):
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": IMAGE, "ModelDataUrl": artifact})
    variant = {"VariantName": "AllTraffic", "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    answer = runtime.invoke_endpoint(EndpointName=name, ContentType="text/csv", Body=csv(asked))
    assert answer["ContentType"] == "text/csv", answer["ContentType"]
    return np.array(eval(f"[{answer['Body'].read().decode()}]"), np.float32)


def compare(model, found):
    expected = model.predict(xgb.DMatrix(asked))
    assert expected.shape == found.shape, (expected.shape, found.shape)
    assert np.allclose(expected, found, rtol=1e-5, atol=0), np.abs(expected - found).max()


OURS = {
    "regression": (score, {}),
    "binary": (score > 0, {"objective": "binary:logistic", "booster": "dart", "rate_drop": "0.3"}),
    "classes": (np.digitize(score, (-1, 1)), {"objective": "multi:softprob", "num_class": "3"}),
    "counts": (np.round(np.exp(score.clip(-2, 2))), {"objective": "count:poisson", "subsample": "0.7"}),
    "ranks": (np.digitize(score, (-1, 1)), {"objective": "rank:ndcg"}),
    "times": (np.exp(score.clip(-2, 2)), {"objective": "survival:aft"}),
}
for name, (labels, hyperparameters) in OURS.items():
    with step(f"pip's xgboost loads our model and predicts what our endpoint answers: {name}"):
        if name == "regression":
            s3.create_bucket(Bucket=bucket)
        model, artifact = train(f"{name}-{run}", np.asarray(labels, np.float32), hyperparameters)
        assert model.num_boosted_rounds() == 6
        compare(model, answers(f"{name}-{run}", artifact))
        total = model.predict(xgb.DMatrix(asked), pred_contribs=True).sum(axis=-1)
        assert np.allclose(total, model.predict(xgb.DMatrix(asked), output_margin=True), atol=1e-4)

THEIRS = {
    "regression": ("json", score, {}),
    "binary": ("ubj", score > 0, {"objective": "binary:logistic", "booster": "dart", "rate_drop": 0.3}),
    "classes": ("json", np.digitize(score, (-1, 1)), {"objective": "multi:softprob", "num_class": 3}),
    "linear": ("ubj", score > 0, {"objective": "binary:logistic", "booster": "gblinear", "max_depth": None}),
    "forest": ("ubj", score, {"num_parallel_tree": 3, "subsample": 0.5}),
    "quantiles": ("json", score, {"objective": "reg:quantileerror", "quantile_alpha": [0.2, 0.8]}),
}
for name, (extension, labels, parameters) in THEIRS.items():
    with step(f"our endpoint serves a model of pip's xgboost and answers what that predicts: {name}, {extension}"):
        theirs = xgb.train({key: value for key, value in ({"max_depth": 3} | parameters).items() if value is not None}, xgb.DMatrix(features, labels), 6)
        file = os.path.join(folder, f"{name}.{extension}")
        theirs.save_model(file)
        compare(theirs, answers(f"theirs-{name}-{run}", upload(f"theirs-{name}", file)))

finish()
