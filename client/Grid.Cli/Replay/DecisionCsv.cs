using System.Globalization;
using System.Text;

namespace Grid.Cli.Replay;

/// <summary>
/// Writes decisions as rows of a CSV file, in the order of the rows they were made of: event id, every feature under its own name, score, action, and the
/// outputs where the decision has some. A missing value is empty.
/// </summary>
internal sealed class DecisionCsv : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly PriorityQueue<string, (long Row, long Count)> _waiting = new();
    private readonly StringBuilder _line = new();
    private readonly int _most;
    private long _count;

    /// <param name="path">The file; what it held is lost.</param>
    /// <param name="idColumn">What the first column is called.</param>
    /// <param name="decision">What is decided.</param>
    /// <param name="most">How many lines wait for one of an earlier row.</param>
    public DecisionCsv(string path, string idColumn, DecisionSchema decision, int most)
    {
        _most = most;
        _writer = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
        _writer.WriteLine(string.Join(',', [.. decision.Vector.Prepend(idColumn).Append("score").Append("action").Concat(decision.Outputs).Select(Quoted)]));
    }

    public void Write(Decision made, long row)
    {
        _line.Clear().Append(Quoted(made.EventId));
        foreach (var feature in made.Features)
        {
            _line.Append(',');
            if (feature.Text is { } text)
            {
                _line.Append(Quoted(text));
            }
            else
            {
                AppendNumber(feature.Value, feature.LargeInteger);
            }
        }

        _line.Append(',');
        AppendNumber(made.Score);
        _line.Append(',').Append(Quoted(made.Action));
        foreach (var output in made.Outputs)
        {
            _line.Append(',');
            AppendNumber(output.Value, output.LargeInteger);
        }

        _waiting.Enqueue(_line.ToString(), (row, _count++));
        if (_waiting.Count > _most)
        {
            _writer.WriteLine(_waiting.Dequeue());
        }
    }

    public void Dispose()
    {
        while (_waiting.TryDequeue(out var line, out _))
        {
            _writer.WriteLine(line);
        }

        _writer.Dispose();
    }

    // The shortest text that reads back as the same double.
    private void AppendNumber(double number, long? large = null)
    {
        if (large is { } integer)
        {
            _line.Append(CultureInfo.InvariantCulture, $"{integer}");
        }
        else if (!double.IsNaN(number))
        {
            _line.Append(CultureInfo.InvariantCulture, $"{number:R}");
        }
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
