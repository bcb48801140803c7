namespace Grid.Models;

/// <summary>How the scoring of a row ended. The numbers are written to the decision log: add at the end, change none.</summary>
internal enum ScoreStatus : byte
{
    Scored = 0,

    /// <summary>ONNX Runtime returned an error for the row.</summary>
    ModelFailed = 1,

    /// <summary>The score is NaN or infinite.</summary>
    NotFinite = 2,
}
