using System.Diagnostics;

namespace Grid.Drills;

/// <summary>Asks a silo's readiness as an orchestrator's probe does.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until <c>/health/ready</c> says yes.</summary>
    /// <exception cref="DrillException">The silo ended, or was not ready in time.</exception>
    public static async Task WaitAsync(SiloProcess silo, TimeSpan within, TimeProvider time)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var started = Stopwatch.GetTimestamp();
        var said = "";
        while (Stopwatch.GetElapsedTime(started) < within && !silo.HasEnded)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(silo.Address, "/health/ready"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }

                said = await answer.Content.ReadAsStringAsync();
            }
            catch (Exception raised) when (raised is HttpRequestException or OperationCanceledException)
            {
                said = raised.Message;
            }

            await Task.Delay(Beat, time);
        }

        throw new DrillException($"Silo {silo.Name} was not ready within {within.TotalSeconds:0} s, it said last: {said}\n{silo.Output}");
    }
}
