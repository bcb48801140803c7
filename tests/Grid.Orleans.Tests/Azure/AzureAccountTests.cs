using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Grid.Drills;
using Grid.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Orleans.Tests;

/// <summary>
/// A storage account that cannot be used ends the start with one sentence, in the silo, in the gateway process and in clients.
/// </summary>
public sealed class AzureAccountTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("serve")]
    [InlineData("gateway")]
    public async Task Program_with_an_unreachable_account_ends_with_one_sentence(string command)
    {
        var port = FreePort.Next();
        await using var program = Start(command, Unreachable(port));

        var code = await program.EndsAsync();

        Assert.Equal(1, code);
        AssertOneSentence(program.Output,
            $"127.0.0.1:{port}/nobody cannot be reached (Connection refused); expected a storage account that this process can reach.");
    }

    [Fact]
    public async Task Program_that_the_account_refuses_ends_with_one_sentence()
    {
        var server = await azurite.GetAsync();
        await using var program = Start("serve", server.ConnectionStringWith(Convert.ToBase64String(RandomNumberGenerator.GetBytes(64))));

        var code = await program.EndsAsync();

        Assert.Equal(1, code);
        AssertOneSentence(program.Output, "refuses access (HTTP 403); expected a valid account key, or an identity with the roles");
    }

    [Fact]
    public async Task Client_of_an_unreachable_account_gets_one_sentence()
    {
        var port = FreePort.Next();

        var raised = await Assert.ThrowsAsync<GridException>(() => ClusterLink.ConnectAsync(Unreachable(port), default));

        Assert.Equal(GridError.Unavailable, raised.Error);
        Assert.StartsWith(
            "No silo can be reached through the Azure Storage account: Grid:Orleans:Azure:ConnectionString: table 'GridSilos' at ",
            raised.Message, StringComparison.Ordinal);
        Assert.Contains("Connection refused", raised.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', raised.Message);
    }

    [Fact]
    public async Task Account_that_never_answers_is_given_up_after_eight_seconds()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var time = new FakeTimeProvider();
        var account = new AzureAccount(new() { ConnectionString = Unreachable(((IPEndPoint)silent.LocalEndpoint).Port) });

        var checking = new AzureCheck(account, blobs: true, tables: false, time).StartingAsync(default);
        using var asked = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(8));
        var raised = await Assert.ThrowsAsync<AzureAccountException>(() => checking);

        Assert.Contains("does not answer within 8 s; expected a storage account that this process can reach.", raised.Message,
            StringComparison.Ordinal);
    }

    private static SiloProcess Start(string command, string connectionString) => SiloProcess.Start(command,
    [
        command, "--urls", "http://127.0.0.1:0", "--Grid:Orleans:Clustering=azure", "--Grid:Orleans:Storage=azure",
        "--Grid:Orleans:Azure:ConnectionString=" + connectionString,
        .. command == "serve" ? (string[])["--host", "orleans", "--bundle", Repository.Bundle("fraud")] : [],
    ]);

    private static string Unreachable(int port) =>
        "DefaultEndpointsProtocol=http;AccountName=nobody;AccountKey=a2V5;"
        + $"BlobEndpoint=http://127.0.0.1:{port}/nobody;TableEndpoint=http://127.0.0.1:{port}/nobody";

    private static void AssertOneSentence(string output, string sentence)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var told = lines[Array.IndexOf(lines, "The silo does not start:") + 1];
        Assert.StartsWith("Grid:Orleans:Azure:ConnectionString: ", told, StringComparison.Ordinal);
        Assert.True(told.Contains(sentence, StringComparison.Ordinal), told);
        Assert.DoesNotContain(lines, line =>
            line.StartsWith("at ", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal));
    }
}
