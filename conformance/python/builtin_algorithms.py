"""Every built-in algorithm with the SageMaker Python SDK (v2): trained on real data that scikit-learn brings along, deployed, asked about rows that
were held out, and judged. The estimators of the SDK send RecordIO-protobuf; XGBoost is given CSV and libsvm."""

import contextlib
import csv
import io
import json
import logging
import os
import tarfile
import tempfile
import uuid

# The SDK reports each call to Amazon and complains at length where there is no way to the internet.
logging.disable(logging.CRITICAL)

import boto3
import numpy as np
import sagemaker
from sagemaker import KMeans, KNN, LDA, PCA, FactorizationMachines, LinearLearner, RandomCutForest
from sagemaker.deserializers import CSVDeserializer, JSONDeserializer
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.serializers import CSVSerializer, JSONSerializer, LibSVMSerializer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from sklearn.metrics import adjusted_rand_score, roc_auc_score

from outcome import finish, step

ROLE = "arn:aws:iam::000000000000:role/training"
run = uuid.uuid4().hex[:8]
bucket = f"algorithms-{run}"
boto3.client("s3").create_bucket(Bucket=bucket)
session = sagemaker.Session(default_bucket=bucket)
common = {
    "role": ROLE,
    "instance_count": 1,
    "instance_type": "ml.m5.large",
    "output_path": f"s3://{bucket}/output",
    "sagemaker_session": session,
}


def split(data):
    """Features and labels: every fifth row is held out."""
    features, labels = data.data.astype("float32"), data.target.astype("float32")
    test = np.arange(len(labels)) % 5 == 0
    return features[~test], labels[~test], features[test], labels[test]


def upload(name, text):
    uri = session.upload_string_as_file_body(text, bucket, f"data/{name}/all")
    return uri.rpartition("/")[0]


def csv_of(labels, features):
    rows = io.StringIO()
    csv.writer(rows, lineterminator="\n").writerows([label, *row] for label, row in zip(labels.tolist(), features.tolist()))
    return rows.getvalue()


