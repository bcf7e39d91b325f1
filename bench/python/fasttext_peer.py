"""fastText's own program, beside which bench/src/fasttext.ts measures ours (pip: fasttext-wheel==0.9.2, numpy).

fasttext_peer.py train TRAIN TEST MODEL SETTINGS   trains with SETTINGS (JSON), saves MODEL, prints seconds and the correct ones of TEST
fasttext_peer.py predict MODEL TEST LIMIT          prints label and probability of the first LIMIT lines of TEST
"""
import importlib.metadata
import json
import sys
import time

import fasttext

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


def predict_all(model_path, test_path, limit):
    model = fasttext.load_model(model_path)
    return [predict(model, text) for _, text in examples(test_path, int(limit))]


command, *arguments = sys.argv[1:]
print(json.dumps({"train": train, "predict": predict_all}[command](*arguments)))
