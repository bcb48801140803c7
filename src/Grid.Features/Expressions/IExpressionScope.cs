using Grid.Features.Plans;

namespace Grid.Features.Expressions;

/// <summary>The names that an expression may use.</summary>
internal interface IExpressionScope
{
    /// <summary>Every name, for the messages of faults.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Called once for each place where the text uses a name, in reading order, so a scope may note what is used.</summary>
    bool TryResolve(string name, out ExpressionName found);
}

/// <summary>What a name stands for.</summary>
/// <param name="Type">Its type; a moment is a number of milliseconds.</param>
/// <param name="Field">The field of the row, or null where the name is an input.</param>
/// <param name="Index">The slot of the row where <paramref name="Field"/> is given; otherwise the place among the inputs.</param>
/// <param name="IsInteger">Whether it is a number of type integer, which arithmetic with other integers keeps exact.</param>
internal readonly record struct ExpressionName(ExpressionType Type, FieldPlan? Field, int Index, bool IsInteger = false)
{
    /// <summary>A field of the row, with the type that its values have in expressions.</summary>
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

    /// <summary>A place among the inputs.</summary>
    public static ExpressionName OfInput(ExpressionType type, int index, bool isInteger = false) => new(type, null, index, isInteger);
}
