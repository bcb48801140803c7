using System.Globalization;

namespace Grid.Tests;

public sealed class EventTimeTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

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
    [InlineData("2025-07-25 12:00:00+00", "2025-07-25T12:00:00.000Z")]
    [InlineData("2025-07-25 12:00:00+0000", "2025-07-25T12:00:00.000Z")]
    [InlineData("2025-07-25 12:00:00.5-03", "2025-07-25T15:00:00.500Z")]
    [InlineData("2025-07-25T24:00:00Z", "2025-07-26T00:00:00.000Z")]
    [InlineData("2025-07-25T24:00", "2025-07-26T00:00:00.000Z")]
    [InlineData("2025-12-31T24:00:00.000+01:00", "2025-12-31T23:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60.250Z", "2017-01-01T00:00:00.250Z")]
    [InlineData("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00.000Z")]
    [InlineData("2018-07-25T00:00:00.1239999999999999999999999Z", "2018-07-25T00:00:00.123Z")]
    public void Offsets_in_hours_and_the_ends_of_days_are_read(string text, string expected)
    {
        Assert.True(EventTime.TryParse(text, out var found));
        Assert.Equal(expected, found.ToString());
    }

    [Theory]
    [InlineData("2025-07-25 12:00:00", "2025-07-25T10:00:00.000Z")]
    [InlineData("2025-01-25 12:00:00", "2025-01-25T11:00:00.000Z")]
    [InlineData("2025-01-25", "2025-01-24T23:00:00.000Z")]
    [InlineData("2025-01-25 24:00", "2025-01-25T23:00:00.000Z")]
    [InlineData("2025-01-25 12:00:00Z", "2025-01-25T12:00:00.000Z")]
    [InlineData("2025-01-25 12:00:00+02", "2025-01-25T10:00:00.000Z")]
    [InlineData("2025-03-30 01:59:59.999", "2025-03-30T00:59:59.999Z")]
    [InlineData("2025-03-30 03:00:00", "2025-03-30T01:00:00.000Z")]
    [InlineData("2025-10-26 01:59:59", "2025-10-25T23:59:59.000Z")]
    [InlineData("2025-10-26 02:00:00", "2025-10-26T00:00:00.000Z")]
    [InlineData("2025-10-26 02:59:59", "2025-10-26T00:59:59.000Z")]
    [InlineData("2025-10-26 02:30:00+01:00", "2025-10-26T01:30:00.000Z")]
    [InlineData("2025-10-26 03:00:00", "2025-10-26T02:00:00.000Z")]
    [InlineData("2017-01-01 00:59:60", "2017-01-01T00:00:00.000Z")]
    public void A_local_time_is_read_by_its_zone_and_the_first_of_two_is_taken(string text, string expected)
    {
        Assert.True(EventTime.TryParse(text, Berlin, out var found));
        Assert.Equal(expected, found.ToString());
    }

    [Theory]
    [InlineData("2025-03-30 02:00:00")]
    [InlineData("2025-03-30 02:59:59.999")]
    [InlineData("1970-01-01 00:30:00")]
    public void A_local_time_that_the_zone_skips_is_refused(string text) => Assert.False(EventTime.TryParse(text, Berlin, out _));

    [Theory]
    [InlineData("")]
    [InlineData("10:00")]
    [InlineData("July 25, 2018")]
    [InlineData("2018-7-25")]
    [InlineData("2018-02-29")]
    [InlineData("2018-13-01")]
    [InlineData("2018-00-01")]
    [InlineData("0000-01-01")]
    [InlineData("2018-07-25T24:00:00.001Z")]
    [InlineData("2018-07-25T24:00:01Z")]
    [InlineData("2018-07-25T24:00:60Z")]
    [InlineData("2018-07-25T24:01:00Z")]
    [InlineData("2018-07-25T25:00:00Z")]
    [InlineData("2018-07-25T23:59:61Z")]
    [InlineData("2018-07-25T23:59:60+01:00")]
    [InlineData("2018-07-25T12:59:60Z")]
    [InlineData("9999-12-31T24:00:00Z")]
    [InlineData("2018-07-25T00:60:00Z")]
    [InlineData("2018-07-25T00:00:60Z")]
    [InlineData("2018-07-25T00:00:00.Z")]
    [InlineData("2018-07-25T00:00:00 Z")]
    [InlineData("2018-07-25T00:00:00+15:00")]
    [InlineData("2018-07-25T00:00:00+1:00")]
    [InlineData("2018-07-25T00:00:00+1")]
    [InlineData("2018-07-25T00:00:00+15")]
    [InlineData("2018-07-25T00:00:00+")]
    [InlineData("2018-07-25T00:00:00 +00")]
    [InlineData("2018-07-25+00")]
    [InlineData("2018-07-25T00:00:00Zx")]
    [InlineData("2018-07-25T")]
    [InlineData("٢٠١٨-07-25")]
    [InlineData("1969-12-31T23:59:59.999Z")]
    [InlineData("1970-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    public void What_is_no_moment_in_range_is_refused(string text) => Assert.False(EventTime.TryParse(text, out _));
}
