namespace Grid.Models;

/// <summary>How a model lays out the scores of N rows: its rank, how many numbers it writes for a row, and which of these count.</summary>
/// <param name="Rank">1 for <c>[N]</c>, 2 for <c>[N, Columns]</c>.</param>
/// <param name="Columns">Numbers a row.</param>
/// <param name="Scores">How many of them are scores: the last ones.</param>
internal readonly record struct ScoreLayout(int Rank, int Columns, int Scores)
{
    public long[] ShapeOf(int rows) => Rank == 1 ? [rows] : [rows, Columns];

    /// <summary>Where a score of a row stands in the output.</summary>
    public int IndexOf(int row, int score) => (row * Columns) + Columns - Scores + score;

    /// <summary>The layout of an output that came out for so many rows; false if it is none that the grid reads.</summary>
    /// <param name="shape">The output's.</param>
    /// <param name="rows">How many rows were scored.</param>
    /// <param name="scores">How many scores a row is to have. A lone one may be the second of two columns, as of a classifier.</param>
    /// <param name="layout">The layout.</param>
    public static bool TryRead(ReadOnlySpan<long> shape, int rows, int scores, out ScoreLayout layout)
    {
        layout = new(shape.Length, shape.Length == 2 ? (int)shape[1] : 1, scores);
        return shape.Length is 1 or 2 && shape[0] == rows && (layout.Columns == scores || (scores == 1 && layout.Columns == 2));
    }
}
