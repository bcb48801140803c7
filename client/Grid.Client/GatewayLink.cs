using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Grid.Json;

namespace Grid.Client;

/// <summary>Sends requests to a gateway, retries transient failures, and converts errors to <see cref="GridException"/>.</summary>
internal sealed class GatewayLink : IDisposable
{
    private readonly HttpClient _http;
    private readonly GridClientOptions _options;
    private readonly string _address;

    public GatewayLink(Uri address, GridClientOptions options, HttpMessageHandler? handler)
    {
        _options = options;
        _address = address.AbsoluteUri.TrimEnd('/');
        _http = new(handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }, disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan, // each attempt has its own timeout
        };
        if (options.ApiKey is { } key)
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }
    }

    public ValueTask<ReadOnlyMemory<byte>> GetAsync(string path, CancellationToken cancellation) => SendAsync(path, null, "", cancellation);

    public ValueTask<ReadOnlyMemory<byte>> PostAsync(string path, ReadOnlyMemory<byte> body, string mediaType, CancellationToken cancellation) =>
        SendAsync(path, body, mediaType, cancellation);

    public void Dispose() => _http.Dispose();

    private async ValueTask<ReadOnlyMemory<byte>> SendAsync(string path, ReadOnlyMemory<byte>? body, string mediaType, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (answer, failure, retryAfter) = await TryAsync(path, body, mediaType, cancellation).ConfigureAwait(false);
            if (failure is null)
            {
                return answer;
            }

            if (!failure.IsTransient || attempt >= _options.Retries)
            {
                throw failure;
            }

            await Task.Delay(Pause(attempt, retryAfter), _options.Time, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask<(ReadOnlyMemory<byte> Answer, GridException? Failure, TimeSpan? RetryAfter)> TryAsync(
        string path, ReadOnlyMemory<byte>? body, string mediaType, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(_options.AttemptTimeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, Address(path));
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        }

        try
        {
            using var response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            var answer = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? (answer, null, null)
                : (default, Failure(response, answer), response.Headers.RetryAfter?.Delta);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return (default, new(GridError.DeadlinePassed, $"{_address} did not answer within {_options.AttemptTimeout.TotalSeconds:0.###} seconds.", null, e), null);
        }
        catch (HttpRequestException e)
        {
            return (default, GridException.Unavailable($"{_address} cannot be reached: {e.Message}", e), null);
        }
    }

    private GridException Failure(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        var problem = ReadProblem(response, body) ?? new(GridError.None, status, "", $"{_address} answered {status} {response.ReasonPhrase}.");
        if (problem.Error != GridError.None)
        {
            return problem.ToException();
        }

        // The problem has no known error code, so derive the error from the status; a client error means that the input is invalid.
        var error = response.StatusCode switch
        {
            HttpStatusCode.GatewayTimeout => GridError.DeadlinePassed,
            >= HttpStatusCode.InternalServerError => GridError.Unavailable,
            _ => GridError.InvalidInput,
        };
        return new(error, problem.Detail, problem.ValidationError);
    }

    private static GridProblem? ReadProblem(HttpResponseMessage response, byte[] body)
    {
        if (response.Content.Headers.ContentType?.MediaType != GridProblem.MediaType)
        {
            return null;
        }

        try
        {
            return GridProblem.Read(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Paths are sent without canonicalization: a key such as ".." must not be resolved as a parent folder.
    private Uri Address(string path) => new(_address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    // Drawn from the whole interval ("full jitter"), so that clients that failed together do not retry together.
    private TimeSpan Pause(int attempt, TimeSpan? retryAfter)
    {
        var most = Math.Min(_options.FirstPause.Ticks * Math.Pow(2, Math.Min(attempt, 30)), _options.LongestPause.Ticks);
        var drawn = most * RandomNumberGenerator.GetInt32(1, 1001) / 1000;
        var asked = Math.Min(retryAfter?.Ticks ?? 0, _options.LongestPause.Ticks);
        return TimeSpan.FromTicks((long)Math.Max(drawn, asked));
    }
}
