using Grid.Decisions.Turns;
using Grid.Models;

namespace Grid.Decisions.Hosting;

/// <summary>Brings a ranking's candidates to the models that score them, all in one run of each, and back.</summary>
internal static class RankScoring
{
    /// <summary>Gives each candidate's vector to the model that is to score it, in the order of the candidates.</summary>
    /// <returns>How many rows each of the two models has.</returns>
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

    /// <summary>Has every candidate decide on what its model said.</summary>
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
