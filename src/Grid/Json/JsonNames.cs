using System.Text.Json;

namespace Grid.Json;

/// <summary>Every member name in the JSON of the grid, encoded once.</summary>
internal static class JsonNames
{
    public static readonly JsonEncodedText Accepted = Of("accepted");
    public static readonly JsonEncodedText Action = Of("action");
    public static readonly JsonEncodedText Actions = Of("actions");
    public static readonly JsonEncodedText AgeMs = Of("age_ms");
    public static readonly JsonEncodedText Approximate = Of("approximate");
    public static readonly JsonEncodedText StalenessMs = Of("staleness_ms");
    public static readonly JsonEncodedText At = Of("at");
    public static readonly JsonEncodedText Candidates = Of("candidates");
    public static readonly JsonEncodedText Bundle = Of("bundle");
    public static readonly JsonEncodedText Code = Of("code");
    public static readonly JsonEncodedText Decision = Of("decision");
    public static readonly JsonEncodedText DecisionId = Of("decision_id");
    public static readonly JsonEncodedText Decisions = Of("decisions");
    public static readonly JsonEncodedText Definition = Of("definition");
    public static readonly JsonEncodedText DelayMs = Of("delay_ms");
    public static readonly JsonEncodedText Detail = Of("detail");
    public static readonly JsonEncodedText Duplicate = Of("duplicate");
    public static readonly JsonEncodedText Duplicates = Of("duplicates");
    public static readonly JsonEncodedText Entity = Of("entity");
    public static readonly JsonEncodedText Event = Of("event");
    public static readonly JsonEncodedText EventId = Of("event_id");
    public static readonly JsonEncodedText Events = Of("events");
    public static readonly JsonEncodedText Expected = Of("expected");
    public static readonly JsonEncodedText Fallback = Of("fallback");
    public static readonly JsonEncodedText Features = Of("features");
    public static readonly JsonEncodedText Field = Of("field");
    public static readonly JsonEncodedText Fields = Of("fields");
    public static readonly JsonEncodedText Found = Of("found");
    public static readonly JsonEncodedText IdField = Of("id_field");
    public static readonly JsonEncodedText Items = Of("items");
    public static readonly JsonEncodedText KeyField = Of("key_field");
    public static readonly JsonEncodedText Key = Of("key");
    public static readonly JsonEncodedText Kind = Of("kind");
    public static readonly JsonEncodedText Kinds = Of("kinds");
    public static readonly JsonEncodedText Labels = Of("labels");
    public static readonly JsonEncodedText Line = Of("line");
    public static readonly JsonEncodedText Max = Of("max");
    public static readonly JsonEncodedText Min = Of("min");
    public static readonly JsonEncodedText TimedOut = Of("timed_out");
    public static readonly JsonEncodedText ByFallbackModel = Of("by_fallback_model");
    public static readonly JsonEncodedText FallbackModel = Of("fallback_model");
    public static readonly JsonEncodedText Most = Of("most");
    public static readonly JsonEncodedText Model = Of("model");
    public static readonly JsonEncodedText Outputs = Of("outputs");
    public static readonly JsonEncodedText Name = Of("name");
    public static readonly JsonEncodedText Outcome = Of("outcome");
    public static readonly JsonEncodedText Owner = Of("owner");
    public static readonly JsonEncodedText OwnerKind = Of("owner_kind");
    public static readonly JsonEncodedText Place = Of("place");
    public static readonly JsonEncodedText RankingId = Of("ranking_id");
    public static readonly JsonEncodedText Source = Of("source");
    public static readonly JsonEncodedText Reasons = Of("reasons");
    public static readonly JsonEncodedText Rejected = Of("rejected");
    public static readonly JsonEncodedText RejectedCount = Of("rejected_count");
    public static readonly JsonEncodedText Required = Of("required");
    public static readonly JsonEncodedText Score = Of("score");
    public static readonly JsonEncodedText Status = Of("status");
    public static readonly JsonEncodedText TimeField = Of("time_field");
    public static readonly JsonEncodedText Title = Of("title");
    public static readonly JsonEncodedText Type = Of("type");
    public static readonly JsonEncodedText Value = Of("value");
    public static readonly JsonEncodedText Vector = Of("vector");
    public static readonly JsonEncodedText Version = Of("version");
    public static readonly JsonEncodedText WindowMs = Of("window_ms");

    private static JsonEncodedText Of(string name) => JsonEncodedText.Encode(name);
}
