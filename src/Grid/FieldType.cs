namespace Grid;

/// <summary>The type of an event field. The numbers are written to journals: add at the end, change none.</summary>
public enum FieldType : byte
{
    None = 0,

    /// <summary>Text, compared ordinally.</summary>
    String = 1,

    /// <summary>A 64-bit integer.</summary>
    Integer = 2,

    /// <summary>A number with a fixed number of decimal places, stored as a scaled 64-bit integer: <c>decimal(2)</c>.</summary>
    Decimal = 3,

    /// <summary>A 64-bit floating-point number. It can be compared but not summed, because the sum would not be exact.</summary>
    Number = 4,

    /// <summary>True or false; counts as 1 or 0 in a sum.</summary>
    Boolean = 5,

    /// <summary>A time in milliseconds, UTC.</summary>
    Timestamp = 6,
}
