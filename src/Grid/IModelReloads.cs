namespace Grid;

/// <summary>Loads models of this process again, from the files that the bundle names. Those who are scoring meanwhile do not wait.</summary>
public interface IModelReloads
{
    /// <summary>Reads a model's file again, checks it as at the start, and makes it the version that scores from then on.</summary>
    /// <param name="model">The model's name in the bundle.</param>
    /// <param name="cancellation">Stops the waiting, not the loading.</param>
    /// <exception cref="GridException">There is no such model, or the file cannot serve; the version before goes on then.</exception>
    ValueTask<ModelReload> ReloadAsync(string model, CancellationToken cancellation);
}

/// <summary>A model that was loaded again.</summary>
/// <param name="Model">Its name in the bundle.</param>
/// <param name="Before">The version that scored until then.</param>
/// <param name="Now">The version that scores from now on; the same as before where the file has not changed.</param>
public sealed record ModelReload(string Model, string Before, string Now);
