namespace Grid.Models.Tests;

/// <summary>The models that <c>models/make_models.py</c> makes, and rows to score with them.</summary>
internal static class Samples
{
    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "models", file);

    public static ModelSource Source(string file, int width = 3) => new("fraud", PathOf(file), "x", "p", width);

    public static ModelSource Other(string file, int width = 3) => Source(file, width) with { Name = "other" };

    /// <summary>What logistic.onnx and the two gemm models compute, in double precision.</summary>
    public static double Logistic(ReadOnlySpan<float> x) => Sigmoid((0.5 * x[0]) - (1.0 * x[1]) + (2.0 * x[2]) + 0.25);

    /// <summary>What logistic_other.onnx computes.</summary>
    public static double LogisticOther(ReadOnlySpan<float> x) => Sigmoid((-0.5 * x[0]) + (1.0 * x[1]) - (2.0 * x[2]) + 0.75);

    public static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    public static void FillRandomly(Span<float> row, Random random, float magnitude = 2)
    {
        foreach (ref var feature in row)
        {
            feature = ((random.NextSingle() * 2) - 1) * magnitude;
        }
    }
}
