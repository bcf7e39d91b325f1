"""XGBoost and LightGBM, beside which bench/src/learning/boosting-*.ts measure ours (pip: xgboost==3.2.0, lightgbm==4.7.0, pandas==3.1.1).

boosting_peer.py prepare DATA NAME FOLDER   writes train and test rows of a data set to FOLDER as float32, prints their shape
boosting_peer.py predict FOLDER PEER        trains PEER on them, writes its predictions of the test rows, prints the program's version
boosting_peer.py time FOLDER PEER           trains PEER on them and predicts the test rows, after a run that only warms up; prints seconds

PEER: xgboost (depth 6), lightgbm (31 leaves), lightgbm-depth-6 (63 leaves), lightgbm-categories (31 leaves). 100 rounds, learning rate 0.1.
"""
import importlib.metadata
import json
import os
import sys
import time

import numpy as np

ROUNDS = 100
THREADS = int(os.environ.get("OMP_NUM_THREADS", "1"))
GENERATED = {"gen100k": 100_000, "gen1m": 1_000_000}


def mulberry(count, seed):
    """The first numbers in [0, 1) of mulberry32 in its counter form."""
    mask = np.uint64(0xFFFFFFFF)
    state = (np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x6D2B79F5)) & mask
    mixed = ((state ^ (state >> np.uint64(15))) * (state | np.uint64(1))) & mask
    mixed ^= (mixed + (((mixed ^ (mixed >> np.uint64(7))) * (mixed | np.uint64(61))) & mask)) & mask
    mixed &= mask
    return (mixed ^ (mixed >> np.uint64(14))).astype(np.float64) / 4294967296.0


def generate(rows):
    u = mulberry(rows * 21, 42).reshape(rows, 21)
    wave = 4 * np.sin(6 * u[:, 0] * u[:, 1]) + 8 * (u[:, 2] - 0.5) ** 2 + 3 * u[:, 3]
    score = wave - 2 * (u[:, 4] > u[:, 5]) + 2 * u[:, 6] * (u[:, 7] > 0.5) - 4.2
    return u[:, :20], u[:, 20] < 1 / (1 + np.exp(-score)), np.arange(rows) % 5 == 0


def prepare(data, name, folder):
    categories = {}
    if name in GENERATED:
        values, target, test = generate(GENERATED[name])
    else:
        import pandas as pd

        from tabular_sets import load

        features, target, test, _ = load(data, name)
        for position, column in enumerate(features.columns):
            if not pd.api.types.is_numeric_dtype(features[column]):
                levels, features[column] = np.unique(features[column].astype(str), return_inverse=True)
                categories[position] = [str(level) for level in levels]
        values = features.values
    values = np.ascontiguousarray(values.astype(np.float32))
    target = np.asarray(target, dtype=np.float32)
    for part, rows in (("train", ~test), ("test", test)):
        values[rows].tofile(f"{folder}/{part}.features")
        target[rows].tofile(f"{folder}/{part}.labels")
    shape = {"columns": values.shape[1], "classes": int(target.max()) + 1, "categories": categories}
    with open(f"{folder}/shape.json", "w") as file:
        json.dump(shape, file)
    return shape


def read(folder):
    with open(f"{folder}/shape.json") as file:
        shape = json.load(file)
    arrays = [
        np.fromfile(f"{folder}/{part}.{kind}", dtype=np.float32) for part in ("train", "test") for kind in ("features", "labels")
    ]
    arrays[0], arrays[2] = arrays[0].reshape(-1, shape["columns"]), arrays[2].reshape(-1, shape["columns"])
    return shape, *arrays


def xgboost(shape, features, labels):
    import xgboost as xgb

    classes = shape["classes"]
    parameters = {"tree_method": "hist", "max_depth": 6, "max_bin": 256, "eta": 0.1, "nthread": THREADS, "seed": 0, "verbosity": 0}
    many = {"objective": "multi:softprob", "num_class": classes}
    parameters |= {"objective": "binary:logistic"} if classes == 2 else many
    model = xgb.train(parameters, xgb.QuantileDMatrix(features, labels, max_bin=256, nthread=THREADS), ROUNDS)
    return model.inplace_predict


def lightgbm(peer, shape, features, labels):
    import lightgbm as lgb

    classes = shape["classes"]
    leaves, depth = (63, 6) if peer == "lightgbm-depth-6" else (31, -1)
    parameters = {"num_leaves": leaves, "max_depth": depth, "max_bin": 255, "learning_rate": 0.1, "num_threads": THREADS, "seed": 0}
    parameters |= {"verbose": -1, "deterministic": True}
    parameters |= {"force_row_wise": True} if len(labels) < 200_000 else {}
    parameters |= {"objective": "binary"} if classes == 2 else {"objective": "multiclass", "num_class": classes}
    named = [int(column) for column in shape["categories"]] if peer == "lightgbm-categories" else "auto"
    model = lgb.train(parameters, lgb.Dataset(features, labels, params=parameters, categorical_feature=named), ROUNDS)
    return lambda rows: model.predict(rows, num_threads=THREADS)


def train(peer, shape, features, labels):
    return xgboost(shape, features, labels) if peer == "xgboost" else lightgbm(peer, shape, features, labels)


def measure(folder, peer):
    shape, features, labels, test, _ = read(folder)
    train(peer, shape, features, labels)
    start = time.perf_counter()
    predict = train(peer, shape, features, labels)
    trained = time.perf_counter()
    predict(test)
    begin = time.perf_counter()
    predict(test)
    return {"train": trained - start, "predict": time.perf_counter() - begin}


def write_predictions(folder, peer):
    shape, features, labels, test, _ = read(folder)
    predictions = train(peer, shape, features, labels)(test)
    np.asarray(predictions, dtype=np.float32).tofile(f"{folder}/{peer}.predictions")
    return {"version": importlib.metadata.version(peer.split("-")[0])}


actions = {"prepare": prepare, "predict": write_predictions, "time": measure}
print(json.dumps(actions[sys.argv[1]](*sys.argv[2:])))
