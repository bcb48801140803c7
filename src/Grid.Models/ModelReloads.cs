namespace Grid.Models;

/// <summary>Reloads the models of a catalog, for the operators of both hosts.</summary>
internal sealed class ModelReloads(ModelCatalog models) : IModelReloads
{
    public async ValueTask<ModelReload> ReloadAsync(string model, CancellationToken cancellation)
    {
        if (!models.TryGet(model, out _))
        {
            throw GridException.Unknown("model", model, models.Names.Order(StringComparer.Ordinal));
        }

        // Loading and probing a large model takes seconds, so it must not block the caller's thread.
        return await Task.Run(() => Reload(model), CancellationToken.None).WaitAsync(cancellation).ConfigureAwait(false);
    }

    private ModelReload Reload(string model)
    {
        try
        {
            var (before, now) = models.Reload(model);
            return new(model, before.Version, now.Version);
        }
        catch (ModelException unfit)
        {
            var fault = new ValidationError("model", unfit.Message, "a file that can serve in place of the version that does; that version goes on");
            throw new GridException(GridError.InvalidInput, unfit.Message, fault, unfit);
        }
    }
}
