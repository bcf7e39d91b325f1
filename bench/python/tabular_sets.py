"""The tables of the reference figures, with their splits (pip: pandas==3.1.1)."""
import numpy as np


def load(data, name):
    """Features, label, rows of the test part and whether the label is a number, as the reference figures have them."""
    import pandas as pd

    if name in ("adult", "adult-hours"):
        path = data + "/tabular-uci/AdultIncomeData/adult.data"
        table = pd.read_csv(path, header=None, skipinitialspace=True, keep_default_na=False).dropna()
        label = 12 if name == "adult-hours" else 14
        target = table[12].astype(float) if name == "adult-hours" else table[14] == ">50K"
    elif name in ("bank", "bank-nodur", "bank-age"):
        table = pd.read_csv(data + "/tabular-uci/bank-additional/bank-additional.csv", sep=";", keep_default_na=False)
        label = "age" if name == "bank-age" else "y"
        target = table["age"].astype(float) if name == "bank-age" else table["y"] == "yes"
        if name == "bank-nodur":
            table = table.drop(columns=["duration"])
    elif name == "german":
        table = pd.read_csv(data + "/tabular-uci/GermanCreditData/german.data", sep=" ", header=None)
        label, target = 20, table[20] == 2
    elif name == "spambase":
        table = pd.read_csv(data + "/r-debian/kernlab-spambase.csv")
        label = table.columns[-1]
        target = table[label] == "spam"
    else:
        file, label = {"letter": ("LetterRecognition", "lettr"), "shuttle": ("Shuttle", "Class")}[name]
        table = pd.read_csv(f"{data}/r-debian/mlbench-{file}.csv")
        target = np.unique(table[label], return_inverse=True)[1]
    rows = np.arange(len(table))
    test = {"letter": rows >= 16000, "shuttle": rows >= len(table) - 14500}.get(name, rows % 5 == 0)
    features = table.drop(columns=[label]).reset_index(drop=True)
    return features, np.asarray(target, dtype=np.float32), test, name in ("adult-hours", "bank-age")
