using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Gateway.Wire;

/// <summary>
/// Sets the path of <see cref="RequestPath"/> for routing. A startup filter, because it must run before routing wherever the host adds
/// that.
/// </summary>
internal sealed class RequestPathFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static inner => context => RouteAsync(context, inner));
        next(app);
    };

    private static Task RouteAsync(HttpContext context, RequestDelegate inner)
    {
        if (RequestPath.Read(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var path) is { } problem)
        {
            return context.RequestServices.GetRequiredService<ProblemAnswers>().AnswerAsync(context, problem);
        }

        if (path is not null && path.StartsWith('/'))
        {
            context.Request.Path = new PathString(path); // The implicit conversion from string would decode it.
        }

        return inner(context);
    }
}
