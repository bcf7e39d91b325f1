"""Models go both ways between blazingtext and pip's fastText: pip's program loads what we trained and predicts what our endpoint answers, and our
endpoint serves what pip's program trained."""

import io
import json
import os
import tarfile
import tempfile
import uuid

import boto3
import fasttext

from labelled_text import opinions
from outcome import finish, step

fasttext.FastText.eprint = lambda *_: None
IMAGE = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1"
ROLE = "arn:aws:iam::000000000000:role/training"
run = uuid.uuid4().hex[:8]
bucket = f"models-{run}"
folder = tempfile.mkdtemp()
texts = [line.split(" ", 1)[1] for line in opinions(300, seed=9).splitlines()] + ["words it never saw", "battery"]

s3 = boto3.client("s3")
sagemaker = boto3.client("sagemaker")
runtime = boto3.client("sagemaker-runtime")


def deploy(name, artifact):
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": IMAGE, "ModelDataUrl": artifact})
    variant = {"VariantName": "AllTraffic", "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def answers(endpoint):
    body = json.dumps({"instances": texts, "configuration": {"k": 2}})
    answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="application/json", Body=body)
    return json.loads(answer["Body"].read())


def compare(model, found):
    for text, answer in zip(texts, found, strict=True):
        labels, probabilities = model.predict(text, k=2)
        assert list(labels) == answer["label"], (text, labels, answer)
        assert all(abs(a - b) < 1e-5 for a, b in zip(probabilities, answer["prob"], strict=True)), (text, probabilities, answer)


with step("pip's fastText loads our model and predicts what our endpoint answers"):
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="train/all.txt", Body=opinions(5000, seed=1))
    sagemaker.create_training_job(
        TrainingJobName=f"ours-{run}",
        RoleArn=ROLE,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        HyperParameters={"mode": "supervised", "epochs": "5", "vector_dim": "12", "buckets": "30000", "word_ngrams": "2", "min_count": "1"},
        InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/train/"}}}],
        OutputDataConfig={"S3OutputPath": f"s3://{bucket}/output"},
        ResourceConfig={"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName=f"ours-{run}", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    artifact = f"output/ours-{run}/output/model.tar.gz"
    archive = tarfile.open(fileobj=io.BytesIO(s3.get_object(Bucket=bucket, Key=artifact)["Body"].read()))
    archive.extract("model.bin", folder, filter="data")
    ours = fasttext.load_model(os.path.join(folder, "model.bin"))
    deploy(f"ours-{run}", f"s3://{bucket}/{artifact}")
    compare(ours, answers(f"ours-{run}"))

with step("our endpoint serves a model of pip's fastText and answers what that predicts"):
    with open(os.path.join(folder, "train.txt"), "w") as file:
        file.write(opinions(5000, seed=2))
    theirs = fasttext.train_supervised(os.path.join(folder, "train.txt"), epoch=5, dim=12, wordNgrams=2, bucket=30000, minn=2, maxn=4, thread=1)
    theirs.save_model(os.path.join(folder, "model.bin"))
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(os.path.join(folder, "model.bin"), "model.bin")
    s3.put_object(Bucket=bucket, Key="theirs/model.tar.gz", Body=packed.getvalue())
    deploy(f"theirs-{run}", f"s3://{bucket}/theirs/model.tar.gz")
    compare(theirs, answers(f"theirs-{run}"))

finish()
