using System.Diagnostics.CodeAnalysis;

namespace Grid.Features.Expressions;

/// <summary>
/// Compiles the expressions of bundles: numbers, 'texts', true and false; <c>+ - * / %</c>; <c>= != &lt; &lt;= &gt; &gt;=</c> and
/// <c>x in ('a', 'b')</c>; <c>and or not</c>; <c>if(c, a, b)</c>, <c>coalesce(a, b, ...)</c>, abs, min, max, log1p, exp, sqrt, floor, round
/// (a half goes away from zero), hour and weekday of a timestamp (UTC; Monday is 1), haversine_km(lat1, lon1, lat2, lon2). Text is compared by
/// its characters.
/// </summary>
/// <remarks>
/// Missing values: arithmetic with a missing number is missing, and so is a result that is no finite number (a division by zero, the root
/// of a negative number, an overflow). A comparison, or <c>in</c>, with something missing is false; so <c>not (x &gt; 1)</c> is true where x is missing. In
/// <c>and</c>, <c>or</c>, <c>not</c> and the condition of <c>if</c> a missing boolean counts as false.
/// <para>
/// Integers: fields of type integer, what is read of them (sum, min, max, first, last, top, quantile), and whole numbers written without point and exponent are
/// integers of 64 bits. Of integers alone <c>+ - * %</c>, unary minus, abs, min, max, floor, round, <c>if</c> and <c>coalesce</c> make integers, exactly; one that
/// does not fit is missing. Everything else (<c>/</c>, an integer beside another number, the other functions) is computed in doubles, to which an
/// integer beyond ±2^53 is rounded. Comparisons, <c>in</c>, min and max are exact between numbers of all kinds. A count is no integer in this sense: it
/// stays within what a double holds.
/// </para>
/// </remarks>
internal static class ExpressionCompiler
{
    /// <summary>Compiles a text of at most 4096 characters, nested at most 100 deep. Never throws, whatever the text.</summary>
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
