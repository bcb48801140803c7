namespace Grid.Orleans;

/// <summary>How one type of message is written, drawn in docs/formats/cluster.md. Fields are added at the end only, and never changed.</summary>
internal interface IMessageFormat
{
    Type Type { get; }
}

/// <inheritdoc cref="IMessageFormat"/>
internal abstract class MessageFormat<T> : IMessageFormat
    where T : notnull
{
    public Type Type => typeof(T);

    /// <summary>Whether one instance may be handed over within a silo as it is: it never changes.</summary>
    public virtual bool IsImmutable => true;

    public abstract void Write(MessageWriter writer, T message);

    public abstract T Read(ref MessageReader reader);

    public virtual T Copy(T message) => message;
}
