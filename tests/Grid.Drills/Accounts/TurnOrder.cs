using System.Globalization;

namespace Grid.Drills;

/// <summary>
/// The turns of a strict card, laid in the one order that they can have had. All its payments are of one moment and every one asks, so a decision reads how many
/// turns there were up to its own and what these add up to. A turn that saw another half done, or one that was lost or repeated, leaves a gap or a repetition.
/// </summary>
internal static class TurnOrder
{
    /// <summary>What does not fit; empty where everything does.</summary>
    /// <param name="card">The card.</param>
    /// <param name="payments">All its payments, each with its first answer.</param>
    public static IEnumerable<string> Faults(string card, IReadOnlyList<Payment> payments)
    {
        var turns = payments.Where(payment => payment.First is not null).OrderBy(payment => Reading(payment, "card.tx_count_30d")).ToArray();
        var sum = 0L;
        for (var i = 0; i < turns.Length; i++)
        {
            sum += turns[i].Cents;
            var (count, mean) = (Reading(turns[i], "card.tx_count_30d"), Reading(turns[i], "card.amount_mean_30d"));
            if (count != i + 1)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"card {card}: the decision of {turns[i].Id} read {count} payments where it is number {i + 1}.");
                yield break;
            }

            if (Math.Abs(mean - (sum / 100d / count)) > 1e-6)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"card {card}: the decision of {turns[i].Id}, number {count}, read the mean {mean}; its payments up to there have {sum / 100d / count}.");
                yield break;
            }
        }
    }

    private static double Reading(Payment payment, string feature) => payment.First!.Features.Single(reading => reading.Name == feature).Value;
}
