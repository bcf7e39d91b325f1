"""The whole loop with boto3 and nothing set but AWS_ENDPOINT_URL and credentials: bucket, multipart upload, training job on labelled text of our own,
waiter, logs, model, endpoint, InvokeEndpoint, an update to a second model under load without one error, and everything deleted again."""

import io
import json
import tarfile
import threading
import time
import uuid

import boto3
from boto3.s3.transfer import TransferConfig

from labelled_text import opinions
from outcome import finish, raises, step

IMAGE = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1"
ROLE = "arn:aws:iam::000000000000:role/training"
run = uuid.uuid4().hex[:8]
bucket = f"loop-{run}"
endpoint = f"opinions-{run}"

s3 = boto3.client("s3")
sagemaker = boto3.client("sagemaker")
runtime = boto3.client("sagemaker-runtime")
logs = boto3.client("logs")
cloudwatch = boto3.client("cloudwatch")


def train(name, epochs):
    sagemaker.create_training_job(
        TrainingJobName=name,
        RoleArn=ROLE,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        HyperParameters={"mode": "supervised", "epochs": str(epochs), "vector_dim": "10", "buckets": "20000", "min_count": "1"},
        InputDataConfig=[channel("train"), channel("validation")],
        OutputDataConfig={"S3OutputPath": f"s3://{bucket}/output"},
        ResourceConfig={"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
        Tags=[{"Key": "run", "Value": run}],
    )
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    job = sagemaker.describe_training_job(TrainingJobName=name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    return job


def channel(name):
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/data/{name}/", "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, "ContentType": "text/plain", "CompressionType": "None"}


def deploy_model(name, job):
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]},
    )
    variant = {"VariantName": "AllTraffic", "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])


def predict(text):
    body = json.dumps({"instances": [text], "configuration": {"k": 1}})
    answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="application/json", Body=body)
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    return json.loads(answer["Body"].read())[0]["label"][0]


with step("a bucket, and labelled text in it; a large file goes up in parts and comes back the same"):
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="data/train/part-1.txt", Body=opinions(4000, seed=1))
    s3.put_object(Bucket=bucket, Key="data/train/part-2.txt", Body=opinions(2000, seed=2))
    s3.put_object(Bucket=bucket, Key="data/validation/all.txt", Body=opinions(1000, seed=3))
    large = opinions(250_000, seed=4).encode()
    assert len(large) > 12 * 2**20
    s3.upload_fileobj(io.BytesIO(large), bucket, "large.txt", Config=TransferConfig(multipart_threshold=2**20, multipart_chunksize=5 * 2**20))
    assert s3.head_object(Bucket=bucket, Key="large.txt")["ETag"].endswith('-3"')
    back = io.BytesIO()
    s3.download_fileobj(bucket, "large.txt", back)
    assert back.getvalue() == large

with step("a training job runs through AWS's states and leaves a model in the bucket"):
    first = train(f"first-{run}", epochs=5)
    states = [transition["Status"] for transition in first["SecondaryStatusTransitions"]]
    assert states == ["Starting", "Downloading", "Training", "Uploading", "Completed"], states
    location = first["ModelArtifacts"]["S3ModelArtifacts"]
    assert location == f"s3://{bucket}/output/first-{run}/output/model.tar.gz", location
    archive = s3.get_object(Bucket=bucket, Key=location.removeprefix(f"s3://{bucket}/"))["Body"].read()
    assert "model.bin" in [member.name.removeprefix("./") for member in tarfile.open(fileobj=io.BytesIO(archive)).getmembers()]

with step("its validation accuracy is in FinalMetricDataList and in CloudWatch, and high"):
    final = {metric["MetricName"]: metric["Value"] for metric in first["FinalMetricDataList"]}
    assert final["validation:accuracy"] > 0.95, final
    listed = cloudwatch.list_metrics(Namespace="/aws/sagemaker/TrainingJobs", MetricName="validation:accuracy")["Metrics"]
    assert any({"Name": "TrainingJobName", "Value": f"first-{run}"} in metric["Dimensions"] for metric in listed), listed

