using Grid.Features.Definitions.Yaml;
using Grid.Features.Expressions;

namespace Grid.Features.Definitions;

/// <summary>Compiles expressions of a YAML file and reports diagnostics at their location in the file.</summary>
internal static class ExpressionReader
{
    /// <summary>Compiles an expression; null (with a diagnostic) if it does not compile.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="scope">The names the expression may use.</param>
    /// <param name="wanted">The expected type; None for any type.</param>
    /// <param name="faults">Receives diagnostics.</param>
    public static CompiledExpression? Read(YamlText text, DefinitionScope scope, ExpressionType wanted, DiagnosticList faults)
    {
        scope.Begin();
        if (!ExpressionCompiler.TryCompile(text.Text, scope, out var compiled, out var fault))
        {
            // An expression that uses a definition with a diagnostic gets none of its own.
            if (!scope.SawBroken)
            {
                faults.Add(text.MarkOf(fault!.Column), text.Path, fault.Message);
            }

            return null;
        }

        if (scope.SawRefused is { } refused)
        {
            faults.Add(text, refused);
            return null;
        }

        if (scope.SawBroken)
        {
            return null;
        }

        if (wanted != ExpressionType.None && compiled!.Type != wanted)
        {
            faults.Add(text, $"It gives {Words(compiled.Type)}; expected {Words(wanted)}.");
            return null;
        }

        return compiled;
    }

    private static string Words(ExpressionType type) => type switch
    {
        ExpressionType.Number => "a number",
        ExpressionType.Boolean => "a condition (true or false)",
        ExpressionType.Text => "a text",
        _ => "nothing",
    };
}
