using System.Text;

namespace Grid.Postgres.Tests;

/// <summary>Files of batch features: put, named, made sure, each step of which may be undone by somebody else.</summary>
public sealed class FileTests(Databases databases)
{
    [Fact]
    public async Task A_file_is_listed_once_it_has_a_moment_and_its_bytes_come_back()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var id = await PutAsync(log, "größe");

        Assert.Empty(await log.Files.ListAsync(default));
        var known = await log.Files.NameAsync(id, At(1_000), default);
        var named = Assert.Single(await log.Files.ListAsync(default));
        Assert.True(await log.Files.MakeSureAsync(id, known!.Value, default));
        var sure = Assert.Single(await log.Files.ListAsync(default));

        Assert.Equal((id, At(1_000), false, "user"), (named.Id, named.Known, named.Sure, named.Kind));
        Assert.Equal(["a", "b"], named.Features);
        Assert.True(sure.Sure);
        var read = await log.Files.ReadAsync(id, default);
        Assert.Equal(("größe", 7u), (Encoding.UTF8.GetString(read!.Value.Body), read.Value.Checksum));
    }

    [Fact]
    public async Task A_file_of_several_megabytes_comes_back()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var body = new byte[9 << 20];
        new Random(1).NextBytes(body);

        var id = await log.Files.PutAsync("user", ["a"], uint.MaxValue, body, default);
        var read = await log.Files.ReadAsync(id, default);

        Assert.Equal(uint.MaxValue, read!.Value.Checksum);
        Assert.True(body.AsSpan().SequenceEqual(read.Value.Body));
    }

    [Fact]
    public async Task Those_who_name_at_once_get_a_moment_each_and_later_ones_come_later()
    {
        var database = await databases.CreateAsync();
        await using var one = await Logs.OpenAsync(database);
        await using var other = await Logs.OpenAsync(database);
        var ids = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => PutAsync(i % 2 == 0 ? one : other, "x")));

        var moments = await Task.WhenAll(ids.Select((id, i) => (i % 2 == 0 ? one : other).Files.NameAsync(id, At(1_000), default)));
        var later = await one.Files.NameAsync(await PutAsync(one, "x"), At(5), default);

        Assert.Equal(64, moments.Distinct().Count());
        Assert.All(moments, moment => Assert.InRange(moment!.Value.UnixMilliseconds, 1_000, later!.Value.UnixMilliseconds - 1));
    }

    [Fact]
    public async Task What_is_not_sure_loses_its_moment_to_anybody_and_what_is_sure_keeps_it()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var id = await PutAsync(log, "x");
        var first = (await log.Files.NameAsync(id, At(1_000), default))!.Value;

        await log.Files.UnnameAsync(id, first, default);
        Assert.False(await log.Files.MakeSureAsync(id, first, default));
        var second = (await log.Files.NameAsync(id, At(2_000), default))!.Value;
        Assert.False(await log.Files.MakeSureAsync(id, first, default));
        await log.Files.UnnameAsync(id, first, default);
        Assert.True(await log.Files.MakeSureAsync(id, second, default));
        await log.Files.UnnameAsync(id, second, default);

        Assert.Null(await log.Files.NameAsync(id, At(9_000), default));
        Assert.Equal((second, true), (Assert.Single(await log.Files.ListAsync(default)).Known, true));
    }

    [Fact]
    public async Task What_was_put_long_ago_and_never_named_is_deleted_and_nothing_else()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database);
        var (lost, young, named) = (await PutAsync(log, "lost"), await PutAsync(log, "young"), await PutAsync(log, "named"));
        await log.Files.NameAsync(named, At(1_000), default);
        await Sql.RunAsync(database, $"update grid_log.files set put = now() - interval '2 hours' where id <> {young}");

        await log.Files.DeleteLeftAsync(TimeSpan.FromHours(1), default);

        Assert.Null(await log.Files.ReadAsync(lost, default));
        Assert.Null(await log.Files.NameAsync(lost, At(1), default));
        Assert.NotNull(await log.Files.ReadAsync(young, default));
        Assert.NotNull(await log.Files.ReadAsync(named, default));
        await log.Files.DeleteAsync(named, default);
        Assert.Empty(await log.Files.ListAsync(default));
    }

    private static EventTime At(long milliseconds) => EventTime.FromUnixMilliseconds(milliseconds);

    private static Task<long> PutAsync(EventLog log, string text) => log.Files.PutAsync("user", ["a", "b"], 7, Encoding.UTF8.GetBytes(text), default);
}
