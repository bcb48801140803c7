namespace Grid.Orleans;

/// <summary>How one type of message is written, drawn in docs/formats/messages.md. Fields are added at the end only, and never changed.</summary>
internal interface IMessageFormat
{
    Type Type { get; }

    /// <summary>Whether one instance may be handed over within a silo as it is: it never changes.</summary>
    bool IsImmutable { get; }

    void Write(MessageWriter writer, object message);

    object Read(ref MessageReader reader);

    object Copy(object message);
}

/// <inheritdoc cref="IMessageFormat"/>
internal abstract class MessageFormat<T> : IMessageFormat
    where T : notnull
{
    public Type Type => typeof(T);

    public virtual bool IsImmutable => true;

    public abstract void Write(MessageWriter writer, T message);

    public abstract T Read(ref MessageReader reader);

    public virtual T Copy(T message) => message;

    void IMessageFormat.Write(MessageWriter writer, object message) => Write(writer, (T)message);

    object IMessageFormat.Read(ref MessageReader reader) => Read(ref reader);

    object IMessageFormat.Copy(object message) => Copy((T)message);
}
