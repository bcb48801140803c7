using System.Text.Json.Nodes;
using Grid.Infra.Tests.Manifests;

namespace Grid.Infra.Tests.Measurements;

/// <summary>Every expression of the dashboard and of the alerts, as an overlay brings them to a cluster.</summary>
internal static class Asked
{
    public static JsonNode Dashboard(Overlay overlay) => JsonNode.Parse(overlay.Find("ConfigMap", "grid-dashboard")["data"]["grid.json"].Text!)!;

    public static IEnumerable<Node> Alerts(Overlay overlay) =>
        overlay.OfKind("PrometheusRule").SelectMany(rule => rule.At("spec.groups").Items).SelectMany(group => group["rules"].Items);

    /// <summary>Where it stands, and the expression.</summary>
    public static IEnumerable<(string Where, string Expression)> Expressions(Overlay overlay)
    {
        foreach (var panel in Dashboard(overlay)["panels"]!.AsArray())
        {
            foreach (var target in panel!["targets"]?.AsArray() ?? [])
            {
                yield return ($"panel '{panel["title"]}'", (string)target!["expr"]!);
            }
        }

        foreach (var alert in Alerts(overlay))
        {
            yield return ($"alert {alert["alert"].Text}", alert["expr"].Text!);
        }
    }
}
