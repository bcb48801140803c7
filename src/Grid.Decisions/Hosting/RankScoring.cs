using Grid.Decisions.Turns;
using Grid.Models;

namespace Grid.Decisions.Hosting;

/// <summary>Submits a ranking's candidates to their models, in one inference batch per model, and applies the scores.</summary>
internal static class RankScoring
{
    /// <summary>Adds each candidate's vector to the batch of its model, in the order of the candidates.</summary>
    /// <returns>The number of rows for each of the two models.</returns>
    public static (int Rows, int Fallback) Assemble(RankFrame rank, Scorer scorer, Scorer? late)
    {
        var (rows, fallbackRows) = (0, 0);
        for (var i = 0; i < rank.Count; i++)
        {
            rank[i].Assemble(scorer.Row(rows));
            if (rank[i].UsesFallbackModel)
            {
                rank[i].AssembleFallback(late!.Row(fallbackRows++));
            }
            else
            {
                rows++;
            }
        }

        return (rows, fallbackRows);
    }

    /// <summary>Decides every candidate on its scores.</summary>
    public static void Decide(RankFrame rank, Scorer scorer, Scorer? late)
    {
        var (rows, fallbackRows) = (0, 0);
        for (var i = 0; i < rank.Count; i++)
        {
            var (by, row) = rank[i].UsesFallbackModel ? (late!, fallbackRows++) : (scorer, rows++);
            if (by.Statuses[row] == ScoreStatus.Scored)
            {
                rank[i].Decide(by.ScoresOf(row));
            }
            else
            {
                rank[i].DecideWithoutScore();
            }
        }
    }
}
