using Grid.Features.Plans;

namespace Grid.Features.Expressions;

/// <summary>The names that an expression may use.</summary>
internal interface IExpressionScope
{
    /// <summary>All names, for suggestions in diagnostics.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Resolves a name. Called once per use, in reading order, so a scope can record the names used.</summary>
    bool TryResolve(string name, out ExpressionName found);
}

/// <summary>A resolved name.</summary>
/// <param name="Type">Its type; a timestamp is a number of milliseconds.</param>
/// <param name="Field">The field of the row, or null if the name is an input.</param>
/// <param name="Index">The slot if <paramref name="Field"/> is set; otherwise the index of the input.</param>
/// <param name="IsInteger">Whether it is an integer, which integer arithmetic keeps exact.</param>
internal readonly record struct ExpressionName(ExpressionType Type, FieldPlan? Field, int Index, bool IsInteger = false)
{
    /// <summary>A field of the row, with its type in expressions.</summary>
    public static ExpressionName OfField(FieldPlan field, int slot)
    {
        ArgumentNullException.ThrowIfNull(field);
        var type = field.Type switch
        {
            FieldType.String => ExpressionType.Text,
            FieldType.Boolean => ExpressionType.Boolean,
            _ => ExpressionType.Number,
        };
        return new(type, field, slot, field.Type == FieldType.Integer);
    }

    /// <summary>An input.</summary>
    public static ExpressionName OfInput(ExpressionType type, int index, bool isInteger = false) => new(type, null, index, isInteger);
}
