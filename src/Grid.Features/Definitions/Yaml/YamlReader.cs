using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Grid.Features.Definitions.Yaml;

/// <summary>
/// Parses YAML into values with locations. Reports duplicate keys and keeps the first. Rejects features that bundles do not use: anchors,
/// aliases, tags, keys that are not text, and further documents.
/// </summary>
internal sealed class YamlReader
{
    private const int DeepestNesting = 24;
    private readonly Parser _parser;
    private readonly string _file;
    private readonly DiagnosticList _faults;

    private YamlReader(string text, string file, DiagnosticList faults)
    {
        _parser = new Parser(new StringReader(text));
        (_file, _faults) = (file, faults);
    }

    /// <summary>The root mapping of a file; null if the file is empty or cannot be parsed.</summary>
    public static YamlMap? Read(string text, string file, DiagnosticList faults)
    {
        var reader = new YamlReader(text, file, faults);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException broken)
        {
            reader.TellBroken(broken.Start, Sentence(broken.Message), text);
        }
        catch (InvalidOperationException)
        {
            // The parser reports an unclosed bracket without a location.
            const string Why = "what begins here cannot be read to its end; look for a bracket or a quote that is not closed.";
            reader.TellBroken(reader._parser.Current?.End ?? Mark.Empty, Why, text);
        }

        return null;
    }

    private void TellBroken(Mark at, string why, string text)
    {
        var tab = Array.FindIndex(text.Split('\n'), line => line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length).Contains('\t'));
        var advice = tab < 0 ? "" : $" Line {tab + 1} is indented with a tab; expected blanks.";
        _faults.Add(new(_file, Math.Max(1, (int)at.Line), Math.Max(1, (int)at.Column)), "", $"This is not YAML: {why}{advice}");
    }

    private YamlMap? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var root = ReadValue("", 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _faults.Add(
                MarkOf(second), "", "A second document begins here; a file of a bundle is one document, so move it to a file of its own.");
        }

        switch (root)
        {
            case YamlMap map:
                return map;
            case YamlText { IsEmpty: true }:
                return null;
            default:
                _faults.Add(root, $"Found {root.Words}; a file of a bundle is a mapping with keys such as 'events' and 'entities'.");
                return null;
        }
    }

    private YamlValue ReadValue(string path, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"values are nested more than {DeepestNesting} deep");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            _faults.Add(
                MarkOf(alias), path, $"Found the alias '*{YamlText.Plain(alias.Value.Value)}'; bundles have no aliases, write the value "
                + "out.");
            return new YamlText(MarkOf(alias), path, "", -1);
        }

        if (_parser.Accept<NodeEvent>(out var node))
        {
            RefuseMarkings(node, path);
        }

        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return TextOf(scalar, path);
        }

        return _parser.TryConsume<SequenceStart>(out var list)
            ? ReadList(list, path, depth)
            : ReadMap(_parser.Consume<MappingStart>(), path, depth);
    }

    private void RefuseMarkings(NodeEvent node, string path)
    {
        if (!node.Anchor.IsEmpty)
        {
            _faults.Add(
                MarkOf(node), path, $"Found the anchor '&{YamlText.Plain(node.Anchor.Value)}'; bundles have no anchors, leave it out.");
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            _faults.Add(MarkOf(node), path, $"Found the tag '{YamlText.Plain(node.Tag.Value)}'; bundles have no tags, leave it out.");
        }
    }

    private YamlList ReadList(SequenceStart start, string path, int depth)
    {
        var items = new List<YamlValue>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadValue($"{path}[{items.Count}]", depth + 1));
        }

        return new(MarkOf(start), path, items);
    }

    private YamlMap ReadMap(MappingStart start, string path, int depth)
    {
        var entries = new List<YamlEntry>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var read = ReadValue(path, depth + 1);
            if (read is not YamlText { IsEmpty: false } key)
            {
                _faults.Add(read, $"Found {read.Words} as a key; a key is a name.");
                ReadValue(path, depth + 1);
                continue;
            }

            key = new YamlText(key.Mark, path.Length == 0 ? YamlText.Plain(key.Text) : $"{path}.{YamlText.Plain(key.Text)}", key.Text, -1);
            var value = ReadValue(key.Path, depth + 1);
            if (lines.TryAdd(key.Text, key.Mark.Line))
            {
                entries.Add(new(key, value));
            }
            else
            {
                _faults.Add(
                    key, $"{key.Words} is here twice, first in line {lines[key.Text]}; give this one another name, or leave one out.");
            }
        }

        return new(MarkOf(start), path, entries);
    }

    private YamlText TextOf(Scalar scalar, string path)
    {
        var quotes = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted ? 1 : 0;
        var asItIs = scalar.Start.Line == scalar.End.Line && scalar.End.Column - scalar.Start.Column == scalar.Value.Length + (2 * quotes);
        var text = scalar is { Style: ScalarStyle.Plain, Value: "~" or "null" } ? "" : scalar.Value;
        return new(MarkOf(scalar), path, text, asItIs ? quotes : -1) { IsQuoted = quotes > 0 };
    }

    private YamlMark MarkOf(ParsingEvent read) => new(_file, (int)read.Start.Line, (int)read.Start.Column);

    private static string Sentence(string message)
    {
        var text = YamlText.Plain(message.Trim().TrimEnd('.'));
        return text.Length == 0 ? "it cannot be read." : $"{char.ToLowerInvariant(text[0])}{text[1..]}.";
    }
}
