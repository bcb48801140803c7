using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions;

/// <summary>
/// Resolves the names in an expression of a bundle. Also records whether the expression uses a definition with a diagnostic, or an existing
/// name that is not allowed here, so that the diagnostic can give the reason.
/// </summary>
internal abstract class DefinitionScope : IExpressionScope
{
    public abstract IEnumerable<string> Names { get; }

    /// <summary>Whether the expression uses a definition that already has a diagnostic.</summary>
    public bool SawBroken { get; protected set; }

    /// <summary>Why a name in the expression is not allowed; null if all are.</summary>
    public string? SawRefused { get; protected set; }

    public virtual void Begin() => (SawBroken, SawRefused) = (false, null);

    public abstract bool TryResolve(string name, out ExpressionName found);

    /// <summary>
    /// Resolves a field that callers send. For a disallowed or broken field the compiler continues; the recorded flags then reject the
    /// expression.
    /// </summary>
    protected bool TryField(EventPlan plan, string name, string whyNoLabel, out ExpressionName found)
    {
        SawBroken |= plan.Fields.Count == 0;
        for (var slot = 0; slot < plan.Fields.Count; slot++)
        {
            var field = plan.Fields[slot];
            if (field.Name != name)
            {
                continue;
            }

            SawBroken |= field.Type == FieldType.None;
            if (field.IsLabel)
            {
                SawRefused ??= $"'{name}' is filled in by a label, later; {whyNoLabel}.";
            }

            if (field.Since is not null)
            {
                SawRefused ??= $"'{name}' is measured from an earlier event, which may come in later; {whyNoLabel}.";
            }

            found = ExpressionName.OfField(field, slot);
            return true;
        }

        found = default;
        return false;
    }
}
