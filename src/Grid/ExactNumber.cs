namespace Grid;

/// <summary>The result of parsing a text as a number.</summary>
internal enum NumberText
{
    /// <summary>Not a number.</summary>
    None,

    /// <summary>A number that a <see cref="decimal"/> holds exactly.</summary>
    Exact,

    /// <summary>A number that no decimal holds exactly: it has too many digits, or is too large or too small.</summary>
    Inexact,
}

/// <summary>Parses decimal numbers without rounding. Used for the numbers of events in JSON, CSV and text alike.</summary>
/// <remarks><c>decimal.TryParse</c> silently rounds to 28 places: it parses 1e-30 as 0.</remarks>
internal static class ExactNumber
{
    private const int MaxPlaces = 28;
    private const int MaxExponent = 10_000_000;
    private static readonly UInt128 MaxMantissa = (UInt128.One << 96) - 1;

    /// <summary>Parses digits with an optional sign, decimal point and exponent, such as <c>12.50</c>, <c>-.5</c> or <c>1e3</c>.</summary>
    /// <param name="text">UTF-8, without surrounding white space.</param>
    /// <param name="value">The number; 0 unless the result is <see cref="NumberText.Exact"/>.</param>
    public static NumberText Read(ReadOnlySpan<byte> text, out decimal value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        var digits = new Digits(text[(negative || (text.Length > 0 && text[0] == '+') ? 1 : 0)..]);
        if (!digits.TryRead(out var exponent))
        {
            return NumberText.None;
        }

        return digits.IsWhole && TryMake(digits.Mantissa, exponent, negative, out value) ? NumberText.Exact : NumberText.Inexact;
    }

    /// <summary>
    /// Parses a number in the form that payment interfaces use for money in text: digits, an optional minus sign and an optional decimal
    /// point, at most 128 characters.
    /// </summary>
    /// <returns><see cref="NumberText.None"/> for any other form, even one that <see cref="Read"/> accepts.</returns>
    public static NumberText ReadPlain(ReadOnlySpan<char> text, out decimal value)
    {
        const int Longest = 128;
        value = 0;
        Span<byte> bytes = stackalloc byte[Longest];
        if (text.Length is 0 or > Longest)
        {
            return NumberText.None;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var isSign = i == 0 && text[i] == '-';
            var isPoint = text[i] == '.' && i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]);
            if (!isSign && !isPoint && !char.IsAsciiDigit(text[i]))
            {
                return NumberText.None;
            }

            bytes[i] = (byte)text[i];
        }

        return Read(bytes[..text.Length], out value);
    }

    // The mantissa has no trailing zeros, so a number with more places than a decimal holds cannot be written with fewer.
    private static bool TryMake(UInt128 mantissa, int exponent, bool negative, out decimal value)
    {
        value = 0;
        if (mantissa == 0)
        {
            return true;
        }

        for (; exponent > 0 && mantissa <= MaxMantissa; exponent--)
        {
            mantissa *= 10;
        }

        if (exponent is > 0 or < -MaxPlaces || mantissa > MaxMantissa)
        {
            return false;
        }

        var (low, high) = ((ulong)mantissa, (uint)(mantissa >> 64));
        value = new decimal((int)low, (int)(low >> 32), (int)high, negative, (byte)-exponent);
        return true;
    }

    /// <summary>Scans the digits of a number and computes its mantissa and exponent.</summary>
    private ref struct Digits(ReadOnlySpan<byte> text)
    {
        // 38 digits always fit in a UInt128; a decimal has at most 29.
        private const int MostDigits = 38;
        private readonly ReadOnlySpan<byte> _text = text;
        private int _at;
        private int _taken;
        private int _zeros;

        /// <summary>The digits without leading and trailing zeros.</summary>
        public UInt128 Mantissa { get; private set; }

        /// <summary>Whether the mantissa holds all digits.</summary>
        public bool IsWhole { get; private set; } = true;

        public bool TryRead(out int exponent)
        {
            var integers = TakeDigits();
            var places = 0;
            if (_at < _text.Length && _text[_at] == '.')
            {
                _at++;
                places = TakeDigits();
            }

            exponent = _zeros - places;
            return integers + places > 0 && TakeExponent(ref exponent) && _at == _text.Length;
        }

        private int TakeDigits()
        {
            var from = _at;
            for (; _at < _text.Length && (uint)(_text[_at] - '0') <= 9; _at++)
            {
                Take(_text[_at] - '0');
            }

            return _at - from;
        }

        // Zeros are only counted until a nonzero digit follows them.
        private void Take(int digit)
        {
            if (digit == 0)
            {
                _zeros += Mantissa == 0 ? 0 : 1;
                return;
            }

            _taken += _zeros + 1;
            if (_taken > MostDigits)
            {
                (IsWhole, _taken, _zeros) = (false, MostDigits, 0);
                return;
            }

            for (; _zeros > 0; _zeros--)
            {
                Mantissa *= 10;
            }

            Mantissa = (Mantissa * 10) + (uint)digit;
        }

        private bool TakeExponent(ref int exponent)
        {
            if (_at == _text.Length || _text[_at] is not ((byte)'e' or (byte)'E'))
            {
                return true;
            }

            _at++;
            var negative = _at < _text.Length && _text[_at] == '-';
            _at += _at < _text.Length && _text[_at] is (byte)'-' or (byte)'+' ? 1 : 0;
            var (from, value) = (_at, 0);
            for (; _at < _text.Length && (uint)(_text[_at] - '0') <= 9; _at++)
            {
                value = Math.Min(MaxExponent, (value * 10) + _text[_at] - '0');
            }

            exponent += negative ? -value : value;
            return _at > from;
        }
    }
}
