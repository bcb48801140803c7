using System.Collections;
using System.Globalization;
using System.Reflection;
using Grid.Features.Plans;
using Grid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Grid.Orleans.Tests;

public sealed class MessageTests
{
    private static readonly string Samples = Path.Combine(Repository.Root, "tests", "Grid.Orleans.Tests", "Messages", "Samples", "messages-v1.txt");

    private static Serializer Serializer { get; } = Services().GetRequiredService<Serializer>();

    [Fact]
    public void Every_message_comes_out_of_orleans_serializer_as_it_went_in()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            foreach (var message in new RandomMessages(seed).All())
            {
                var bytes = Serializer.SerializeToArray<object>(message);

                Assert.Equal(Words(message), Words(Serializer.Deserialize<object>(bytes)));
            }
        }
    }

    [Fact]
    public void A_message_of_a_known_type_comes_out_as_it_went_in()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var decision = new RandomMessages(seed).Decision();

            Assert.Equal(Words(decision), Words(Serializer.Deserialize<Decision>(Serializer.SerializeToArray(decision))));
        }
    }

    [Theory]
    [InlineData((1L << 53) + 1)]
    [InlineData(-(1L << 53) - 1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Integers_beyond_doubles_keep_all_digits(long large)
    {
        var reading = new FeatureReading("acct.device", 0, null, 5) { LargeInteger = large };
        var output = new DecisionOutput("next", large) { LargeInteger = large };
        var item = new RankedItem { Key = "r", Place = 1, Action = "show", Score = 0.5, Reasons = [], Features = [reading], Outputs = [new("one", 1), output], TimedOut = [] };

        var decision = Passed(new RandomMessages(1).Decision(features: [reading], outputs: [output, new("one", 1), output]));
        var ranking = Passed(new RandomMessages(1).Ranking([item, item]));
        var values = Passed(new FeatureValues([new(Value.OfInteger(large), 7, false), new(Value.Of(0.5), 8, true)]));

        Assert.Equal([large], decision.Features.Select(one => one.LargeInteger));
        Assert.Equal([large, null, large], decision.Outputs.Select(one => one.LargeInteger));
        Assert.All(ranking.Items, one => Assert.Equal((large, null, large), (one.Features[0].LargeInteger, one.Outputs[0].LargeInteger, one.Outputs[1].LargeInteger)));
        Assert.Equal([Value.OfInteger(large), Value.Of(0.5)], values.Values.Select(one => one.Value));

        static T Passed<T>(T message)
            where T : notnull => Serializer.Deserialize<T>(Serializer.SerializeToArray(message))!;
    }

    [Fact]
    public void An_event_is_copied_and_what_never_changes_is_not()
    {
        var copier = Services().GetRequiredService<DeepCopier>();
        var happened = new Event("transaction") { ["card"] = "1" };
        var payment = new Payment("t", null, "9", 1);

        var copy = copier.Copy(happened);
        happened["card"] = "2";

        Assert.Equal("1", copy!["card"].Text);
        Assert.Same(payment, copier.Copy(payment));
    }

    [Fact]
    public void What_a_newer_build_adds_at_the_end_is_passed_over()
    {
        foreach (var message in new RandomMessages(7).All())
        {
            byte[] longer = [.. Write(message), 1, 2, 3, 200];

            Assert.Equal(Words(message), Words(Read(message.GetType(), longer)));
        }
    }

    [Fact]
    public void A_message_that_is_cut_off_is_refused()
    {
        foreach (var message in new RandomMessages(11).All().Where(message => message is not FieldValue { Given: FieldType.None }))
        {
            var bytes = Write(message);

            Assert.ThrowsAny<Exception>(() => Read(message.GetType(), bytes[..^1]));
        }
    }

    // A change of the bytes fails here: add fields at the end only, and a new sample beside this one.
    [Fact]
    public void Messages_of_version_1_are_written_and_read_as_they_always_were()
    {
        var written = new RandomMessages(1).All().Select(message => $"{message.GetType().Name} {Convert.ToHexStringLower(Write(message))}").ToList();
        if (!File.Exists(Samples))
        {
            File.WriteAllLines(Samples + ".received.txt", written);
            Assert.Fail($"There is no sample. If {Samples}.received.txt is right: mv it to {Samples}.");
        }

        var sample = File.ReadAllLines(Samples);
        Assert.Equal(sample, written);
        foreach (var (line, message) in sample.Zip(new RandomMessages(1).All()))
        {
            Assert.Equal(Words(message), Words(Read(message.GetType(), Convert.FromHexString(line.Split(' ')[1]))));
        }
    }

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddGridMessages();
        services.AddSerializer();
        return services.BuildServiceProvider();
    }

    private static byte[] Write(object message) => (byte[])Generic(nameof(WriteOf), message.GetType()).Invoke(null, [message])!;

    private static object Read(Type type, byte[] bytes) => Generic(nameof(ReadOf), type).Invoke(null, [bytes])!;

    private static byte[] WriteOf<T>(T message)
        where T : notnull => Formats.Write((MessageFormat<T>)Formats.ByType[typeof(T)], message).ToArray();

    private static object ReadOf<T>(byte[] bytes)
        where T : notnull => Formats.Read((MessageFormat<T>)Formats.ByType[typeof(T)], bytes);

    private static MethodInfo Generic(string name, Type type) =>
        typeof(MessageTests).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);

    /// <summary>Everything that a message says, in words that two equal messages share.</summary>
    private static string Words(object? value) => value switch
    {
        null => "nothing",
        string text => $"'{text}'",
        double number => BitConverter.DoubleToInt64Bits(number).ToString(CultureInfo.InvariantCulture),
        FieldValue field => $"{field.Given} {field.Text} {field.Exact}",
        Event happened => $"{happened.Type}({string.Join(';', happened.Select(field => $"{field.Key}={Words(field.Value)}"))})",
        GridException raised => $"{raised.Error} {raised.Message} {Words(raised.ValidationError)}",
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        IEnumerable many => $"[{string.Join(';', many.Cast<object?>().Select(Words))}]",
        _ when value.GetType().IsPrimitive || value is decimal || value.GetType().IsEnum => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ when value.GetType().GetFields() is { Length: > 0 } fields && value.GetType().Name.StartsWith("ValueTuple", StringComparison.Ordinal) =>
            $"({string.Join(';', fields.Select(field => Words(field.GetValue(value))))})",
        _ => value.GetType().Name + "{" + string.Join(';', value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(member => member.GetIndexParameters().Length == 0).Select(member => $"{member.Name}={Words(member.GetValue(value))}")) + "}",
    };
}
