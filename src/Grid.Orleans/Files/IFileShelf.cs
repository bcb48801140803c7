using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>
/// Where the cluster keeps files of batch features. A file is put whole, then given a moment from which on it is seen, then made sure of it. Until it is sure anybody
/// may take its moment away.
/// </summary>
internal interface IFileShelf
{
    /// <summary>Whether that is what a shelf raises where its storage cannot be reached, or does not take something.</summary>
    static bool IsOfStorage(Exception e) => e is LogUnavailableException or OrleansException or TimeoutException or InvalidOperationException;

    /// <summary>The files that have a moment, in the order of these.</summary>
    /// <exception cref="LogUnavailableException">The storage cannot be reached. So it is, or another exception <see cref="IsOfStorage"/>, with everything else here.</exception>
    Task<IReadOnlyList<LogFile>> ListAsync(CancellationToken cancellation);

    /// <summary>A file's bytes; null where it was deleted.</summary>
    /// <exception cref="InvalidDataException">They are not those that were put.</exception>
    Task<byte[]?> ReadAsync(LogFile file, CancellationToken cancellation);

    /// <summary>Puts a file, without a moment.</summary>
    /// <returns>Its number.</returns>
    Task<long> PutAsync(BatchFile file, ReadOnlyMemory<byte> body, CancellationToken cancellation);

    /// <summary>Gives a file that is not sure a moment of its own, later than that of every other file.</summary>
    /// <param name="id">The file.</param>
    /// <param name="earliest">No earlier than this.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The moment; null where there is no such file any more.</returns>
    Task<EventTime?> NameAsync(long id, EventTime earliest, CancellationToken cancellation);

    /// <summary>Makes a file sure of its moment.</summary>
    /// <returns>False where it has that moment no more.</returns>
    Task<bool> MakeSureAsync(long id, EventTime known, CancellationToken cancellation);

    /// <summary>Takes a file's moment away, where it is not sure of it.</summary>
    Task UnnameAsync(long id, EventTime known, CancellationToken cancellation);

    Task DeleteAsync(long id, CancellationToken cancellation);

    /// <summary>Deletes files that were put long ago and have no moment: whoever put them was lost.</summary>
    Task DeleteLeftAsync(TimeSpan olderThan, CancellationToken cancellation);
}
