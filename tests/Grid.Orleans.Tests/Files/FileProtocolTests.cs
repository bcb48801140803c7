using Grid.Contract.Tests;
using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Postgres;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Orleans.Tests;

/// <summary>Silos that load and read files of batch features over one log, with clocks that the tests move: whoever reads at a moment sees the same file.</summary>
public sealed class FileProtocolTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-files-").FullName;
    private readonly FakeTimeProvider _clock = TestClock.New();
    private Bundle _bundle = null!;
    private LogStorage _storage = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _bundle = BatchContract.Write(_folder);
        _database = await postgres.MakeDatabaseAsync();
        _storage = new(new() { ConnectionString = _database }, _clock, null);
        await _storage.StartAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        if (_storage is not null)
        {
            await _storage.StopAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Whoever_reads_at_a_moment_sees_the_same_file_however_slow_anybody_is()
    {
        var (reads, refused, lost) = (0, 0, 0);
        for (var seed = 1; seed <= 20; seed++)
        {
            await RunSqlAsync("delete from grid_log.files");
            var world = new FileWorld(_bundle, _storage, _clock, seed);
            await world.RunAsync();
            reads += world.Seen.Count;
            refused += world.Refused;
            lost += world.Lost;
        }

        Assert.True(
            reads > 300 && refused < reads / 5 && lost > 15,
            $"{reads} reads, {refused} refused, {lost} loads lost: too few to mean anything.");
    }

    [Fact]
    public async Task A_silo_that_did_not_look_for_long_looks_before_it_reads()
    {
        var (one, other) = (Silo(_clock), Silo(_clock));
        await one.Files.LookAsync();
        var known = (await other.Loader.LoadAsync(OneSilo.File(_clock))).SeenFrom;

        Assert.Null(one.SeenBy(known)); // It does not know yet.
        _clock.Advance(TimeSpan.FromSeconds(12));
        await one.Files.KnowAsync(_clock.Now());

        Assert.Equal(known, one.SeenBy(_clock.Now()));
    }

    [Fact]
    public async Task A_silo_that_cannot_look_refuses_what_it_cannot_know_and_reads_what_it_can()
    {
        var broken = false;
        var silo = Silo(_clock, () => broken ? throw new LogUnavailableException("The server is gone.", outcomeUnknown: false) : Task.CompletedTask);
        await silo.Loader.LoadAsync(OneSilo.File(_clock));
        broken = true;

        await silo.Files.KnowAsync(_clock.Now());
        _clock.Advance(TimeSpan.FromSeconds(12));
        var refused = await Assert.ThrowsAsync<GridException>(async () => await silo.Files.KnowAsync(_clock.Now()));
        await silo.Files.KnowAsync(EventTime.FromUnixMilliseconds(_clock.Now().UnixMilliseconds - 12_000));
        broken = false;
        await silo.Files.KnowAsync(_clock.Now());

        Assert.Equal(GridError.Unavailable, refused.Error);
        Assert.NotNull(silo.SeenBy(_clock.Now()));
    }

    [Fact]
    public async Task A_file_that_took_long_to_name_gets_a_later_moment_and_is_there_once()
    {
        var steps = 0;
        var silo = Silo(_clock, () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(++steps <= 4 ? 2 : 0)); // Putting and naming, before and after each.
            return Task.CompletedTask;
        });

        var receipt = await silo.Loader.LoadAsync(OneSilo.File(_clock));

        var kept = Assert.Single(await _storage.Files.ListAsync(default));
        Assert.Equal((receipt.SeenFrom, true), (kept.Known, kept.Sure));
        Assert.True(receipt.SeenFrom.UnixMilliseconds >= _clock.Now().UnixMilliseconds + (long)(OneSilo.Ahead * 0.75).TotalMilliseconds);
    }

    [Fact]
    public async Task A_file_whose_loader_was_lost_counts_for_nobody_once_its_moment_has_passed()
    {
        var file = OneSilo.File(_clock);
        var id = await _storage.Files.PutAsync(file, Formats.Write(Formats.Batch, file).ToArray(), default);
        var known = (await _storage.Files.NameAsync(id, _clock.Now(), default))!.Value;
        var silo = Silo(_clock);
        _clock.Advance(TimeSpan.FromSeconds(1));

        await silo.Files.KnowAsync(_clock.Now());

        Assert.Null(silo.SeenBy(_clock.Now()));
        Assert.False(await _storage.Files.MakeSureAsync(id, known, default));
    }

    [Fact]
    public async Task A_file_that_may_still_become_sure_is_not_passed_by_unseen()
    {
        var file = OneSilo.File(_clock);
        var id = await _storage.Files.PutAsync(file, Formats.Write(Formats.Batch, file).ToArray(), default);
        var known = (await _storage.Files.NameAsync(id, EventTime.From(_clock.GetUtcNow() + OneSilo.Ahead), default))!.Value;
        var silo = Silo(_clock);
        _clock.Advance(OneSilo.Ahead * 0.7);
        await silo.Files.KnowAsync(_clock.Now());
        _clock.Advance(OneSilo.Ahead * 0.35); // Half the time has not gone by since it looked, but the file's moment has come.

        Assert.False(silo.Files.Knows(_clock.Now()));
        Assert.True(await _storage.Files.MakeSureAsync(id, known, default));
        await silo.Files.KnowAsync(_clock.Now());
        Assert.Equal(known, silo.SeenBy(_clock.Now()));
    }

    [Fact]
    public async Task A_file_that_was_read_is_known_only_once_it_is_shown()
    {
        var file = OneSilo.File(_clock);
        var id = await _storage.Files.PutAsync(file, Formats.Write(Formats.Batch, file).ToArray(), default);
        var known = (await _storage.Files.NameAsync(id, EventTime.From(_clock.GetUtcNow() + OneSilo.Ahead), default))!.Value;
        var passedBy = false;
        OneSilo? silo = null;
        silo = Silo(_clock, () =>
        {
            passedBy |= _clock.Now() >= known && silo!.Files.Knows(_clock.Now()) && silo.SeenBy(_clock.Now()) is null;
            return Task.CompletedTask;
        });
        await silo.Files.LookAsync(); // Reads it; it is not sure yet.
        Assert.True(await _storage.Files.MakeSureAsync(id, known, default));
        _clock.Advance(OneSilo.Ahead * 1.2);
        await Silo(_clock).Loader.LoadAsync(OneSilo.File(_clock)); // Something more to read at the next look.

        await silo.Files.KnowAsync(_clock.Now());

        Assert.False(passedBy);
        Assert.Equal(known, silo.SeenBy(_clock.Now()));
    }

    [Fact]
    public async Task A_file_that_was_deleted_by_hand_is_let_go_of_and_a_corrupt_one_is_told()
    {
        var (silo, other) = (Silo(_clock), Silo(_clock));
        var known = (await silo.Loader.LoadAsync(OneSilo.File(_clock))).SeenFrom;
        Assert.Equal(known, silo.SeenBy(known));
        await RunSqlAsync("update grid_log.files set body = set_byte(body, 9, get_byte(body, 9) # 1)");

        var told = await Assert.ThrowsAsync<GridException>(other.Files.LookAsync);
        await RunSqlAsync("delete from grid_log.files");
        await Task.WhenAll(silo.Files.LookAsync(), other.Files.LookAsync());

        Assert.Contains("corrupt", told.Message, StringComparison.Ordinal);
        Assert.Null(silo.SeenBy(known));
    }

    [Fact]
    public async Task What_another_bundle_loaded_is_passed_over_and_kept()
    {
        var file = OneSilo.File(_clock);
        await Silo(_clock).Loader.LoadAsync(file);
        var text = await System.IO.File.ReadAllTextAsync(Path.Combine(_folder, "bundle.yaml"), TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "bundle.yaml"), text.Replace("cuisine:", "taste:", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var changed = Silo(_clock, null, BundleReader.Read(_folder));

        await changed.Loader.LoadAsync(new("user", ["spend"], [new("u", file.Rows[0].At, [1m])]));

        Assert.Equal(["spend"], Assert.Single(changed.Files.Loaded.Files).Features.Select(feature => changed.Bundle.Definitions.Kinds[0].Features[feature].Name));
        Assert.Equal(2, (await _storage.Files.ListAsync(default)).Count);
    }

    [Fact]
    public async Task The_last_eight_of_the_same_features_are_kept_and_no_more()
    {
        var silo = Silo(_clock);
        await silo.Loader.LoadAsync(new("user", ["spend", "cuisine"], [new("u", OneSilo.File(_clock).Rows[0].At, [1m, "first"])]));
        for (var i = 0; i < 10; i++)
        {
            await silo.Loader.LoadAsync(OneSilo.File(_clock));
        }

        var kept = await _storage.Files.ListAsync(default);
        Assert.Equal([2, .. Enumerable.Repeat(1, 8)], kept.Select(file => file.Features.Count)); // Nothing newer says anything of 'spend'.
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused_by_us_and_not_by_orleans()
    {
        var refused = Assert.Throws<GridException>(() => FileLoader.CheckSize(OneSilo.File(_clock), FileLoader.MostBytes + 1));

        Assert.Equal("rows", refused.ValidationError!.Field);
        FileLoader.CheckSize(OneSilo.File(_clock), FileLoader.MostBytes);
        Assert.True(new global::Orleans.Configuration.SiloMessagingOptions().MaxMessageBodySize > FileLoader.MostBytes + (1 << 20));
        Assert.True(new global::Orleans.Configuration.ClientMessagingOptions().MaxMessageBodySize > FileLoader.MostBytes + (1 << 20));
    }

    private OneSilo Silo(TimeProvider clock, Func<Task>? between = null, Bundle? bundle = null) =>
        OneSilo.Create(bundle ?? _bundle, clock, _storage, between);

    private Task RunSqlAsync(string sql) => postgres.RunAsync(_database, sql);
}
