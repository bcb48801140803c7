namespace Grid.Models;

/// <summary>
/// A published model cannot serve. Thrown when a model is published, never while scoring; the previous version continues to serve.
/// </summary>
public abstract class ModelException : Exception
{
    private protected ModelException(ModelSource source, string message, Exception? cause)
        : base($"{source.Described} {message}", cause) => Source = source;

    /// <summary>The model that was to be published.</summary>
    internal new ModelSource Source { get; }
}

/// <summary>A model does not fit its view. The message names both, and what is expected.</summary>
public sealed class ModelShapeException : ModelException
{
    internal ModelShapeException(ModelSource source, string message)
        : base(source, message, null)
    {
    }
}

/// <summary>
/// A model file is missing, cannot be read, or fails on a row of zeros. The message gives the cause and what is expected.
/// </summary>
public sealed class ModelUnusableException : ModelException
{
    internal ModelUnusableException(ModelSource source, string message, Exception? cause = null)
        : base(source, message, cause)
    {
    }
}
