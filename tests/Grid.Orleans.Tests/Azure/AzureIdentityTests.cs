using System.Net;
using System.Net.Http.Json;
using Grid.Drills;
using Grid.Testing;

namespace Grid.Orleans.Tests;

/// <summary>A silo that uses its account by service URIs and a managed identity, over HTTPS, without a key.</summary>
[Collection(nameof(Alone))]
public sealed class AzureIdentityTests
{
    [Fact]
    public async Task Silo_uses_the_account_by_its_managed_identity()
    {
        AzuriteFixture.Require();
        const string Identity = "1c7c7c3e-8e0f-4a52-8d5b-2a5a2d1f3c4d";
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue("azurite");
        using var server = await AzuriteServer.StartAsync("--oauth", "basic", "--cert", certificate, "--key", key);
        using var identity = new IdentityEndpoint();
        await using var silo = SiloProcess.Start("silo",
        [
            "serve", "--host", "orleans", "--urls", "http://127.0.0.1:0", "--bundle", Repository.Bundle("fraud"),
            "--Grid:Orleans:Clustering=azure", "--Grid:Orleans:Storage=azure", $"--Grid:Orleans:SiloPort={FreePort.Next()}",
            $"--Grid:Orleans:GatewayPort={FreePort.Next()}",
            "--Grid:Orleans:Azure:BlobServiceUri=" + server.Blobs, "--Grid:Orleans:Azure:TableServiceUri=" + server.Tables,
            "--Grid:Orleans:Azure:ManagedIdentityClientId=" + Identity,
        ], new Dictionary<string, string>(identity.Environment) { ["SSL_CERT_FILE"] = authority.File });
        await silo.ListensAsync(TimeSpan.FromMinutes(5));
        using var http = new HttpClient { BaseAddress = silo.Address };

        using var answer = await http.PostAsJsonAsync(
            new Uri("/v1/decisions/authorize", UriKind.Relative),
            new { transaction_id = "t1", at = "2018-06-26T08:00:00Z", card = "4242", terminal = "t-9", amount = 20 });

        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync() + silo.Output);
        Assert.NotEmpty(identity.Requests);
        Assert.All(identity.Requests, query => Assert.Contains(Identity, query, StringComparison.Ordinal));
    }
}
