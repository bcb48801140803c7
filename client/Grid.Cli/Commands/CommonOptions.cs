using System.CommandLine;
using Grid.Client;

namespace Grid.Cli.Commands;

/// <summary>Options that several commands have, and how they are read.</summary>
internal static class CommonOptions
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    public static Option<string> Url() => new("--url")
    {
        Description = "Where the grid is served.",
        HelpName = "address",
        DefaultValueFactory = _ => DefaultUrl,
    };

    public static Option<string?> ApiKey() => new("--api-key") { Description = "The key that the grid asks for, where it asks for one.", HelpName = "key" };

    public static Option<string?> Cluster() => new("--cluster")
    {
        Description = "A cluster to ask instead, as a client of it: a silo's gateway such as 127.0.0.1:30000, its PostgreSQL server, "
            + "or its Azure Storage account.",
        HelpName = "where",
    };

    public static Option<string[]> Batches() => new("--batch")
    {
        Description = "A file of batch features as grid batch load takes it, and the moment from which the live grid saw it: user=tastes.csv@2025-07-25T03:00:00Z. May be given several times.",
        HelpName = "kind=file@time",
        DefaultValueFactory = _ => [],
    };

    public static async Task<GridClient> ConnectAsync(string url, string? key, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"'{url}' is no address; expected one such as {DefaultUrl}.");
        }

        return await GridClient.ConnectAsync(address, new() { ApiKey = key }, cancellation);
    }

    public static EventTime? Time(string? text, string option)
    {
        if (text is null)
        {
            return null;
        }

        return EventTime.TryParse(text, out var time)
            ? time
            : throw new UsageException($"{option}: '{text}' is no moment; expected one such as 2018-07-25 or 2018-07-25T00:00:29Z.");
    }
}
