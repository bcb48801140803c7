using System.Globalization;

namespace Grid.Cli.Replay;

/// <summary>Writes decisions as rows of a CSV file: event id, every feature under its own name, score, action. A missing value is empty.</summary>
internal sealed class DecisionCsv : IDisposable
{
    private readonly StreamWriter _writer;

    public DecisionCsv(string path, string idField, IReadOnlyList<string> vector)
    {
        _writer = new(path, append: false, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
        _writer.WriteLine(string.Join(',', vector.Prepend(idField).Append("score").Append("action").Select(Quoted)));
    }

    public void Write(Decision made)
    {
        _writer.Write(Quoted(made.EventId));
        foreach (var feature in made.Features)
        {
            _writer.Write(',');
            if (feature.Text is { } text)
            {
                _writer.Write(Quoted(text));
            }
            else
            {
                WriteNumber(feature.Value);
            }
        }

        _writer.Write(',');
        WriteNumber(made.Score);
        _writer.Write(',');
        _writer.Write(Quoted(made.Action));
        _writer.Write('\n');
    }

    public void Dispose() => _writer.Dispose();

    // The shortest text that reads back as the same double.
    private void WriteNumber(double number)
    {
        Span<char> text = stackalloc char[32];
        if (!double.IsNaN(number) && number.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture))
        {
            _writer.Write(text[..length]);
        }
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
