using Grid.Features.Naming;

namespace Grid.Features.Definitions.Yaml;

/// <summary>Takes the values of a mapping one key at a time, and tells what is not as it should be.</summary>
internal readonly struct MapReader(YamlMap map, DiagnosticList faults)
{
    public YamlMap Map => map;

    /// <summary>Tells every key that is not among these.</summary>
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

    /// <summary>The text of a key; null where the key is not there, or (told) is something else than text.</summary>
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

    /// <summary>As <see cref="Text"/>, and takes an empty text between quotes for what it is where the value is a text.</summary>
    public YamlText? Value(string key, string expected, bool isText) =>
        isText && map[key] is YamlText { IsEmpty: true, IsQuoted: true } empty ? empty : Text(key, expected);

    /// <summary>As <see cref="Text"/>, and tells where the key is not there.</summary>
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
    /// The mapping of a key; empty where the key has no value, null where the key is not there, or (told) is something else.
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

    /// <summary>The list of a key; null where the key is not there, or (told) is something else.</summary>
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
    /// True or false; <paramref name="otherwise"/> where the key is not there, <paramref name="whereTold"/> where it is neither (told).
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

    /// <summary>Milliseconds; null where the key is not there, or (told) is not a duration.</summary>
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
