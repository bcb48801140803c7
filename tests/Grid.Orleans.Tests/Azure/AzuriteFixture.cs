using Grid.Testing;

[assembly: AssemblyFixture(typeof(Grid.Orleans.Tests.AzuriteFixture))]

namespace Grid.Orleans.Tests;

/// <summary>One emulator of Azure Storage for all tests that ask for it; each takes a container and a cluster of its own.</summary>
public sealed class AzuriteFixture : IDisposable
{
    private readonly Lazy<Task<AzuriteServer>> _server = new(() => AzuriteServer.StartAsync());

    /// <summary>The running emulator. Where none can run the test is skipped, and fails in CI.</summary>
    public Task<AzuriteServer> GetAsync()
    {
        Require();
        return _server.Value;
    }

    /// <summary>Skips the test where no emulator can run; fails it in CI, where one must.</summary>
    public static void Require()
    {
        if (AzuriteServer.Absent is { } reason)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }
    }

    /// <summary>Settings of a cluster in the account, with a container of its own.</summary>
    internal async Task<Action<GridClusterOptions>> NewClusterAsync()
    {
        var server = await GetAsync();
        var name = "c" + Guid.NewGuid().ToString("N");
        return options =>
        {
            (options.Clustering, options.Storage, options.ClusterId) = (ClusteringKind.Azure, StorageKind.Azure, name);
            (options.Azure.ConnectionString, options.Azure.Container, options.Azure.Table) = (server.ConnectionString, name, "Members");
        };
    }

    public void Dispose()
    {
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
        {
            _server.Value.Result.Dispose();
        }
    }
}
