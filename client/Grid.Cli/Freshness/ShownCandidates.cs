using Grid.Decisions.Plans;
using Grid.Features.Plans;
using Grid.Features.Sources;

namespace Grid.Cli.Freshness;

/// <summary>What logged traffic tells of rankings: which candidates each request was shown, and which of them was chosen.</summary>
internal sealed class ShownCandidates
{
    private readonly Dictionary<string, List<(Event Candidate, bool Chosen)>> _byRequest = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The candidates of a request, as they stand in the file; none where it was shown none.</summary>
    public IReadOnlyList<(Event Candidate, bool Chosen)> Of(string request) => _byRequest.GetValueOrDefault(request) ?? [];

    /// <summary>Reads the candidates of a file that were shown between two moments.</summary>
    /// <exception cref="UsageException">The source does not make the request of rows with a time.</exception>
    /// <exception cref="SourceException">A row cannot be read, or the file lacks a column.</exception>
    public static ShownCandidates Read(FreshnessRequest request, SourcePlan source, DecisionPlan decision)
    {
        var shown = request.Shown
            ?? throw new UsageException($"'{decision.Name}' ranks: --candidates COLUMN=TEXT, --request COLUMN and --chosen COLUMN tell what was shown and chosen.");
        var asked = source.Events.FirstOrDefault(made => made.Event.Ordinal == decision.On.Ordinal)
            ?? throw new UsageException($"The source '{source.Name}' makes no '{decision.On.Name}', which asks for '{decision.Name}'.");
        var all = new ShownCandidates();
        using var file = File.OpenRead(request.File);
        using var text = SourceFile.Decompressed(file);
        var reader = new SourceReader(text, request.File, Plan(source, decision, asked, shown));
        var own = decision.Candidates!.Fields.Fields.Select(field => field.Name).ToList();
        while (reader.TryRead(out var item))
        {
            if (!(item.At < request.From) && !(item.At >= request.To))
            {
                all.Add(item.Event, own);
            }
        }

        return all;
    }

    private void Add(Event row, List<string> own)
    {
        var candidate = new Event(row.Type, own.Count);
        foreach (var name in own.Where(name => row[name].Given != FieldType.None))
        {
            candidate.Add(name, row[name]);
        }

        var request = row[RequestField].Text ?? "";
        if (!_byRequest.TryGetValue(request, out var shown))
        {
            _byRequest.Add(request, shown = []);
        }

        shown.Add((candidate, row[ChosenField].Given == FieldType.Boolean && row[ChosenField].Exact != 0));
        Count++;
    }

    // No names of fields: those begin with a letter.
    private const string RequestField = "#request";
    private const string TimeField = "#at";
    private const string ChosenField = "#chosen";

    /// <summary>A source that makes one event of each candidate's row: its fields, the request's id, when, and whether it was chosen.</summary>
    private static SourcePlan Plan(SourcePlan source, DecisionPlan decision, SourceEvent asked, ShownColumns shown)
    {
        var own = decision.Candidates!.Fields.Fields;
        var plan = new EventPlan
        {
            Ordinal = -1,
            Name = $"candidate of {decision.Name}",
            Fields =
            [
                .. own,
                new() { Name = RequestField, Type = FieldType.String },
                new() { Name = TimeField, Type = FieldType.Timestamp },
                new() { Name = ChosenField, Type = FieldType.Boolean },
            ],
            IdSlot = own.Count,
            TimeSlot = own.Count + 1,
            Keys = [],
        };
        var time = asked.Columns.First(column => column.Slot == asked.Event.TimeSlot).Column;
        SourceColumn[] columns =
        [
            .. own.Select((field, slot) => new SourceColumn(slot, field.Name)),
            new(own.Count, shown.Request),
            new(own.Count + 1, time),
            new(own.Count + 2, shown.Chosen),
        ];
        return source with { Events = [new(plan, columns, new(shown.Column, shown.Equal), 0)] };
    }
}
