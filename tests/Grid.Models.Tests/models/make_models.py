#!/usr/bin/env python3
"""Makes the small ONNX files that the tests of Grid.Models read. They are committed; run this only to change them.

    apt-get install python3-onnx && /usr/bin/python3 make_models.py

With `--trees COUNT DEPTH WIDTH FILE` it makes one random tree ensemble instead, for timing.
"""

import random
import sys
from pathlib import Path

from onnx import TensorProto, ValueInfoProto, checker, helper, save

HERE = Path(__file__).parent
FLOAT, DOUBLE, INT64 = TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64


def tensor(name, shape, element=FLOAT):
    return helper.make_tensor_value_info(name, element, shape)


def constant(name, values, shape, element=FLOAT):
    return helper.make_tensor(name, element, shape, values)


def write(name, nodes, inputs, outputs, constants=(), metadata=None, opset=13, ir=7, check=True):
    graph = helper.make_graph(nodes, Path(name).stem, inputs, outputs, constants)
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid("ai.onnx.ml", 2)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=ir, producer_name="make_models.py")
    if metadata:
        helper.set_model_props(model, metadata)
    if check:
        checker.check_model(model)
    save(model, str(HERE / name))


def linear(name, weights, bias, **options):
    """score = 1 / (1 + exp(-(weights . x + bias))), the second column of p[N, 2]."""
    node = helper.make_node(
        "LinearClassifier", ["x"], ["label", "p"], domain="ai.onnx.ml", post_transform="LOGISTIC", classlabels_ints=[0, 1],
        coefficients=[-w for w in weights] + list(weights), intercepts=[-bias, bias])
    write(name, [node], [tensor("x", ["N", len(weights)])], [tensor("label", ["N"], INT64), tensor("p", ["N", 2])], **options)


def gemm(name, weights, bias, batch="N", width=None, flat=False, **options):
    """The same score from Gemm and Sigmoid, as p[N, 1], or as p[N]."""
    nodes = [helper.make_node("Gemm", ["x", "w", "b"], ["z"]), helper.make_node("Sigmoid", ["z"], ["q" if flat else "p"])]
    constants = [constant("w", weights, [len(weights), 1]), constant("b", [bias], [1])]
    if flat:
        nodes.append(helper.make_node("Squeeze", ["q", "axes"], ["p"]))
        constants.append(constant("axes", [1], [1], INT64))
    shape = [batch] if flat else [batch, 1]
    write(name, nodes, [tensor("x", [batch, width or len(weights)])], [tensor("p", shape)], constants, **options)


