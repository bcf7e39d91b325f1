"""Jobs that run the user's own scripts with the SageMaker Python SDK (v2): ScriptProcessor, SKLearnProcessor and FrameworkProcessor, with logs and waiting; a job
that is found again by its name, one that is stopped, and a scikit-learn estimator in script mode. The scripts name /opt/ml."""

import io
import json
import logging
import pathlib
import tarfile
import tempfile
import uuid

logging.disable(logging.CRITICAL)

import boto3
import sagemaker
from sagemaker.exceptions import UnexpectedStatusException
from sagemaker.processing import FrameworkProcessor, ProcessingInput, ProcessingJob, ProcessingOutput, ScriptProcessor
from sagemaker.sklearn.estimator import SKLearn
from sagemaker.sklearn.processing import SKLearnProcessor

from outcome import finish, step

ROLE = "arn:aws:iam::000000000000:role/processing"
run = uuid.uuid4().hex[:8]
bucket = f"processing-{run}"
s3 = boto3.client("s3")
s3.create_bucket(Bucket=bucket)
session = sagemaker.Session(default_bucket=bucket)
client = boto3.client("sagemaker")
directory = pathlib.Path(tempfile.mkdtemp())
here = {"role": ROLE, "instance_type": "ml.m5.large", "instance_count": 1, "sagemaker_session": session}
PYTHON = "public.ecr.aws/docker/library/python:3"

COUNT = """
import json, os, sys
words = open("/opt/ml/processing/input/words.txt").read().split()
configuration = json.load(open("/opt/ml/config/processingjobconfig.json"))
print("counting for", configuration["ProcessingJobName"])
if "--fail" in sys.argv:
    open("/opt/ml/output/message", "w").write("asked to fail")
    sys.exit(3)
open("/opt/ml/processing/output/count.json", "w").write(json.dumps({"words": len(words), "who": os.environ["WHO"], "arguments": sys.argv[1:]}))
"""

SPLIT = """
import pandas
from sklearn.model_selection import train_test_split
frame = pandas.read_csv("/opt/ml/processing/input/points.csv")
train, test = train_test_split(frame, test_size=0.25, random_state=1)
train.to_csv("/opt/ml/processing/train/points.csv", index=False)
test.to_csv("/opt/ml/processing/test/points.csv", index=False)
"""

TRAIN = """
import argparse, json, os
import joblib, pandas
from sklearn.linear_model import LogisticRegression
options = argparse.ArgumentParser()
options.add_argument("--strength", type=float)
options.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
options = options.parse_args()
frame = pandas.read_csv("/opt/ml/input/data/train/points.csv")
model = LogisticRegression(C=options.strength).fit(frame[["x"]], frame["label"])
print(f"accuracy={model.score(frame[['x']], frame['label'])};")
joblib.dump(model, os.path.join(options.model_dir, "model.joblib"))
json.dump({"strength": options.strength}, open("/opt/ml/output/data/options.json", "w"))
"""


def write(name, text):
    (directory / name).write_text(text)
    return str(directory / name)


