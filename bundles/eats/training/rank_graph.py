"""The ranking model as an ONNX graph: the trees' sum of leaves, then Sigmoid. Trees and their plain reader are those of `eta_graph.py`.

Input `x` is float32 [N, features], raw and in the order of the bundle's vector, NaN where a value is missing. Output `p` is float32 [N, 1]: the
chance that a restaurant that is shown is the one that is ordered from. Opset 13 and ai.onnx.ml 1.
"""
import numpy as np
from onnx import TensorProto, checker, helper

import eta_graph


def build(features, start, arrays, metadata):
    nodes = [
        helper.make_node(
            "TreeEnsembleRegressor", ["x"], ["logit"], name="logit", domain="ai.onnx.ml", n_targets=1,
            aggregate_function="SUM", post_transform="NONE", base_values=[start], **arrays),
        helper.make_node("Sigmoid", ["logit"], ["p"], name="chance"),
    ]
    graph = helper.make_graph(
        nodes, "eats_rank",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", len(features)])],
        [helper.make_tensor_value_info("p", TensorProto.FLOAT, ["N", 1])],
        value_info=[helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["N", 1])])
    model = helper.make_model(
        graph, producer_name="bundles/eats/training", ir_version=7,
        opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 1)])
    helper.set_model_props(model, {"features": ",".join(features), **metadata})
    checker.check_model(model, full_check=True)
    return model


def of_trees(features, trees, metadata):
    """`trees` is a fitted HistGradientBoostingClassifier of two classes."""
    return build(features, float(np.ravel(trees._baseline_prediction)[0]), eta_graph.arrays([trees]), metadata)


def of_nothing(features):
    """One leaf: a model of the right shape that knows nothing, for the replay that makes the rows that the real one is trained on."""
    leaf = dict(
        nodes_treeids=[0], nodes_nodeids=[0], nodes_modes=["LEAF"], nodes_featureids=[0], nodes_values=[0.0], nodes_truenodeids=[0],
        nodes_falsenodeids=[0], nodes_missing_value_tracks_true=[0], target_treeids=[0], target_nodeids=[0], target_ids=[0], target_weights=[0.0])
    return build(features, 0.0, leaf, {"trained_on": "nothing"})


def score(model, x):
    """What the graph means, in float32, without any runtime."""
    return (np.float32(1) / (np.float32(1) + np.exp(-eta_graph.sum_of_leaves(model, x))))[:, 0]
