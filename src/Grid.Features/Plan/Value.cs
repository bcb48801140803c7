namespace Grid.Features;

/// <summary>A value at run time: a number (1 or 0 of a boolean, milliseconds of a moment) or text. NaN without text is a missing value.</summary>
internal readonly record struct Value(double Number, string? Text)
{
    public static readonly Value Missing = new(double.NaN, null);

    public bool IsMissing => Text is null && double.IsNaN(Number);

    public static Value Of(double number) => new(number, null);

    public static Value Of(string text) => new(double.NaN, text);
}

/// <summary>A feature as the state reads it.</summary>
/// <param name="Value">The value.</param>
/// <param name="NewestMilliseconds">Event time of the newest thing that it is made of; <see cref="Nothing"/> where there was nothing.</param>
/// <param name="Approximate">Whether part of the window lies before what is kept exactly.</param>
internal readonly record struct ReadValue(Value Value, long NewestMilliseconds, bool Approximate)
{
    /// <summary>The newest time of a value that nothing was there to read for.</summary>
    public const long Nothing = -1;
}
