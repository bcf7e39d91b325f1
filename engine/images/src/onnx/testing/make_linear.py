"""Prints the model of onnx.test.ts as base64: `pip install onnx`, `python make_linear.py`."""

import base64

from onnx import TensorProto, helper

graph = helper.make_graph(
    [helper.make_node("Gemm", ["features", "weights"], ["scores"], name="gemm"), helper.make_node("Sign", ["scores"], ["signs"])],
    "linear",
    [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 2])],
    [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 1]) for name in ("scores", "signs")],
    [helper.make_tensor("weights", TensorProto.FLOAT, [2, 1], [2.0, -1.0])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
print(base64.b64encode(model.SerializeToString()).decode())