with step("its log can be read"):
    group = "/aws/sagemaker/TrainingJobs"
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"first-{run}/")["logStreams"]
    assert len(streams) == 1 and streams[0]["logStreamName"].startswith(f"first-{run}/algo-1-"), streams
    events = logs.get_log_events(logGroupName=group, logStreamName=streams[0]["logStreamName"], startFromHead=True)["events"]
    assert any("validation_accuracy" in event["message"] for event in events), events

with step("the job is listed, tagged, and its name cannot be taken twice"):
    names = [job["TrainingJobName"] for job in sagemaker.list_training_jobs(NameContains=run)["TrainingJobSummaries"]]
    assert names == [f"first-{run}"]
    assert sagemaker.list_tags(ResourceArn=first["TrainingJobArn"])["Tags"] == [{"Key": "run", "Value": run}]
    raises(sagemaker, "ResourceInUse", train, name=f"first-{run}", epochs=1)

with step("a job whose data is not there fails with a reason"):
    s3.delete_object(Bucket=bucket, Key="nothing")
    request = {
        "TrainingJobName": f"empty-{run}",
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "HyperParameters": {"mode": "supervised"},
        "InputDataConfig": [{**channel("train"), "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/absent/"}}}],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/output"},
        "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }
    sagemaker.create_training_job(**request)
    for _ in range(60):
        job = sagemaker.describe_training_job(TrainingJobName=f"empty-{run}")
        if job["TrainingJobStatus"] != "InProgress":
            break
        time.sleep(0.5)
    assert job["TrainingJobStatus"] == "Failed" and "absent" in job["FailureReason"], job.get("FailureReason")

with step("the model is deployed within seconds and predicts"):
    deploy_model(f"first-{run}", first)
    started = time.perf_counter()
    sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=f"first-{run}")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    assert time.perf_counter() - started < 10
    assert predict("the screen is superb") == "__label__positive"
    assert predict("the screen is awful") == "__label__negative"

with step("an update to a second model under load: not one request fails"):
    second = train(f"second-{run}", epochs=10)
    deploy_model(f"second-{run}", second)
    stop, answers, errors = threading.Event(), [0] * 8, []

    def load(index):
        client = boto3.session.Session().client("sagemaker-runtime")
        body = json.dumps({"instances": ["a wonderful phone"]})
        while not stop.is_set():
            try:
                client.invoke_endpoint(EndpointName=endpoint, ContentType="application/json", Body=body)["Body"].read()
                answers[index] += 1
            except Exception as error:
                errors.append(repr(error))

    threads = [threading.Thread(target=load, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=f"second-{run}")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == [], errors[:3]
    assert sum(answers) > 100, answers
    assert sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"] == f"second-{run}"

with step("a request that the model refuses is a ModelError with the container's status"):
    answer = raises(runtime, "ModelError", runtime.invoke_endpoint, EndpointName=endpoint, ContentType="application/json", Body=b"{")
    assert answer["OriginalStatusCode"] == 400 and answer["ResponseMetadata"]["HTTPStatusCode"] == 424, answer

with step("everything is deleted, and what is gone is not found"):
    sagemaker.delete_endpoint(EndpointName=endpoint)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=endpoint, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    for name in (f"first-{run}", f"second-{run}"):
        sagemaker.delete_endpoint_config(EndpointConfigName=name)
        sagemaker.delete_model(ModelName=name)
    raises(runtime, "ValidationError", runtime.invoke_endpoint, EndpointName=endpoint, Body=b"{}")
    assert "Could not find" in raises(sagemaker, "ValidationException", sagemaker.describe_endpoint, EndpointName=endpoint)["Error"]["Message"]
    boto3.resource("s3").Bucket(bucket).objects.all().delete()
    s3.delete_bucket(Bucket=bucket)
    assert bucket not in [entry["Name"] for entry in s3.list_buckets()["Buckets"]]

finish()
