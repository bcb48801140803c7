using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Silo.Cluster;
using Microsoft.Extensions.Options;

namespace Grid.Silo;

/// <summary>Puts a silo together.</summary>
internal static class SiloHost
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--bundle"] = "Grid:Bundle",
        ["--data"] = "Grid:Engine:Folder",
        ["--host"] = "Grid:Host",
    };

    /// <summary>A silo that has read its bundle, checked its settings and opened its data folder, and listens when it is started.</summary>
    /// <exception cref="SiloException">The bundle, the settings or the arguments are at fault; every fault is told.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = Prepare(args, configure);
        var faults = new List<string>(SiloArguments.Check(args));
        if (ReadBundle(builder.Configuration["Grid:Bundle"] ?? "bundles/fraud", faults) is { } bundle)
        {
            builder.Services.AddSingleton(bundle);
        }

        faults.AddRange(AddEngine(builder));
        builder.Services.AddGridGateway();
        faults.AddRange(CheckSettings(builder.Configuration));
        if (faults.Count > 0)
        {
            throw new SiloException(faults);
        }

        var silo = builder.Build();
        silo.MapGridGateway();
        ClusterHost.Map(silo, silo.Services.GetService<Grid.Orleans.GridClusterOptions>());
        return silo;
    }

    /// <summary>What every process of the silo's program is made from: settings, and where it listens.</summary>
    public static WebApplicationBuilder Prepare(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // The settings that ship lie beside the program; what is relative in them is relative to where it is started.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args, ShortNames);
        configure?.Invoke(builder);
        if (builder.Configuration["urls"] is null or "" && builder.Configuration["http_ports"] is null && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        return builder;
    }

    private static IEnumerable<string> AddEngine(WebApplicationBuilder builder)
    {
        switch (builder.Configuration["Grid:Host"])
        {
            case null or "" or "embedded":
                builder.Services.AddGridEngine();
                builder.Services.AddHealthChecks().AddCheck<EngineReadiness>("engine", tags: ["ready"]);
                return [];
            case "orleans":
                return ClusterHost.Add(builder);
            case var other:
                return [$"There is no host '{other}'; expected --host embedded or --host orleans."];
        }
    }

    private static Bundle? ReadBundle(string named, List<string> faults)
    {
        try
        {
            return BundleReader.Read(BundleFolder.Find(named));
        }
        catch (Exception raised) when (raised is BundleException or DirectoryNotFoundException)
        {
            faults.Add(raised.Message);
            return null;
        }
    }

    /// <summary>Checks all settings by themselves: building the host would end at the first that is at fault.</summary>
    private static List<string> CheckSettings(IConfiguration configuration)
    {
        using var parts = new ServiceCollection().AddSingleton(configuration).AddGridEngine().AddGridGateway().BuildServiceProvider();
        try
        {
            parts.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (Exception raised) when (raised is OptionsValidationException or AggregateException)
        {
            return [.. SiloErrors.Of(raised)];
        }
    }
}
