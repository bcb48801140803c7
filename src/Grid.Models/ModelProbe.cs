using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Models;

/// <summary>Scores rows with a model before it serves, because its actual behaviour counts, not what its file declares.</summary>
internal static class ModelProbe
{
    private const int Rows = 256;

    private static readonly int[] BatchSizes = [2, 3, 8, 31, 64, 200];

    /// <summary>Scores rows of zeros and derives the layout from the shape of the output.</summary>
    /// <param name="source">The model.</param>
    /// <param name="session">The model's session.</param>
    /// <param name="oddScore">The score of a row of zeros if it is not finite, such as the logarithm of 0; null if it is finite.</param>
    public static ScoreLayout Layout(ModelSource source, InferenceSession session, out float? oddScore)
    {
        // Three rows if the model accepts them: with two, a transposed [2, N] is indistinguishable from [N, 2].
        var rows = TakesOneRow(source, session) ? 1 : 3;
        long[] shape;
        float[] output;
        try
        {
            output = Score(source, session, new float[rows * source.Width], rows, out shape);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelUnusableException(
                source, $"fails on a row of {source.Width} zeros, as input '{source.Input}' [{rows}, {source.Width}]: {e.Message} See that it is the model for this view.", e);
        }

        if (!ScoreLayout.TryRead(shape, rows, source.Scores, out var layout))
        {
            throw ModelFit.NoScore(source, $"'{source.Score}' {ModelFit.Describe(shape)} for {rows} row{(rows > 1 ? "s" : "")}", session.OutputMetadata);
        }

        oddScore = null;
        for (var i = 0; i < layout.Scores && oddScore is null; i++)
        {
            oddScore = output[layout.IndexOf(0, i)] is var score && !float.IsFinite(score) ? score : null;
        }

        return layout;
    }

    /// <summary>
    /// Whether random rows, of magnitudes from 0.01 to 1,000, get the same bits in batches as alone. A difference may show in only a few of
    /// a hundred rows, for instance if a vector unit processes all but the last few rows.
    /// </summary>
    public static bool BatchesExactly(ModelSource source, InferenceSession session, ScoreLayout layout)
    {
        if (TakesOneRow(source, session))
        {
            return false;
        }

        var input = RandomRows(source.Width);
        try
        {
            var alone = ScoreInBatchesOf(1, source, session, layout, input);
            return BatchSizes.All(size => SameBits(alone, ScoreInBatchesOf(size, source, session, layout, input)));
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    private static bool TakesOneRow(ModelSource source, InferenceSession session) =>
        session.InputMetadata[source.Input].Dimensions is [1, ..];

    private static bool SameBits(float[] left, float[] right) =>
        MemoryMarshal.Cast<float, int>(left).SequenceEqual(MemoryMarshal.Cast<float, int>(right));

    private static float[] RandomRows(int width)
    {
        var random = new Random(20260421);
        var input = new float[Rows * width];
        for (var i = 0; i < input.Length; i++)
        {
            var magnitude = MathF.Pow(10, (i / width % 6) - 2);
            input[i] = ((random.NextSingle() * 2) - 1) * magnitude;
        }

        return input;
    }

    private static float[] ScoreInBatchesOf(int size, ModelSource source, InferenceSession session, ScoreLayout layout, float[] input)
    {
        var scores = new float[Rows * layout.Scores];
        for (var first = 0; first < Rows; first += size)
        {
            var rows = Math.Min(size, Rows - first);
            var output = Score(source, session, input.AsMemory(first * source.Width, rows * source.Width), rows, out _);
            for (var row = 0; row < rows; row++)
            {
                output.AsSpan(layout.IndexOf(row, 0), layout.Scores).CopyTo(scores.AsSpan((first + row) * layout.Scores));
            }
        }

        return scores;
    }

    private static float[] Score(ModelSource source, InferenceSession session, Memory<float> input, int rows, out long[] shape)
    {
        using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input, [rows, source.Width]);
        using var results = session.Run(options, [source.Input], [value], [source.Score]);
        shape = results[0].GetTensorTypeAndShape().Shape;
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
