"""scikit-learn's linear text classifiers, beside which bench/src/learning/text-*.ts measures ours (pip: scikit-learn, numpy, scipy).

text_peer.py single TRAIN TEST METHOD    prints the labels that METHOD (tfidf-svc, tfidf-logistic, nbsvm, nb-logistic, with the longest n-gram: nbsvm-2) gives
text_peer.py several TRAIN TEST METHOD   prints micro- and macro-F1 with one threshold and with one per label
text_peer.py time TRAIN TEST METHOD      prints the seconds of vectorising and training, and the share of TEST that is right
TRAIN and TEST are JSON lines {"text": ..., "labels": [...]}.
"""
import json
import re
import sys
import time

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

TOKENS = re.compile(r"[a-z0-9']+|[!?.,;:()]")


def tokens(text):
    return TOKENS.findall(text.lower().replace("<br />", " "))


def read(path):
    with open(path, encoding="utf8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows], [row["labels"] for row in rows]


def vectorizer(kind, longest):
    settings = dict(analyzer="word", tokenizer=tokens, token_pattern=None, lowercase=False, ngram_range=(1, longest))
    if kind.startswith("tfidf"):
        return TfidfVectorizer(sublinear_tf=True, min_df=2, **settings)
    return CountVectorizer(binary=True, min_df=1, **settings)


def log_count_ratio(counts, positive):
    p = 1 + np.asarray(counts[positive].sum(0)).ravel()
    q = 1 + np.asarray(counts[~positive].sum(0)).ravel()
    return np.log((p / p.sum()) / (q / q.sum()))


def train(texts, positive, method):
    """Returns a function from texts to scores. `positive`: one column of booleans per score."""
    kind, longest = method.rsplit("-", 1)
    vectors = vectorizer(kind, int(longest))
    rows = vectors.fit_transform(texts)
    if kind in ("nbsvm", "nb-logistic"):
        ratio = log_count_ratio(rows, positive[:, 0])
        scale = sp.diags(ratio)
        rows = rows.astype(np.float64) @ scale
    else:
        scale = sp.identity(rows.shape[1])
    make = {
        "tfidf-svc": lambda: LinearSVC(C=1),
        "tfidf-logistic": lambda: LogisticRegression(C=10, solver="liblinear"),
        "nbsvm": lambda: LinearSVC(C=0.1),
        "nb-logistic": lambda: LogisticRegression(C=1, solver="liblinear", dual=True, max_iter=200),
    }[kind]
    weights = np.zeros((rows.shape[1], positive.shape[1]))
    biases = np.full(positive.shape[1], -1e9)
    for column in np.flatnonzero(positive.sum(0)):
        model = make().fit(rows, positive[:, column])
        weights[:, column], biases[column] = model.coef_[0], model.intercept_[0]
    if kind == "nbsvm":
        weights = 0.25 * weights + 0.75 * np.abs(weights).mean()
    return lambda others: (vectors.transform(others) @ scale) @ weights + biases


def best_threshold(scores, positive):
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(positive[order])
    return scores[order[(2 * hits / (np.arange(1, len(order) + 1) + positive.sum())).argmax()]]


def single(train_path, test_path, method):
    texts, labels = read(train_path)
    names = sorted({label for row in labels for label in row})
    score = train(texts, np.array([[row[0] == names[1]] for row in labels]), method)
    return {"labels": [names[int(value > 0)] for value in score(read(test_path)[0])[:, 0]]}


def indicator(labels, names):
    columns = {name: column for column, name in enumerate(names)}
    matrix = np.zeros((len(labels), len(names)), bool)
    for row, given in enumerate(labels):
        matrix[row, [columns[label] for label in given if label in columns]] = True
    return matrix


def several(train_path, test_path, method):
    texts, labels = read(train_path)
    names = sorted({label for row in labels for label in row})
    positive = indicator(labels, names)
    held_out = np.zeros(positive.shape)
    fold_of = np.arange(len(texts)) % 5
    for fold in range(5):
        inside, outside = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        held_out[outside] = train([texts[i] for i in inside], positive[inside], method)([texts[i] for i in outside])
    common = best_threshold(held_out.ravel(), positive.ravel())
    per_label = np.full(len(names), common)
    for label in range(len(names)):
        if positive[:, label].sum() >= 3:
            per_label[label] = best_threshold(held_out[:, label], positive[:, label])
    test_texts, test_labels = read(test_path)
    scores, truth = train(texts, positive, method)(test_texts), indicator(test_labels, names)

    def f1(threshold, average):
        return float(f1_score(truth, scores >= threshold, average=average, zero_division=0))

    return {
        "microF1": f1(common, "micro"),
        "macroF1OneThreshold": f1(common, "macro"),
        "macroF1": f1(per_label, "macro"),
        "microF1ThresholdPerLabel": f1(per_label, "micro"),
    }


def measure(train_path, test_path, method):
    texts, labels = read(train_path)
    names = sorted({label for row in labels for label in row})
    positive = np.array([[row[0] == names[1]] for row in labels])
    start = time.perf_counter()
    score = train(texts, positive, method)
    seconds = time.perf_counter() - start
    test_texts, test_labels = read(test_path)
    right = [names[int(value > 0)] == row[0] for value, row in zip(score(test_texts)[:, 0], test_labels)]
    short = [text for text in test_texts if len(text) < 300][:200]
    start = time.perf_counter()
    for text in short:
        score([text])
    microseconds = (time.perf_counter() - start) * 1e6 / max(1, len(short))
    return {"seconds": seconds, "accuracy": sum(right) / len(right), "microsecondsPerText": microseconds}


command, *arguments = sys.argv[1:]
result = {"single": single, "several": several, "time": measure}[command](*arguments)
print(json.dumps({**result, "version": sklearn.__version__}))
