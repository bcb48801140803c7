using System.Globalization;
using System.Text.Json;

namespace Grid.Json;

/// <summary>Readers and writers that several JSON forms of the grid share.</summary>
internal static class JsonParts
{
    private const int TimeLength = 24;

    // 2^53: the largest magnitude up to which a double represents every integer exactly.
    private const long MaxExactInDouble = 1L << 53;

    /// <summary>Writes a time as <c>2018-07-25T00:00:29.000Z</c>.</summary>
    public static void WriteTime(Utf8JsonWriter writer, JsonEncodedText name, EventTime time)
    {
        Span<byte> text = stackalloc byte[TimeLength];
        var at = time.ToDateTimeOffset().UtcDateTime;
        Digits(text[..4], at.Year);
        Digits(text[5..7], at.Month);
        Digits(text[8..10], at.Day);
        Digits(text[11..13], at.Hour);
        Digits(text[14..16], at.Minute);
        Digits(text[17..19], at.Second);
        Digits(text[20..23], at.Millisecond);
        (text[4], text[7], text[10], text[13], text[16], text[19], text[23]) =
            ((byte)'-', (byte)'-', (byte)'T', (byte)':', (byte)':', (byte)'.', (byte)'Z');
        writer.WriteString(name, text);
    }

    /// <summary>Writes a number, or null if it is missing.</summary>
    public static void WriteNumber(Utf8JsonWriter writer, JsonEncodedText name, double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    /// <summary>Writes a number, with the exact value of a large integer, or null if it is missing.</summary>
    public static void WriteNumber(Utf8JsonWriter writer, JsonEncodedText name, double number, long? large)
    {
        if (large is { } integer)
        {
            writer.WriteNumber(name, integer);
        }
        else
        {
            WriteNumber(writer, name, number);
        }
    }

    /// <summary>Writes an integer, or null if there is none.</summary>
    public static void WriteWhole(Utf8JsonWriter writer, JsonEncodedText name, long? number)
    {
        if (number is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    public static void WriteTexts(Utf8JsonWriter writer, JsonEncodedText name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < texts.Count; i++)
        {
            writer.WriteStringValue(texts[i]);
        }

        writer.WriteEndArray();
    }

    public static void WriteEntity(Utf8JsonWriter writer, JsonEncodedText name, EntityId entity)
    {
        writer.WritePropertyName(name);
        WriteEntity(writer, entity);
    }

    public static void WriteEntity(Utf8JsonWriter writer, EntityId entity)
    {
        writer.WriteStartObject();
        writer.WriteString(JsonNames.Kind, entity.Kind);
        writer.WriteString(JsonNames.Key, entity.Key);
        writer.WriteEndObject();
    }

    /// <summary>
    /// Writes a list of features. The age is null if there was nothing to read; <c>approximate</c> is written only if true, and the source
    /// only if it is not the owner.
    /// </summary>
    public static void WriteFeatures(Utf8JsonWriter writer, IReadOnlyList<FeatureReading> features)
    {
        writer.WriteStartArray(JsonNames.Features);
        for (var i = 0; i < features.Count; i++)
        {
            var feature = features[i];
            writer.WriteStartObject();
            writer.WriteString(JsonNames.Name, feature.Name);
            if (feature.Text is { } text)
            {
                writer.WriteString(JsonNames.Value, text);
            }
            else
            {
                WriteNumber(writer, JsonNames.Value, feature.Value, feature.LargeInteger);
            }

            WriteWhole(writer, JsonNames.AgeMs, feature.AgeMilliseconds == FeatureReading.NoAge ? null : feature.AgeMilliseconds);
            if (feature.Approximate)
            {
                writer.WriteBoolean(JsonNames.Approximate, true);
            }

            if (feature.Source != FeatureSource.Owner)
            {
                writer.WriteString(JsonNames.Source, SourceName(feature.Source));
                writer.WriteNumber(JsonNames.StalenessMs, feature.StalenessMilliseconds);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the outputs as an object of numbers by name; nothing if there are none.</summary>
    public static void WriteOutputs(Utf8JsonWriter writer, IReadOnlyList<DecisionOutput> outputs)
    {
        if (outputs.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(JsonNames.Outputs);
        for (var i = 0; i < outputs.Count; i++)
        {
            WriteOutput(writer, outputs[i]);
        }

        writer.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter writer, DecisionOutput output)
    {
        if (output.LargeInteger is { } integer)
        {
            writer.WriteNumber(output.Name, integer);
        }
        else if (double.IsFinite(output.Value))
        {
            writer.WriteNumber(output.Name, output.Value);
        }
        else
        {
            writer.WriteNull(output.Name);
        }
    }

    /// <summary>Writes the members of a validation error into the current object.</summary>
    public static void WriteFault(Utf8JsonWriter writer, ValidationError fault)
    {
        writer.WriteString(JsonNames.Field, fault.Field);
        writer.WriteString(JsonNames.Found, fault.Found);
        writer.WriteString(JsonNames.Expected, fault.Expected);
    }

    /// <summary>Writes the names of the features that timed out; nothing if none did.</summary>
    public static void WriteTimedOut(Utf8JsonWriter writer, IReadOnlyList<string> timedOut)
    {
        if (timedOut.Count > 0)
        {
            WriteTexts(writer, JsonNames.TimedOut, timedOut);
        }
    }

    public static IReadOnlyList<DecisionOutput> Outputs(JsonElement element) => element.TryGetProperty("outputs", out var outputs)
        ? [.. outputs.EnumerateObject().Select(output => new DecisionOutput(output.Name, Number(outputs, output.Name)) { LargeInteger = LargeInteger(outputs, output.Name) })]
        : [];

    public static IReadOnlyList<string> TimedOut(JsonElement element) => element.TryGetProperty("timed_out", out _) ? Texts(element, "timed_out") : [];

    public static EntityId Entity(JsonElement element) => new(Text(element, "kind"), Text(element, "key"));

    public static EventTime Time(JsonElement element, string name) =>
        EventTime.TryParse(Text(element, name), out var time) ? time : throw new JsonException($"'{name}' is no moment in time.");

    public static IReadOnlyList<FeatureReading> Features(JsonElement element) => [.. Member(element, "features", JsonValueKind.Array).EnumerateArray().Select(Feature)];

    public static IReadOnlyList<string> Texts(JsonElement element, string name) =>
        [.. Member(element, name, JsonValueKind.Array).EnumerateArray().Select(one => one.GetString() ?? throw new JsonException($"'{name}' holds a null."))];

    public static string Text(JsonElement element, string name) => Member(element, name, JsonValueKind.String).GetString()!;

    public static string? TextOrNull(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    public static long Whole(JsonElement element, string name) => Member(element, name, JsonValueKind.Number).GetInt64();

    public static long? WholeOrNull(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number ? member.GetInt64() : null;

    /// <summary>Reads a boolean; an absent member is false.</summary>
    public static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.True;

    public static double Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number ? member.GetDouble() : double.NaN;

    /// <summary>Reads a 64-bit integer beyond ±2^53 exactly; null for any other number.</summary>
    private static long? LargeInteger(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var integer)
        && integer is < -MaxExactInDouble or > MaxExactInDouble ? integer : null;

    public static JsonElement Member(JsonElement element, string name, JsonValueKind kind)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var member))
        {
            throw new JsonException($"There is no '{name}'.");
        }

        return member.ValueKind == kind ? member : throw new JsonException($"'{name}' is {member.ValueKind}, not {kind}.");
    }

    private static FeatureReading Feature(JsonElement element)
    {
        var age = WholeOrNull(element, "age_ms") ?? FeatureReading.NoAge;
        var source = TextOrNull(element, "source") is { } name ? SourceOf(name) : FeatureSource.Owner;
        var staleness = element.TryGetProperty("staleness_ms", out var told) && told.ValueKind == JsonValueKind.Number ? told.GetInt32() : 0;
        return new(Text(element, "name"), Number(element, "value"), TextOrNull(element, "value"), age, Flag(element, "approximate"), source, staleness)
        {
            LargeInteger = LargeInteger(element, "value"),
        };
    }

    private static string SourceName(FeatureSource source) => source switch
    {
        FeatureSource.Owner => "owner",
        FeatureSource.Replica => "replica",
        FeatureSource.StaleReplica => "stale_replica",
        FeatureSource.Default => "default",
        FeatureSource.Missing => "missing",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "A feature source without a name."),
    };

    private static FeatureSource SourceOf(string name) => name switch
    {
        "owner" => FeatureSource.Owner,
        "replica" => FeatureSource.Replica,
        "stale_replica" => FeatureSource.StaleReplica,
        "default" => FeatureSource.Default,
        "missing" => FeatureSource.Missing,
        _ => throw new JsonException($"Unknown feature source '{name}'; expected owner, replica, stale_replica, default or missing."),
    };

    private static void Digits(Span<byte> into, int value) =>
        value.TryFormat(into, out _, into.Length switch { 4 => "D4", 3 => "D3", _ => "D2" }, CultureInfo.InvariantCulture);
}
