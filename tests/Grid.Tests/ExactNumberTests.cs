using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Grid.Tests;

public sealed class ExactNumberTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("12.50", "12.5")]
    [InlineData("+.5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("-1e2", "-100")]
    [InlineData("1.5E-3", "0.0015")]
    [InlineData("00012", "12")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("7.9228162514264337593543950335", "7.9228162514264337593543950335")]
    [InlineData("1e-28", "0.0000000000000000000000000001")]
    [InlineData("100000000000000000000000000000000000000000e-40", "10")]
    [InlineData("0e999999999999", "0")]
    [InlineData("12.5000000000000000000000000000000000000000000000000000000", "12.5")]
    public void A_number_that_a_decimal_holds_is_read_exactly(string text, string expected)
    {
        Assert.Equal(NumberText.Exact, ExactNumber.Read(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("1e-30")]
    [InlineData("9.9999999999999999999999999999")]
    [InlineData("99.999999999999999999999999999999999999999999999")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("1e300")]
    [InlineData("1e-999999999999")]
    [InlineData("1e999999999999")]
    public void A_number_that_no_decimal_holds_is_told_apart(string text)
    {
        Assert.Equal(NumberText.Inexact, ExactNumber.Read(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(0, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1.2.3")]
    [InlineData("1,000")]
    [InlineData(" 1")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("--1")]
    [InlineData("٣")]
    public void What_is_no_number_is_refused(string text) =>
        Assert.Equal(NumberText.None, ExactNumber.Read(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("12.50", nameof(NumberText.Exact))]
    [InlineData("-3", nameof(NumberText.Exact))]
    [InlineData("9.9999999999999999999999999999", nameof(NumberText.Inexact))]
    [InlineData("+3", nameof(NumberText.None))]
    [InlineData(".5", nameof(NumberText.None))]
    [InlineData("5.", nameof(NumberText.None))]
    [InlineData("-.5", nameof(NumberText.None))]
    [InlineData("1e2", nameof(NumberText.None))]
    [InlineData(" 3", nameof(NumberText.None))]
    [InlineData("1,000.00", nameof(NumberText.None))]
    [InlineData("1.2.3", nameof(NumberText.None))]
    [InlineData("-", nameof(NumberText.None))]
    [InlineData("", nameof(NumberText.None))]
    public void A_plain_text_has_digits_a_sign_and_a_point(string text, string expected) =>
        Assert.Equal(expected, ExactNumber.ReadPlain(text, out _).ToString());

    [Fact]
    public void Any_number_reads_as_its_plain_twin_does()
    {
        var digits = Gen.Choose(0, 9).Select(digit => Math.Max(0, digit - 3)).ArrayOf().Select(all => string.Concat(all));
        var numbers = digits.SelectMany(whole => digits.SelectMany(part => Gen.Choose(-60, 60).SelectMany(exponent =>
            Gen.Elements("", "-").Select(sign => (whole, part, exponent, sign)))));

        Prop.ForAll(numbers.ToArbitrary(), number =>
        {
            var text = $"{number.sign}{number.whole}.{number.part}e{number.exponent.ToString(CultureInfo.InvariantCulture)}";
            var read = ExactNumber.Read(Encoding.UTF8.GetBytes(text), out var value);
            if (number.whole.Length + number.part.Length == 0)
            {
                Assert.Equal(NumberText.None, read);
                return;
            }

            var mantissa = BigInteger.Parse(number.whole + number.part, CultureInfo.InvariantCulture);
            var places = number.part.Length - number.exponent;
            if (places < 0)
            {
                (mantissa, places) = (mantissa * BigInteger.Pow(10, -places), 0);
            }

            while (places > 0 && mantissa % 10 == 0)
            {
                (mantissa, places) = (mantissa / 10, places - 1);
            }

            var fits = mantissa < BigInteger.One << 96 && places <= 28;
            Assert.Equal(fits ? NumberText.Exact : NumberText.Inexact, read);
            if (fits)
            {
                var twin = (decimal)mantissa;
                for (var i = 0; i < places; i++)
                {
                    twin *= 0.1m;
                }

                Assert.Equal(number.sign == "-" ? -twin : twin, value);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithEndSize(40));
    }
}
