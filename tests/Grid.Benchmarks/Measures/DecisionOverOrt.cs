using System.Diagnostics;
using Grid.Engine;

namespace Grid.Benchmarks;

/// <summary>
/// One whole decision in process (check, apply, windows of card and terminal, vector, model, policy, journal record appended, answer)
/// over one bare run of the same trees on the same rows. One caller, one decision at a time: no batching helps.
/// </summary>
internal static class DecisionOverOrt
{
    private const int Cards = 2_000;
    private const int Terminals = 1_000;

    public static async Task RunAsync(int rounds, Scale scale)
    {
        var decisions = scale.Pick(full: 20_000, smoke: 200);
        await using var fraud = new Fraud(Durability.Received);
        var plan = fraud.Bundle.Decisions[0];
        using var bare = new BareModel(plan.Model.File, plan.Model.Input, plan.Model.Score, plan.Vector.Count);
        await FillAsync(fraud, scale.Pick(full: 120_000, smoke: 1_000));

        var rows = new float[decisions][];
        var scores = new double[decisions];
        var checkedRows = 0;
        await OursAsync(0); // warms up, and fills the rows of the first comparison
        for (var i = 0; i < decisions; i++)
        {
            checkedRows += bare.Score(rows[i]) == (float)scores[i] ? 1 : throw new InvalidOperationException($"Row {i}: the grid and ONNX Runtime disagree.");
        }

        var (ratio, ours, theirs) = await Rounds.CompareAsync(scale.Rounds(rounds), round => OursAsync(round + 1), _ => Task.FromResult(Theirs()));
        Rounds.Print("decision_over_ort", ratio, $"{ours:0.00} us a decision over {theirs:0.00} us a bare run; {checkedRows} scores equal to the bit");

        async Task<double> OursAsync(int round)
        {
            var payments = Prepare(round, decisions);
            var started = Stopwatch.GetTimestamp();
            foreach (var payment in payments)
            {
                await fraud.Grid.DecideAsync("authorize", payment, default);
            }

            var elapsed = Stopwatch.GetElapsedTime(started);

            // No answer was kept, as no server keeps them; asking again gets each first answer again, from the journal.
            for (var i = 0; i < decisions; i++)
            {
                var again = await fraud.Grid.DecideAsync("authorize", payments[i], default);
                scores[i] = again.Duplicate ? again.Score : throw new InvalidOperationException("The first answer was not found again.");
                rows[i] = [.. again.Features.Select(feature => (float)feature.Value)];
            }

            return elapsed.TotalMicroseconds / decisions;
        }

        double Theirs()
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var row in rows)
            {
                bare.Score(row);
            }

            return Stopwatch.GetElapsedTime(started).TotalMicroseconds / decisions;
        }
    }

    /// <summary>Decides, and does nothing else, for so many seconds.</summary>
    public static async Task ProfileAsync(int seconds, Scale scale)
    {
        await using var fraud = new Fraud(Durability.Received);
        await FillAsync(fraud, scale.Pick(full: 120_000, smoke: 1_000));
        var (started, decided, spent) = (Stopwatch.GetTimestamp(), 0, TimeSpan.Zero);
        for (var round = 0; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; round++)
        {
            var payments = Prepare(round, scale.Pick(full: 20_000, smoke: 500));
            var begun = Stopwatch.GetTimestamp();
            foreach (var payment in payments)
            {
                await fraud.Grid.DecideAsync("authorize", payment, default);
            }

            spent += Stopwatch.GetElapsedTime(begun);
            decided += payments.Length;
        }

        Console.WriteLine($"{decided} decisions, {spent.TotalMicroseconds / decided:0.00} us each");
    }

    private static Task FillAsync(Fraud fraud, int payments) =>
        fraud.FillAsync(Fraud.RandomPayments(1, payments, Cards, Terminals, Fraud.Start, 38 * Fraud.Day / payments));

    private static Event[] Prepare(int round, int count) => Fraud.RandomPayments(
        1_000 + round, count, Cards, Terminals, Fraud.Start + (38 * Fraud.Day) + (round * Fraud.Day / 10), Fraud.Day / 10 / count);
}
