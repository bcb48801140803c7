namespace Grid.Drills;

/// <summary>Asks a silo's readiness as an orchestrator's probe does.</summary>
internal static class Readiness
{
    /// <summary>Waits until the silo says that it has started, and asks until <c>/health/ready</c> says yes.</summary>
    /// <exception cref="DrillException">The silo ended, or was not ready in time.</exception>
    public static async Task WaitAsync(SiloProcess silo, TimeSpan within)
    {
        using var http = new HttpClient { Timeout = within };
        await silo.StartsAsync(within);
        var started = TimeProvider.System.GetTimestamp();
        var said = "";
        while (TimeProvider.System.GetElapsedTime(started) < within && !silo.HasEnded)
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
        }

        throw new DrillException($"Silo {silo.Name} was not ready within {within.TotalSeconds:0} s, it said last: {said}\n{silo.Output}");
    }
}
