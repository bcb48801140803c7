using System.Diagnostics;

namespace Grid.Models.Tests;

public sealed class ReloadTests : IDisposable
{
    private static readonly ModelSource Odd = Samples.Source("logistic.onnx") with { Version = "odd" };
    private static readonly ModelSource Even = Samples.Source("logistic_other.onnx") with { Version = "even" };
    private readonly ModelCatalog _catalog = new();

    public void Dispose() => _catalog.Dispose();

    [Fact]
    public void A_scorer_follows_a_reload_at_its_next_run()
    {
        var slot = _catalog.Publish(Odd);
        using var scorer = slot.CreateScorer(1);
        scorer.Row(0)[0] = 1;
        scorer.Run(1);
        var before = scorer.Scores[0];

        Assert.Same(slot, _catalog.Publish(Even));
        Assert.Equal(("odd", before), (scorer.Model.Version, scorer.Scores[0]));
        scorer.Run(1);

        Assert.Equal("even", scorer.Model.Version);
        Assert.Equal(Samples.LogisticOther(scorer.Row(0)), scorer.Scores[0], 1e-6);
        Assert.NotEqual(before, scorer.Scores[0]);
    }

    [Fact]
    public void A_reload_may_change_how_the_model_lays_out_its_scores()
    {
        using var scorer = _catalog.Publish(Odd).CreateScorer(3);
        foreach (var file in new[] { "gemm_flat.onnx", "logistic.onnx", "gemm.onnx", "fixed_batch.onnx" })
        {
            _catalog.Publish(Samples.Source(file));
            scorer.Row(2)[1] = 1;
            Assert.Equal(ScoreStatus.Scored, scorer.Run(3));
            Assert.Equal(Samples.Logistic(scorer.Row(2)), scorer.Scores[2], 1e-6);
        }
    }

    [Fact]
    public void A_replaced_session_ends_with_its_last_user()
    {
        var before = LoadedModel.SessionsAlive;
        var slot = _catalog.Publish(Odd);
        using var left = slot.CreateScorer(1);
        var right = slot.CreateScorer(1);

        _catalog.Publish(Even);
        Assert.Equal(before + 2, LoadedModel.SessionsAlive);
        left.Run(1);
        Assert.Equal(before + 2, LoadedModel.SessionsAlive);
        right.Dispose();
        right.Dispose(); // A second time lets go of nothing.
        Assert.Equal(before + 1, LoadedModel.SessionsAlive);
        _catalog.Dispose();
        Assert.Equal(before + 1, LoadedModel.SessionsAlive);
        Assert.Equal(ScoreStatus.Scored, left.Run(1));
        left.Dispose();
        Assert.Equal(before, LoadedModel.SessionsAlive);
    }

    [Fact]
    public void A_scorer_outlives_its_catalog_even_with_a_version_that_was_replaced()
    {
        var slot = _catalog.Publish(Odd);
        using var scorer = slot.CreateScorer(1);
        _catalog.Publish(Even);
        _catalog.Dispose();

        Assert.Equal(ScoreStatus.Scored, scorer.Run(1));
        Assert.Equal("odd", scorer.Model.Version);
        Assert.Throws<ObjectDisposedException>(() => slot.CreateScorer(1));
        Assert.Throws<ObjectDisposedException>(() => _catalog.Publish(Odd));
    }

    [Fact]
    public async Task Reloads_under_load_never_fail_a_run_nor_mix_two_versions_in_one()
    {
        const int Reloads = 300;
        var slot = _catalog.Publish(Odd);
        using var stop = new CancellationTokenSource();
        using var changed = new SemaphoreSlim(0);
        var shards = Enumerable.Range(0, 3).Select(shard => Task.Factory.StartNew(
            () => ScoreUntil(slot, shard, changed, stop.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();

        for (var i = 0; i < Reloads; i++)
        {
            _catalog.Publish(i % 2 == 0 ? Even : Odd);
            await Task.WhenAny([changed.WaitAsync(), .. shards]).InTime(); // A shard ends before it is stopped only where it has failed.
        }

        await stop.CancelAsync();
        await Task.WhenAll(shards).InTime();
    }

    [Fact]
    public void A_thousand_reloads_leave_memory_where_it_was()
    {
        // 1,000 sessions of this model that are held take some 200 MB, as was seen when each was kept.
        const long MarginMegabytes = 4;
        var before = LoadedModel.SessionsAlive;
        var slot = _catalog.Publish(Samples.Source("trees.onnx", 5));
        using var scorer = slot.CreateScorer(16);
        using var idle = slot.CreateScorer(16);
        Reload(500);
        var warm = ResidentMegabytes();

        Reload(1_000);
        var grown = ResidentMegabytes() - warm;

        TestContext.Current.TestOutputHelper?.WriteLine($"1,000 reloads added {grown:F1} MB to {warm:F1} MB.");
        Assert.True(grown < MarginMegabytes, $"1,000 reloads added {grown:F1} MB to {warm:F1} MB.");
        Assert.Equal(before + 2, LoadedModel.SessionsAlive); // The current one, and the first, which the idle scorer holds.

        void Reload(int times)
        {
            for (var i = 0; i < times; i++)
            {
                _catalog.Publish(Samples.Source("trees.onnx", 5));
                Assert.Equal(ScoreStatus.Scored, scorer.Run((i % 16) + 1));
            }
        }
    }

    /// <summary>
    /// Scores a batch again and again; each of its rows must be what the version in its result says. Signals each change of version that it
    /// sees.
    /// </summary>
    private static void ScoreUntil(ModelSlot slot, int seed, SemaphoreSlim changed, CancellationToken cancellation)
    {
        using var scorer = slot.CreateScorer(8);
        var random = new Random(seed);
        var last = scorer.Model;
        while (!cancellation.IsCancellationRequested)
        {
            for (var row = 0; row < 8; row++)
            {
                Samples.FillRandomly(scorer.Row(row), random);
            }

            Assert.Equal(ScoreStatus.Scored, scorer.Run(8));
            for (var row = 0; row < 8; row++)
            {
                var expected = scorer.Model.Version == "odd" ? Samples.Logistic(scorer.Row(row)) : Samples.LogisticOther(scorer.Row(row));
                Assert.Equal(expected, scorer.Scores[row], 1e-6);
            }

            if (!ReferenceEquals(last, scorer.Model))
            {
                last = scorer.Model;
                changed.Release();
            }
        }
    }

    /// <summary>What the process has in memory, without what the garbage collector holds in reserve: that swings by some megabytes.</summary>
    private static double ResidentMegabytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var memory = GC.GetGCMemoryInfo();
        return (process.WorkingSet64 - memory.TotalCommittedBytes + memory.HeapSizeBytes) / 1e6;
    }
}
