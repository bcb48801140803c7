using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Features.Binary;
using Grid.Features.Plans;
using Grid.Features.Rows;

namespace Grid.Engine.Tests;

public sealed class EntitySaverTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_that_something_earlier_came_late_to_is_not_kept(bool comesBeforeTheLook)
    {
        using var folder = new TestFolder();
        var grid = Fraud.Open(folder);
        var core = grid.Core;
        await grid.DecideAsync("authorize", Fraud.Payment("first", "c1", "m1", 0), default);

        // Appended, and not yet told to its terminal; the next one overtakes it.
        var (slow, type) = Read(core, Fraud.Payment("slow", "c2", "m1", 1));
        var slowAt = Append(core, slow, type, out var pass);
        await grid.DecideAsync("authorize", Fraud.Payment("last", "c3", "m1", 2), default);
        var terminal = core.KindsByName["terminal"].Ordinal;
        var shard = core.ShardOf(terminal, "m1");

        if (comesBeforeTheLook)
        {
            await TellAsync();
        }

        var settling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        core.Journal.Settling = () => settling.TrySetResult();
        var saving = new EntitySaver(core, shard, new(core)).RunAsync(slowAt - 1, putAway: false);
        await settling.Task.InTime(); // It has copied the terminal, and waits for the journal to settle, which waits for the slow one.
        Assert.False(saving.IsCompleted);
        if (!comesBeforeTheLook)
        {
            await TellAsync();
        }

        pass.GiveBack();
        Assert.True(await saving.InTime());
        await grid.WriteAsync(database => database.WriteMeta(Recovery.TailMeta, core.Journal.LastGiven + 1));
        grid.Abandon();

        await using var reopened = Fraud.Open(folder);
        Assert.Equal(3, await Fraud.ReadAsync(reopened, "terminal", "m1", "tx_count_30d", (7 * 86400) + 100));

        Task TellAsync() => ShardTask.RunAsync(shard, on =>
        {
            var entity = on.Entities.TouchOrCreate(terminal, "m1");
            on.Entities.Store.Apply(entity, slow);
            on.Entities.Include(entity, slowAt);
            return false;
        });
    }

    private static (EventRow Row, EventFacts Type) Read(EngineCore core, Event happened)
    {
        var type = core.EventsByName[happened.Type];
        var row = new EventRow();
        Assert.True(RowReader.TryRead(happened, type.Plan, Fraud.At(0), Fraud.At(100), row, out var fault), fault?.ToString());
        return (row, type);
    }

    private static long Append(EngineCore core, EventRow row, EventFacts type, out DeliveryPass pass)
    {
        var bytes = new byte[16 + RowRecord.MaxBytes(row, type.Sent)];
        var writer = new SpanWriter(bytes);
        writer.Byte((byte)RecordKind.Event);
        RowRecord.Write(ref writer, row, type.Sent);
        return core.Journal.Append(bytes.AsSpan(0, writer.Written), row.At.UnixMilliseconds, null, out pass);
    }
}
