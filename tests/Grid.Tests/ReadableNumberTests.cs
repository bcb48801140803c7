namespace Grid.Tests;

public sealed class ReadableNumberTests
{
    [Theory]
    [InlineData(0.000129, "0.000129")]
    [InlineData(-0.000129, "-0.000129")]
    [InlineData(0.00001234567, "1.23457E-05")]
    [InlineData(1.29e-9, "1.29E-09")]
    [InlineData(0, "0")]
    [InlineData(0.9, "0.9")]
    [InlineData(0.123456789, "0.123457")]
    [InlineData(0.99999999, "1")]
    [InlineData(12.5, "12.5")]
    [InlineData(1234567.891, "1234567.891")]
    [InlineData(1532476829007, "1532476829007")]
    [InlineData(1e18, "1E+18")]
    [InlineData(double.NaN, "NaN")]
    public void Significant_digits_are_kept(double number, string expected) => Assert.Equal(expected, ReadableNumber.Of(number));

    [Theory]
    [InlineData(0.000129, "0.000129")]
    [InlineData(0.99612, "0.996")]
    [InlineData(3.14159, "3.142")]
    public void Fewer_digits_may_be_asked_for(double number, string expected) => Assert.Equal(expected, ReadableNumber.Of(number, 3));

    [Fact]
    public void Values_that_are_no_plain_numbers_have_words_or_all_digits()
    {
        Assert.Equal("9007199254740993", ReadableNumber.Of(new FeatureReading("device", 0, null, 0) { LargeInteger = 9_007_199_254_740_993 }));
        Assert.Equal("FR", ReadableNumber.Of(new FeatureReading("country", double.NaN, "FR", 0)));
        Assert.Equal("missing", ReadableNumber.Of(new FeatureReading("mean", double.NaN, null, 0)));
        Assert.Equal("none", ReadableNumber.Of(new DecisionOutput("eta", double.NaN)));
        Assert.Equal("-9007199254740993", ReadableNumber.Of(new DecisionOutput("next", 0) { LargeInteger = -9_007_199_254_740_993 }));
    }
}
