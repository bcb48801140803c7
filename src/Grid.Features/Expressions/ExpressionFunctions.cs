using System.Linq.Expressions;
using System.Reflection;

namespace Grid.Features.Expressions;

/// <summary>A function over numbers: how many it takes, and how a call of it is made.</summary>
/// <param name="Usage">How it is written, for the messages of faults.</param>
/// <param name="Least">The fewest arguments.</param>
/// <param name="Most">The most arguments.</param>
/// <param name="Call">Makes the call.</param>
/// <param name="TakesMoment">Whether its argument is a moment in time.</param>
internal sealed record ExpressionFunction(
    string Usage, int Least, int Most, Func<Expression[], Expression> Call, bool TakesMoment = false);

/// <summary>Every function that expressions may call on numbers; <c>if</c> and <c>coalesce</c> take any type and are made by the emitter.</summary>
internal static class ExpressionFunctions
{
    public const int MostArguments = 32;

    public static readonly IReadOnlyDictionary<string, ExpressionFunction> All = new Dictionary<string, ExpressionFunction>(StringComparer.Ordinal)
    {
        ["abs"] = new("abs(x)", 1, 1, Of(typeof(Math), nameof(Math.Abs), 1)),
        ["min"] = new("min(a, b, ...)", 2, MostArguments, Fold(Of(typeof(Math), nameof(Math.Min), 2))),
        ["max"] = new("max(a, b, ...)", 2, MostArguments, Fold(Of(typeof(Math), nameof(Math.Max), 2))),
        ["log1p"] = new("log1p(x)", 1, 1, Of(typeof(ExpressionMath), nameof(ExpressionMath.Log1P), 1)),
        ["exp"] = new("exp(x)", 1, 1, Of(typeof(ExpressionMath), nameof(ExpressionMath.Exp), 1)),
        ["sqrt"] = new("sqrt(x)", 1, 1, Of(typeof(Math), nameof(Math.Sqrt), 1)),
        ["floor"] = new("floor(x)", 1, 1, Of(typeof(Math), nameof(Math.Floor), 1)),
        ["round"] = new("round(x)", 1, 1, Of(typeof(ExpressionMath), nameof(ExpressionMath.Round), 1)),
        ["hour"] = new("hour(timestamp)", 1, 1, Of(typeof(ExpressionMath), nameof(ExpressionMath.Hour), 1), TakesMoment: true),
        ["weekday"] = new("weekday(timestamp)", 1, 1, Of(typeof(ExpressionMath), nameof(ExpressionMath.Weekday), 1), TakesMoment: true),
        ["haversine_km"] = new("haversine_km(lat1, lon1, lat2, lon2)", 4, 4, Of(typeof(ExpressionMath), nameof(ExpressionMath.HaversineKm), 4)),
    };

    public static IEnumerable<string> Names => All.Keys.Append("if").Append("coalesce");

    private static Func<Expression[], Expression> Of(Type type, string name, int arguments)
    {
        var method = type.GetMethod(name, [.. Enumerable.Repeat(typeof(double), arguments)])
            ?? throw new MissingMethodException(type.Name, name);
        return given => Expression.Call(method, given);
    }

    private static Func<Expression[], Expression> Fold(Func<Expression[], Expression> pair) =>
        given => given.Aggregate((left, right) => pair([left, right]));

    /// <summary>A method of <see cref="ExpressionMath"/> by its name and what it takes.</summary>
    public static MethodInfo Method(string name, params Type[] takes) =>
        typeof(ExpressionMath).GetMethod(name, takes) ?? throw new MissingMethodException(nameof(ExpressionMath), name);
}
