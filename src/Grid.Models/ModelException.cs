namespace Grid.Models;

/// <summary>A model was published that cannot serve. Raised when it is published, never while scoring; what served before still does.</summary>
public abstract class ModelException : Exception
{
    private protected ModelException(ModelSource source, string message, Exception? cause)
        : base($"{source.Described} {message}", cause) => Source = source;

    /// <summary>What was to be published.</summary>
    internal new ModelSource Source { get; }
}

/// <summary>A model and its view were joined that do not fit. The message names both sides and what is expected.</summary>
public sealed class ModelShapeException : ModelException
{
    internal ModelShapeException(ModelSource source, string message)
        : base(source, message, null)
    {
    }
}

/// <summary>A model file that is missing, cannot be read, or fails on a row of zeros. The message says which, and what is expected.</summary>
public sealed class ModelUnusableException : ModelException
{
    internal ModelUnusableException(ModelSource source, string message, Exception? cause = null)
        : base(source, message, cause)
    {
    }
}
