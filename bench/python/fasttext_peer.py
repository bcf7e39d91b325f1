"""fastText's own program, beside which bench/src/learning/fasttext-*.ts measures ours (pip: fasttext-wheel, scikit-learn, numpy).

fasttext_peer.py train TRAIN TEST MODEL SETTINGS   trains with SETTINGS (JSON), saves MODEL, prints seconds and the correct ones of TEST
fasttext_peer.py quantise MODEL SMALL TEST SETTINGS  quantises MODEL to SMALL, prints its size and the correct ones of TEST
fasttext_peer.py vectors TEXT MODEL SETTINGS       learns word vectors, saves MODEL, prints seconds
fasttext_peer.py downstream MODEL TRAIN TEST       prints which lines of TEST a logistic regression on mean vectors gets right
fasttext_peer.py predict MODEL TEST LIMIT          prints label and probability of the first LIMIT lines of TEST
"""
import importlib.metadata
import json
import os
import sys
import time

import fasttext
import numpy as np

fasttext.FastText.eprint = lambda *_: None


def examples(path, limit=None):
    with open(path, encoding="utf8") as lines:
        for number, line in enumerate(lines):
            if number == limit:
                return
            label, _, text = line.rstrip("\n").partition(" ")
            yield label, text


def predict(model, text):
    # The wheel's predict() fails with numpy 2; this is what it calls.
    probability, label = model.f.predict(text + "\n", 1, 0.0, "strict")[0]
    return label, probability


def time_predictions(model, texts):
    start = time.perf_counter()
    for text in texts:
        predict(model, text)
    return time.perf_counter() - start


def train(train_path, test_path, model_path, settings):
    start = time.perf_counter()
    model = fasttext.train_supervised(train_path, minCount=1, verbose=0, **json.loads(settings))
    seconds = time.perf_counter() - start
    correct = [predict(model, text)[0] == label for label, text in examples(test_path)]
    texts = [text for _, text in examples(test_path, 1000)]
    rounds = [time_predictions(model, texts) for _ in range(10)]
    model.save_model(model_path)
    return {
        "seconds": seconds,
        "correct": sum(correct),
        "examples": len(correct),
        "microsecondsPerText": min(rounds) * 1e6 / len(texts),
        "version": importlib.metadata.version("fasttext-wheel"),
    }


def quantise(model_path, small_path, test_path, settings):
    model = fasttext.load_model(model_path)
    start = time.perf_counter()
    model.quantize(qnorm=True, **json.loads(settings))
    seconds = time.perf_counter() - start
    model.save_model(small_path)
    correct = [predict(model, text)[0] == label for label, text in examples(test_path)]
    return {"seconds": seconds, "correct": sum(correct), "examples": len(correct), "bytes": os.path.getsize(small_path)}


def vectors(text_path, model_path, settings):
    start = time.perf_counter()
    model = fasttext.train_unsupervised(text_path, verbose=0, **json.loads(settings))
    seconds = time.perf_counter() - start
    model.save_model(model_path)
    return {"seconds": seconds, "version": importlib.metadata.version("fasttext-wheel")}


def mean_vectors(model, texts):
    dim = model.get_dimension()
    # The wheel's get_word_vector() fails with numpy 2; this is what it calls.
    buffer, known = fasttext.FastText.fasttext.Vector(dim), {}

    def vector(word):
        if word not in known:
            model.f.getWordVector(buffer, word)
            known[word] = np.array(memoryview(buffer))
        return known[word]

    return np.array([np.mean([vector(word) for word in text.split()] or [np.zeros(dim)], axis=0) for text in texts])


def downstream(model_path, train_path, test_path):
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    model = fasttext.load_model(model_path)
    (train_labels, train_texts), (test_labels, test_texts) = [zip(*examples(path)) for path in [train_path, test_path]]
    scaler = StandardScaler()
    features = scaler.fit_transform(mean_vectors(model, train_texts))
    classifier = LogisticRegression(max_iter=1000).fit(features, train_labels)
    predicted = classifier.predict(scaler.transform(mean_vectors(model, test_texts)))
    return [bool(own == label) for own, label in zip(predicted, test_labels)]


def predict_all(model_path, test_path, limit):
    model = fasttext.load_model(model_path)
    return [predict(model, text) for _, text in examples(test_path, int(limit))]


command, *arguments = sys.argv[1:]
commands = {"train": train, "quantise": quantise, "vectors": vectors, "downstream": downstream, "predict": predict_all}
print(json.dumps(commands[command](*arguments)))
