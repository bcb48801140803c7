using System.Threading.Channels;

using Microsoft.Extensions.Time.Testing;

namespace Grid.Testing;

/// <summary>A clock that stands still until a test moves it, and that says which waits were set on it.</summary>
public class SteppedTime() : FakeTimeProvider(Beginning)
{
    /// <summary>What it shows at first.</summary>
    public static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private readonly Channel<TimeSpan> _beats = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>What it shows, as an event's time.</summary>
    public EventTime Now => EventTime.From(GetUtcNow());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
        {
            (period > TimeSpan.Zero ? _beats : _waits).Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>Moves on to a moment, where it is not past it.</summary>
    public void Reach(EventTime moment)
    {
        var left = moment.UnixMilliseconds - Now.UnixMilliseconds;
        if (left > 0)
        {
            Advance(TimeSpan.FromMilliseconds(left));
        }
    }

    /// <summary>The next wait that was set, such as <c>Task.Delay</c>: how long it is. Each is returned once.</summary>
    public Task<TimeSpan> NextWaitAsync() => _waits.Reader.ReadAsync().AsTask().InTime();

    /// <summary>Ends when a timer that goes off again and again was set with this period.</summary>
    public async Task BeatAsync(TimeSpan period)
    {
        while (await _beats.Reader.ReadAsync().AsTask().InTime() != period)
        {
        }
    }

    /// <summary>Moves on past each wait that is set until some work has ended.</summary>
    /// <returns>How long the waits were.</returns>
    public async Task<IReadOnlyList<TimeSpan>> PassWaitsAsync(Task work)
    {
        var waits = new List<TimeSpan>();
        while (true)
        {
            await Task.WhenAny(work, _waits.Reader.WaitToReadAsync().AsTask()).InTime();
            var hasEnded = work.IsCompleted; // Asked first: what it waited for is in the channel by then.
            if (_waits.Reader.TryRead(out var wait))
            {
                waits.Add(wait);
                Advance(wait);
            }
            else if (hasEnded)
            {
                await work;
                return waits;
            }
        }
    }
}
