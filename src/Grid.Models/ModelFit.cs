using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Models;

/// <summary>Checks that a model's declared inputs and outputs fit the view that feeds it.</summary>
internal static class ModelFit
{
    /// <exception cref="ModelShapeException">The model does not fit; the message names both sides and what is expected.</exception>
    public static void Check(ModelSource source, InferenceSession session)
    {
        CheckInput(source, session.InputMetadata);
        CheckScore(source, session.OutputMetadata);
        if (session.ModelMetadata.CustomMetadataMap.TryGetValue(ModelSource.FeaturesMetadata, out var trainedOn))
        {
            CheckOrder(source, trainedOn.Split(',', StringSplitOptions.TrimEntries));
        }
    }

    /// <summary>Checks that a reload keeps the view, because the callers' rows are laid out for it.</summary>
    public static void CheckSuccessor(ModelSource serving, ModelSource next)
    {
        if (serving.Width != next.Width)
        {
            throw new ModelShapeException(
                next,
                $"is to be fed {next.View}, but the version of '{next.Name}' that serves is fed {serving.View}. "
                + "A reload keeps the view: publish the model under another name, or load the whole bundle anew.");
        }

        if (serving.Scores != next.Scores)
        {
            throw new ModelShapeException(
                next, $"gives {next.Scores} scores a row, but the version of '{next.Name}' that serves gives {serving.Scores}. Publish it under another name, or load the whole bundle anew.");
        }

        if (serving.FeatureNames is { } names && next.FeatureNames is { } nextNames)
        {
            CheckSameOrder(next, nextNames, names, $"the version of '{next.Name}' that serves is fed", "Publish it under another name, or load the whole bundle anew.");
        }
    }

    private static void CheckInput(ModelSource source, IReadOnlyDictionary<string, NodeMetadata> inputs)
    {
        if (!inputs.TryGetValue(source.Input, out var input))
        {
            throw new ModelShapeException(source, $"has no input '{source.Input}'; it has {Describe(inputs)}. Name one of these as its input.");
        }

        if (inputs.Count > 1)
        {
            var others = inputs.Where(i => i.Key != source.Input).ToDictionary(StringComparer.Ordinal);
            throw new ModelShapeException(
                source, $"also wants {Describe(others)}, but the grid feeds one input, '{source.Input}'. Export it with all features in one float tensor [N, {source.Width}].");
        }

        var shape = input.Dimensions ?? [];
        if (!input.IsTensor || input.ElementType != typeof(float) || shape.Length is not (0 or 2))
        {
            throw new ModelShapeException(
                source, $"takes {Describe(source.Input, input)}, but the grid feeds float [N, {source.Width}]. Export it with one float tensor of that shape.");
        }

        if (shape.Length == 2 && shape[1] >= 0 && shape[1] != source.Width)
        {
            throw new ModelShapeException(
                source, $"takes {shape[1]} features a row, {Describe(source.Input, input)}, but its view makes {source.View}. Train it on this view, or give it the view it was trained on.");
        }

        if (shape.Length == 2 && shape[0] is 0 or > 1)
        {
            throw new ModelShapeException(
                source, $"takes exactly {shape[0]} rows at a time, {Describe(source.Input, input)}, but the grid scores any number. Export it with a free first dimension, [N, {source.Width}].");
        }
    }

    private static void CheckScore(ModelSource source, IReadOnlyDictionary<string, NodeMetadata> outputs)
    {
        if (!outputs.TryGetValue(source.Score, out var score))
        {
            throw new ModelShapeException(source, $"has no output '{source.Score}'; it has {Describe(outputs)}. Name one of these as its score.");
        }

        if (!score.IsTensor)
        {
            throw new ModelShapeException(
                source, $"gives {Describe(source.Score, score)}, but the grid reads a float tensor. Export the classifier without its map of labels (in skl2onnx: zipmap=False).");
        }

        var shape = score.Dimensions ?? [];
        if (score.ElementType != typeof(float) || shape.Length > 2 || (shape.Length == 2 && shape[1] >= 0 && shape[1] != source.Scores && !(source.Scores == 1 && shape[1] == 2)))
        {
            throw NoScore(source, Describe(source.Score, score), outputs);
        }
    }

    public static ModelShapeException NoScore(ModelSource source, string gives, IReadOnlyDictionary<string, NodeMetadata> outputs) => new(
        source, $"gives {gives}, but the grid reads {Wanted(source)}. Name another output ({Describe(outputs)}), or export it so.");

    private static string Wanted(ModelSource source) => source.Scores == 1
        ? "a score of float [N], [N, 1] or [N, 2] (then the second column)"
        : $"{source.Scores} scores of float [N, {source.Scores}]";

    private static void CheckOrder(ModelSource source, string[] trainedOn)
    {
        const string Remedy = "Put the view in the model's order, or train it on this view.";
        if (trainedOn.Length != source.Width)
        {
            throw new ModelShapeException(source, $"was trained on {trainedOn.Length} features ({string.Join(", ", trainedOn)}), but its view makes {source.View}. {Remedy}");
        }

        if (source.FeatureNames is { } names)
        {
            CheckSameOrder(source, names, trainedOn, "it was trained on", Remedy);
        }
    }

    private static void CheckSameOrder(ModelSource source, IReadOnlyList<string> view, IReadOnlyList<string> other, string whose, string remedy)
    {
        for (var i = 0; i < Math.Min(view.Count, other.Count); i++)
        {
            if (view[i] != other[i])
            {
                throw new ModelShapeException(source, $"is fed '{view[i]}' as feature {i + 1} of {view.Count}, but {whose} '{other[i]}' there. {remedy}");
            }
        }
    }

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Select(node => Describe(node.Key, node.Value)));

    private static string Describe(string name, NodeMetadata node)
    {
        if (!node.IsTensor)
        {
            return $"'{name}' {node.OnnxValueType switch { OnnxValueType.ONNX_TYPE_SEQUENCE => "sequence", OnnxValueType.ONNX_TYPE_MAP => "map", var other => other.ToString() }}";
        }

        var element = node.ElementType == typeof(float) ? "float" : node.ElementDataType.ToString().ToLowerInvariant();
        return $"'{name}' {element} {Describe(node.Dimensions.Select(d => (long)d).ToArray(), node.SymbolicDimensions)}";
    }

    /// <summary>Formats a shape as <c>[N, 3]</c>, or as <c>[?, 3]</c> if the free dimension has no name.</summary>
    public static string Describe(ReadOnlySpan<long> shape, IReadOnlyList<string>? names = null)
    {
        var parts = new string[shape.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            var free = names is not null && i < names.Count && names[i].Length > 0 ? names[i] : "?";
            parts[i] = shape[i] < 0 ? free : shape[i].ToString(CultureInfo.InvariantCulture);
        }

        return $"[{string.Join(", ", parts)}]";
    }
}
