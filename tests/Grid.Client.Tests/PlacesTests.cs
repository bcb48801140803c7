using FsCheck;
using FsCheck.Fluent;
using Grid.Cli.Freshness;

namespace Grid.Client.Tests;

/// <summary>The figures of a ranking equal their mean over every order that the scores allow.</summary>
public sealed class PlacesTests
{
    private static readonly Gen<(double Score, bool Chosen)[]> Rankings =
        from count in Gen.Choose(1, 6)
        from candidates in (from score in Gen.Elements(0.5, 0.5, 0.25, 0, -1, double.NaN) from chosen in Gen.Elements(true, false, false) select (score, chosen)).ArrayOf(count)
        where candidates.Any(one => one.chosen)
        select candidates;

    [Fact]
    public void Candidates_with_equal_scores_stand_in_every_order_alike() => Prop.ForAll(Rankings.ToArbitrary(), candidates =>
    {
        double[] scores = [.. candidates.Select(one => one.Score)];
        bool[] chosen = [.. candidates.Select(one => one.Chosen)];
        var orders = Orders([.. Enumerable.Range(0, scores.Length)]).Where(order => Falls([.. order.Select(one => scores[one])])).ToList();

        Assert.Equal(orders.Average(order => PlainNdcg([.. order.Select(one => chosen[one])])), Places.Ndcg(scores, chosen), 1e-12);
        if (chosen.Count(one => one) == 1)
        {
            Assert.Equal(orders.Average(order => order.Take(Places.First).Any(one => chosen[one]) ? 1.0 : 0), Places.Hit(scores, chosen), 1e-12);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Only_the_first_ten_places_count()
    {
        double[] scores = [.. Enumerable.Range(0, 12).Select(place => 1.0 - (place / 100.0))];
        bool[] Chosen(int place) => [.. Enumerable.Range(0, 12).Select(one => one == place)];

        Assert.Equal(1, Places.Ndcg(scores, Chosen(0)));
        Assert.Equal(1 / Math.Log2(11), Places.Ndcg(scores, Chosen(9)), 1e-12);
        Assert.Equal(0, Places.Ndcg(scores, Chosen(10)));
        Assert.Equal((1, 0), (Places.Hit(scores, Chosen(4)), Places.Hit(scores, Chosen(5))));
    }

    // What has no score comes behind all that has one.
    private static bool Falls(double[] scores) => scores.Zip(scores.Skip(1)).All(pair => double.IsNaN(pair.Second) || pair.First >= pair.Second);

    private static double PlainNdcg(bool[] chosen)
    {
        double Gain(IEnumerable<bool> order) => order.Take(10).Select((one, place) => one ? 1 / Math.Log2(place + 2) : 0).Sum();
        return Gain(chosen) / Gain(chosen.OrderByDescending(one => one));
    }

    private static IEnumerable<int[]> Orders(int[] all)
    {
        if (all.Length == 0)
        {
            yield return [];
        }

        for (var i = 0; i < all.Length; i++)
        {
            foreach (var rest in Orders([.. all.Where((_, place) => place != i)]))
            {
                yield return [all[i], .. rest];
            }
        }
    }
}
