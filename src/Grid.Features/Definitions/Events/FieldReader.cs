using Grid.Features.Definitions.Yaml;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Events;

/// <summary>Reads a field: <c>name: type</c>, or <c>name: { type:, min:, max:, default:, optional: }</c>.</summary>
internal static class FieldReader
{
    private static readonly string[] Keys = ["type", "min", "max", "default", "optional"];

    /// <summary>
    /// Reads the field. A field with a diagnostic has the type <see cref="FieldType.None"/>, so that its name is still known.
    /// </summary>
    public static FieldPlan Read(YamlEntry entry, bool ofLabel, DiagnosticList faults)
    {
        switch (entry.Value)
        {
            case YamlText text:
                var (type, scale) = TypeOf(text, faults);
                return new() { Name = entry.Name, Type = type, Scale = scale };
            case YamlMap map:
                return ReadMap(entry.Name, ofLabel, new(map, faults), faults);
            default:
                faults.Add(entry.Value, $"Expected a type ({FieldTypes.Expected}), found {entry.Value.Words}.");
                return new() { Name = entry.Name, Type = FieldType.None };
        }
    }

    private static FieldPlan ReadMap(string name, bool ofLabel, MapReader reader, DiagnosticList faults)
    {
        reader.Only(Keys);
        var (type, scale) = reader.RequiredText("type", FieldTypes.Expected) is { } text ? TypeOf(text, faults) : default;
        var (min, max) = (Bound("min", type, reader, faults), Bound("max", type, reader, faults));
        if (min > max)
        {
            faults.Add(reader.Map["min"]!, $"The least value {min} is above the greatest {max}; exchange them.");
        }

        return new()
        {
            Name = name,
            Type = type,
            Scale = scale,
            Min = min,
            Max = max,
            Default = Default(type, scale, min, max, reader, faults),
            // The default of a label field applies until a label arrives; the label itself must still contain the field.
            Required = !reader.Truth("optional", false, whereTold: true) && (ofLabel || reader.Map["default"] is null),
        };
    }

    private static (FieldType Type, int Scale) TypeOf(YamlText text, DiagnosticList faults)
    {
        if (!FieldTypes.TryParse(text.Text, out var type, out var scale))
        {
            faults.Add(text, $"Unknown type {text.Words}; expected one of {FieldTypes.Expected}.{FieldTypes.Hint(text.Text)}");
        }

        return (type, scale);
    }

    private static decimal? Bound(string key, FieldType type, MapReader reader, DiagnosticList faults)
    {
        var text = reader.Text(key, "a number");
        if (text is null || type == FieldType.None)
        {
            return null;
        }

        if (!FieldTypes.IsBounded(type))
        {
            faults.Add(text, $"A field of this type has no '{key}'; leave it out.");
            return null;
        }

        if (FieldTypes.TryParseNumber(text.Text, out var bound))
        {
            return bound;
        }

        var isNumber = FieldTypes.TryParseValue(text.Text, FieldType.Number, 0, out _);
        faults.Add(text, $"Expected a number{(isNumber ? " of at most 28 digits" : "")}, found {text.Words}.");
        return null;
    }

    private static FieldSlot Default(FieldType type, int scale, decimal? min, decimal? max, MapReader reader, DiagnosticList faults)
    {
        if (type == FieldType.None || reader.Value("default", FieldTypes.Examples[type], type == FieldType.String) is not { } text)
        {
            return default;
        }

        if (!FieldTypes.TryParseValue(text.Text, type, scale, out var slot))
        {
            faults.Add(text, $"Expected {FieldTypes.Examples[type]}, found {text.Words}.");
        }
        else if (FieldTypes.IsBounded(type) && FieldTypes.TryParseNumber(text.Text, out var number) && (number < min || number > max))
        {
            faults.Add(text, $"The default {text.Words} lies outside the bounds of the field; change one or the other.");
        }

        return slot;
    }
}
