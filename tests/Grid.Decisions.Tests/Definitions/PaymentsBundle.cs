namespace Grid.Decisions.Tests.Definitions;

/// <summary>A small bundle that is in order, with something of everything; tests break it.</summary>
internal static class PaymentsBundle
{
    public const string Text = """
        bundle: payments
        version: 1.2.0

        events:
          payment:
            id: payment_id
            time: at
            fields:
              payment_id: string
              at: timestamp
              card: string
              shop: string
              amount: { type: decimal(2), min: 0, max: 5000 }
              tip: { type: decimal(2), default: 0 }
              speed: { type: number, optional: true }
              country: string
              online: boolean
            keys: { card: card, shop: shop }
          chargeback:
            labels: payment
            time: at
            fields:
              payment_id: string
              at: timestamp
              disputed: { type: boolean, default: false }

        entities:
          card:
            retention: 60d
            count_1h: { count: payment, window: 1h }
            large_7d: { count: payment, window: 7d, where: "amount > 100 and online" }
            mean_7d: { mean: payment.amount, window: 7d, empty: 0 }
            last_country: { last: payment.country }
            usual: "mean_7d * 2 + card.count_1h"
          shop:
            risk_7d: { mean: payment.disputed, window: 7d, delay: 7d, empty: 0 }
            amount_max: { max: payment.amount, window: 30d }

        models:
          score: { file: models/logistic.onnx, input: x, score: p }

        decisions:
          accept:
            on: payment
            owner: card
            features:
              - amount
              - far: "country != card.last_country"
              - shop.risk_7d
            model: score
            policy:
              - refuse: "score >= 0.9"
                reason: score_high
              - ask: "far and amount > card.usual"
                reasons: [far_away, unusual_amount]
              - accept: "true"
            fallback: { ask: no_score }

        sources:
          export:
            format: csv
            events:
              - event: payment
                columns: { payment_id: ID, at: TIME, card: CARD, shop: SHOP, amount: AMOUNT, country: COUNTRY, online: ONLINE }
              - event: chargeback
                after: 30d
                when: { DISPUTED: 1 }
                columns: { payment_id: ID, at: TIME, disputed: DISPUTED }

        """;

    /// <summary>The bundle on disk: a text in place of its YAML file, and its model, which takes three features.</summary>
    public static BundleFolder Write(string text = Text, params IEnumerable<(string Name, string Text)> more) =>
        new BundleFolder([("bundle.yaml", text), .. more]).AddModel("logistic");
}
