namespace Grid;

/// <summary>Reloads the models of this process from the files that the bundle names. Scoring continues meanwhile.</summary>
public interface IModelReloads
{
    /// <summary>Reads and checks a model's file as at start-up, then makes it the version that scores.</summary>
    /// <param name="model">The model's name in the bundle.</param>
    /// <param name="cancellation">Stops waiting; the reload still completes.</param>
    /// <exception cref="GridException">
    /// The model is unknown, or its file is unusable; the previous version then continues to serve.
    /// </exception>
    ValueTask<ModelReload> ReloadAsync(string model, CancellationToken cancellation);
}

/// <summary>The result of a model reload.</summary>
/// <param name="Model">The model's name in the bundle.</param>
/// <param name="Before">The version that scored before.</param>
/// <param name="Now">The version that scores from now on; equal to <paramref name="Before"/> if the file has not changed.</param>
public sealed record ModelReload(string Model, string Before, string Now);
