namespace Grid.Models;

/// <summary>A model as a bundle declares it: an ONNX file, and the input view that it is to be fed from.</summary>
/// <param name="Name">What decisions call the model; it stays the same over reloads.</param>
/// <param name="File">Path of the ONNX file. The file must hold the whole model: weights kept beside it are not read.</param>
/// <param name="Input">Name of the input tensor: float, one row per decision, <paramref name="Width"/> columns.</param>
/// <param name="Score">
/// Name of the output with the score: float, <c>[N]</c>, <c>[N, 1]</c>, or <c>[N, 2]</c> of which the second column counts; with several
/// <paramref name="Scores"/>, <c>[N, Scores]</c>.
/// </param>
/// <param name="Width">How many features the view makes for a row.</param>
/// <param name="FeatureNames">
/// The features in their order, for messages. If the file's own metadata has an entry <c>features</c> (names separated by commas), the two must agree.
/// </param>
/// <param name="Version">
/// Goes into every decision that the model makes. The default is the first 12 hexadecimal digits of the SHA-256 of the file.
/// </param>
/// <param name="Scores">How many numbers the model gives for a row, such as 3 of one that predicts three quantiles.</param>
internal sealed record ModelSource(
    string Name,
    string File,
    string Input,
    string Score,
    int Width,
    IReadOnlyList<string>? FeatureNames = null,
    string? Version = null,
    int Scores = 1)
{
    /// <summary>The entry of an ONNX file's metadata that lists the features it was trained on, in order, separated by commas.</summary>
    public const string FeaturesMetadata = "features";

    internal string Described => $"Model '{Name}' ({Path.GetFileName(File)})";

    internal string View => FeatureNames is { Count: > 0 }
        ? $"{Width} features ({string.Join(", ", FeatureNames.Take(4))}{(FeatureNames.Count > 4 ? ", ..." : "")})"
        : $"{Width} features";
}
