"""The loop with the SageMaker Python SDK (v2): Estimator.fit with its logs, TrainingJobAnalytics, attach, deploy, predict, update, delete; only
AWS_ENDPOINT_URL and credentials say where. The SDK looks only every 30 s whether an endpoint is ready: boto3's waiter is faster."""

import logging
import uuid

# The SDK reports each call to Amazon and complains at length where there is no way to the internet.
logging.disable(logging.CRITICAL)

import boto3
import sagemaker
from sagemaker.analytics import TrainingJobAnalytics
from sagemaker.deserializers import JSONDeserializer
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.predictor import Predictor
from sagemaker.serializers import JSONSerializer

from labelled_text import opinions
from outcome import finish, raises, step

ROLE = "arn:aws:iam::000000000000:role/training"
run = uuid.uuid4().hex[:8]
bucket = f"sdk-{run}"
boto3.client("s3").create_bucket(Bucket=bucket)
session = sagemaker.Session(default_bucket=bucket)


def new_estimator(epochs):
    return Estimator(
        image_uri=sagemaker.image_uris.retrieve("blazingtext", session.boto_region_name, version="1"),
        role=ROLE,
        instance_count=1,
        instance_type="ml.m5.large",
        output_path=f"s3://{bucket}/output",
        base_job_name=f"opinions-{epochs}",
        hyperparameters={"mode": "supervised", "epochs": epochs, "vector_dim": 10, "buckets": 20000, "min_count": 1},
        sagemaker_session=session,
        tags=[{"Key": "run", "Value": run}],
    )


def upload(name, count, seed):
    uri = session.upload_string_as_file_body(opinions(count, seed), bucket, f"data/{name}/all.txt")
    return TrainingInput(uri.rpartition("/")[0], content_type="text/plain")


def wait_for(waiter, predictor):
    session.sagemaker_client.get_waiter(waiter).wait(EndpointName=predictor.endpoint_name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


with step("text is uploaded, and Estimator.fit is waited for with its logs"):
    channels = {"train": upload("train", 4000, 1), "validation": upload("validation", 1000, 2)}
    estimator = new_estimator(5)
    estimator.fit(channels, logs=True)
    assert estimator.model_data == f"s3://{bucket}/output/{estimator.latest_training_job.name}/output/model.tar.gz", estimator.model_data

with step("TrainingJobAnalytics finds what the job measured"):
    frame = TrainingJobAnalytics(estimator.latest_training_job.name, ["validation:accuracy"], sagemaker_session=session).dataframe()
    assert frame["value"].iloc[-1] > 0.95, frame

with step("attach finds the job again"):
    attached = Estimator.attach(estimator.latest_training_job.name, sagemaker_session=session)
    assert attached.model_data == estimator.model_data
    assert attached.hyperparameters()["epochs"] == "5", attached.hyperparameters()

with step("a job whose program refuses its hyperparameters fails with the reason"):
    broken = new_estimator(5)
    broken.set_hyperparameters(mode="nonsense")
    try:
        broken.fit(channels, logs=False)
    except sagemaker.exceptions.UnexpectedStatusException as error:
        assert error.actual_status == "Failed" and "nonsense" in str(error), error
    else:
        raise AssertionError("the job did not fail")

with step("deploy and predict"):
    predictor = estimator.deploy(
        initial_instance_count=1, instance_type="ml.m5.large", serializer=JSONSerializer(), deserializer=JSONDeserializer(), wait=False
    )
    wait_for("endpoint_in_service", predictor)
    answer = predictor.predict({"instances": ["the screen is superb", "the screen is awful"], "configuration": {"k": 2}})
    assert [result["label"][0] for result in answer] == ["__label__positive", "__label__negative"], answer
    assert all(len(result["prob"]) == 2 for result in answer), answer

with step("a second model takes the endpoint over"):
    second = new_estimator(10)
    second.fit(channels, logs=False)
    before = session.sagemaker_client.describe_endpoint(EndpointName=predictor.endpoint_name)["EndpointConfigName"]
    model = second.create_model()
    model.create(instance_type="ml.m5.large")
    predictor.update_endpoint(model_name=model.name, initial_instance_count=1, instance_type="ml.m5.large", wait=False)
    wait_for("endpoint_in_service", predictor)
    after = session.sagemaker_client.describe_endpoint(EndpointName=predictor.endpoint_name)["EndpointConfigName"]
    assert before != after
    assert predictor.predict({"instances": ["a wonderful phone"]})[0]["label"] == ["__label__positive"]

with step("another Predictor of the same endpoint, with a variant"):
    other = Predictor(predictor.endpoint_name, sagemaker_session=session, serializer=JSONSerializer(), deserializer=JSONDeserializer())
    assert len(other.predict({"instances": ["poor"]}, target_variant="AllTraffic")) == 1

with step("everything is deleted"):
    predictor.delete_model()
    predictor.delete_endpoint(delete_endpoint_config=True)
    raises(session.sagemaker_client, "ValidationException", session.sagemaker_client.describe_endpoint_config, EndpointConfigName=after)
    wait_for("endpoint_deleted", predictor)
    boto3.resource("s3").Bucket(bucket).objects.all().delete()
    boto3.client("s3").delete_bucket(Bucket=bucket)

finish()
