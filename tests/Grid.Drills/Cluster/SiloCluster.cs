using System.Globalization;
using Grid.Testing;

namespace Grid.Drills;

/// <summary>Silo processes on loopback that make one cluster through a store of their own, and the doors to their gateways.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private const int MostAttempts = 3;

    private readonly SiloStore _store;
    private readonly List<SiloProcess> _all = [];
    private readonly string _id;
    private int _names;

    private SiloCluster(SiloStore store, DrillOptions options)
    {
        (_store, Doors, Arguments, Logs) = (store, new(options.AttemptTimeout), options.Silo, options.Logs);
        _id = string.Create(CultureInfo.InvariantCulture, $"drill-{Environment.ProcessId}");
    }

    /// <summary>Silos that run, the oldest first.</summary>
    public List<SiloProcess> Silos { get; } = [];

    public Doors Doors { get; }

    /// <summary>Silos that ended without having been told to, in words.</summary>
    public List<string> Losses { get; } = [];

    /// <summary>The bundle that silos are started with from now on.</summary>
    public string Bundle { get; set; } = Repository.Bundle("fraud");

    /// <summary>Further arguments that silos are started with from now on.</summary>
    public IReadOnlyList<string> Arguments { get; set; }

    /// <summary>Where what the silos said is written when the cluster ends; null keeps none of it.</summary>
    public string? Logs { get; set; }

    /// <summary>Processor time that the database has spent.</summary>
    public TimeSpan DatabaseCpu => _store.CpuTime;

    /// <summary>Starts the silos, and a database where no store is given, and ends when every one is ready.</summary>
    /// <exception cref="DrillException">There is no PostgreSQL here, or a silo does not start.</exception>
    public static async Task<SiloCluster> StartAsync(DrillOptions options, SiloStore? store = null)
    {
        var cluster = new SiloCluster(store ?? SiloStore.Postgres(), options);
        try
        {
            for (var i = 0; i < options.Silos; i++)
            {
                await cluster.JoinAsync();
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts one more silo, and opens its door when it is ready. One that ends before that is started again, as an orchestrator would: where processor time is
    /// scarce a silo may stand still for so long, while it starts, that the others declare it dead.
    /// </summary>
    public async Task<SiloProcess> JoinAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var silo = SiloProcess.Start(string.Create(CultureInfo.InvariantCulture, $"s{++_names}"), ArgumentsOf(_names));
            _all.Add(silo);
            try
            {
                await silo.ListensAsync(DrillLimit.Time);
                await Readiness.WaitAsync(silo, DrillLimit.Time);
                await Doors.OpenAsync(silo);
            }
            catch (Exception raised) when (raised is DrillException or GridException && silo.HasEnded && attempt < MostAttempts)
            {
                Losses.Add($"{silo.Name} ended with code {silo.ExitCode} before it was ready");
                continue;
            }

            Silos.Add(silo);
            return silo;
        }
    }

    /// <summary>Starts another silo for each that has ended by itself.</summary>
    public async Task MendAsync()
    {
        foreach (var silo in Silos.Where(silo => silo.HasEnded).ToArray())
        {
            Losses.Add($"{silo.Name} ended with code {silo.ExitCode}, and nobody had told it to");
            Leave(silo);
            await JoinAsync();
        }
    }

    /// <summary>Takes a silo that has ended, or soon will, out of the list and closes its door.</summary>
    public void Leave(SiloProcess silo)
    {
        Silos.Remove(silo);
        Doors.Close(silo);
    }

    public async ValueTask DisposeAsync()
    {
        Doors.Dispose();
        foreach (var silo in _all)
        {
            await silo.DisposeAsync();
            if (Logs is { } folder)
            {
                Directory.CreateDirectory(folder);
                await File.WriteAllTextAsync(Path.Combine(folder, silo.Name + ".log"), silo.Output);
            }
        }

        _store.Dispose();
    }

    private IEnumerable<string> ArgumentsOf(int number) =>
    [
        "serve", "--host", "orleans", "--urls", "http://127.0.0.1:0", "--bundle", Bundle,
        "--Grid:Orleans:ClusterId=" + _id,
        "--Grid:Orleans:ServiceId=drill",
        "--Grid:Orleans:SiloName=" + string.Create(CultureInfo.InvariantCulture, $"s{number}"),
        "--Grid:Orleans:SiloPort=" + FreePort.Next().ToString(CultureInfo.InvariantCulture),
        "--Grid:Orleans:GatewayPort=" + FreePort.Next().ToString(CultureInfo.InvariantCulture),
        .. _store.Arguments,
        .. Arguments,
    ];
}
