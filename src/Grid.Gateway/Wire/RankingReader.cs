using System.Buffers;
using System.Text.Json;
using Grid.Json;

namespace Grid.Gateway.Wire;

/// <summary>
/// Reads ranking requests: an object with the fields of the request's event and, as <c>candidates</c>, a list of objects.
/// </summary>
internal sealed class RankingReader(string decision, EventSchema asks, CandidateSchema candidates)
{
    private const string Member = "candidates";

    // A text may have 256 bytes or more, and escapes make it longer; any other value is shorter than a timestamp.
    private const int TextBytes = 512;
    private const int OtherBytes = 64;

    private readonly EventJsonReader _request = new(asks, Member);
    private readonly EventJsonReader _candidate = new(new($"candidate of {decision}", candidates.KeyField, "", candidates.Fields, null));
    private readonly ValidationError _none = new(Member, "nothing", $"a list of 1 to {candidates.Most} objects with the fields {string.Join(", ", candidates.Fields.Select(field => field.Name))}");

    /// <summary>The default maximum body, in bytes: one event and the maximum number of candidates that the bundle allows.</summary>
    public int BodyLimit { get; } = GatewayOptions.DefaultBodyBytes + (candidates.Most * candidates.Fields.Sum(BytesOf));

    /// <summary>Reads a ranking request.</summary>
    /// <returns>The validation error of the JSON; null if it is valid.</returns>
    public ValidationError? Read(in ReadOnlySequence<byte> json, out Event request, out List<Event> read)
    {
        request = new(asks.Type, asks.Fields.Count);
        read = [];
        var bytes = json.IsSingleSegment ? json.First : json.ToArray();
        return _request.TryRead(bytes.Span, request, out var fault) ? ReadCandidates(bytes.Span, read) : fault;
    }

    private static int BytesOf(FieldSchema field) => field.Name.Length + (field.Type == FieldType.String ? TextBytes : OtherBytes);

    // The request was read before, so the whole text is valid JSON.
    private ValidationError? ReadCandidates(ReadOnlySpan<byte> json, List<Event> read)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var found = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTheirs = reader.ValueTextEquals(Member);
            reader.Read();
            if (!isTheirs)
            {
                continue; // Values of the request are never nested.
            }

            if (found || reader.TokenType != JsonTokenType.StartArray)
            {
                return found ? new(Member, "the list twice", "one list") : _none;
            }

            found = true;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (read.Count == candidates.Most)
                {
                    return new(Member, $"more than {candidates.Most} candidates", $"1 to {candidates.Most} of them");
                }

                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var candidate = new Event(candidates.Kind, candidates.Fields.Count);
                if (!_candidate.TryRead(json[start..(int)reader.BytesConsumed], candidate, out var fault))
                {
                    var place = $"{Member}[{read.Count}]";
                    return fault with { Field = fault.Field.Length == 0 ? place : $"{place}.{fault.Field}" };
                }

                read.Add(candidate);
            }
        }

        return found ? null : _none;
    }
}
