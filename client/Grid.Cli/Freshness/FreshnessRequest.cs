namespace Grid.Cli.Freshness;

/// <summary>What to report on, and by what it is judged.</summary>
/// <param name="File">The CSV file with the logged traffic.</param>
/// <param name="Bundle">The bundle's folder.</param>
/// <param name="Source">The name of the bundle's source.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Label">What turned out to be true: a label of the decision's event, or a later event with the same id; null is the bundle's only label of it.</param>
/// <param name="Alert">The action that raises an alert; null is that of the policy's first rule.</param>
/// <param name="Predicts">Where the label is a later event: the output that predicts the seconds until it.</param>
/// <param name="Low">The output that the range begins with; null is none.</param>
/// <param name="High">The output that the range ends with; null is none.</param>
/// <param name="Only">Only decisions with this action are judged; null is all.</param>
/// <param name="Most">Only orders of at most so many seconds are judged; null is all.</param>
/// <param name="Shown">Of a decision that ranks: which rows of the file are candidates, as a column and the text that it holds; null of others.</param>
/// <param name="Start">Rows before this moment are passed over; null is none.</param>
/// <param name="From">Decisions are judged from this moment on; null is from the start.</param>
/// <param name="To">Decisions are judged before this moment; null is to the end.</param>
/// <param name="Batches">Files of batch features, each as <c>KIND=FILE@MOMENT</c>.</param>
internal sealed record FreshnessRequest(
    string File,
    string Bundle,
    string Source,
    string Decision,
    string? Label,
    string? Alert,
    string? Predicts,
    string? Low,
    string? High,
    string? Only,
    double? Most,
    ShownColumns? Shown,
    EventTime? Start,
    EventTime? From,
    EventTime? To,
    IReadOnlyList<string> Batches);

/// <summary>Where a file of logged traffic tells what was shown, a candidate a row: its fields stand in columns of their own names.</summary>
/// <param name="Column">The column that tells candidates from other rows.</param>
/// <param name="Equal">What it holds for a candidate.</param>
/// <param name="Request">The column with the id of the request that it was shown for.</param>
/// <param name="Chosen">The column that says whether it was chosen.</param>
internal sealed record ShownColumns(string Column, string Equal, string Request, string Chosen);
