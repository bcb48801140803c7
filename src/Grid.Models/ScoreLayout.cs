namespace Grid.Models;

/// <summary>The layout of a model's output for N rows.</summary>
/// <param name="Rank">1 for <c>[N]</c>, 2 for <c>[N, Columns]</c>.</param>
/// <param name="Columns">Numbers per row.</param>
/// <param name="Scores">Number of scores per row; they are the last columns.</param>
internal readonly record struct ScoreLayout(int Rank, int Columns, int Scores)
{
    public long[] ShapeOf(int rows) => Rank == 1 ? [rows] : [rows, Columns];

    /// <summary>The index of a row's score in the output.</summary>
    public int IndexOf(int row, int score) => (row * Columns) + Columns - Scores + score;

    /// <summary>Derives the layout from the shape of an output; false if the grid does not support it.</summary>
    /// <param name="shape">The shape of the output.</param>
    /// <param name="rows">Number of rows scored.</param>
    /// <param name="scores">Expected number of scores per row. A single score may be the second of two columns, as in a classifier.</param>
    /// <param name="layout">The layout.</param>
    public static bool TryRead(ReadOnlySpan<long> shape, int rows, int scores, out ScoreLayout layout)
    {
        layout = new(shape.Length, shape.Length == 2 ? (int)shape[1] : 1, scores);
        return shape.Length is 1 or 2 && shape[0] == rows && (layout.Columns == scores || (scores == 1 && layout.Columns == 2));
    }
}
