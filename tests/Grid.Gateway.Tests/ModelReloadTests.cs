using System.Net;
using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Models;
using Grid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Gateway.Tests;

/// <summary>Models are reloaded over HTTP, on the real grid, while it decides.</summary>
public sealed class ModelReloadTests : IAsyncLifetime
{
    private const string Reload = "/v1/models/trees/reload";
    private const string Key = "0123456789abcdef0123";
    private const string AdminKey = "fedcba98765432100000";
    private const int Reloads = 20;

    private readonly BundleFolder _bundle = BundleFolder.Of("fraud");
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-reload-").FullName;
    private readonly ModelCatalog _models = new();
    private EmbeddedGrid _grid = null!;
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _grid = EmbeddedGrid.Open(BundleReader.Read(_bundle.Path), new EngineOptions { Folder = _folder, Shards = 2 }, TimeProvider.System, _models);
        _host = await StartAsync(null);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _grid.DisposeAsync();
        _models.Dispose();
        Directory.Delete(_folder, recursive: true);
        _bundle.Dispose();
    }

    [Fact]
    public async Task Reload_makes_the_new_file_score_and_names_both_versions()
    {
        var before = await ModelAsync("t1");
        Put(Repository.Bundle("fraud") + "/models/logistic.onnx");

        var (status, body) = await _host.PostAsync(Reload, "");
        var after = await ModelAsync("t2");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotEqual(before, after);
        Assert.Equal((before, after), ($"trees@{body["before"]}", $"trees@{body["now"]}"));
    }

    [Fact]
    public async Task Model_that_does_not_fit_is_refused_and_the_old_one_stays()
    {
        var before = await ModelAsync("t1");
        Put(Repository.Model("logistic"));

        var (status, body) = await _host.PostAsync(Reload, "");

        Assert.Equal((HttpStatusCode.BadRequest, "model"), (status, (string?)body["field"]));
        Assert.Contains("takes 3 features a row", (string)body["detail"]!, StringComparison.Ordinal);
        Assert.Equal(before, await ModelAsync("t2"));
    }

    [Fact]
    public async Task Unknown_model_is_answered_with_those_there_are()
    {
        var (status, body) = await _host.PostAsync("/v1/models/forest/reload", "");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("trees", (string)body["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reloads_under_load_fail_no_call()
    {
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 3).Select(caller => DecideUntilAsync(caller, stop.Token)).ToArray();
        string[] files = [Repository.Bundle("fraud") + "/models/logistic.onnx", Repository.Bundle("fraud") + "/models/trees.onnx"];
        for (var i = 0; i < Reloads; i++)
        {
            Put(files[i % 2]);
            var (status, body) = await _host.PostAsync(Reload, "");

            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal($"trees@{body["now"]}", await ModelAsync($"own-{i}"));
        }

        await stop.CancelAsync();
        var seen = await Task.WhenAll(callers);
        Assert.Equal(2, seen.SelectMany(models => models).Distinct().Count());
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData(Key, HttpStatusCode.Unauthorized)]
    [InlineData(AdminKey, HttpStatusCode.OK)]
    public async Task Only_an_administrators_key_reloads(string? key, HttpStatusCode expected)
    {
        await using var guarded = await StartAsync(options => (options.ApiKeys, options.AdminKeys) = ([Key], [AdminKey]));

        Assert.Equal(expected, await StatusAsync(guarded, key));
    }

    [Fact]
    public async Task Where_callers_have_keys_and_no_administrator_does_nobody_reloads()
    {
        await using var guarded = await StartAsync(options => options.ApiKeys = [Key]);
        await using var open = await StartAsync(options => options.AllowOpenNetwork = true);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(guarded, Key));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(open, null));
    }

    [Fact]
    public async Task Process_without_models_says_whom_to_ask()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid());

        var (status, body) = await host.PostAsync(Reload, "");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("each silo", (string)body["detail"]!, StringComparison.Ordinal);
    }

    private Task<GatewayHost> StartAsync(Action<GatewayOptions>? configure) =>
        GatewayHost.StartAsync(_grid, configure, add: services => services.AddSingleton<IModelReloads>(new ModelReloads(_models)));

    // Written beside and moved into place, as an operator does it.
    private void Put(string file)
    {
        _bundle.Copy(file, "models/next.onnx");
        File.Move(_bundle.Path + "/models/next.onnx", _bundle.Path + "/models/trees.onnx", overwrite: true);
    }

    private async Task<string> ModelAsync(string id)
    {
        var (status, body) = await _host.PostAsync(
            "/v1/decisions/authorize", $$"""{"transaction_id":"{{id}}","at":"2025-07-25T11:00:00Z","card":"4242","terminal":"77","amount":10}""");
        Assert.Equal((HttpStatusCode.OK, false), (status, (bool)body["fallback"]!));
        return (string)body["model"]!;
    }

    private async Task<HashSet<string>> DecideUntilAsync(int caller, CancellationToken stop)
    {
        var models = new HashSet<string>();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            models.Add(await ModelAsync($"load-{caller}-{i}"));
        }

        return models;
    }

    private static async Task<HttpStatusCode> StatusAsync(GatewayHost host, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Reload, UriKind.Relative));
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