def read(key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


words = session.upload_string_as_file_body("a few words more", bucket, "data/words/words.txt")
points = "x,label\n" + "".join(f"{x},{int(x > 50)}\n" for x in range(100))
session.upload_string_as_file_body(points, bucket, "data/points/points.csv")
count = write("count.py", COUNT)
processor = ScriptProcessor(image_uri=PYTHON, command=["python3"], env={"WHO": "me"}, base_job_name="count", **here)
words_in = ProcessingInput(source=words, destination="/opt/ml/processing/input", input_name="words")
counted = ProcessingOutput(source="/opt/ml/processing/output", output_name="counted", destination=f"s3://{bucket}/counted")

with step("ScriptProcessor.run follows the job, and the job's output is in S3"):
    processor.run(code=count, inputs=[words_in], outputs=[counted], arguments=["--style", "plain"], logs=True)
    assert json.loads(read("counted/count.json")) == {"words": 4, "who": "me", "arguments": ["--style", "plain"]}
    description = processor.latest_job.describe()
    assert description["ProcessingJobStatus"] == "Completed", description
    assert description["ProcessingResources"]["ClusterConfig"]["InstanceType"] == "ml.m5.large", description

with step("a job is found again by name and by ARN"):
    name = processor.latest_job.job_name
    found = ProcessingJob.from_processing_name(session, name)
    assert [output.destination for output in found.outputs] == [f"s3://{bucket}/counted"], found.outputs
    assert ProcessingJob.from_processing_arn(session, description["ProcessingJobArn"]).job_name == name

with step("a script that fails makes the SDK raise, and says why"):
    try:
        processor.run(code=count, inputs=[words_in], outputs=[counted], arguments=["--fail"], logs=False)
        raise AssertionError("the SDK did not raise")
    except UnexpectedStatusException as error:
        assert "asked to fail" in str(error), error
    failed = processor.latest_job.describe()
    assert failed["ExitMessage"] == "asked to fail" and "exit code: 3" in failed["FailureReason"], failed

with step("a job can be stopped"):
    processor.run(code=write("wait.py", "import time\ntime.sleep(600)\n"), inputs=[words_in], wait=False)
    processor.latest_job.stop()
    client.get_waiter("processing_job_completed_or_stopped").wait(
        ProcessingJobName=processor.latest_job.job_name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    assert processor.latest_job.describe()["ProcessingJobStatus"] == "Stopped"

with step("SKLearnProcessor splits data with pandas and scikit-learn"):
    splitter = SKLearnProcessor(framework_version="1.2-1", base_job_name="split", **here)
    splitter.run(
        code=write("split.py", SPLIT),
        inputs=[ProcessingInput(source=f"s3://{bucket}/data/points/", destination="/opt/ml/processing/input")],
        outputs=[
            ProcessingOutput(source=f"/opt/ml/processing/{part}", output_name=part, destination=f"s3://{bucket}/{part}")
            for part in ["train", "test"]
        ],
        logs=False,
    )
    assert [len(read(f"{part}/points.csv").splitlines()) for part in ["train", "test"]] == [76, 26]

with step("FrameworkProcessor runs a folder of source code"):
    source = directory / "source"
    source.mkdir()
    (source / "numbers_of_mine.py").write_text("NUMBER = 3\n")
    main = "import numbers_of_mine, sklearn\nopen('/opt/ml/processing/output/number', 'w').write(str(numbers_of_mine.NUMBER))\n"
    (source / "main.py").write_text(main)
    framework = FrameworkProcessor(estimator_cls=SKLearn, framework_version="1.2-1", base_job_name="framework", **here)
    number = ProcessingOutput(source="/opt/ml/processing/output", output_name="number", destination=f"s3://{bucket}/framework")
    framework.run(code="main.py", source_dir=str(source), outputs=[number], logs=False)
    assert read("framework/number") == b"3"

with step("a scikit-learn estimator trains in script mode"):
    estimator = SKLearn(
        entry_point=write("train.py", TRAIN),
        framework_version="1.2-1",
        hyperparameters={"strength": 0.5},
        metric_definitions=[{"Name": "accuracy", "Regex": "accuracy=([0-9.]+);"}],
        output_path=f"s3://{bucket}/models",
        code_location=f"s3://{bucket}/code",
        base_job_name="points",
        **here,
    )
    estimator.fit({"train": f"s3://{bucket}/train/"}, logs="All")
    job = estimator.latest_training_job.describe()
    assert job["FinalMetricDataList"][0]["Value"] > 0.9, job["FinalMetricDataList"]
    prefix = f"models/{job['TrainingJobName']}/output"
    for archive, file in [("model", "model.joblib"), ("output", "options.json")]:
        with tarfile.open(fileobj=io.BytesIO(read(f"{prefix}/{archive}.tar.gz"))) as content:
            assert content.getnames() == [file], content.getnames()

finish()
