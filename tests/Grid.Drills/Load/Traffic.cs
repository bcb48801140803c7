using System.Collections.Concurrent;
using System.Globalization;

namespace Grid.Drills;

/// <summary>
/// Draws payments, and keeps every one. Half of the cards are strict: all their payments ask for a decision at one and the same moment, so that each decision
/// must have read exactly the turns before it, and what a card's decisions read can be laid in one order without a gap or a repetition.
/// </summary>
internal sealed class Traffic
{
    public const long Day = 86_400_000;

    private readonly ConcurrentQueue<Payment> _all = new();
    private readonly int _cards;
    private readonly int _terminals;
    private int _numbers;

    /// <param name="cards">How many cards of either sort.</param>
    /// <param name="terminals">How many terminals.</param>
    /// <param name="start">The day that every payment falls into.</param>
    public Traffic(int cards, int terminals, EventTime start)
    {
        (_cards, _terminals, Start) = (cards, terminals, start);
        Cards = [.. Enumerable.Range(0, cards).SelectMany(card => (string[])[Name("strict", card), Name("mixed", card)])];
        Terminals = [.. Enumerable.Range(0, terminals).Select(terminal => Name("t", terminal))];
    }

    public EventTime Start { get; }

    public IReadOnlyList<string> Cards { get; }

    public IReadOnlyList<string> Terminals { get; }

    /// <summary>Every payment that was drawn.</summary>
    public IReadOnlyCollection<Payment> All => _all;

    public static bool IsStrict(string card) => card.StartsWith("strict", StringComparison.Ordinal);

    /// <summary>Draws a payment: one that asks for a decision, or now and then one that only tells.</summary>
    public Payment Draw(Random random)
    {
        var strict = random.Next(2) == 0;
        var card = Name(strict ? "strict" : "mixed", random.Next(_cards));
        var at = EventTime.FromUnixMilliseconds(Start.UnixMilliseconds + (strict ? Day / 2 : random.Next((int)Day)));
        var payment = new Payment(Interlocked.Increment(ref _numbers), card, Name("t", random.Next(_terminals)), random.Next(1, 50_000), at, strict || random.Next(2) == 0);
        _all.Enqueue(payment);
        return payment;
    }

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");
}
