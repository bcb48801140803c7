using System.Globalization;

namespace Grid.Tests;

public sealed class EventTimeTests
{
    [Fact]
    public void Every_moment_reads_back_as_it_was_written()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var time = EventTime.FromUnixMilliseconds(random.NextInt64(EventTime.MaxUnixMilliseconds + 1));
            Assert.True(EventTime.TryParse(time.ToString(), out var found));
            Assert.Equal(time, found);
        }
    }

    [Theory]
    [InlineData("2018-07-25")]
    [InlineData("2018-07-25 01:02")]
    [InlineData("2018-07-25T01:02:03")]
    [InlineData("2018-07-25T01:02:03Z")]
    [InlineData("2018-07-25T01:02:03.4567891+05:30")]
    [InlineData("2018-07-25T01:02:03-08:00")]
    [InlineData("2020-02-29T23:59:59.999Z")]
    public void Agrees_with_the_framework(string text)
    {
        var expected = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        Assert.True(EventTime.TryParse(text, out var found));
        Assert.Equal(expected.ToUnixTimeMilliseconds(), found.UnixMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10:00")]
    [InlineData("July 25, 2018")]
    [InlineData("2018-7-25")]
    [InlineData("2018-02-29")]
    [InlineData("2018-13-01")]
    [InlineData("2018-00-01")]
    [InlineData("0000-01-01")]
    [InlineData("2018-07-25T24:00:00Z")]
    [InlineData("2018-07-25T00:60:00Z")]
    [InlineData("2018-07-25T00:00:60Z")]
    [InlineData("2018-07-25T00:00:00.Z")]
    [InlineData("2018-07-25T00:00:00.1234567890Z")]
    [InlineData("2018-07-25T00:00:00 Z")]
    [InlineData("2018-07-25T00:00:00+15:00")]
    [InlineData("2018-07-25T00:00:00+1:00")]
    [InlineData("2018-07-25T00:00:00Zx")]
    [InlineData("2018-07-25T")]
    [InlineData("٢٠١٨-07-25")]
    [InlineData("1969-12-31T23:59:59.999Z")]
    [InlineData("1970-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    public void What_is_no_moment_in_range_is_refused(string text) => Assert.False(EventTime.TryParse(text, out _));
}
