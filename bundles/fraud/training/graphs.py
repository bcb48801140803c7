"""The two models as ONNX graphs, built node by node, and a plain reader of these graphs in NumPy for checking them.

Input `x` is float32 [N, features], raw and in the order of the bundle's vector; output `p` is float32 [N, 1], the
probability of fraud. Opset 13 and ai.onnx.ml 1: as old as the operators allow, so that any runtime reads them.
"""
import json

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper


def logistic(features, scaler, regression, metadata):
    """Scaling is folded in: w'(x - m)/s + b is (w/s)'x + (b - (w/s)'m), so the graph takes raw features."""
    weights = regression.coef_[0] / scaler.scale_
    bias = regression.intercept_[0] - weights @ scaler.mean_
    nodes = [
        helper.make_node("Gemm", ["x", "weights", "bias"], ["logit"], name="logit"),
        helper.make_node("Sigmoid", ["logit"], ["p"], name="probability"),
    ]
    constants = [
        numpy_helper.from_array(weights.astype(np.float32).reshape(-1, 1), "weights"),
        numpy_helper.from_array(np.array([bias], np.float32), "bias"),
    ]
    return _model("fraud_logistic", features, nodes, constants, metadata)


def trees(features, booster, metadata):
    """XGBoost goes left where x < split, and left too where x is missing (NaN), for none was missing in training.

    Both are said at once by BRANCH_GTE with its branches in the other order: right where x >= split, else left.
    A leaf's value includes the learning rate already. XGBoost's base_score is a probability; the sum of leaves
    begins at its logit.
    """
    base = json.loads(booster.save_config())["learner"]["learner_model_param"]["base_score"]
    base = np.float32(base)
    start = float(np.log(base / (1 - base)))
    arrays = _tree_arrays(booster)
    nodes = [
        helper.make_node(
            "TreeEnsembleRegressor", ["x"], ["logit"], name="logit", domain="ai.onnx.ml",
            n_targets=1, aggregate_function="SUM", post_transform="NONE", base_values=[start], **arrays),
        helper.make_node("Sigmoid", ["logit"], ["p"], name="probability"),
    ]
    return _model("fraud_trees", features, nodes, [], metadata)


def score(model, x):
    """What the graph means, in float32, without any runtime: node by node."""
    x = np.asarray(x, np.float32)
    head = model.graph.node[0]
    if head.op_type == "Gemm":
        constants = {c.name: numpy_helper.to_array(c) for c in model.graph.initializer}
        logit = x @ constants[head.input[1]] + constants[head.input[2]]
    else:
        logit = _sum_of_leaves({a.name: helper.get_attribute_value(a) for a in head.attribute}, x)
    return (np.float32(1) / (np.float32(1) + np.exp(-logit))).astype(np.float32)


def _tree_arrays(booster):
    mode, feature, split, yes, no, tree, node = [], [], [], [], [], [], []
    leaf_tree, leaf_node, leaf = [], [], []
    learner = json.loads(booster.save_raw("json"))["learner"]
    for t, shape in enumerate(learner["gradient_booster"]["model"]["trees"]):
        for n, (left, right) in enumerate(zip(shape["left_children"], shape["right_children"])):
            tree.append(t)
            node.append(n)
            value = shape["split_conditions"][n]
            if left >= 0 and not shape["default_left"][n]:
                raise ValueError(f"tree {t}, node {n}: a missing value goes right; this graph cannot say that")
            if left < 0:
                mode.append("LEAF")
                feature.append(0), split.append(0.0), yes.append(0), no.append(0)
                leaf_tree.append(t), leaf_node.append(n), leaf.append(value)
            else:
                mode.append("BRANCH_GTE")
                feature.append(shape["split_indices"][n]), split.append(value), yes.append(right), no.append(left)
    return dict(
        nodes_treeids=tree, nodes_nodeids=node, nodes_modes=mode, nodes_featureids=feature, nodes_values=split,
        nodes_truenodeids=yes, nodes_falsenodeids=no,
        target_treeids=leaf_tree, target_nodeids=leaf_node, target_ids=[0] * len(leaf), target_weights=leaf)


def _sum_of_leaves(a, x):
    places = {key: i for i, key in enumerate(zip(a["nodes_treeids"], a["nodes_nodeids"]))}
    leaves = dict(zip(zip(a["target_treeids"], a["target_nodeids"]), a["target_weights"]))
    is_leaf = np.array([mode == b"LEAF" for mode in a["nodes_modes"]])
    ids = a["nodes_treeids"]
    jump = lambda name: np.array([i if is_leaf[i] else places[ids[i], to] for i, to in enumerate(a[name])])
    yes, no = jump("nodes_truenodeids"), jump("nodes_falsenodeids")
    split = np.array(a["nodes_values"], np.float32)
    feature = np.array(a["nodes_featureids"])
    weight = np.array([leaves.get(key, 0) for key in zip(ids, a["nodes_nodeids"])], np.float32)
    total = np.full(len(x), a["base_values"][0], np.float32)
    rows = np.arange(len(x))
    for tree in sorted(set(ids)):
        at = np.full(len(x), places[tree, 0])
        while not is_leaf[at].all():
            at = np.where(x[rows, feature[at]] >= split[at], yes[at], no[at])
        total += weight[at]
    return total.reshape(-1, 1)


def _model(name, features, nodes, constants, metadata):
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", len(features)])],
        [helper.make_tensor_value_info("p", TensorProto.FLOAT, ["N", 1])],
        constants,
        value_info=[helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["N", 1])])
    model = helper.make_model(
        graph, producer_name="bundles/fraud/training", ir_version=7,
        opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 1)])
    helper.set_model_props(model, {"features": ",".join(features), **metadata})
    checker.check_model(model, full_check=True)
    return model
