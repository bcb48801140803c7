using Grid.Features.Definitions;
using Grid.Features.Definitions.Kinds;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>
/// Reads <c>candidates</c>: the kind that a decision ranks, the fields sent with each candidate, and the kinds whose keys they contain.
/// </summary>
internal sealed class CandidatesReader(ReadDefinitions definitions, DiagnosticList faults)
{
    /// <summary>The highest limit of candidates per call that a bundle may set.</summary>
    private const int MostOfAll = 1_000;
    private const int MostByDefault = 200;
    private const string Expected = "a mapping with the keys kind, most, fields, reads";
    private const string ExpectedFields = "a mapping of field names to types, as of an event";
    private const string ExpectedReads = "a mapping of kinds to the candidate's field that holds the key, such as { restaurant: restaurant }";
    private static readonly string[] Keys = ["kind", "most", "fields", "reads"];

    /// <summary>
    /// The request with its candidates; the unchanged request if the decision has none; null (with a diagnostic) if they are invalid.
    /// </summary>
    public Request? Read(string decision, MapReader reader, Request request)
    {
        if (reader.Map["candidates"] is null)
        {
            return request;
        }

        if (reader.Section("candidates", Expected) is not { } section)
        {
            return null;
        }

        var map = new MapReader(section, faults);
        map.Only(Keys);
        var kind = Kind(map.RequiredText("kind", "the kind that is ranked"));
        var most = WholeNumbers.Read(map, "most", MostByDefault, 1, MostOfAll, faults);
        map.Require("fields", ExpectedFields);
        map.Require("reads", ExpectedReads);
        var fields = Fields(map.Section("fields", ExpectedFields), request);
        var reads = Reads(map.Section("reads", ExpectedReads), fields, request);
        if (kind is null || most is null || fields.Count == 0 || reads.Count == 0)
        {
            return null;
        }

        if (!reads.TryGetValue(kind.Plan.Name, out var key))
        {
            faults.Add(section["reads"]!, $"It must say which field holds the key of the {kind.Plan.Name} that is ranked, such as {{ {kind.Plan.Name}: {fields[0].Name} }}.");
            return null;
        }

        return With(request, decision, kind.Plan, most.Value, fields, reads, key.KeySlot);
    }

    private static Request With(
        Request request, string decision, KindPlan kind, int most, List<FieldPlan> fields, Dictionary<string, (KindDefinition Kind, int KeySlot)> reads, int key)
    {
        var plain = request.On;
        var own = new EventPlan
        {
            Ordinal = plain.Ordinal,
            Name = $"candidate of {decision}",
            Fields = fields,
            IdSlot = key,
            TimeSlot = -1,
            Keys = [.. reads.Values.Select(read => new KeyPlan(read.Kind.Plan.Ordinal, read.KeySlot))],
        };
        var both = new EventPlan
        {
            Ordinal = plain.Ordinal,
            Name = plain.Name,
            Fields = [.. plain.Fields, .. fields],
            IdSlot = plain.IdSlot,
            TimeSlot = plain.TimeSlot,
            Keys = plain.Keys,
        };
        var kinds = new Dictionary<string, (KindDefinition, int)>(request.Kinds, StringComparer.Ordinal);
        foreach (var (name, (read, slot)) in reads)
        {
            kinds.Add(name, (read, plain.Fields.Count + slot));
        }

        return request with
        {
            On = both,
            Kinds = kinds,
            OtherKinds = request.OtherKinds.Where(name => !reads.ContainsKey(name)).ToHashSet(StringComparer.Ordinal),
            Candidates = new(plain, kind, most, own),
        };
    }

    private KindDefinition? Kind(YamlText? name)
    {
        var kind = definitions.Kinds.FirstOrDefault(known => known.Plan.Name == name?.Text);
        if (name is not null && kind is null)
        {
            faults.Add(name, $"There is no kind {name.Words}.{NearNames.Hint(name.Text, definitions.Kinds.Select(known => known.Plan.Name))}");
        }

        return kind;
    }

    private List<FieldPlan> Fields(YamlMap? section, Request request)
    {
        var fields = new List<FieldPlan>();
        foreach (var entry in section?.Entries ?? [])
        {
            Names.Check(entry.Key, faults);
            if (request.On.Fields.Any(sent => sent.Name == entry.Name) || entry.Name == RequestScope.ScoreName)
            {
                var what = entry.Name == RequestScope.ScoreName ? "what the model gives" : $"a field of '{request.On.Name}'";
                faults.Add(entry.Key, $"{entry.Key.Words} is {what}; expected another name.");
            }

            fields.Add(Features.Definitions.Events.FieldReader.Read(entry, ofLabel: false, faults));
        }

        if (section is { Entries: [] })
        {
            faults.Add(section, $"Expected {ExpectedFields}, found nothing.");
        }

        return fields;
    }

    private Dictionary<string, (KindDefinition Kind, int KeySlot)> Reads(YamlMap? section, List<FieldPlan> fields, Request request)
    {
        var reads = new Dictionary<string, (KindDefinition, int)>(StringComparer.Ordinal);
        foreach (var entry in section?.Entries ?? [])
        {
            if (Kind(entry.Key) is not { } kind)
            {
                continue;
            }

            if (request.Kinds.ContainsKey(entry.Name))
            {
                faults.Add(entry.Key, $"'{request.On.Name}' has a key of kind {entry.Key.Words}, so its features are those of the request's {entry.Name}; expected a kind that '{request.On.Name}' has no key of.");
                continue;
            }

            if (entry.Value is not YamlText { IsEmpty: false } name)
            {
                faults.Add(entry.Value, $"Expected the name of a string field of the candidate, found {entry.Value.Words}.");
                continue;
            }

            var slot = fields.FindIndex(field => field.Name == name.Text);
            if (slot < 0)
            {
                faults.Add(name, $"A candidate has no field {name.Words}.{NearNames.Hint(name.Text, fields.Select(field => field.Name))}");
            }
            else if (fields[slot] is { Type: not FieldType.String and not FieldType.None })
            {
                faults.Add(name, $"The field {name.Words} is no string; declare it as one, or name another.");
            }
            else if (!fields[slot].Required)
            {
                faults.Add(name, $"The field {name.Words} may be left out; a key is always sent.");
            }
            else
            {
                reads.Add(entry.Name, (kind, slot));
            }
        }

        return reads;
    }
}
