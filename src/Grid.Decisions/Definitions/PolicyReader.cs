using Grid.Decisions.Plans;
using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;

namespace Grid.Decisions.Definitions;

/// <summary>A rule while it is read; <paramref name="When"/> is null if it always matches.</summary>
internal sealed record RuleDraft(string Action, YamlText? When, IReadOnlyList<string> Reasons);

/// <summary>
/// Reads policies: a list of rules <c>action: "condition"</c>, each with a <c>reason</c> or <c>reasons</c>, and the fallback.
/// </summary>
internal sealed class PolicyReader(DiagnosticList faults)
{
    private const string ExpectedRules = "a list of rules such as { decline: \"score >= 0.9\", reason: model_score_high }";
    private const string ExpectedFallback =
        "an action and its reason, taken where the model cannot score, such as { review: model_unavailable }";
    private const string ExpectedReason = "a reason such as model_score_high";
    private const string Always = "true";
    private static readonly string[] ReasonKeys = ["reason", "reasons"];

    public IReadOnlyList<RuleDraft> Rules(MapReader decision)
    {
        decision.Require("policy", ExpectedRules);
        var list = decision.List("policy", ExpectedRules);
        if (list is { Items: [] })
        {
            faults.Add(list, $"The policy has no rule; expected {ExpectedRules}.");
        }

        var rules = new List<RuleDraft>();
        YamlValue? always = null;
        foreach (var item in list?.Items ?? [])
        {
            if (always is not null)
            {
                faults.Add(
                    item, $"This rule is never reached: the one in line {always.Mark.Line} always holds. Put it before that one, or leave "
                    + "it out.");
            }

            if (Rule(item) is { } rule)
            {
                rules.Add(rule);
                always ??= rule.When is null ? item : null;
            }
        }

        if (always is null && list is { Items: [.., var last] })
        {
            faults.Add(
                last, "The last rule must always hold, so that every request gets an answer; add a rule such as { approve: \"true\" } "
                + "behind it.");
        }

        return rules;
    }

    /// <summary>The action taken if the model cannot score; null (with a diagnostic) if it is missing.</summary>
    public PolicyRule? Fallback(MapReader decision, IReadOnlyList<RuleDraft> rules)
    {
        decision.Require("fallback", ExpectedFallback);
        if (decision.Section("fallback", ExpectedFallback) is not { } section)
        {
            return null;
        }

        if (section.Entries is not [var only])
        {
            faults.Add(section, $"Expected {ExpectedFallback}, found {section.Entries.Count} keys.");
            return null;
        }

        Names.Check(only.Key, faults);
        var actions = rules.Select(rule => rule.Action).Distinct(StringComparer.Ordinal).ToList();
        if (!actions.Contains(only.Name) && NearNames.Of(only.Name, actions) is [var near, ..])
        {
            faults.Add(only.Key, $"No rule of the policy says {only.Key.Words}. Did you mean '{near}'?");
        }

        return new(only.Name, null, Reasons(only.Value));
    }

    private RuleDraft? Rule(YamlValue item)
    {
        if (item is not YamlMap map)
        {
            faults.Add(item, $"Expected a rule such as {{ approve: \"true\" }}, found {item.Words}.");
            return null;
        }

        var actions = map.Entries.Where(entry => !ReasonKeys.Contains(entry.Name)).ToList();
        if (actions is not [var action])
        {
            const string Expected = "one action with its condition, and 'reason' or 'reasons'";
            YamlValue at = actions is [_, var second, ..] ? second.Key : map;
            faults.Add(at, $"Expected {Expected}, found {(actions.Count == 0 ? "no action" : $"a second action {at.Words}")}.");
            return null;
        }

        Names.Check(action.Key, faults);
        var reasons = ReasonsOf(map);
        if (action.Value is not YamlText { IsEmpty: false } when)
        {
            faults.Add(action.Value, $"Expected a condition such as \"score >= 0.9\", found {action.Value.Words}.");
            return null;
        }

        return new(action.Name, when.Text.Trim() == Always ? null : when, reasons);
    }

    private List<string> ReasonsOf(YamlMap map)
    {
        if (map["reason"] is not null && map["reasons"] is { } twice)
        {
            faults.Add(twice, "Expected one of them, found 'reasons' beside 'reason'.");
        }

        return (map["reason"] ?? map["reasons"]) is { } value ? Reasons(value) : [];
    }

    private List<string> Reasons(YamlValue value)
    {
        var reasons = new List<string>();
        foreach (var item in value is YamlList { Items: [_, ..] } list ? list.Items : [value])
        {
            if (item is YamlText { IsEmpty: false } reason)
            {
                reasons.Add(reason.Text);
            }
            else
            {
                faults.Add(item, $"Expected {ExpectedReason}, found {item.Words}.");
            }
        }

        return reasons;
    }
}
