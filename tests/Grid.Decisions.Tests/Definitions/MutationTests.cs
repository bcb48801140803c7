using FsCheck;
using FsCheck.Fluent;
using Grid.Decisions.Definitions;

namespace Grid.Decisions.Tests.Definitions;

/// <summary>
/// Whatever becomes of a bundle's text, reading it ends in a bundle or in a list of faults, each with a place in the file.
/// </summary>
public sealed class MutationTests
{
    private const string Scraps = "{}[],:\"'#&*!|>%@`- \t\n.~?=<>()0123456789abcxyz\\é\u0001\uFEFF";
    private static readonly string Fraud = File.ReadAllText(Path.Combine(Repository.Bundle("fraud"), "bundle.yaml"));
    private static readonly Gen<string> Original = Gen.Elements(Fraud, PaymentsBundle.Text);

    [Fact]
    public void Lines_dropped_doubled_or_exchanged() => HoldsFor(
        from text in Original
        from kind in Gen.Choose(0, 2)
        from a in Gen.Choose(0, 1_000)
        from b in Gen.Choose(0, 1_000)
        select WithLines(text, lines => Edit(lines, kind, a % lines.Count, b % lines.Count)));

    [Fact]
    public void Words_exchanged() => HoldsFor(
        from text in Original
        from a in Gen.Choose(0, 10_000)
        from b in Gen.Choose(0, 10_000)
        select WithWords(text, a, b));

    [Fact]
    public void Characters_put_in() => HoldsFor(
        from text in Original
        from scraps in Gen.NonEmptyListOf(Gen.Elements(Scraps.ToCharArray()))
        from at in Gen.Choose(0, 10_000)
        select text.Insert(at % text.Length, string.Concat(scraps.Take(6))));

    [Fact]
    public void Texts_cut_anywhere() => HoldsFor(
        from text in Original
        from length in Gen.Choose(0, 10_000)
        select text[..(length % text.Length)]);

    [Fact]
    public void Rubbish() => HoldsFor(
        from scraps in Gen.ListOf(Gen.Elements(Scraps.ToCharArray()))
        select string.Concat(scraps));

    private static void HoldsFor(Gen<string> texts)
    {
        using var folder = PaymentsBundle.Write();
        folder.AddModel("logistic", "trees");

        Prop.ForAll(texts.ToArbitrary(), text => IsTold(folder, text)).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    private static void IsTold(BundleFolder folder, string text)
    {
        folder.Write(("bundle.yaml", text));
        try
        {
            BundleReader.Read(folder.Path);
        }
        catch (BundleException told)
        {
            var lines = text.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 1;
            Assert.NotEmpty(told.Diagnostics);
            Assert.All(told.Diagnostics, fault =>
            {
                Assert.InRange(fault.Line, 1, lines + 1);
                Assert.InRange(fault.Column, 1, text.Length + 1);
                Assert.DoesNotContain('\n', fault.ToString());
            });
        }
    }

    private static List<string> Edit(List<string> lines, int kind, int a, int b)
    {
        switch (kind)
        {
            case 0:
                lines.RemoveAt(a);
                break;
            case 1:
                lines.Insert(b, lines[a]);
                break;
            default:
                (lines[a], lines[b]) = (lines[b], lines[a]);
                break;
        }

        return lines;
    }

    private static string WithLines(string text, Func<List<string>, List<string>> edit) => string.Join('\n', edit([.. text.Split('\n')]));

    private static string WithWords(string text, int a, int b)
    {
        var words = System.Text.RegularExpressions.Regex.Matches(text, "[A-Za-z0-9_.]+").ToList();
        var (first, second) = (words[a % words.Count], words[b % words.Count]);
        return text.Remove(first.Index, first.Length).Insert(first.Index, second.Value);
    }
}
