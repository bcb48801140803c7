using System.Diagnostics.Metrics;

namespace Grid.Models;

/// <summary>The instruments of the models, each with a dotted name, a unit and a description.</summary>
internal static class ModelMetrics
{
    private static readonly Meter Meter = new("Grid.Models");

    private static readonly Histogram<double> Loads =
        Meter.CreateHistogram<double>("grid.models.load.duration", "s", "Time to load, check and probe a version of a model before it serves.");

    private static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("grid.models.failures", "{row}", "Rows that a model gave no score for, by what went wrong.");

    static ModelMetrics() => Meter.CreateObservableGauge(
        "grid.models.sessions", () => LoadedModel.SessionsAlive, "{session}", "Native sessions in memory: current versions, and replaced ones still in use.");

    public static void Loaded(string model, TimeSpan elapsed)
    {
        Loads.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("grid.model", model));

        // Reported as zero from the start: a rate over a counter that first appears with its first failure misses that failure.
        Failed(model, ScoreStatus.ModelFailed, rows: 0);
        Failed(model, ScoreStatus.NotFinite, rows: 0);
    }

    public static void RowFailed(string model, ScoreStatus status) => Failed(model, status, rows: 1);

    private static void Failed(string model, ScoreStatus status, int rows) => Failures.Add(
        rows,
        new KeyValuePair<string, object?>("grid.model", model),
        new KeyValuePair<string, object?>("grid.score.status", status == ScoreStatus.NotFinite ? "not_finite" : "model_failed"));
}
