namespace Grid;

/// <summary>The part of a bundle that callers need: its event types, kinds and decisions.</summary>
public sealed record GridSchema(
    string Bundle,
    string Version,
    IReadOnlyList<EventSchema> Events,
    IReadOnlyList<KindSchema> Kinds,
    IReadOnlyList<DecisionSchema> Decisions);

/// <summary>An event type. <see cref="Labels"/> of a label is the event type that it amends; null otherwise.</summary>
public sealed record EventSchema(string Type, string IdField, string TimeField, IReadOnlyList<FieldSchema> Fields, string? Labels);

/// <summary>
/// A field: its name, its type, the decimal places of a decimal, whether it is required, and its inclusive bounds (null if unbounded).
/// </summary>
public sealed record FieldSchema(string Name, FieldType Type, int Scale, bool Required, decimal? Min, decimal? Max)
{
    /// <summary>The type as written in a bundle, such as <c>decimal(2)</c>.</summary>
    public string TypeName => Type == FieldType.Decimal ? $"decimal({Scale})" : NameOf(Type);

    private static string NameOf(FieldType type) => type switch
    {
        FieldType.String => "string",
        FieldType.Integer => "integer",
        FieldType.Number => "number",
        FieldType.Boolean => "boolean",
        FieldType.Timestamp => "timestamp",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A field has one of the declared types."),
    };
}

/// <summary>A kind of entity and its features.</summary>
public sealed record KindSchema(string Kind, IReadOnlyList<FeatureSchema> Features);

/// <summary>
/// A feature by its short name, with its definition in words (<c>mean of transaction.amount over 7d</c>). Times are in milliseconds.
/// </summary>
public sealed record FeatureSchema(string Name, string Definition, long? WindowMilliseconds, long DelayMilliseconds);

/// <summary>
/// A decision: the event type of its request, the kind that owns it, its vector in order, its model, the actions of its policy, its
/// outputs, and its candidates (null if it does not rank).
/// </summary>
public sealed record DecisionSchema(
    string Name,
    string Event,
    string OwnerKind,
    IReadOnlyList<string> Vector,
    string Model,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> Outputs,
    CandidateSchema? Candidates = null);

/// <summary>
/// The candidates of a decision: the kind, the field that holds the key, the maximum number per call, and the fields sent with each.
/// </summary>
public sealed record CandidateSchema(string Kind, string KeyField, int Most, IReadOnlyList<FieldSchema> Fields);
