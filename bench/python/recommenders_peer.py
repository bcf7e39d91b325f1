"""implicit, scipy and NumPy, beside which bench/src/learning/recommenders-*.ts measure our recommenders.

recommenders_peer.py recommend TRAIN MODEL SETTINGS MODE   the 10 best items of every user ("new": none of TRAIN)
recommenders_peer.py time TRAIN MODEL SETTINGS             seconds of one training, after one that warms up

TRAIN: one `user item count` a line, numbered from 0 (pip: implicit==0.7.3, scipy==1.17.1, numpy==2.4.6, threadpoolctl).
"""
import importlib.metadata
import json
import os
import sys
import time
import warnings

import numpy as np
import scipy.sparse as sp
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender
from scipy.linalg.lapack import spotrf, spotri
from threadpoolctl import threadpool_limits

warnings.filterwarnings("ignore")
THREADS = int(os.environ["OMP_NUM_THREADS"])


def read(path):
    users, items, counts = np.loadtxt(path, dtype=np.int64).T
    matrix = sp.csr_matrix((counts.astype(np.float32), (users, items)))
    matrix.sort_indices()
    return matrix


def ones(counts):
    matrix = counts.copy()
    matrix.data[:] = 1
    return matrix


def implicit_scores(model, counts):
    matrix = ones(counts)
    # implicit's own threads, not BLAS': its authors' advice.
    with threadpool_limits(1, "blas"):
        model.fit(matrix, show_progress=False)
    if hasattr(model, "item_factors"):
        return lambda users: np.asarray(model.user_factors)[users] @ np.asarray(model.item_factors).T
    return lambda users: (matrix[users] @ model.similarity).toarray()


def als(counts, **settings):
    model = AlternatingLeastSquares(iterations=15, random_state=0, num_threads=THREADS, **settings)
    return implicit_scores(model, counts)


def bm25(counts, **settings):
    return implicit_scores(BM25Recommender(num_threads=THREADS, **settings), counts)


def cosine(counts, **settings):
    return implicit_scores(CosineRecommender(num_threads=THREADS, **settings), counts)


def gram(matrix, l2):
    product = (matrix.T @ matrix).toarray().astype(np.float32)
    product[np.diag_indices_from(product)] += l2
    return product


def regression(matrix, inverse):
    inverse /= -np.diag(inverse)[None].copy()
    inverse[np.diag_indices_from(inverse)] = 0
    return lambda users: matrix[users] @ inverse


def ease_numpy(counts, l2):
    matrix = ones(counts)
    return regression(matrix, np.linalg.inv(gram(matrix, l2)))


def ease_scipy(counts, l2):
    matrix = ones(counts)
    factor, _ = spotrf(gram(matrix, l2), lower=1, overwrite_a=1)
    inverse, _ = spotri(factor, lower=1, overwrite_c=1)
    return regression(matrix, np.tril(inverse) + np.tril(inverse, -1).T)


def rp3beta(counts, alpha, beta, K):
    matrix = ones(counts)
    forth = sp.diags(1 / np.maximum(1, np.asarray(matrix.sum(1)).ravel())) @ matrix
    known = np.maximum(1, np.asarray(matrix.sum(0)).ravel())
    back = (sp.diags(1 / known) @ matrix.T).tocsr()
    forth.data **= alpha
    back.data **= alpha
    walks = (back @ forth @ sp.diags(known**-beta)).tocsr()
    walks.setdiag(0)
    walks.eliminate_zeros()
    for row in range(walks.shape[0]):
        values = walks.data[walks.indptr[row] : walks.indptr[row + 1]]
        if len(values) > K:
            values[np.argpartition(-values, K)[K:]] = 0
    walks.eliminate_zeros()
    return lambda users: (matrix[users] @ walks).toarray()


def own_count(counts):
    popularity = np.asarray(ones(counts).sum(0)).ravel()
    return lambda users: counts[users].toarray() + (popularity / (popularity.max() + 1))[None]


MODELS = {
    "als": ("implicit", als),
    "bm25": ("implicit", bm25),
    "cosine": ("implicit", cosine),
    "ease-numpy": ("numpy", ease_numpy),
    "ease-scipy": ("scipy", ease_scipy),
    "rp3beta": ("scipy", rp3beta),
    "own-count": ("numpy", own_count),
}


def best(scores, counts, mode):
    lists = []
    for first in range(0, counts.shape[0], 500):
        users = np.arange(first, min(first + 500, counts.shape[0]))
        block = np.array(scores(users), dtype=np.float32)
        if mode == "new":
            known = counts[users]
            block[np.repeat(np.arange(len(users)), np.diff(known.indptr)), known.indices] = -np.inf
        # Twenty candidates and a stable sort: equal scores in the order of the items.
        top = np.sort(np.argpartition(-block, 20, axis=1)[:, :20], axis=1)
        order = np.argsort(-np.take_along_axis(block, top, 1), axis=1, kind="stable")[:, :10]
        lists.extend(np.take_along_axis(top, order, 1).tolist())
    return lists


def main(command, path, name, settings, mode=None):
    counts = read(path)
    package, fit = MODELS[name]
    result = {"version": f"{package} {importlib.metadata.version(package)}"}
    with threadpool_limits(THREADS):
        if command == "recommend":
            return result | {"items": best(fit(counts, **json.loads(settings)), counts, mode)}
        fit(counts, **json.loads(settings))
        start = time.perf_counter()
        fit(counts, **json.loads(settings))
        return result | {"seconds": time.perf_counter() - start}


print(json.dumps(main(*sys.argv[1:])))
