using System.Globalization;
using Spectre.Console;

namespace Grid.Silo.Demo;

/// <summary>Shows the day as it goes: what was not simply approved, line by line, and once an hour of the day how fast it goes.</summary>
internal sealed class DemoScreen : IDisposable
{
    private const int MostLinesAnHour = 3;

    private readonly DemoDay _day;
    private readonly TimeProvider _time;
    private readonly long _started;
    private int _seen;
    private int _hour = -1;
    private int _lines;

    private DemoScreen(DemoDay day, TimeProvider time) => (_day, _time, _started) = (day, time, time.GetTimestamp());

    public static DemoScreen Open(DemoDay day, TimeProvider time)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule($"[bold]{day.World.DayStart:yyyy-MM-dd}[/], {day.World.Day.Count.ToString("N0", CultureInfo.InvariantCulture)} payments, each decided in its card's own turn") { Justification = Justify.Left });
        return new(day, time);
    }

    public void Show(DateTimeOffset now)
    {
        foreach (var answer in _day.Answers.Skip(_seen))
        {
            _seen++;
            if (answer.Decision.Action != "approve" && _lines++ < MostLinesAnHour)
            {
                Show(answer);
            }
        }

        var hour = (int)(now - _day.World.DayStart).TotalHours;
        if (hour != _hour && hour % 2 == 0)
        {
            (_hour, _lines) = (hour, 0);
            ShowHour(hour);
        }
    }

    public void Dispose() => AnsiConsole.WriteLine();

    private static void Show(DemoAnswer answer)
    {
        var (decision, payment) = (answer.Decision, answer.Payment);
        var colour = decision.Action == "decline" ? "red" : "yellow";
        AnsiConsole.MarkupLine(string.Create(CultureInfo.InvariantCulture,
            $"  {payment.At:HH:mm:ss}  [{colour}]{Markup.Escape(decision.Action),-8}[/] card {payment.CustomerId,5}  {payment.Amount,8:F2}  score {ReadableNumber.Of(decision.Score, 3)}  [grey]{Markup.Escape(string.Join(", ", decision.Reasons))}[/]  {(payment.Fraud ? "[red]was fraud[/]" : "")}"));
    }

    private void ShowHour(int hour)
    {
        var answers = _day.Answers;
        if (answers.Count == 0)
        {
            return;
        }

        var (p50, p99) = DemoFigures.Latencies(answers);
        var rate = answers.Count / _time.GetElapsedTime(_started).TotalSeconds;
        AnsiConsole.MarkupLine(string.Create(CultureInfo.InvariantCulture,
            $"[bold]{hour:00}:00[/]  {answers.Count,6:N0} decisions  {rate,5:N0} a second  median {p50.TotalMilliseconds:F1} ms  99 of 100 within {p99.TotalMilliseconds:F1} ms"));
    }
}
