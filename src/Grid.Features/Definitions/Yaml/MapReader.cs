using Grid.Features.Naming;

namespace Grid.Features.Definitions.Yaml;

/// <summary>Reads the values of a mapping by key and reports diagnostics.</summary>
internal readonly struct MapReader(YamlMap map, DiagnosticList faults)
{
    public YamlMap Map => map;

    /// <summary>Reports every key that is not in the list.</summary>
    public void Only(IEnumerable<string> known)
    {
        foreach (var entry in map.Entries)
        {
            if (!known.Contains(entry.Name))
            {
                faults.Add(entry.Key, $"There is no key {entry.Key.Words} here.{NearNames.Hint(entry.Name, known)}");
            }
        }
    }

    /// <summary>The text of a key; null if the key is absent or (with a diagnostic) its value is not text.</summary>
    public YamlText? Text(string key, string expected)
    {
        switch (map[key])
        {
            case null:
                return null;
            case YamlText { IsEmpty: false } text:
                return text;
            case var other:
                faults.Add(other, $"Expected {expected}, found {other.Words}.");
                return null;
        }
    }

    /// <summary>Like <see cref="Text"/>, but also accepts an empty quoted text if the value is a string.</summary>
    public YamlText? Value(string key, string expected, bool isText) =>
        isText && map[key] is YamlText { IsEmpty: true, IsQuoted: true } empty ? empty : Text(key, expected);

    /// <summary>Like <see cref="Text"/>, but reports a missing key.</summary>
    public YamlText? RequiredText(string key, string expected)
    {
        Require(key, expected);
        return Text(key, expected);
    }

    public void Require(string key, string expected)
    {
        if (map[key] is null)
        {
            faults.Add(map, $"The key '{key}' is missing; expected {expected}.");
        }
    }

    /// <summary>
    /// The mapping of a key; empty if the key has no value, null if the key is absent or (with a diagnostic) its value is not a mapping.
    /// </summary>
    public YamlMap? Section(string key, string expected)
    {
        switch (map[key])
        {
            case null:
                return null;
            case YamlMap section:
                return section;
            case YamlText { IsEmpty: true } nothing:
                return new(nothing.Mark, nothing.Path, []);
            case var other:
                faults.Add(other, $"Expected {expected}, found {other.Words}.");
                return null;
        }
    }

    /// <summary>The list of a key; null if the key is absent or (with a diagnostic) its value is not a list.</summary>
    public YamlList? List(string key, string expected)
    {
        switch (map[key])
        {
            case null:
                return null;
            case YamlList list:
                return list;
            case var other:
                faults.Add(other, $"Expected {expected}, found {other.Words}.");
                return null;
        }
    }

    /// <summary>
    /// The boolean of a key; <paramref name="otherwise"/> if the key is absent, <paramref name="whereTold"/> if the value is not a boolean
    /// (with a diagnostic).
    /// </summary>
    public bool Truth(string key, bool otherwise, bool whereTold)
    {
        switch (Text(key, "true or false"))
        {
            case null:
                return map[key] is null ? otherwise : whereTold;
            case { Text: "true" }:
                return true;
            case { Text: "false" }:
                return false;
            case var other:
                faults.Add(other, $"Expected true or false, found {other.Words}.");
                return whereTold;
        }
    }

    /// <summary>
    /// The duration of a key in milliseconds; null if the key is absent or (with a diagnostic) its value is not a duration.
    /// </summary>
    public long? Duration(string key)
    {
        var text = Text(key, Durations.Expected);
        if (text is null)
        {
            return null;
        }

        if (Durations.TryParse(text.Text, out var milliseconds))
        {
            return milliseconds;
        }

        faults.Add(text, $"Expected {Durations.Expected}, found {text.Words}.");
        return null;
    }
}
