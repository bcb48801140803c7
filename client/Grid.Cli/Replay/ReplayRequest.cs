namespace Grid.Cli.Replay;

/// <summary>What to replay, and how far.</summary>
/// <param name="File">The CSV file.</param>
/// <param name="Bundle">The bundle's folder.</param>
/// <param name="Source">The name of the bundle's source.</param>
/// <param name="Decision">The decision to make; null only observes.</param>
/// <param name="Model">The model in place of the decision's own; null keeps it.</param>
/// <param name="Out">Where decisions are written; null is nowhere.</param>
/// <param name="Data">The data folder; null is a temporary one.</param>
/// <param name="Limit">How many rows of the file; null is all.</param>
/// <param name="From">Decisions are made from this moment on; null is from the start.</param>
/// <param name="To">Where the replay stops; null is at the end.</param>
/// <param name="Batches">Files of batch features, each as <c>KIND=FILE@MOMENT</c>.</param>
internal sealed record ReplayRequest(
    string File, string Bundle, string Source, string? Decision, string? Model, string? Out, string? Data, long? Limit, EventTime? From, EventTime? To,
    IReadOnlyList<string> Batches);
