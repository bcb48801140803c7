using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Models;
using Grid.Silo.Cluster;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Grid.Silo;

/// <summary>A silo cannot start; the exception holds every error that was found.</summary>
internal sealed class SiloException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}

/// <summary>Reports errors in the bundle, the settings, the data folder and the address, without a stack trace.</summary>
internal static class SiloErrors
{
    /// <summary>Writes the errors. Returns false for an unexpected exception, whose stack trace is wanted.</summary>
    public static bool TryTell(Exception raised, TextWriter to)
    {
        var told = Of(raised).ToList();
        if (told.Count == 0)
        {
            return false;
        }

        to.WriteLine("The silo does not start:");
        foreach (var fault in told)
        {
            to.WriteLine("  " + fault.Replace("\n", "\n  ", StringComparison.Ordinal));
        }

        return true;
    }

    public static IEnumerable<string> Of(Exception? raised) => raised switch
    {
        SiloException silo => silo.Errors,
        OptionsValidationException settings => settings.Failures,
        BundleException or ModelException or JournalException => [raised.Message],
        AggregateException all => all.InnerExceptions.SelectMany(Of),
        IOException { InnerException: AddressInUseException } taken =>
            [$"{taken.Message} Another process listens there; choose another address with --urls http://127.0.0.1:PORT."],
        null => [],
        _ => ClusterHost.FaultsOf(raised),
    };
}
