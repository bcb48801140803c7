using FsCheck;
using FsCheck.Fluent;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Tests.Expressions;

public sealed class ExpressionTwinTests
{
    private static readonly double[] Numbers = [0, 1, 2, 3, 0.5, 2.5, 1e300, 1e-300, 24, 100];
    private static readonly long[] Integers = [0, 1, 2, 3, 100, (1L << 53) - 1, 1L << 53, (1L << 53) + 1, (1L << 53) + 2, long.MaxValue - 1, long.MaxValue];
    private static readonly string[] Texts = ["", "FR", "DE", "it's", "\"", "é"];

    [Fact]
    public void A_compiled_expression_answers_as_walking_its_tree_does_to_the_last_bit()
    {
        var cases = Trees().SelectMany(tree => States().Select(state => (tree, state)));

        Prop.ForAll(cases.ToArbitrary(), @case =>
        {
            var (tree, (row, inputs)) = @case;
            var expected = new PlainExpression(row, inputs).Evaluate(tree);
            foreach (var text in new[] { PlainExpression.Print(tree), PlainExpression.PrintBriefly(tree) })
            {
                var found = TestScope.Compile(text).Evaluate(row, inputs);
                Assert.True(
                    expected.IsSameAs(found),
                    $"{text}: the tree says {expected}, the compiled form {found}.");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(40));
    }

    [Fact]
    public void Parsing_what_was_printed_gives_the_same_tree()
    {
        Prop.ForAll(Trees().ToArbitrary(), tree =>
        {
            var full = PlainExpression.Print(tree);
            foreach (var text in new[] { full, PlainExpression.PrintBriefly(tree) })
            {
                var parsed = ExpressionParser.Parse(text, out var fault);
                Assert.True(parsed is not null, $"{text}: {fault}");
                Assert.Equal(full, PlainExpression.Print(parsed));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(60));
    }

    [Fact]
    public void No_text_makes_the_compiler_throw()
    {
        string[] words = ["(", ")", ",", "and", "or", "not", "in", "if(", "coalesce(", "'", "\"", "1", ".", "1e", "-", "amount", "a.", "=", "!", "\0", "\ud800", " ", "x in ("];
        var soup = Gen.Elements(words).ArrayOf().Select(parts => string.Concat(parts));
        var noise = ArbMap.Default.ArbFor<string>().Generator.Select(text => text ?? "");

        Prop.ForAll(Gen.OneOf(soup, noise).ToArbitrary(), text =>
        {
            var good = ExpressionCompiler.TryCompile(text, new TestScope(), out var compiled, out var fault);
            return good ? compiled is not null && fault is null : fault is { Message.Length: > 0, Column: >= 0 } && fault.Column <= text.Length;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(60));
    }

    private static Gen<ExpressionNode> Trees() => Gen.Sized(size => Gen.OneOf(NumberTree(size), BooleanTree(size), TextTree(size)));

    private static Gen<ExpressionNode> NumberTree(int size)
    {
        var leaf = Gen.OneOf(
            Literals(),
            Gen.Elements("at", "amount", "items", "ratio", "card.amount_mean_7d", "score", "card.device_last", "items", "card.device_last").Select(ExpressionNode (name) => new NameNode(0, name)));
        if (size < 2)
        {
            return leaf;
        }

        var part = NumberTree(size / 2);
        return Gen.OneOf(
            leaf,
            part.Select(ExpressionNode (x) => new UnaryNode(0, "-", x)),
            Pair(part, part, ["+", "-", "*", "/", "%"]),
            Pair(part, part, ["+", "-", "*", "/", "%"]),
            Gen.Elements("abs", "sqrt", "floor", "round", "exp", "log1p", "hour").SelectMany(name => part.Select(ExpressionNode (x) => new CallNode(0, name, [Moment(name, x)]))),
            Gen.Elements("min", "max").SelectMany(name => part.ArrayOf(3).Select(ExpressionNode (all) => new CallNode(0, name, all))),
            Choice(size, NumberTree));
    }

    // As the parser reads them: whole numbers without a point and an exponent are integers.
    private static Gen<ExpressionNode> Literals() => Gen.OneOf(
        Gen.Elements(Numbers).Select(ExpressionNode (value) => new NumberNode(0, Value.Of(value), isInteger: value == Math.Floor(value) && value < 1e15)),
        Gen.Elements(Integers).Select(ExpressionNode (value) => new NumberNode(0, Value.OfInteger(value), isInteger: true)));

    private static ExpressionNode Moment(string function, ExpressionNode x) => function == "hour" && x is NameNode ? new NameNode(0, "at") : x;

    private static Gen<ExpressionNode> BooleanTree(int size)
    {
        var leaf = Gen.OneOf(
            Gen.Elements(true, false).Select(ExpressionNode (value) => new BooleanNode(0, value)),
            Gen.Elements("online", "is_night").Select(ExpressionNode (name) => new NameNode(0, name)));
        if (size < 2)
        {
            return leaf;
        }

        var (truth, number, text) = (BooleanTree(size / 2), NumberTree(size / 2), TextTree(size / 2));
        string[] signs = ["=", "!=", "<", "<=", ">", ">="];
        return Gen.OneOf(
            leaf,
            truth.Select(ExpressionNode (x) => new UnaryNode(0, "not", x)),
            Pair(truth, truth, ["and", "or"]),
            Pair(number, number, signs),
            Pair(text, text, signs),
            Pair(truth, truth, ["=", "!="]),
            number.SelectMany(x => Literals().ArrayOf(3).Select(ExpressionNode (all) => new InNode(0, x, all))),
            text.SelectMany(x => Gen.Elements(Texts).ArrayOf(2).Select(ExpressionNode (all) => new InNode(0, x, [.. all.Select(one => new TextNode(0, one))]))),
            Choice(size, BooleanTree));
    }

    private static Gen<ExpressionNode> TextTree(int size)
    {
        var leaf = Gen.OneOf(
            Gen.Elements(Texts).Select(ExpressionNode (value) => new TextNode(0, value)),
            Gen.Elements("country", "card.top_country").Select(ExpressionNode (name) => new NameNode(0, name)));
        return size < 2 ? leaf : Gen.OneOf(leaf, Choice(size, TextTree));
    }

    private static Gen<ExpressionNode> Choice(int size, Func<int, Gen<ExpressionNode>> tree) => Gen.OneOf(
        tree(size / 2).ArrayOf(2).Select(ExpressionNode (all) => new CallNode(0, "coalesce", all)),
        BooleanTree(size / 3).SelectMany(when => tree(size / 3).ArrayOf(2).Select(ExpressionNode (all) => new CallNode(0, "if", [when, .. all]))));

    private static Gen<ExpressionNode> Pair(Gen<ExpressionNode> left, Gen<ExpressionNode> right, string[] signs) =>
        Gen.Elements(signs).SelectMany(sign => left.SelectMany(a => right.Select(ExpressionNode (b) => new BinaryNode(0, sign, a, b))));

    private static Gen<(EventRow Row, Value[] Inputs)> States()
    {
        var there = Gen.Choose(0, 255);
        return there.SelectMany(bits => Gen.Choose(-300, 300).Select(n => (
            TestScope.Row(
                (bits & 1) == 0 ? null : n / 100m, (bits & 2) == 0 ? null : Integer(n), (bits & 4) == 0 ? null : n / 7.0,
                (bits & 8) == 0 ? null : n > 0, (bits & 16) == 0 ? null : Texts[Math.Abs(n) % Texts.Length], Math.Abs(n) * 10_000_000L),
            new[]
            {
                (bits & 32) == 0 ? Value.Missing : Value.Of(n * 0.37),
                (bits & 64) == 0 ? Value.Missing : Value.Of(Texts[Math.Abs(n + 1) % Texts.Length]),
                n % 3 == 0 ? Value.Missing : Value.Of(n % 3 == 1 ? 1 : 0),
                n % 2 == 0 ? Value.Missing : Value.Of(0.5),
                (bits & 128) == 0 ? Value.Missing : Value.OfInteger(Integer(n + 1)),
            })));

        // Small ones, some around ±2^53, some around the ends of the range.
        static long Integer(int n) => (n % 4) switch
        {
            0 => n,
            1 => Math.Sign(n) * ((1L << 53) + (Math.Abs(n) % 5)),
            2 => long.MaxValue - (Math.Abs(n) % 3),
            _ => long.MinValue + (Math.Abs(n) % 3),
        };
    }
}
