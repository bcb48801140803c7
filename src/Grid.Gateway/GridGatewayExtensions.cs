using System.Diagnostics.Metrics;
using System.Net;
using Grid;
using Grid.Gateway;
using Grid.Gateway.Dashboard;
using Grid.Gateway.Endpoints;
using Grid.Gateway.Metrics;
using Grid.Gateway.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the gateway to a host that has an <see cref="IGrid"/>.</summary>
public static class GridGatewayExtensions
{
    /// <summary>
    /// Registers the services of the gateway. Settings come from section <c>Grid:Gateway</c>, then from <paramref name="configure"/>.
    /// </summary>
    /// <exception cref="OptionsValidationException">Thrown when the host starts, if a setting is out of range.</exception>
    public static IServiceCollection AddGridGateway(this IServiceCollection services, Action<GatewayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        var options = services.AddOptionsWithValidateOnStart<GatewayOptions, GatewayOptionsRanges>().BindConfiguration(GatewayOptions.Section);
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsRules>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

#pragma warning disable RS0030 // The default clock; a registration of the host takes precedence.
        services.TryAddSingleton(TimeProvider.System);
#pragma warning restore RS0030
        services.AddMetrics();
        services.AddHealthChecks();
        services.AddRouting();
        services.AddSingleton<ObjectPool<Scratch>>(provider =>
            new DefaultObjectPool<Scratch>(new Scratch.Policy(provider.GetRequiredService<TimeProvider>()), 256));
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton(provider => new MetricsListener(
            provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<IOptions<GatewayOptions>>().Value.Instruments));
        services.AddSingleton<ProblemAnswers>();
        services.AddSingleton<EventReaders>();
        services.AddSingleton<RecentDecisions>();
        services.AddSingleton(provider => KeysOf(provider.GetRequiredService<IOptions<GatewayOptions>>().Value));
        services.AddSingleton<RankingEndpoint>();
        services.AddSingleton<DecisionEndpoint>();
        services.AddSingleton<EventEndpoint>();
        services.AddSingleton<FeaturesEndpoint>();
        services.AddSingleton<BatchEndpoint>();
        services.AddSingleton<CatalogueEndpoint>();
        services.AddSingleton<ModelEndpoint>();
        services.AddSingleton<HealthEndpoint>();
        services.AddSingleton<DescriptionEndpoint>();
        services.AddSingleton<DashboardEndpoint>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ServerSettings>();
        services.AddSingleton<IStartupFilter, RequestPathFilter>();
        return services;
    }