def libsvm_of(labels, features):
    lines = (f"{label} " + " ".join(f"{column}:{value}" for column, value in enumerate(row) if value) for label, row in zip(labels, features))
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def deployed(estimator, **arguments):
    """A predictor of what the estimator has learned. The SDK looks only every 30 s whether an endpoint is ready: boto3's waiter is faster."""
    predictor = estimator.deploy(initial_instance_count=1, instance_type="ml.m5.large", wait=False, **arguments)
    waiter = session.sagemaker_client.get_waiter("endpoint_in_service")
    waiter.wait(EndpointName=predictor.endpoint_name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    try:
        yield predictor
    finally:
        predictor.delete_model()
        predictor.delete_endpoint(delete_endpoint_config=True)


def values(records, name):
    """Of the SDK's protobuf answers: the first number of each."""
    return np.array([record.label[name].float32_tensor.values[0] for record in records])


def image(name, version="1"):
    return sagemaker.image_uris.retrieve(name, session.boto_region_name, version=version)


def metrics_of(estimator):
    description = session.sagemaker_client.describe_training_job(TrainingJobName=estimator.latest_training_job.name)
    return {metric["MetricName"]: metric["Value"] for metric in description["FinalMetricDataList"]}


cancer = split(load_breast_cancer())
digits = split(load_digits())
diabetes = split(load_diabetes())

with step("XGBoost from CSV: metrics, a model that pip's xgboost loads, the same predictions"):
    train, labels, test, truth = cancer
    booster = Estimator(image_uri=image("xgboost", "1.7-1"), hyperparameters={"objective": "binary:logistic", "num_round": 50, "eval_metric": "auc"}, **common)
    channels = {
        "train": TrainingInput(upload("cancer/train", csv_of(labels, train)), content_type="text/csv"),
        "validation": TrainingInput(upload("cancer/validation", csv_of(truth, test)), content_type="text/csv"),
    }
    booster.fit(channels, logs=False)
    assert metrics_of(booster)["validation:auc"] > 0.98, metrics_of(booster)
    with deployed(booster, serializer=CSVSerializer(), deserializer=CSVDeserializer()) as predictor:
        ours = np.array(predictor.predict(test), dtype="float32").ravel()
    assert roc_auc_score(truth, ours) > 0.98
    with tempfile.TemporaryDirectory() as folder:
        _, _, key = booster.model_data.removeprefix("s3://").partition("/")
        archive = io.BytesIO(boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
        tarfile.open(fileobj=archive).extractall(folder, filter="data")
        import xgboost

        loaded = xgboost.Booster(model_file=os.path.join(folder, "xgboost-model"))
        np.testing.assert_allclose(loaded.predict(xgboost.DMatrix(test)), ours, rtol=1e-5)

with step("XGBoost from libsvm, many classes"):
    train, labels, test, truth = digits
    booster = Estimator(
        image_uri=image("xgboost", "1.7-1"), hyperparameters={"objective": "multi:softmax", "num_class": 10, "num_round": 30}, **common
    )
    booster.fit({"train": TrainingInput(upload("digits/train", libsvm_of(labels, train)), content_type="text/libsvm")}, logs=False)
    with deployed(booster, serializer=LibSVMSerializer(), deserializer=CSVDeserializer()) as predictor:
        # What libsvm does not write is missing to XGBoost: rows to predict must be written likewise.
        answer = predictor.predict(libsvm_of(truth, test))
    assert np.mean(np.array(answer, dtype="float32").ravel() == truth) > 0.93

with step("Linear Learner: two classes, many classes, a number"):
    train, labels, test, truth = cancer
    learner = LinearLearner(predictor_type="binary_classifier", **common)
    learner.fit(learner.record_set(train, labels), mini_batch_size=100, logs=False)
    with deployed(learner) as predictor:
        assert roc_auc_score(truth, values(predictor.predict(test), "score")) > 0.98
    train, labels, test, truth = digits
    learner = LinearLearner(predictor_type="multiclass_classifier", num_classes=10, **common)
    learner.fit(learner.record_set(train, labels), mini_batch_size=100, logs=False)
    with deployed(learner) as predictor:
        assert np.mean(values(predictor.predict(test), "predicted_label") == truth) > 0.9
    train, labels, test, truth = diabetes
    learner = LinearLearner(predictor_type="regressor", epochs=50, **common)
    learner.fit(learner.record_set(train, labels), mini_batch_size=50, logs=False)
    with deployed(learner) as predictor:
        assert np.corrcoef(truth, values(predictor.predict(test), "score"))[0, 1] > 0.6

with step("K-Means finds the digits"):
    train, labels, test, truth = digits
    kmeans = KMeans(k=10, **common)
    kmeans.fit(kmeans.record_set(train), mini_batch_size=500, logs=False)
    with deployed(kmeans) as predictor:
        assert adjusted_rand_score(truth, values(predictor.predict(test), "closest_cluster")) > 0.45

with step("KNN: the digits"):
    knn = KNN(k=5, sample_size=2000, predictor_type="classifier", **common)
    knn.fit(knn.record_set(train, labels), logs=False)
    with deployed(knn) as predictor:
        assert np.mean(values(predictor.predict(test), "predicted_label") == truth) > 0.97

with step("PCA: as much variance as scikit-learn's"):
    from sklearn.decomposition import PCA as Reference

    pca = PCA(num_components=10, **common)
    pca.fit(pca.record_set(train), mini_batch_size=500, logs=False)
    with deployed(pca) as predictor:
        answer = predictor.predict(test)
        projections = np.array([record.label["projection"].float32_tensor.values for record in answer])
    reference = Reference(10).fit(train).transform(test)
    np.testing.assert_allclose(sorted(projections.var(axis=0)), sorted(reference.var(axis=0)), rtol=1e-2)

with step("Random Cut Forest: malignant tumours are the strange ones"):
    train, labels, test, truth = cancer
    benign = (train[labels == 1] - train.mean(axis=0)) / train.std(axis=0)
    forest = RandomCutForest(num_samples_per_tree=200, num_trees=100, **common)
    forest.fit(forest.record_set(benign), logs=False)
    with deployed(forest) as predictor:
        scores = values(predictor.predict((test - train.mean(axis=0)) / train.std(axis=0)), "score")
    assert roc_auc_score(1 - truth, scores) > 0.9

with step("Factorization Machines learn what lies in pairs alone"):
    random = np.random.default_rng(1)
    left, right = random.integers(0, 20, 6000), random.integers(0, 20, 6000)
    pairs = np.zeros((6000, 40), dtype="float32")
    pairs[np.arange(6000), left] = pairs[np.arange(6000), 20 + right] = 1
    same = ((left % 2) == (right % 2)).astype("float32")
    machine = FactorizationMachines(
        num_factors=8, predictor_type="binary_classifier", epochs=100, factors_lr=0.05, linear_lr=0.01, bias_lr=0.01, factors_init_sigma=0.1, **common
    )
    machine.fit(machine.record_set(pairs[:5000], same[:5000]), mini_batch_size=200, logs=False)
    with deployed(machine, serializer=JSONSerializer(), deserializer=JSONDeserializer()) as predictor:
        answer = predictor.predict({"instances": [{"features": row} for row in pairs[5000:].tolist()]})
    assert roc_auc_score(same[5000:], [prediction["score"] for prediction in answer["predictions"]]) > 0.95

with step("LDA tells two kinds of documents apart"):
    topics = np.zeros((2, 30))
    topics[0, :15] = topics[1, 15:] = 1 / 15
    documents = np.array([np.random.default_rng(row).multinomial(80, topics[row % 2]) for row in range(400)], dtype="float32")
    lda = LDA(num_topics=2, **common)
    lda.fit(lda.record_set(documents), mini_batch_size=400, logs=False)
    with deployed(lda) as predictor:
        answer = predictor.predict(documents[:40])
    mixtures = np.array([record.label["topic_mixture"].float32_tensor.values for record in answer])
    groups = mixtures.argmax(axis=1)
    assert len(set(groups[::2])) == 1 and len(set(groups[1::2])) == 1 and groups[0] != groups[1], mixtures

with step("BlazingText, Word2Vec: words of one topic are near each other"):
    random = np.random.default_rng(2)
    fields = [[f"{field}{word}" for word in range(20)] for field in ("fruit", "metal")]
    lines = "\n".join(" ".join(random.choice(fields[line % 2], 12)) for line in range(4000))
    words = Estimator(
        image_uri=image("blazingtext"), hyperparameters={"mode": "skipgram", "vector_dim": 20, "min_count": 1, "epochs": 5}, **common
    )
    words.fit({"train": TrainingInput(upload("words", lines), content_type="text/plain")}, logs=False)
    with deployed(words, serializer=JSONSerializer(), deserializer=JSONDeserializer()) as predictor:
        answer = predictor.predict({"instances": ["fruit1", "fruit2", "metal1"]})
    one, other, far = (np.array(item["vector"]) / np.linalg.norm(item["vector"]) for item in answer)
    assert one @ other > one @ far + 0.2, (one @ other, one @ far)

with step("the text classifier"):
    from labelled_text import opinions

    classifier = Estimator(image_uri="000000000000.dkr.ecr.us-east-1.amazonaws.com/rondo/text-classifier:1", hyperparameters={}, **common)
    classifier.fit({"train": TrainingInput(upload("opinions", opinions(2000, 1)), content_type="text/plain")}, logs=False)
    with deployed(classifier, serializer=JSONSerializer(), deserializer=JSONDeserializer()) as predictor:
        answer = predictor.predict({"instances": ["the screen is superb", "the screen is awful"]})
    assert [result["label"][0] for result in answer] == ["__label__positive", "__label__negative"], json.dumps(answer)

with step("a user's ONNX model is served"):
    from onnx import TensorProto, helper, save

    graph = helper.make_graph(
        [helper.make_node("Gemm", ["features", "weights"], ["scores"])],
        "linear",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, 2])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, 1])],
        [helper.make_tensor("weights", TensorProto.FLOAT, [2, 1], [2.0, -1.0])],
    )
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
        with tarfile.open(os.path.join(folder, "model.tar.gz"), "w:gz") as archive:
            archive.add(path, "model.onnx")
        model_data = session.upload_data(os.path.join(folder, "model.tar.gz"), bucket, "onnx")
    model = sagemaker.Model(
        "000000000000.dkr.ecr.us-east-1.amazonaws.com/rondo/onnx:1",
        model_data=model_data,
        role=ROLE,
        sagemaker_session=session,
        predictor_cls=sagemaker.Predictor,
    )
    with deployed(model, serializer=JSONSerializer(), deserializer=JSONDeserializer()) as predictor:
        answer = predictor.predict({"instances": [{"features": [3.0, 1.0]}]})
    np.testing.assert_allclose(answer["predictions"][0]["scores"], [5.0])

boto3.resource("s3").Bucket(bucket).objects.all().delete()
boto3.client("s3").delete_bucket(Bucket=bucket)
finish()
