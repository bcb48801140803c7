using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Testing;

/// <summary>A clock that stands until it is advanced, and says when somebody has started to wait for it.</summary>
public sealed class SignalledTime : FakeTimeProvider
{
    private readonly Channel<bool> _timers = Channel.CreateUnbounded<bool>();

    /// <summary>One for each timer, when it has been set.</summary>
    public ChannelReader<bool> Timers => _timers.Reader;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(true);
        return timer;
    }
}
