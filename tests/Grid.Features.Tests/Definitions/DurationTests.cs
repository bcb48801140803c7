using FsCheck;
using FsCheck.Fluent;
using Grid.Features.Definitions;

namespace Grid.Features.Tests.Definitions;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("1d1ms", 86_400_001)]
    [InlineData("36525d", Durations.Longest)]
    public void A_length_of_time_is_counts_of_units(string text, long milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var read));
        Assert.Equal(milliseconds, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("7")]
    [InlineData("d")]
    [InlineData("-1d")]
    [InlineData("1.5h")]
    [InlineData("7 d")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("1w")]
    [InlineData("36525d1ms")]
    [InlineData("9223372036854775808ms")]
    public void Anything_else_is_none(string text) => Assert.False(Durations.TryParse(text, out _));

    [Fact]
    public void What_is_written_is_read_back() => Prop.ForAll(
        Gen.Choose(1, int.MaxValue).Select(count => (long)count * 97).ToArbitrary(),
        milliseconds => Durations.TryParse(Durations.ToText(milliseconds), out var read) && read == milliseconds)
        .QuickCheckThrowOnFailure();
}