def trees(roots):
    """Trees of nested tuples: (feature, threshold, low, high) or a leaf's value; x <= threshold goes low. score = sigmoid(sum).

    The sigmoid is a node of its own: of one target, ONNX Runtime ignores a regressor's post_transform LOGISTIC.
    """
    a = {k: [] for k in ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids")}
    t = {k: [] for k in ("treeids", "nodeids", "ids", "weights")}
    for tree, root in enumerate(roots):
        queue = [(0, root)]
        free = 1
        while queue:
            node, what = queue.pop(0)
            leaf = not isinstance(what, tuple)
            low, high = (0, 0) if leaf else (free, free + 1)
            values = (0, "LEAF", 0.0) if leaf else (what[0], "BRANCH_LEQ", what[1])
            for key, value in zip(a, (tree, node, *values, low, high)):
                a[key].append(value)
            if leaf:
                for key, value in zip(t, (tree, node, 0, what)):
                    t[key].append(value)
            else:
                queue += [(low, what[2]), (high, what[3])]
                free += 2
    attributes = {f"nodes_{k}": v for k, v in a.items()} | {f"target_{k}": v for k, v in t.items()}
    return [helper.make_node("TreeEnsembleRegressor", ["x"], ["z"], domain="ai.onnx.ml", n_targets=1, **attributes),
            helper.make_node("Sigmoid", ["z"], ["p"])]


def random_tree(rng, depth, width):
    if depth == 0:
        return rng.uniform(-0.1, 0.1)
    return (rng.randrange(width), rng.uniform(-2, 2), random_tree(rng, depth - 1, width), random_tree(rng, depth - 1, width))


def random_trees(name, count, depth, width, seed=7):
    rng = random.Random(seed)
    roots = [random_tree(rng, depth, width) for _ in range(count)]
    write(name, trees(roots), [tensor("x", ["N", width])], [tensor("p", ["N", 1])])


def main():
    if sys.argv[1:2] == ["--trees"]:
        count, depth, width = map(int, sys.argv[2:5])
        random_trees(Path(sys.argv[5]).absolute(), count, depth, width)
        return

    # Models that may serve.
    linear("logistic.onnx", [0.5, -1.0, 2.0], 0.25)
    linear("logistic_other.onnx", [-0.5, 1.0, -2.0], 0.75)
    linear("logistic_small.onnx", [0.75, -0.5], -0.5)
    linear("logistic_named.onnx", [0.5, -1.0, 2.0], 0.25, metadata={"features": "amount,tx_count_1d,risk_7d"})
    gemm("gemm.onnx", [0.5, -1.0, 2.0], 0.25)
    gemm("gemm_flat.onnx", [0.5, -1.0, 2.0], 0.25, flat=True)
    two = [(0, 1.0, (1, 0.5, -0.4, 0.3), 0.9), (2, -1.0, 0.2, (0, 3.0, -0.1, 0.6))]
    write("two_trees.onnx", trees(two), [tensor("x", ["N", 3])], [tensor("p", ["N", 1])])
    # More than 80 trees: from there on ONNX Runtime has another way through an ensemble.
    random_trees("trees.onnx", 90, 2, 5)
    gemm_wide = random.Random(11)
    gemm("gemm_wide.onnx", [gemm_wide.uniform(-1, 1) for _ in range(23)], 0.1)

    # Models that fail while they score, for some rows.
    write("sqrt.onnx", [helper.make_node("ReduceSum", ["x", "axes"], ["s"], keepdims=1), helper.make_node("Sqrt", ["s"], ["p"])],
          [tensor("x", ["N", 3])], [tensor("p", ["N", 1])], [constant("axes", [1], [1], INT64)])
    # Reads a table at x[0] / 1,000,000, and fails where the table has no such row. (What is scored before serving stays below that.)
    write("gather.onnx",
          [helper.make_node("Gather", ["x", "first"], ["c"], axis=1), helper.make_node("Mul", ["c", "millionth"], ["m"]),
           helper.make_node("Cast", ["m"], ["i"], to=INT64),
           helper.make_node("Gather", ["table", "i"], ["p"], axis=0)],
          [tensor("x", ["N", 3])], [tensor("p", ["N"])],
          [constant("first", [0], [], INT64), constant("millionth", [1e-6], []), constant("table", [0.1, 0.2, 0.3, 0.4], [4])])

    # Models that do not fit.
    same = [helper.make_node("Identity", ["x"], ["p"])]
    write("double.onnx", same, [tensor("x", ["N", 3], DOUBLE)], [tensor("p", ["N", 3], DOUBLE)])
    write("three_columns.onnx", same, [tensor("x", ["N", 3])], [tensor("p", ["N", 3])])
    write("cube.onnx", same, [tensor("x", ["N", 3, 1])], [tensor("p", ["N", 3, 1])])
    write("any_width.onnx", same, [tensor("x", ["N", None])], [tensor("p", ["N", None])])
    write("two_inputs.onnx",
          [helper.make_node("Add", ["x", "y"], ["z"]), helper.make_node("ReduceSum", ["z", "axes"], ["p"], keepdims=1)],
          [tensor("x", ["N", 3]), tensor("y", ["N", 3])], [tensor("p", ["N", 1])], [constant("axes", [1], [1], INT64)])
    write("whole_batch.onnx", [helper.make_node("ReduceSum", ["x"], ["p"], keepdims=1)], [tensor("x", ["N", 3])], [tensor("p", [1, 1])])
    write("transposed.onnx",
          [helper.make_node("Transpose", ["x"], ["t"]), helper.make_node("Slice", ["t", "from", "to", "axes"], ["p"])],
          [tensor("x", ["N", 3])], [tensor("p", [None, None])],
          [constant("from", [0], [1], INT64), constant("to", [2], [1], INT64), constant("axes", [0], [1], INT64)])
    gemm("fixed_batch.onnx", [0.5, -1.0, 2.0], 0.25, batch=1)
    zipmap = helper.make_node("ZipMap", ["p"], ["z"], domain="ai.onnx.ml", classlabels_int64s=[0, 1])
    classifier = helper.make_node("LinearClassifier", ["x"], ["label", "p"], domain="ai.onnx.ml", classlabels_ints=[0, 1],
                                  post_transform="LOGISTIC", coefficients=[-1.0] * 3 + [1.0] * 3, intercepts=[0.0, 0.0])
    maps = ValueInfoProto(name="z")
    maps.type.sequence_type.elem_type.map_type.key_type = INT64
    maps.type.sequence_type.elem_type.map_type.value_type.tensor_type.elem_type = FLOAT
    write("zipmap.onnx", [classifier, zipmap], [tensor("x", ["N", 3])], [tensor("label", ["N"], INT64), maps])
    write("log.onnx", [helper.make_node("ReduceSum", ["x", "axes"], ["s"], keepdims=1), helper.make_node("Log", ["s"], ["p"])],
          [tensor("x", ["N", 3])], [tensor("p", ["N", 1])], [constant("axes", [1], [1], INT64)])
    gemm("future_opset.onnx", [0.5, -1.0, 2.0], 0.25, opset=99, check=False)


if __name__ == "__main__":
    main()
