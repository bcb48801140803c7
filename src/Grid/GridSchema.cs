namespace Grid;

/// <summary>What a bundle defines, as callers need to know it.</summary>
public sealed record GridSchema(
    string Bundle,
    string Version,
    IReadOnlyList<EventSchema> Events,
    IReadOnlyList<KindSchema> Kinds,
    IReadOnlyList<DecisionSchema> Decisions);

/// <summary>An event type. A label's <see cref="Labels"/> names the type it amends; null otherwise.</summary>
public sealed record EventSchema(string Type, string IdField, string TimeField, IReadOnlyList<FieldSchema> Fields, string? Labels);

/// <summary>A field: its name, type (and places, of a decimal), whether it must be there, and its bounds where it has them.</summary>
public sealed record FieldSchema(string Name, FieldType Type, int Scale, bool Required, decimal? Min, decimal? Max)
{
    /// <summary>The type as a bundle writes it, such as <c>decimal(2)</c>.</summary>
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

/// <summary>A feature by its short name, with its definition in words (<c>mean of transaction.amount over 7d</c>); times are in milliseconds.</summary>
public sealed record FeatureSchema(string Name, string Definition, long? WindowMilliseconds, long DelayMilliseconds);

/// <summary>A decision: the event type that asks, the kind that owns it, its vector in order, its model, the actions its policy can give, its outputs, and what it ranks (null where it does not rank).</summary>
public sealed record DecisionSchema(
    string Name,
    string Event,
    string OwnerKind,
    IReadOnlyList<string> Vector,
    string Model,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> Outputs,
    CandidateSchema? Candidates = null);

/// <summary>What a decision ranks: entities of a kind, the field that holds their key, the most of them in one call, and the fields sent with each.</summary>
public sealed record CandidateSchema(string Kind, string KeyField, int Most, IReadOnlyList<FieldSchema> Fields);
