using Azure;
using Azure.Identity;

using Microsoft.Extensions.Hosting;

namespace Grid.Orleans;

/// <summary>
/// The storage account cannot be used; the message is one sentence that names the setting, what was found and what is expected.
/// </summary>
internal sealed class AzureAccountException(string message, Exception inner) : Exception(message, inner);

/// <summary>
/// Tries the storage account before anything of the host starts: Orleans itself would go on for minutes and end in pages of stack. Makes
/// the container and the table where they are missing.
/// </summary>
internal sealed class AzureCheck(AzureAccount account, bool blobs, bool tables, TimeProvider time) : IHostedLifecycleService
{
    private const string Reachable = "expected a storage account that this process can reach";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (blobs)
        {
            var service = account.Blobs();
            await TryAsync(
                "BlobServiceUri", $"blob container '{account.Settings.Container}' at {service.Uri}",
                token => service.GetBlobContainerClient(account.Settings.Container).CreateIfNotExistsAsync(cancellationToken: token),
                cancellationToken).ConfigureAwait(false);
        }

        if (tables)
        {
            var service = account.Tables();
            await TryAsync(
                "TableServiceUri", $"table '{account.Settings.Table}' at {service.Uri}",
                token => service.CreateTableIfNotExistsAsync(account.Settings.Table, token), cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task TryAsync(string uriSetting, string what, Func<CancellationToken, Task> use, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await use(both.Token).ConfigureAwait(false);
        }
        catch (Exception raised) when (!cancellation.IsCancellationRequested)
        {
            var setting = $"{AzureSettings.Section}:{(account.HasConnectionString ? "ConnectionString" : uriSetting)}";
            throw new AzureAccountException($"{setting}: {what} {Problem(raised)}.", raised);
        }
    }

    /// <summary>What was found, and what is expected.</summary>
    private static string Problem(Exception raised) => raised switch
    {
        AggregateException { InnerExceptions: [.., var last] } => Problem(last),
        RequestFailedException { Status: 0 } unreachable =>
            $"cannot be reached ({FirstLine(unreachable.GetBaseException().Message)}); {Reachable}",
        RequestFailedException { Status: 401 or 403 } refused =>
            $"refuses access ({Answer(refused)}); expected a valid account key, or an identity with the roles "
            + "Storage Blob Data Contributor and Storage Table Data Contributor",
        RequestFailedException failed => $"answers {Answer(failed)}; expected it to be created or to exist",
        AuthenticationFailedException none =>
            $"needs a token, and there is none ({FirstLine(none.Message)}); expected a managed identity, or a connection string",
        OperationCanceledException =>
            $"does not answer within {Limit.TotalSeconds} s; {Reachable}",
        _ => $"cannot be used ({FirstLine(raised.Message)})",
    };

    private static string Answer(RequestFailedException answer) => $"HTTP {answer.Status} {answer.ErrorCode}".TrimEnd();

    private static string FirstLine(string text) => text.Split('\n')[0].Trim().TrimEnd('.', ':');
}
