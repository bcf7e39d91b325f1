"""scikit-learn on tables and documents without labels, beside which bench/src/learning/clustering-*.ts measures ours (pip: scikit-learn==1.9.1, pandas==3.1.1).

clustering_peer.py prepare DATA SET FOLDER        writes train and test, standardised by train, as float32 (reuters: counts of words as CSR)
clustering_peer.py kmeans FOLDER K STARTS         prints the sum of squared distances on train, the mean one on test, and seconds
clustering_peer.py knn FOLDER K                   writes the predicted labels of test, prints seconds
clustering_peer.py pca FOLDER COMPONENTS SOLVER   prints the variances and seconds
clustering_peer.py forest FOLDER                  writes the anomaly scores of test, prints seconds
clustering_peer.py lda FOLDER TOPICS              prints the perplexity of test by document completion, and seconds
Seconds are those of a second, warm run.
"""
import html
import json
import pathlib
import re
import sys
import time

import numpy as np
import sklearn

from tabular_sets import load

SEED = 0


def write(folder, name, values):
    values.tofile(pathlib.Path(folder) / name)


def prepare(data, name, folder):
    if name == "reuters":
        return prepare_reuters(data, folder)
    if name == "noise":
        return prepare_noise(folder)
    features, target, test, _ = load(data, name)
    values = features.to_numpy(dtype=np.float64)
    mean, deviation = values[~test].mean(0), values[~test].std(0)
    values = ((values - mean) / np.where(deviation > 0, deviation, 1)).astype(np.float32)
    for part, rows in (("train", ~test), ("test", test)):
        write(folder, f"{part}.features", values[rows])
        write(folder, f"{part}.labels", target[rows])
    return {"columns": values.shape[1]}


def prepare_noise(folder):
    """100,000 rows of 100 columns around 50 places, for speed at scale."""
    random = np.random.default_rng(1)
    places = random.normal(size=(50, 100)) * 2
    values = (places[random.integers(0, 50, 110_000)] + random.normal(size=(110_000, 100))).astype(np.float32)
    labels = values[:, 0].round().clip(0, 3)
    for part, rows in (("train", slice(0, 100_000)), ("test", slice(100_000, None))):
        write(folder, f"{part}.features", values[rows])
        write(folder, f"{part}.labels", labels[rows])
    return {"columns": 100}


def prepare_reuters(data, folder):
    from sklearn.feature_extraction.text import CountVectorizer

    parts = {"TRAIN": [], "TEST": []}
    for path in sorted(pathlib.Path(data, "reuters21578").glob("*.sgm")):
        text = path.read_text(encoding="latin1")
        for found in re.finditer(r'<REUTERS TOPICS="YES" LEWISSPLIT="(TRAIN|TEST)".*?</REUTERS>', text, re.S):
            body = re.search(r"<BODY>(.*?)</BODY>", found[0], re.S)
            if body:
                parts[found[1]].append(html.unescape(body[1]))
    vectorizer = CountVectorizer(stop_words="english", token_pattern=r"[a-z]{3,}", min_df=5, max_features=5000)
    counts = {"train": vectorizer.fit_transform(parts["TRAIN"]), "test": vectorizer.transform(parts["TEST"])}
    for part, matrix in counts.items():
        matrix.sort_indices()
        write(folder, f"{part}.starts", matrix.indptr.astype(np.float64))
        write(folder, f"{part}.words", matrix.indices.astype(np.uint32))
        write(folder, f"{part}.counts", matrix.data.astype(np.float32))
    return {"columns": counts["train"].shape[1]}


def read(folder, part):
    labels = np.fromfile(pathlib.Path(folder) / f"{part}.labels", dtype=np.float32)
    return np.fromfile(pathlib.Path(folder) / f"{part}.features", dtype=np.float32).reshape(len(labels), -1), labels


def read_counts(folder, part, columns):
    from scipy.sparse import csr_matrix

    starts, words, counts = (
        np.fromfile(pathlib.Path(folder) / f"{part}.{name}", dtype=kind)
        for name, kind in (("starts", np.float64), ("words", np.uint32), ("counts", np.float32))
    )
    shape = (len(starts) - 1, columns)
    return csr_matrix((counts.astype(np.float64), words.astype(np.int64), starts.astype(np.int64)), shape=shape)


def warm(work, rounds=2):
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
    return result, seconds


def kmeans(folder, k, starts):
    from sklearn.cluster import KMeans

    train, test = read(folder, "train")[0], read(folder, "test")[0]
    model, seconds = warm(lambda: KMeans(int(k), n_init=int(starts), random_state=SEED).fit(train))
    return {"inertia": float(model.inertia_), "msd": float(-model.score(test)) / len(test), "seconds": seconds}


def knn(folder, k):
    from sklearn.neighbors import KNeighborsClassifier

    (train, labels), (test, _) = read(folder, "train"), read(folder, "test")
    predicted, seconds = warm(lambda: KNeighborsClassifier(int(k), n_jobs=2).fit(train, labels).predict(test))
    write(folder, "knn.predictions", predicted.astype(np.float32))
    return {"seconds": seconds}


def pca(folder, components, solver):
    from sklearn.decomposition import PCA

    train = read(folder, "train")[0]
    model, seconds = warm(lambda: PCA(int(components), svd_solver=solver, random_state=SEED).fit(train))
    return {"variances": model.explained_variance_.tolist(), "seconds": seconds}


def forest(folder):
    from sklearn.ensemble import IsolationForest

    train, test = read(folder, "train")[0], read(folder, "test")[0]
    scores, seconds = warm(
        lambda: -IsolationForest(n_estimators=100, max_samples=256, random_state=SEED, n_jobs=2).fit(train).score_samples(test)
    )
    write(folder, "forest.scores", scores.astype(np.float32))
    return {"seconds": seconds}


def lda(folder, topics, columns):
    from sklearn.decomposition import LatentDirichletAllocation

    train, test = read_counts(folder, "train", int(columns)), read_counts(folder, "test", int(columns))
    known, unseen = test.copy(), test.copy()
    odd = np.concatenate([np.arange(count) % 2 for count in np.diff(test.indptr)])
    known.data[odd == 1] = 0
    unseen.data[odd == 0] = 0
    known.eliminate_zeros()
    unseen.eliminate_zeros()
    model, seconds = warm(lambda: LatentDirichletAllocation(int(topics), max_iter=50, random_state=SEED, n_jobs=2).fit(train), 1)
    words = model.components_ / model.components_.sum(axis=1, keepdims=True)
    mixtures = model.transform(known)
    unseen = unseen.tocoo()
    probabilities = np.einsum("it,ti->i", mixtures[unseen.row], words[:, unseen.col])
    likelihood = float((unseen.data * np.log(probabilities)).sum() / unseen.data.sum())
    return {"perplexity": float(np.exp(-likelihood)), "seconds": seconds}


command, *arguments = sys.argv[1:]
print(json.dumps({**globals()[command](*arguments), "version": sklearn.__version__}))
