using Grid.Gateway.Wire;
using Microsoft.AspNetCore.Http;

namespace Grid.Gateway.Endpoints;

/// <summary>Maps the methods of one path to handlers. Any other method gets a problem that lists the allowed methods.</summary>
internal static class Methods
{
    public static RequestDelegate Of(ProblemAnswers problems, RequestDelegate? get = null, RequestDelegate? post = null)
    {
        var allowed = (get, post) switch
        {
            (not null, not null) => "GET, HEAD, POST",
            (not null, null) => "GET, HEAD",
            _ => "POST",
        };
        return context =>
        {
            var method = context.Request.Method;
            if (post is not null && HttpMethods.IsPost(method))
            {
                return post(context);
            }

            if (get is not null && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)))
            {
                return get(context);
            }

            context.Response.Headers.Allow = allowed;
            return problems.AnswerAsync(context, Problem.MethodNotAllowed(Problem.Cut(method), allowed));
        };
    }
}
