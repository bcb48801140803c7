namespace Grid.Models;

/// <summary>A model as declared by a bundle: an ONNX file and the view that feeds it.</summary>
/// <param name="Name">The model's name in decisions; reloads keep it.</param>
/// <param name="File">Path of the ONNX file. The file must contain the weights; external data files are not read.</param>
/// <param name="Input">Name of the input tensor: float, one row per decision, <paramref name="Width"/> columns.</param>
/// <param name="Score">
/// Name of the output with the score: float <c>[N]</c>, <c>[N, 1]</c>, or <c>[N, 2]</c> (the second column is the score); with several
/// <paramref name="Scores"/>, <c>[N, Scores]</c>.
/// </param>
/// <param name="Width">Number of features per row.</param>
/// <param name="FeatureNames">
/// Names of the features in order, for messages. They must match the entry <c>features</c> (names separated by commas) of the file's
/// metadata, if there is one.
/// </param>
/// <param name="Version">
/// Recorded in every decision that the model scores. The default is the first 12 hexadecimal digits of the SHA-256 of the file.
/// </param>
/// <param name="Scores">Number of scores per row, such as 3 for a model that predicts three quantiles.</param>
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
    /// <summary>The metadata entry of an ONNX file that lists the features it was trained on, in order, separated by commas.</summary>
    public const string FeaturesMetadata = "features";

    internal string Described => $"Model '{Name}' ({Path.GetFileName(File)})";

    internal string View => FeatureNames is { Count: > 0 }
        ? $"{Width} features ({string.Join(", ", FeatureNames.Take(4))}{(FeatureNames.Count > 4 ? ", ..." : "")})"
        : $"{Width} features";
}
