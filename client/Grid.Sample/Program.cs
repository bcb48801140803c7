using Grid;
using Grid.Orleans;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

// A shop's program: asks the card's own grain whether a payment may go through. Run it beside a silo:
//   dotnet run -c Release --project client/Grid.Sample -- 127.0.0.1:30000 4242
// Instead of a silo's gateway, a connection string of PostgreSQL or Azure Storage. Other settings, such as TLS, come from the environment:
// Grid__Orleans__Tls__Enabled.
var where = args.Length > 0 ? args[0] : "127.0.0.1:30000";
var key = args.Length > 1 ? args[1] : "4242";
try
{
    var cluster = await ClusterLink
        .ConnectAsync(where, new ConfigurationBuilder().AddEnvironmentVariables().Build(), CancellationToken.None).ConfigureAwait(false);
    await using var _ = cluster.ConfigureAwait(false);
    var card = cluster.Grains.GetGrain<ICardGrain>(key);
    var payment = new Payment($"sample-{Guid.NewGuid():N}", null, "t-9", 25.50m);

    var decision = await card.AuthorizeAsync(payment, CancellationToken.None).ConfigureAwait(false);
    Console.WriteLine($"{decision.Action} {payment.Amount} at {payment.Terminal}: score {decision.Score:0.000000}, by {decision.Model}");

    // A retry after a lost answer gets the first answer again, and counts nothing twice.
    var again = await card.AuthorizeAsync(payment, CancellationToken.None).ConfigureAwait(false);
    var read = await card.FeaturesAsync(null, CancellationToken.None).ConfigureAwait(false);
    Console.WriteLine($"asked again: {(again.Duplicate ? "the first answer" : "a new answer")}; payments of card {key} today: {read["tx_count_1d"].Value}");
    return 0;
}
catch (Exception e) when (e is GridException or FormatException or OptionsValidationException)
{
    await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
    return 1;
}
