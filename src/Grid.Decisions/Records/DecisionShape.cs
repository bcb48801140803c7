using Grid.Decisions.Plans;
using Grid.Features.Binary;

namespace Grid.Decisions.Records;

/// <summary>
/// The parts of a decision's definition that are needed to read its records after the bundle has changed: names, and the rules of the
/// policy. Stored once per bundle version, beside the records.
/// </summary>
internal sealed class DecisionShape
{
    public required string Name { get; init; }

    public required string OwnerKind { get; init; }

    public required string Bundle { get; init; }

    /// <summary>Names of the vector's elements.</summary>
    public required IReadOnlyList<string> Vector { get; init; }

    /// <summary>By element of the vector: an index into the record's inputs, or the complement of an index into its fields.</summary>
    public required IReadOnlyList<int> Sources { get; init; }

    /// <summary>The policy's rules in order, the fallback last.</summary>
    public required IReadOnlyList<(string Action, IReadOnlyList<string> Reasons)> Rules { get; init; }

    /// <summary>Names of the outputs.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Full names of the inputs read from entities, for a decision that does not ask every owner; empty for others.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <param name="plan">The decision.</param>
    /// <param name="bundle">The bundle with its version, as in answers.</param>
    public static DecisionShape Of(DecisionPlan plan, string bundle)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new()
        {
            Name = plan.Name,
            OwnerKind = plan.Owner.Name,
            Bundle = bundle,
            Vector = plan.Program.Names,
            Sources = plan.Program.Sources,
            Rules = [.. plan.Rules.Append(plan.Fallback).Select(rule => (rule.Action, rule.Reasons))],
            Outputs = [.. plan.Outputs.Select(output => output.Name)],
            Inputs = plan.Freshness?.Names ?? [],
        };
    }

    /// <summary>Reads the output of <see cref="ToBytes"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a shape.</exception>
    public static DecisionShape Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        var (name, owner, bundle) = (reader.Text(), reader.Text(), reader.Text());
        var vector = new string[reader.Count(2)];
        var sources = new int[vector.Length];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = reader.Text();
            sources[i] = checked((int)reader.VarInt());
        }

        var rules = new (string, IReadOnlyList<string>)[reader.Count(2)];
        for (var i = 0; i < rules.Length; i++)
        {
            rules[i] = (reader.Text(), reader.Texts());
        }

        string[] outputs = reader.Remaining > 0 ? reader.Texts() : []; // Absent from shapes of old bundles.
        string[] inputs = reader.Remaining > 0 ? reader.Texts() : []; // Only for decisions that do not ask every owner.
        return new()
        {
            Name = name,
            OwnerKind = owner,
            Bundle = bundle,
            Vector = vector,
            Sources = sources,
            Rules = rules,
            Outputs = outputs,
            Inputs = inputs,
        };
    }

    public byte[] ToBytes()
    {
        var texts = Vector.Concat(Rules.SelectMany(rule => rule.Reasons.Append(rule.Action))).Concat(Outputs).Concat(Inputs).Concat([Name, OwnerKind, Bundle]);
        var buffer = new byte[texts.Sum(text => (3 * text.Length) + 16) + 64];
        var writer = new SpanWriter(buffer);
        writer.Text(Name);
        writer.Text(OwnerKind);
        writer.Text(Bundle);
        writer.VarUInt((ulong)Vector.Count);
        for (var i = 0; i < Vector.Count; i++)
        {
            writer.Text(Vector[i]);
            writer.VarInt(Sources[i]);
        }

        writer.VarUInt((ulong)Rules.Count);
        foreach (var (action, reasons) in Rules)
        {
            writer.Text(action);
            writer.Texts(reasons);
        }

        if (Outputs.Count + Inputs.Count > 0)
        {
            writer.Texts(Outputs);
        }

        if (Inputs.Count > 0)
        {
            writer.Texts(Inputs);
        }

        return buffer[..writer.Written];
    }
}
