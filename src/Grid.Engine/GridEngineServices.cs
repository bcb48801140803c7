using System.Diagnostics.Metrics;
using Grid.Decisions.Plans;
using Grid.Engine;
using Grid.Models;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

public static class GridEngineServices
{
    /// <summary>
    /// Adds the embedded grid as <see cref="Grid.IGrid"/>. A <see cref="Bundle"/> must be registered. Settings come from section
    /// <c>Grid:Engine</c>, then from <paramref name="configure"/>. The data folder is opened when the grid is first asked for.
    /// </summary>
    /// <exception cref="OptionsValidationException">Raised when the host starts, if a setting is out of range.</exception>
    public static IServiceCollection AddGridEngine(this IServiceCollection services, Action<EngineOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton<IValidateOptions<EngineOptions>, EngineOptionsValidator>();
        var options = services.AddOptions<EngineOptions>().BindConfiguration(EngineOptions.Section).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

#pragma warning disable RS0030 // The composition's default; a host's own registration wins.
        services.TryAddSingleton(TimeProvider.System);
#pragma warning restore RS0030
        services.TryAddSingleton<ModelCatalog>();
        services.TryAddSingleton<Grid.IModelReloads, ModelReloads>();
        services.AddMetrics();
        services.TryAddSingleton(provider => EmbeddedGrid.Open(
            provider.GetRequiredService<Bundle>(),
            provider.GetRequiredService<IOptions<EngineOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ModelCatalog>(),
            provider.GetService<IMeterFactory>(),
            provider.GetService<ILogger<EmbeddedGrid>>()));
        services.TryAddSingleton<Grid.IGrid>(provider => provider.GetRequiredService<EmbeddedGrid>());
        return services;
    }
}
