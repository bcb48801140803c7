namespace Grid.Silo;

/// <summary>Stands in for the Orleans host in a build without it.</summary>
internal static class ClusterHost
{
    public const string Missing =
        "This build has no Orleans host: build it with -p:Orleans=true (or the environment variable Orleans=true) where the Microsoft.Orleans packages can be had.";

    public static IEnumerable<string> Add(WebApplicationBuilder builder) => [Missing];

    public static IEnumerable<string> FaultsOf(Exception raised) => [];
}

/// <summary><c>gateway</c>, in a build without Orleans.</summary>
internal static class GatewayCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        await Console.Error.WriteLineAsync(ClusterHost.Missing);
        return 1;
    }
}
