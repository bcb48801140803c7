using Grid.Cli.Freshness;
using Grid.Decisions.Definitions;
using Grid.Testing;

namespace Grid.Client.Tests;

/// <summary>How often an owner is asked where a copy may be so old, against a list of the copies' moments.</summary>
public sealed class ReadCostsTests
{
    [Fact]
    public void Time_of_a_read_is_the_mean_in_the_frequency_of_the_clock()
    {
        var costs = new ReadCosts(BundleReader.Read(Repository.Bundle("fraud")).Decisions[0].Own, isOwn: false);

        costs.Took(started: 1_000, ended: 1_003, frequency: 1_000_000);
        costs.Took(started: 2_000, ended: 2_004, frequency: 1_000_000);

        Assert.Equal(3_500, costs.Nanoseconds, 1e-6);
    }

    [Fact]
    public void An_owner_is_asked_again_when_its_copy_has_reached_the_age()
    {
        var random = new Random(11);
        var costs = new ReadCosts(BundleReader.Read(Repository.Bundle("fraud")).Decisions[0].Own, isOwn: false);
        var plain = Ages.Milliseconds.Select(_ => new List<(string Key, long At)>()).ToList();
        for (var at = 0L; at < 400_000; at += random.Next(0, 700))
        {
            var key = $"k{random.Next(5)}";
            costs.Needed(key, EventTime.FromUnixMilliseconds(at));
            for (var age = 0; age < plain.Count; age++)
            {
                if (!plain[age].Exists(copy => copy.Key == key && at - copy.At < Ages.Milliseconds[age]))
                {
                    plain[age].Add((key, at));
                }
            }
        }

        Assert.Equal(plain.Select(copies => (long)copies.Count), Enumerable.Range(0, plain.Count).Select(costs.Reads));
        Assert.Equal((5, 5 * (16 + (8L * costs.Read.Features.Length))), (costs.Entities, costs.BytesOfCopies));
    }
}
