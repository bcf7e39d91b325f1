"""scikit-learn's linear models, beside which bench/src/learning/linear-*.ts measure ours (pip: scikit-learn==1.9.1, pandas==3.1.1).

linear_peer.py prepare DATA NAME FOLDER   writes train and test rows of a data set to FOLDER as float32, prints their shape
linear_peer.py predict FOLDER PEER        fits PEER on them, writes its predictions of the test rows, prints seconds
linear_peer.py time FOLDER PEER           fits PEER on them, prints seconds
"""
import importlib.metadata
import json
import os
import sys
import time
import warnings

import numpy as np

from tabular_sets import load

warnings.filterwarnings("ignore")


def one_hot(features):
    """Numbers as they are, texts as one column per distinct value; how many columns are numbers."""
    import pandas as pd

    numbers = [column for column in features.columns if pd.api.types.is_numeric_dtype(features[column])]
    parts = [features[numbers].astype(np.float32).values]
    for column in features.columns:
        if column in numbers:
            continue
        levels, index = np.unique(features[column].astype(str), return_inverse=True)
        parts.append((index[:, None] == np.arange(len(levels))).astype(np.float32))
    return np.hstack(parts).astype(np.float32), len(numbers)


def in_bins(features, train):
    """Every number as the text of its bin between deciles of the training rows."""
    import pandas as pd

    binned = features.copy()
    for column in features.columns:
        if pd.api.types.is_numeric_dtype(features[column]):
            edges = np.unique(np.quantile(features[column][train], np.arange(0.1, 1, 0.1)))
            binned[column] = np.char.add("bin ", np.searchsorted(edges, features[column]).astype(str))
    return binned


def prepare(data, name, folder):
    """A name that ends with -bins stands for the set with numbers in bins."""
    features, target, test, is_number = load(data, name.removesuffix("-bins"))
    if name.endswith("-bins"):
        features = in_bins(features, ~test)
    rows, numbers = one_hot(features)
    for part, chosen in (("train", ~test), ("test", test)):
        np.ascontiguousarray(rows[chosen]).tofile(f"{folder}/{part}.features")
        target[chosen].tofile(f"{folder}/{part}.labels")
    shape = {
        "columns": rows.shape[1],
        "numbers": numbers,
        "train": int((~test).sum()),
        "test": int(test.sum()),
        "classes": 0 if is_number else len(np.unique(target)),
    }
    with open(f"{folder}/shape.json", "w") as file:
        json.dump(shape, file)
    return shape


def read(folder):
    with open(f"{folder}/shape.json") as file:
        shape = json.load(file)
    parts = []
    for part in ("train", "test"):
        parts.append(np.fromfile(f"{folder}/{part}.features", np.float32).reshape(-1, shape["columns"]).astype(float))
        parts.append(np.fromfile(f"{folder}/{part}.labels", np.float32))
    return shape, *parts


def estimator(peer, threads):
    from sklearn.linear_model import LogisticRegression, QuantileRegressor, Ridge, SGDClassifier

    return {
        "LogisticRegression": lambda: LogisticRegression(C=1.0, max_iter=1000),
        "Ridge": lambda: Ridge(alpha=1.0),
        "SGDClassifier": lambda: SGDClassifier(loss="log_loss", max_iter=15, tol=None, random_state=0, n_jobs=threads),
        "QuantileRegressor": lambda: QuantileRegressor(quantile=0.9, alpha=0.0, solver="highs"),
    }[peer]()


def fit(folder, peer):
    shape, train, labels, test, _ = read(folder)
    threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
    model = estimator(peer, threads)
    start = time.perf_counter()
    numbers = shape["numbers"]
    mean, deviation = train[:, :numbers].mean(0), train[:, :numbers].std(0)
    deviation[deviation == 0] = 1
    train[:, :numbers] = (train[:, :numbers] - mean) / deviation
    model.fit(train, labels)
    seconds = time.perf_counter() - start
    test[:, :numbers] = (test[:, :numbers] - mean) / deviation
    return model, test, {"seconds": seconds, "version": importlib.metadata.version("scikit-learn")}


def predict(folder, peer):
    model, test, result = fit(folder, peer)
    is_classifier = hasattr(model, "predict_proba")
    predictions = model.predict_proba(test) if is_classifier else model.predict(test)
    if is_classifier and predictions.shape[1] == 2:
        predictions = predictions[:, 1]
    predictions.astype(np.float32).tofile(f"{folder}/{peer}.predictions")
    return result


def time_fit(folder, peer):
    return fit(folder, peer)[2]


command, *arguments = sys.argv[1:]
print(json.dumps({"prepare": prepare, "predict": predict, "time": time_fit}[command](*arguments)))
