namespace Grid.Drills;

/// <summary>Asks the grid as a good caller does: after a retriable error the same again, at another gateway, until it is answered.</summary>
internal sealed class Asking(Doors doors, CallLog log, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    public async Task<T> AskAsync<T>(string what, Func<IGrid, ValueTask<T>> ask, Random random)
    {
        var started = TimeProvider.System.GetTimestamp();
        var failures = new List<Failure>();
        log.Begin(failures, started);
        while (true)
        {
            var door = doors.Next();
            var asked = TimeProvider.System.GetTimestamp();
            try
            {
                var answer = await ask(door.Grid);
                door.HasAnswered();
                log.End(failures, new(started, TimeProvider.System.GetTimestamp(), failures));
                return answer;
            }
            catch (GridException raised)
            {
                // No connection, or no answer in time. An error that the gateway told is the cluster's, and the gateway may be asked again.
                var isSilent = raised.InnerException is HttpRequestException or OperationCanceledException;
                failures.Add(new(door.Silo, raised.Error, raised.Message, isSilent && door.IsGone));
                if (!raised.IsTransient || TimeProvider.System.GetElapsedTime(started) > DrillLimit.Time)
                {
                    throw Fault($"{what} at {door.Silo}, attempt {failures.Count}: {raised.Error}, {raised.Message}", raised);
                }

                if (!isSilent)
                {
                    door.HasAnswered();
                }
                else if (raised.InnerException is HttpRequestException || !door.AnsweredSince(asked))
                {
                    door.TakeRest();
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5, (int)Math.Min(20 << Math.Min(failures.Count, 5), LongestPause.TotalMilliseconds))), time);
        }
    }

    /// <summary>Notes an answer that breaks a promise.</summary>
    public DrillException Fault(string said, Exception? inner = null)
    {
        log.AddFault(said);
        return new(said, inner);
    }
}
