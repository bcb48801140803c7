using System.Diagnostics.CodeAnalysis;

namespace Grid.Features.Expressions;

/// <summary>
/// Compiles the expressions of bundles: numbers, 'strings', true and false; <c>+ - * / %</c>; <c>= != &lt; &lt;= &gt; &gt;=</c> and <c>x in
/// ('a', 'b')</c>; <c>and or not</c>; <c>if(c, a, b)</c>, <c>coalesce(a, b, ...)</c>, abs, min, max, log1p, exp, sqrt, floor, round (half
/// away from zero), hour and weekday of a timestamp (UTC; Monday is 1), haversine_km(lat1, lon1, lat2, lon2). String comparison is ordinal.
/// </summary>
/// <remarks>
/// Missing values: arithmetic with a missing number is missing, and so is a result that is not finite (division by zero, root of a negative
/// number, overflow). A comparison, or <c>in</c>, with a missing value is false; so <c>not (x &gt; 1)</c> is true if x is missing. In
/// <c>and</c>, <c>or</c>, <c>not</c> and the condition of <c>if</c> a missing boolean is false.
/// <para>
/// Integers: fields of type integer, aggregations of them (sum, min, max, first, last, top, quantile), and literals without decimal point
/// and exponent are 64-bit integers. With only integer operands, <c>+ - * %</c>, unary minus, abs, min, max, floor, round, <c>if</c> and
/// <c>coalesce</c> return exact integers; a result that does not fit is missing. Everything else (<c>/</c>, an integer with another number,
/// the other functions) is computed in doubles, to which integers beyond ±2^53 are rounded. Comparisons, <c>in</c>, min and max between
/// numbers of any type are exact. A count is not an integer in this sense: it is always exact as a double.
/// </para>
/// </remarks>
internal static class ExpressionCompiler
{
    /// <summary>Compiles an expression of at most 4096 characters, nested at most 100 deep. Never throws.</summary>
    public static bool TryCompile(
        string text,
        IExpressionScope scope,
        [NotNullWhen(true)] out CompiledExpression? compiled,
        [NotNullWhen(false)] out ExpressionDiagnostic? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(scope);

        compiled = ExpressionParser.Parse(text, out fault) is { } root
            ? new ExpressionEmitter(scope).Compile(text, root, out fault)
            : null;
        if (compiled is null)
        {
            fault ??= new(0, "Found nothing that can be read as an expression.");
        }

        return compiled is not null;
    }
}
