"""The quantile model as one ONNX graph, built node by node, and a plain reader of it in NumPy for checking.

Input `x` is float32 [N, features], raw and in the order of the bundle's vector, NaN where a value is missing. Output `eta_s`
is float32 [N, 3]: p20, p50, p80 in seconds, in rising order. Opset 13 and ai.onnx.ml 1.
"""
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper


def build(features, ensembles, metadata):
    """The sum of leaves, three targets of one ensemble; the three sorted (TopK); then Exp, for the trees learnt logarithms."""
    start = [float(np.ravel(ensemble._baseline_prediction)[0]) for ensemble in ensembles]
    nodes = [
        helper.make_node(
            "TreeEnsembleRegressor", ["x"], ["logs"], name="logs", domain="ai.onnx.ml", n_targets=len(ensembles),
            aggregate_function="SUM", post_transform="NONE", base_values=start, **arrays(ensembles)),
        helper.make_node("TopK", ["logs", "three"], ["rising", "places"], name="rising", axis=1, largest=0, sorted=1),
        helper.make_node("Exp", ["rising"], ["eta_s"], name="seconds"),
    ]
    shape = ["N", len(ensembles)]
    graph = helper.make_graph(
        nodes, "eats_eta",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", len(features)])],
        [helper.make_tensor_value_info("eta_s", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(np.array([len(ensembles)], np.int64), "three")],
        value_info=[helper.make_tensor_value_info("logs", TensorProto.FLOAT, shape)])
    model = helper.make_model(
        graph, producer_name="bundles/eats/training", ir_version=7,
        opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 1)])
    helper.set_model_props(model, {"features": ",".join(features), **metadata})
    checker.check_model(model, full_check=True)
    return model


def score(model, x):
    """What the graph means, in float32, without any runtime."""
    return np.exp(np.sort(sum_of_leaves(model, x), 1))


def sum_of_leaves(model, x):
    """What the graph's first node, the trees, gives: float32 [N, targets]."""
    a = {attribute.name: helper.get_attribute_value(attribute) for attribute in model.graph.node[0].attribute}
    x = np.asarray(x, np.float32)
    places = {key: i for i, key in enumerate(zip(a["nodes_treeids"], a["nodes_nodeids"]))}
    leaves = {(t, n): (to, w) for t, n, to, w in zip(
        a["target_treeids"], a["target_nodeids"], a["target_ids"], a["target_weights"])}
    ids = a["nodes_treeids"]
    is_leaf = np.array([mode == b"LEAF" for mode in a["nodes_modes"]])
    jump = lambda name: np.array([i if is_leaf[i] else places[ids[i], to] for i, to in enumerate(a[name])])
    yes, no = jump("nodes_truenodeids"), jump("nodes_falsenodeids")
    split, feature = np.array(a["nodes_values"], np.float32), np.array(a["nodes_featureids"])
    missing_is_true = np.array(a["nodes_missing_value_tracks_true"], bool)
    total = np.tile(np.array(a["base_values"], np.float32), (len(x), 1))
    rows = np.arange(len(x))
    for tree in sorted(set(ids)):
        at = np.full(len(x), places[tree, 0])
        while not is_leaf[at].all():
            value = x[rows, feature[at]]
            true = np.where(np.isnan(value), missing_is_true[at], value <= split[at])
            at = np.where(true, yes[at], no[at])
        found = [leaves[ids[i], a["nodes_nodeids"][i]] for i in at]
        total[rows, [target for target, _ in found]] += np.array([weight for _, weight in found], np.float32)
    return total


def arrays(ensembles):
    """scikit-learn goes left where x <= split, and where x is missing as the node says: BRANCH_LEQ says the same."""
    nodes = {name: [] for name in (
        "treeids", "nodeids", "modes", "featureids", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true")}
    leaves = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}
    tree = 0
    for target, ensemble in enumerate(ensembles):
        for (predictor,) in ensemble._predictors:
            for number, node in enumerate(predictor.nodes):
                leaf = bool(node["is_leaf"])
                if not leaf and node["is_categorical"]:
                    raise ValueError(f"tree {tree}, node {number}: a categorical split; this graph cannot say that")
                values = (
                    tree, number, "LEAF" if leaf else "BRANCH_LEQ", 0 if leaf else int(node["feature_idx"]),
                    0.0 if leaf else _not_above(node["num_threshold"]), 0 if leaf else int(node["left"]),
                    0 if leaf else int(node["right"]), 0 if leaf else int(node["missing_go_to_left"]))
                for name, value in zip(nodes, values):
                    nodes[name].append(value)
                if leaf:
                    for name, value in zip(leaves, (tree, number, target, float(node["value"]))):
                        leaves[name].append(value)
            tree += 1
    return {**{f"nodes_{k}": v for k, v in nodes.items()}, **{f"target_{k}": v for k, v in leaves.items()}}


def _not_above(split):
    """The greatest float32 that is at most `split`: a float32 x is at most `split` exactly where it is at most this."""
    largest = np.finfo(np.float32).max
    if split >= largest:
        return float(largest)
    near = np.float32(split)
    return float(near if near <= split else np.nextafter(near, np.float32(-np.inf)))
