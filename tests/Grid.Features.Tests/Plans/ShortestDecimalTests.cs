using System.Globalization;
using Grid.Features.Plans;

namespace Grid.Features.Tests.Plans;

public sealed class ShortestDecimalTests
{
    private const int Seed = 20260728;
    private const int RandomFloats = 300_000;

    [Theory]
    [InlineData(0.9f, 0.9)]
    [InlineData(0.1f, 0.1)]
    [InlineData(-0.3f, -0.3)]
    [InlineData(0.000129f, 0.000129)]
    [InlineData(0.5f, 0.5)]
    [InlineData(16777216f, 16777216)]
    [InlineData(123456.79f, 123456.79)]
    [InlineData(3.4028235E+38f, 3.4028235E+38)]
    [InlineData(1E-45f, 1E-45)]
    public void A_float_is_the_decimal_that_it_prints_as(float value, double expected) => Assert.Equal(expected, ShortestDecimal.Of(value));

    [Fact]
    public void Random_floats_convert_as_through_text_and_back_to_the_same_float()
    {
        var random = new Random(Seed);
        for (var i = 0; i < RandomFloats; i++)
        {
            Check(BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)));
            Check(random.NextSingle());
            Check(random.NextSingle() * 1e-3f);
            Check((random.NextSingle() - 0.5f) * 10_000);
        }
    }

    [Fact]
    public void Neighbours_of_powers_of_two_and_of_ten_convert_as_through_text()
    {
        for (var exponent = 0; exponent < 255; exponent++)
        {
            CheckNeighbours(BitConverter.UInt32BitsToSingle((uint)exponent << 23));
        }

        for (var power = -45; power <= 38; power++)
        {
            CheckNeighbours(float.Parse($"1e{power}", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Every_decimal_of_up_to_six_places_below_one_is_itself()
    {
        for (var digits = 0; digits <= 1_000_000; digits++)
        {
            var exact = digits / 1_000_000.0;
            Assert.Equal(exact, ShortestDecimal.Of((float)exact));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(0f)]
    public void What_has_no_digits_stays_as_it_is(float value) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(ShortestDecimal.Of(value)));

    [Fact]
    public void A_conversion_allocates_nothing() =>
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 1; i < 1_000; i++)
            {
                ShortestDecimal.Of(i / 777f);
                ShortestDecimal.Of(i * 1e-30f);
                ShortestDecimal.Of(i * 1e30f);
            }
        }));

    [Fact]
    public void Zero_keeps_its_sign() => Assert.True(double.IsNegative(ShortestDecimal.Of(-0f)));

    private static void CheckNeighbours(float value)
    {
        for (var step = -50; step <= 50; step++)
        {
            var bits = BitConverter.SingleToInt32Bits(value) + step;
            Check(bits < 0 ? value : BitConverter.Int32BitsToSingle(bits));
        }
    }

    private static void Check(float value)
    {
        var found = ShortestDecimal.Of(value);
        var throughText = double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

        Assert.True(throughText.Equals(found) && (double.IsNaN(found) || double.IsNegative(throughText) == double.IsNegative(found)), $"{value:R}: {found:R}, through text {throughText:R} (seed {Seed})");
        Assert.True(float.IsNaN(value) || value == (float)found, $"{value:R}: {found:R} is another float");
    }
}
