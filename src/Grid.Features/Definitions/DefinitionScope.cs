using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions;

/// <summary>
/// The names of an expression in a bundle. Besides resolving them it notes what an expression names that is at fault itself, and what it
/// names that exists but may not be used here, so that the fault can say why.
/// </summary>
internal abstract class DefinitionScope : IExpressionScope
{
    public abstract IEnumerable<string> Names { get; }

    /// <summary>Whether the expression names something that was told to be at fault.</summary>
    public bool SawBroken { get; protected set; }

    /// <summary>Why a name of the expression may not be used; null where all may.</summary>
    public string? SawRefused { get; protected set; }

    public virtual void Begin() => (SawBroken, SawRefused) = (false, null);

    public abstract bool TryResolve(string name, out ExpressionName found);

    /// <summary>
    /// A field of an event that callers send. The compiler goes on after a refused or broken one; the notes refuse the expression.
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