    /// <summary>Maps every endpoint of the gateway. Metrics are collected from this call on.</summary>
    public static IEndpointRouteBuilder MapGridGateway(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        var parts = endpoints.ServiceProvider;
        parts.GetRequiredService<MetricsListener>(); // before the services that measure, so that their initial values are collected
        var problems = parts.GetRequiredService<ProblemAnswers>();
        var keys = parts.GetRequiredService<ApiKeys>();
        var options = parts.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var decisions = parts.GetRequiredService<DecisionEndpoint>();
        var descriptions = parts.GetRequiredService<DescriptionEndpoint>();
        var health = parts.GetRequiredService<HealthEndpoint>();

        Guarded("/v1/decisions/{name}", get: decisions.FindAsync, post: decisions.DecideAsync);
        Guarded("/v1/events/{type}", post: parts.GetRequiredService<EventEndpoint>().IngestAsync);
        Guarded("/v1/entities/{kind}/{key}/features", get: parts.GetRequiredService<FeaturesEndpoint>().ReadAsync);
        Guarded("/v1/batches/{kind}", post: parts.GetRequiredService<BatchEndpoint>().LoadAsync);
        Guarded("/v1/features", get: parts.GetRequiredService<CatalogueEndpoint>().ListAsync);
        Admin("/v1/models/{name}/reload", parts.GetRequiredService<ModelEndpoint>().ReloadAsync);
        Guarded("/v1/schema", get: descriptions.SchemaAsync);
        Guarded("/v1/dashboard", get: parts.GetRequiredService<DashboardEndpoint>().NewsAsync);
        Guarded("/metrics", get: descriptions.MetricsAsync);
        Guarded("/openapi/v1.json", get: descriptions.OpenApiAsync);
        Open("/health/live", HealthEndpoint.LiveAsync);
        Open("/health/ready", health.ReadyAsync);

        // The page itself contains no data; it loads /v1/dashboard, which requires a key if keys are configured.
        Open("/", DashboardEndpoint.Page("index.html", "text/html; charset=utf-8"));
        Open("/dashboard.css", DashboardEndpoint.Page("dashboard.css", "text/css; charset=utf-8"));
        Open("/dashboard.js", DashboardEndpoint.Page("dashboard.js", "text/javascript; charset=utf-8"));
        endpoints.MapFallback("{*path}", context => problems.AnswerAsync(context, Nothing(context.Request.Path)));
        return endpoints;

        static Problem Nothing(PathString path) =>
            path.Value!.Contains("//", StringComparison.Ordinal) ? Problem.EmptySegment(path.Value) : Problem.NoSuchAddress(path.Value);

        void Open(string pattern, RequestDelegate get) => endpoints.Map(pattern, Methods.Of(problems, get));

        void Guarded(string pattern, RequestDelegate? get = null, RequestDelegate? post = null)
        {
            var inner = Methods.Of(problems, get, post);
            endpoints.Map(pattern, keys.AreOff ? inner : Guard);

            Task Guard(HttpContext context)
            {
                return keys.Admit(context.Request) ? inner(context) : Refuse(context, Problem.Unauthorized);
            }
        }

        // Without any keys, every caller is on this machine and counts as an administrator; with AllowOpenNetwork nobody does.
        void Admin(string pattern, RequestDelegate post)
        {
            var inner = Methods.Of(problems, post: post);
            var isOpen = keys.AreOff && !keys.HasAdmins && !options.AllowOpenNetwork;
            endpoints.Map(pattern, context => isOpen || keys.AdmitAdmin(context.Request) ? inner(context) : Refuse(context, Problem.AdminOnly));
        }

        Task Refuse(HttpContext context, Problem problem)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return problems.AnswerAsync(context, problem);
        }
    }

    /// <summary>
    /// Restricts endpoints, such as a library's own pages, to callers with one of <see cref="GatewayOptions.AdminKeys"/>.
    /// </summary>
    public static TBuilder RequireGridAdmin<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner)
            {
                endpoint.RequestDelegate = context => GuardAsync(context, inner);
            }
        });
        return endpoints;

        static Task GuardAsync(HttpContext context, RequestDelegate inner)
        {
            context.Response.Headers.CacheControl = "no-store";
            if (context.RequestServices.GetRequiredService<ApiKeys>().AdmitAdmin(context.Request))
            {
                return inner(context);
            }

            context.Response.Headers.WWWAuthenticate = "Basic realm=\"grid administration\"";
            return context.RequestServices.GetRequiredService<ProblemAnswers>().AnswerAsync(context, Problem.Unauthorized);
        }
    }

    private static ApiKeys KeysOf(GatewayOptions options) => new(options.ApiKeys, options.AdminKeys);

    /// <summary>
    /// Configures Kestrel: limits bodies to MaxStreamBytes, and rejects network addresses without keys unless that is allowed.
    /// </summary>
    private sealed class ServerSettings(IOptions<GatewayOptions> options, ILogger<GatewayOptions> log) : IConfigureOptions<KestrelServerOptions>
    {
        public void Configure(KestrelServerOptions server)
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = options.Value.MaxStreamBytes;
            server.ConfigureEndpointDefaults(Check);
        }

        private void Check(ListenOptions listen)
        {
            if (options.Value.ApiKeys.Count > 0 || listen.EndPoint is not IPEndPoint { Address: var address } || IPAddress.IsLoopback(address))
            {
                return;
            }

            if (!options.Value.AllowOpenNetwork)
            {
                throw new OptionsValidationException(Options.Options.DefaultName, typeof(GatewayOptions),
                    [$"The address {listen.EndPoint} is reached by other machines and no keys are configured. Set {GatewayOptions.Section}:ApiKeys, "
                        + $"or bind a loopback address, or set {GatewayOptions.Section}:AllowOpenNetwork=true where something in front checks callers."]);
            }

            GatewayLog.OpenToTheNetwork(log, listen.EndPoint.ToString()!);
        }
    }
}
