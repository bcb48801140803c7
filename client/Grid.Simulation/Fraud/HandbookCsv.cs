using System.Globalization;
using System.IO.Compression;

namespace Grid.Simulation.Fraud;

/// <summary>Writes a simulated stream in the columns of the Handbook's published files, which the fraud bundle's source `handbook` reads.</summary>
internal static class HandbookCsv
{
    public const string Header =
        "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_TIME_SECONDS,TX_TIME_DAYS,TX_FRAUD,TX_FRAUD_SCENARIO";

    /// <summary>Writes a file, compressed where its name ends in `.gz`, over any that is there.</summary>
    /// <returns>How many transactions were written.</returns>
    /// <exception cref="IOException">The file cannot be written; what is there may be a part.</exception>
    /// <exception cref="OperationCanceledException">As <paramref name="cancellation"/> asked; what is there is a part.</exception>
    public static long WriteFile(
        string path, IEnumerable<SimulatedTransaction> transactions, DateOnly start, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.Create(path);
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            using var plain = new StreamWriter(file);
            return Write(plain, transactions, start, cancellation);
        }

        using var compressed = new GZipStream(file, CompressionLevel.Optimal);
        using var writer = new StreamWriter(compressed);
        return Write(writer, transactions, start, cancellation);
    }

    /// <summary>Writes the header and one line a transaction, ended by a line feed on every system.</summary>
    /// <remarks>The writer is left open. TX_TIME_SECONDS and TX_TIME_DAYS count from <paramref name="start"/>, in UTC.</remarks>
    /// <returns>How many transactions were written.</returns>
    public static long Write(
        TextWriter writer, IEnumerable<SimulatedTransaction> transactions, DateOnly start, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(transactions);
        var from = new DateTimeOffset(start.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        writer.Write(Header + "\n");
        var written = 0L;
        foreach (var transaction in transactions)
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Write(Line(transaction, (long)(transaction.At - from).TotalSeconds));
            written++;
        }

        return written;
    }

    private static string Line(in SimulatedTransaction t, long seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{t.TransactionId},{t.At:yyyy-MM-dd HH:mm:ss},{t.CustomerId},{t.TerminalId},{t.Amount:F2},{seconds},{seconds / 86_400},{(t.Fraud ? 1 : 0)},{(int)t.Scenario}\n");
}
