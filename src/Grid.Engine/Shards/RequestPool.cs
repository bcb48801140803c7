namespace Grid.Engine;

/// <summary>Requests that wait for their next use: one per thread, the rest in a stack, so that a call allocates none.</summary>
internal sealed class RequestPool(EngineCore core)
{
    private const int Most = 16_384;

    [ThreadStatic]
    private static Request? _mine;

    private readonly Lock _lock = new();
    private readonly Stack<Request> _free = new();

    public Request Take()
    {
        var mine = _mine;
        if (mine is not null && ReferenceEquals(mine.Core, core))
        {
            _mine = null;
            return mine;
        }

        lock (_lock)
        {
            return _free.TryPop(out var free) ? free : new(core);
        }
    }

    public void Give(Request request)
    {
        if (_mine is null)
        {
            _mine = request;
            return;
        }

        lock (_lock)
        {
            if (_free.Count < Most)
            {
                _free.Push(request);
            }
        }
    }
}
