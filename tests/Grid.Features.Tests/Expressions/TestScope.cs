using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Tests.Expressions;

/// <summary>A scope over a row of one event, with inputs after it.</summary>
internal sealed class TestScope : IExpressionScope
{
    public static readonly EventPlan Plan = new()
    {
        Ordinal = 0,
        Name = "transaction",
        IdSlot = 0,
        TimeSlot = 1,
        Keys = [],
        Fields =
        [
            new() { Name = "id", Type = FieldType.String },
            new() { Name = "at", Type = FieldType.Timestamp },
            new() { Name = "amount", Type = FieldType.Decimal, Scale = 2, Required = false },
            new() { Name = "items", Type = FieldType.Integer, Required = false },
            new() { Name = "ratio", Type = FieldType.Number, Required = false },
            new() { Name = "online", Type = FieldType.Boolean, Required = false },
            new() { Name = "country", Type = FieldType.String, Required = false },
        ],
    };

    private static readonly Dictionary<string, ExpressionName> Known = Plan.Fields
        .Select((field, slot) => (field.Name, Stands: ExpressionName.OfField(field, slot)))
        .Append(("card.amount_mean_7d", ExpressionName.OfInput(ExpressionType.Number, 0)))
        .Append(("card.top_country", ExpressionName.OfInput(ExpressionType.Text, 1)))
        .Append(("is_night", ExpressionName.OfInput(ExpressionType.Boolean, 2)))
        .Append(("score", ExpressionName.OfInput(ExpressionType.Number, 3)))
        .Append(("card.device_last", ExpressionName.OfInput(ExpressionType.Number, 4, isInteger: true)))
        .ToDictionary(name => name.Item1, name => name.Item2);

    public IEnumerable<string> Names => Known.Keys;

    public bool TryResolve(string name, out ExpressionName found) => Known.TryGetValue(name, out found);

    /// <summary>Whether a name stands for an integer.</summary>
    public static bool IsInteger(string name) => Known[name].IsInteger;

    /// <summary>The values of every name at one time, as the plain twin reads them.</summary>
    public static Value Read(string name, EventRow row, Value[] inputs)
    {
        var found = Known[name];
        if (found.Field is not { } field)
        {
            return inputs[found.Index];
        }

        var slot = row[found.Index];
        return field.Type == FieldType.String ? new(double.NaN, slot.Text) : slot.ToValue(field);
    }

    public static EventRow Row(decimal? amount = null, long? items = null, double? ratio = null, bool? online = null, string? country = null, long at = 0)
    {
        var row = new EventRow();
        row.Reset(Plan);
        row.Set(0, FieldSlot.OfText("id"));
        row.Set(1, FieldSlot.OfBits(at));
        if (amount is { } money && FixedPoint.TryScale(money, 2, out var scaled))
        {
            row.Set(2, FieldSlot.OfBits(scaled));
        }

        if (items is { } count)
        {
            row.Set(3, FieldSlot.OfBits(count));
        }

        if (ratio is { } number)
        {
            row.Set(4, FieldSlot.OfNumber(number));
        }

        if (online is { } flag)
        {
            row.Set(5, FieldSlot.OfBits(flag ? 1 : 0));
        }

        if (country is not null)
        {
            row.Set(6, FieldSlot.OfText(country));
        }

        row.Seal();
        return row;
    }

    public static CompiledExpression Compile(string text)
    {
        Assert.True(ExpressionCompiler.TryCompile(text, new TestScope(), out var compiled, out var fault), $"{text}: {fault}");
        return compiled;
    }

    public static ExpressionDiagnostic Refuse(string text)
    {
        Assert.False(ExpressionCompiler.TryCompile(text, new TestScope(), out _, out var fault), text);
        return fault;
    }
}
