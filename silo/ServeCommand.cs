namespace Grid.Silo;

/// <summary><c>serve</c>: runs a silo until it is told to stop.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            // Closing it answers what is under way, then writes what has changed as snapshots.
            await using var silo = SiloHost.Build(args);
            await silo.RunAsync();
            return 0;
        }
        catch (Exception raised) when (SiloErrors.TryTell(raised, Console.Error))
        {
            return 1;
        }
    }
}
