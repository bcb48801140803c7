using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Models;
using Grid.Silo.Cluster;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Grid.Silo;

/// <summary>A silo cannot start, for these reasons: all that were found, not the first.</summary>
internal sealed class SiloException(IReadOnlyList<string> faults) : Exception(string.Join('\n', faults))
{
    public IReadOnlyList<string> Errors { get; } = faults;
}

/// <summary>Tells faults of the bundle, the settings, the data folder and the address in words, without a stack.</summary>
internal static class SiloErrors
{
    /// <summary>False where the exception is a fault of the program, whose stack is wanted.</summary>
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
