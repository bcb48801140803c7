namespace Grid.Orleans.Tests;

/// <summary>An id that two owners send: within an owner it names one event, and each owner's event is one of its own.</summary>
public sealed class ReusedIdTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly EventTime Noon = EventTime.FromUnixMilliseconds(1_530_000_000_000);
    private static readonly EventTime Later = EventTime.FromUnixMilliseconds(Noon.UnixMilliseconds + (8 * 86_400_000L));

    [Theory]
    [InlineData(StorageKind.Memory)]
    [InlineData(StorageKind.Log)]
    public async Task Events_of_two_cards_with_one_id_are_two_events(StorageKind storage)
    {
        await using var test = storage == StorageKind.Log
            ? await postgres.StartAsync(storage)
            : await TestGrid.StartAsync(options => options.Storage = storage);

        var a = await test.Grid.DecideAsync("authorize", Payment("1001", "a", 10), default);
        var b = await test.Grid.DecideAsync("authorize", Payment("1001", "b", 300), default);
        var again = await test.Grid.DecideAsync("authorize", Payment("1001", "b", 300), default);
        var refused = await Assert.ThrowsAsync<GridException>(
            async () => await test.Grid.DecideAsync("authorize", Payment("1001", "b", 10), default));

        Assert.Equal(("approve", "decline", false), (a.Action, b.Action, b.Duplicate));
        Assert.Equal((new EntityId("card", "b"), b.Id, true), (again.Owner, again.Id, again.Duplicate));
        Assert.Equal(GridError.IdConflict, refused.Error);
        Assert.Equal(2, (await test.Grid.ReadFeaturesAsync(new("terminal", "m"), Later, default))["tx_count_7d"].Value);
    }

    private static Event Payment(string id, string card, decimal amount) => new("transaction")
    {
        ["transaction_id"] = id,
        ["at"] = Noon,
        ["card"] = card,
        ["terminal"] = "m",
        ["amount"] = amount,
    };
}
