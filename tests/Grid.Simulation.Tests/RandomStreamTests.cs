namespace Grid.Simulation.Tests;

public sealed class RandomStreamTests
{
    private const int Draws = 200_000;

    [Fact]
    public void The_same_place_gives_the_same_numbers_and_any_other_place_gives_others()
    {
        Assert.Equal(First(new(1, 2, 3, 4)), First(new(1, 2, 3, 4)));

        double[][] places = [First(new(1, 2, 3, 4)), First(new(2, 2, 3, 4)), First(new(1, 3, 3, 4)), First(new(1, 2, 4, 4)), First(new(1, 2, 3, 5)), First(new(1, 2, 4, 3))];
        Assert.Equal(places.Length, places.Select(numbers => numbers[0]).Distinct().Count());
    }

    [Fact]
    public void Uniform_has_its_range_mean_and_variance()
    {
        var stream = new RandomStream(1, 1, 1, 1);
        var drawn = Draw(() => stream.Uniform(5, 100));

        Assert.InRange(drawn.Min(), 5, 5.01);
        Assert.InRange(drawn.Max(), 99.99, 100);
        AssertMoments(drawn, 52.5, 95 * 95 / 12.0);
    }

    [Fact]
    public void Normal_has_its_mean_variance_and_tails()
    {
        var stream = new RandomStream(1, 1, 1, 2);
        var drawn = Draw(() => stream.Normal(50, 20));

        AssertMoments(drawn, 50, 400);
        Assert.InRange(drawn.Count(x => x > 90) / (double)Draws, 0.0215, 0.0240);
        Assert.InRange(drawn.Count(x => x < 10) / (double)Draws, 0.0215, 0.0240);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(4)]
    public void Poisson_has_its_mean_variance_and_share_of_zeros(double mean)
    {
        var stream = new RandomStream(1, 1, 1, 3);
        var drawn = Draw(() => stream.Poisson(mean));

        AssertMoments(drawn, mean, mean);
        Assert.InRange(drawn.Count(x => x == 0) / (double)Draws, Math.Exp(-mean) - 0.004, Math.Exp(-mean) + 0.004);
    }

    [Fact]
    public void Below_takes_every_number_as_often()
    {
        var stream = new RandomStream(1, 1, 1, 4);
        var counts = new int[7];
        for (var i = 0; i < Draws; i++)
        {
            counts[stream.Below(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 0.97 * Draws / 7, 1.03 * Draws / 7));
    }

    [Fact]
    public void Distinct_takes_every_pair_as_often_and_never_one_number_twice()
    {
        var stream = new RandomStream(1, 1, 1, 5);
        var pairs = new Dictionary<(int, int), int>();
        for (var i = 0; i < 60_000; i++)
        {
            var pair = stream.Distinct(2, 4);
            var key = (pair[0], pair[1]);
            pairs[key] = pairs.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(6, pairs.Count);
        Assert.All(pairs, pair => Assert.InRange(pair.Value, 9_500, 10_500));
        Assert.All(pairs.Keys, pair => Assert.True(pair.Item1 < pair.Item2));
        Assert.Equal([0, 1, 2], stream.Distinct(3, 3));
        Assert.Empty(stream.Distinct(0, 3));
    }

    private static double[] First(RandomStream stream) => [.. Enumerable.Range(0, 5).Select(_ => stream.Uniform(0, 1))];

    private static double[] Draw(Func<double> one) => [.. Enumerable.Range(0, Draws).Select(_ => one())];

    private static void AssertMoments(double[] drawn, double mean, double variance)
    {
        var found = drawn.Average();
        Assert.InRange(found, mean - (5 * Math.Sqrt(variance / Draws)), mean + (5 * Math.Sqrt(variance / Draws)));
        Assert.InRange(drawn.Average(x => (x - found) * (x - found)), variance * 0.97, variance * 1.03);
    }
}
